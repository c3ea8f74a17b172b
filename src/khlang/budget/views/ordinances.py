"""The ordinances of the years: which there are, opening one, its way step by step, and the act that brings it into force."""

from collections.abc import Sequence
from datetime import date
from http import HTTPStatus
from uuid import UUID, uuid5

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from uuid6 import uuid7

from khlang.budget import commands, queries
from khlang.budget.commands.ordinances import whole_refusals
from khlang.budget.forms.ordinances import day_or_refusal, open_form, step_form, whole
from khlang.budget.rules import (
    CHECKED,
    OrdinanceKind,
    OrdinanceState,
    OrdinanceView,
    advise,
    check_force,
    effective_day,
)
from khlang.budget.views import ordinance_showing as showing
from khlang.budget.views import ordinance_words as words
from khlang.budget.views.drafting import may_write
from khlang.identity.access import allowed, page
from khlang.kernel.actors import Actor
from khlang.kernel.fiscal_calendar import fiscal_year_of
from khlang.kernel.refusals import Refusal, Refused
from khlang.toolkit.page_keys import uuid_or_new
from khlang.toolkit.tenancy import entity_transaction

REASONS_SHOWN = 20
_ORDINARY = (OrdinanceKind.ANNUAL, OrdinanceKind.SUPPLEMENTARY)
_SETTLED = (OrdinanceState.IN_FORCE, OrdinanceState.LAPSED, OrdinanceState.REPLACED)


@require_GET
@page(act="budget.read")
def ordinance_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every ordinance, the latest year first, with its state and what the law says next."""
    today, kind = timezone.localdate(), showing.kind_of_entity(actor)
    rows = []
    for view in queries.ordinances():
        whole_view = showing.known(view.id)
        due = None
        if view.kind is OrdinanceKind.ANNUAL and whole_view.step(OrdinanceState.SUBMITTED) is None:
            due = showing.deadline(view.fiscal_year, kind) if view.state not in _SETTLED else None
        rows.append(
            {
                "view": whole_view,
                "name": showing.title(view, actor),
                "tone": words.STATES[view.state][0],
                "word": words.STATES[view.state][1],
                "due": due,
                "late": due is not None and due < today,
                "last": whole_view.steps[-1] if whole_view.steps else None,
            }
        )
    context = {"rows": rows, "may_open": allowed(actor, "budget.draft_all")}
    return render(request, "budget/ordinance_list.html", context)


@require_http_methods(["GET", "POST"])
@page(act="budget.draft_all")
def open_ordinance(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Choose what to open, or open what was chosen."""
    if request.method != "POST":
        return _open_page(request, actor)
    form = open_form(request.POST.dict())
    try:
        view = commands.open_ordinance(
            actor=actor,
            ordinance_id=form.ordinance_id,
            kind=form.kind,
            fiscal_year=form.fiscal_year,
            at=timezone.now(),
        )
    except Refused as refused:
        with entity_transaction(actor.entity_id, read_only=True):
            return _open_page(request, actor, refused.refusals)
    return redirect("budget:ordinance", entity_code=actor.entity_code, ordinance_id=view.id)


def _open_page(request: HttpRequest, actor: Actor, refusals: Sequence[Refusal] = ()) -> HttpResponse:
    present = fiscal_year_of(timezone.localdate())
    kind = showing.kind_of_entity(actor)
    years = [present + 1, present]
    context = {
        "years": [(year, showing.deadline(year, kind)) for year in years],
        "chosen_year": whole(request.POST.get("fiscal_year", "")) or years[0],
        "present": present,
        "ordinance_id": uuid7(),
        "key": uuid7(),
        "refusals": refusals,
        "may_use_last_year": allowed(actor, "budget.bring_into_force"),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refusals else HTTPStatus.OK
    return render(request, "budget/ordinance_open.html", context, status=status)


@require_POST
@page(act="budget.bring_into_force")
def use_last_year(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Let last year's budget hold for the time being (R89)."""
    ordinance_id = uuid_or_new(request.POST.get("ordinance_id", ""))
    try:
        commands.use_last_year_for_now(
            actor=actor,
            ordinance_id=ordinance_id,
            fiscal_year=whole(request.POST.get("fiscal_year", "")),
            idempotency_key=uuid_or_new(request.POST.get("idempotency_key", "")),
            at=timezone.now(),
        )
    except Refused as refused:
        showing.door_refused(refused)
        with entity_transaction(actor.entity_id, read_only=True):
            return _open_page(request, actor, words.worded(refused.refusals))
    messages.success(request, _("Last year's budget holds for the time being, recurrent lines only."))
    return redirect("budget:ordinance", entity_code=actor.entity_code, ordinance_id=ordinance_id)


@require_GET
@page(act="budget.read")
def ordinance_detail(request: HttpRequest, actor: Actor, *, ordinance_id: UUID) -> HttpResponse:
    """One ordinance: how it stands, the way it came, what comes next and who may do it."""
    return _detail_page(request, actor, ordinance_id)


def _detail_page(
    request: HttpRequest,
    actor: Actor,
    ordinance_id: UUID,
    *,
    refusals: Sequence[Refusal] = (),
    asked: str = "",
) -> HttpResponse:
    view = showing.known(ordinance_id)
    steps = showing.next_steps(view, actor, timezone.now())
    kind = showing.kind_of_entity(actor)
    due = showing.deadline(view.fiscal_year, kind) if view.kind is OrdinanceKind.ANNUAL else None
    page_of_lines = queries.draft_page(ordinance_id=ordinance_id)
    context = {
        "view": view,
        "name": showing.title(view, actor),
        "tone": words.STATES[view.state][0],
        "word": words.STATES[view.state][1],
        "way": showing.way(view),
        "steps": steps,
        "asked": asked or (steps[0].state if steps else ""),
        "typed": request.POST,
        "today": timezone.localdate(),
        "due": due if due and view.step(OrdinanceState.SUBMITTED) is None and view.state not in _SETTLED else None,
        "late": due is not None and due < timezone.localdate(),
        "lines": page_of_lines,
        "standing": _standing(view, kind),
        "refusals": words.worded(refusals),
        **_judged(actor, view, steps),
        **_may(actor, view),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refusals else HTTPStatus.OK
    return render(request, "budget/ordinance.html", context, status=status)


def _standing(view: OrdinanceView, entity_kind: str) -> showing.StandingShown:
    found = queries.draft_standing(ordinance=view, entity_kind=entity_kind)
    return showing.standing_shown(found, _("General budget"))


def _judged(actor: Actor, view: OrdinanceView, steps: Sequence[showing.NextStep]) -> dict[str, object]:
    """What stands in the way of the next step, and what the law asks besides, as far as the step looks at the whole."""
    is_force = view.state is OrdinanceState.ANNOUNCED
    if not is_force and not any(each.state in CHECKED for each in steps):
        return {"judged": False}
    drafts = queries.draft_lines(ordinance_id=view.id)
    reasons = whole_refusals(actor=actor, ordinance=view, lines=drafts)
    held = queries.limits(fiscal_year=view.fiscal_year, entity_kind=showing.kind_of_entity(actor))
    advice = []
    if view.kind is OrdinanceKind.ANNUAL and drafts:
        estimates = queries.estimate_drafts(ordinance_id=view.id)
        advice = list(advise(lines=[each.draft for each in drafts], estimates=estimates, limits=held))
    shown = showing.grouped_refusals(reasons[:REASONS_SHOWN], [each.id for each in drafts])
    return {"judged": True, "reasons": shown, "more": max(0, len(reasons) - REASONS_SHOWN), "advice": advice}


def _may(actor: Actor, view: OrdinanceView) -> dict[str, object]:
    """What this actor may do with the ordinance as it stands."""
    drafting = view.kind in _ORDINARY
    return {
        "is_ordinary": drafting,
        "is_force": drafting and view.state is OrdinanceState.ANNOUNCED,
        "may_force": allowed(actor, "budget.bring_into_force"),
        "may_draft": drafting and may_write(actor, view),
    }


def _step(request: HttpRequest, actor: Actor, ordinance_id: UUID, act: str) -> HttpResponse:
    """Take one step of those that are this act; refused, the page says every reason with all that was typed."""
    state = request.POST.get("state", "")
    if state not in set(OrdinanceState) or showing.act_of(OrdinanceState(state)) != act:
        raise Http404
    form = step_form(request.POST.dict(), state=OrdinanceState(state), today=timezone.localdate())
    refusals = form.refusals
    if not refusals:
        try:
            commands.take_step(
                actor=actor, ordinance_id=ordinance_id, step_id=form.step_id, step=form.step, at=timezone.now()
            )
        except Refused as refused:
            showing.door_refused(refused)
            refusals = refused.refusals
    if refusals:
        with entity_transaction(actor.entity_id, read_only=True):
            return _detail_page(request, actor, ordinance_id, refusals=refusals, asked=state)
    messages.success(request, _("Recorded: %(step)s") % {"step": words.STEPS[OrdinanceState(state)]})
    return redirect("budget:ordinance", entity_code=actor.entity_code, ordinance_id=ordinance_id)


@require_POST
@page(act="budget.take_step")
def take_step(request: HttpRequest, actor: Actor, *, ordinance_id: UUID) -> HttpResponse:
    """A step of the budget officer: put together, submitted, sent, approved, announced, lapsed."""
    return _step(request, actor, ordinance_id, "budget.take_step")


@require_POST
@page(act="budget.record_council")
def council_step(request: HttpRequest, actor: Actor, *, ordinance_id: UUID) -> HttpResponse:
    """A step of the council, recorded by its secretary."""
    return _step(request, actor, ordinance_id, "budget.record_council")


@require_POST
@page(act="budget.accept")
def executive_step(request: HttpRequest, actor: Actor, *, ordinance_id: UUID) -> HttpResponse:
    """A step of the executive: accepting the draft, signing."""
    return _step(request, actor, ordinance_id, "budget.accept")


@require_http_methods(["GET", "POST"])
@page(act="budget.bring_into_force")
def bring_into_force(request: HttpRequest, actor: Actor, *, ordinance_id: UUID) -> HttpResponse:
    """Show what would happen and why it cannot; or do it: all lines at once, in one signed act (R91)."""
    today = timezone.localdate()
    if request.method != "POST":
        return _force_page(request, actor, ordinance_id, day=None)
    day, refusals = day_or_refusal(request.POST.get("effective_on", ""), "effective_on", today)
    if not refusals:
        try:
            commands.bring_into_force(
                actor=actor,
                ordinance_id=ordinance_id,
                effective_on=day,
                idempotency_key=uuid5(ordinance_id, "force"),
                at=timezone.now(),
            )
        except Refused as refused:
            showing.door_refused(refused)
            refusals = list(refused.refusals)
    if refusals:
        with entity_transaction(actor.entity_id, read_only=True):
            return _force_page(request, actor, ordinance_id, day=day, refusals=refusals)
    messages.success(request, _("In force. Money may be used from the lines as of now."))
    return redirect("budget:ordinance", entity_code=actor.entity_code, ordinance_id=ordinance_id)


def _force_page(
    request: HttpRequest,
    actor: Actor,
    ordinance_id: UUID,
    *,
    day: date | None,
    refusals: Sequence[Refusal] = (),
) -> HttpResponse:
    view = showing.known(ordinance_id)
    if view.kind not in _ORDINARY:
        raise Http404
    announced = view.step(OrdinanceState.ANNOUNCED)
    today = timezone.localdate()
    first = effective_day(fiscal_year=view.fiscal_year, announced_on=announced.happened_on if announced else today)
    day = day or first
    reasons = list(
        check_force(state=view.state, kind=view.kind, effective_on=day, fiscal_year=view.fiscal_year, today=today)
    )
    reasons += whole_refusals(actor=actor, ordinance=view)
    told = {each.code for each in refusals}
    sums = queries.draft_sums(ordinance_id=ordinance_id)
    lines = queries.draft_page(ordinance_id=ordinance_id)
    context = {
        "view": view,
        "name": showing.title(view, actor),
        "day": day,
        "lines": lines,
        "standing": _standing(view, showing.kind_of_entity(actor)),
        "parts": showing.by_budget(sums, view.fiscal_year),
        "provisional": any(
            each.kind is OrdinanceKind.PROVISIONAL and each.state is OrdinanceState.IN_FORCE
            for each in queries.ordinances(fiscal_year=view.fiscal_year)
        ),
        "refusals": words.worded([*refusals, *(each for each in reasons if each.code not in told)]),
        "typed": request.POST,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refusals else HTTPStatus.OK
    return render(request, "budget/ordinance_force.html", context, status=status)
