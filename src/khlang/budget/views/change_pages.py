"""One change to read, its way and record, and what may be done with it."""

from collections.abc import Callable
from http import HTTPStatus
from uuid import UUID, uuid5

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from khlang.budget import commands, queries
from khlang.budget.forms.changes import days_of
from khlang.budget.rules import CHANGE_MOVES, ChangeKind, ChangeState, ChangeView, Route
from khlang.budget.views import change_showing as showing
from khlang.budget.words import CHANGE_KINDS, CHANGE_STATES
from khlang.identity.access import allowed, page
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refusal, Refused
from khlang.toolkit.page_keys import key_of
from khlang.toolkit.tenancy import entity_transaction

ASKABLE = frozenset({"approve", "refuse", "take-back", "cancel", "announce", "report"})
_CLOSES = {"take-back": ChangeState.DRAFT, "cancel": ChangeState.CANCELLED, "refuse": ChangeState.REFUSED}


@require_GET
@page(act="budget.read")
def change(request: HttpRequest, actor: Actor, *, fiscal_year: int, change_id: UUID) -> HttpResponse:  # noqa: ARG001
    """One change; `ask` opens the box of an act, for pages without scripts."""
    return _page(request, actor, change_id)


def _page(
    request: HttpRequest,
    actor: Actor,
    change_id: UUID,
    *,
    refusals: tuple[Refusal, ...] = (),
    ask: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    view = queries.change(change_id=change_id)
    if view is None:
        raise Http404
    asked = ask or request.GET.get("ask", "")
    context = {
        "view": view,
        "year": view.draft.fiscal_year,
        "kind": CHANGE_KINDS[view.draft.kind],
        "state": CHANGE_STATES[view.state],
        "is_transfer": view.draft.kind is ChangeKind.TRANSFER,
        "steps": showing.steps(view),
        "today": timezone.localdate(),
        "typed": request.POST,
        "ask": asked if asked in ASKABLE else "",
        "key": uuid5(change_id, f"approve {view.revision}"),
        "refusals": refusals,
        **_content(view, actor),
        **_may(actor, view),
    }
    return render(request, "budget/change.html", context, status=status)


def _content(view: ChangeView, actor: Actor) -> dict[str, object]:
    """The lines before and after: as they were at the approval, else as they are now."""
    if view.is_settled:
        return {"effects": showing.settled_effects(view), "route": showing.settled_route(view)}
    found = showing.effect_of(view, entity_kind=showing.kind_of_entity(actor))
    return {"effects": found["effects"], "route": found.get("route"), "reasons": found["reasons"]}


def _may(actor: Actor, view: ChangeView) -> dict[str, object]:
    """What this actor may do with the change as it stands."""
    moves, drafts = CHANGE_MOVES[view.state], allowed(actor, "budget.transfer")
    agrees = allowed(actor, "budget.record_council" if view.route == Route.COUNCIL else "budget.approve_transfer")
    return {
        "may_edit": drafts and view.state is ChangeState.DRAFT,
        "may_approve": agrees and ChangeState.APPROVED in moves,
        "may_refuse": agrees and ChangeState.REFUSED in moves,
        "may_take_back": drafts and view.state is ChangeState.SUBMITTED,
        "may_cancel": drafts and ChangeState.CANCELLED in moves,
        "may_announce": drafts and ChangeState.ANNOUNCED in moves,
        "may_report": drafts and ChangeState.REPORTED in moves,
        "is_council": view.route == Route.COUNCIL,
    }


def _done(
    request: HttpRequest, actor: Actor, change_id: UUID, *, ask: str, said: str, command: Callable[[], ChangeView]
) -> HttpResponse:
    """Do one act and show the change as it stands; refused, the same page says why."""
    try:
        view = command()
    except Refused as refused:
        with entity_transaction(actor.entity_id, read_only=True):
            status = HTTPStatus.UNPROCESSABLE_ENTITY
            return _page(request, actor, change_id, refusals=refused.refusals, ask=ask, status=status)
    messages.success(request, said.format(label=view.label))
    return redirect(
        "budget:change", entity_code=actor.entity_code, fiscal_year=view.draft.fiscal_year, change_id=change_id
    )


def _approve(request: HttpRequest, actor: Actor, change_id: UUID) -> HttpResponse:
    fields = request.POST.dict()
    today = timezone.localdate()
    days = days_of(fields, "approved_on", today=today, optional=("resolved_on",))

    def command() -> ChangeView:
        approved_on = days.day("approved_on")
        if days.refusals:
            raise Refused(*days.refusals)
        return commands.approve_change(
            actor=actor,
            change_id=change_id,
            approved_on=approved_on,
            resolution_number=fields.get("resolution_number", ""),
            resolved_on=days.days.get("resolved_on"),
            idempotency_key=key_of(fields),
            at=timezone.now(),
        )

    said = _("Approved as no. {label}. The supervising officer is to be told within the days.")
    return _done(request, actor, change_id, ask="approve", said=said, command=command)


@require_POST
@page(act="budget.approve_transfer")
def approve_change(request: HttpRequest, actor: Actor, *, fiscal_year: int, change_id: UUID) -> HttpResponse:  # noqa: ARG001
    """The executive approves what is in her power; the command finds out whether it is."""
    return _approve(request, actor, change_id)


@require_POST
@page(act="budget.record_council")
def record_council(request: HttpRequest, actor: Actor, *, fiscal_year: int, change_id: UUID) -> HttpResponse:  # noqa: ARG001
    """The council's approval is recorded with its resolution."""
    return _approve(request, actor, change_id)


@require_POST
@page(act="budget.read")
def close_change(request: HttpRequest, actor: Actor, *, fiscal_year: int, change_id: UUID) -> HttpResponse:  # noqa: ARG001
    """Take it back, cancel or refuse it, with a reason; who may do which is asked by the command."""
    do = request.POST.get("do", "")
    if do not in _CLOSES:
        raise Http404
    reason = request.POST.get("reason", "")[:1000]
    said = {
        "take-back": _("Taken back; it is a draft again."),
        "cancel": _("Cancelled. It is kept, struck through."),
        "refuse": _("Refused. Whoever drafted it is told why."),
    }
    return _done(
        request,
        actor,
        change_id,
        ask=do,
        said=said[do],
        command=lambda: commands.close_change(
            actor=actor, change_id=change_id, state=_CLOSES[do], reason=reason, at=timezone.now()
        ),
    )


@require_POST
@page(act="budget.transfer")
def note_change(request: HttpRequest, actor: Actor, *, fiscal_year: int, change_id: UUID) -> HttpResponse:  # noqa: ARG001
    """Record the day of the announcement, or the day the supervising officer was told."""
    fields = request.POST.dict()
    is_report = fields.get("do") == "report"
    days = days_of(fields, "date", today=timezone.localdate())
    at = timezone.now()

    def command() -> ChangeView:
        if is_report:
            return commands.report_change(actor=actor, change_id=change_id, notified_on=days.day("date"), at=at)
        return commands.announce_change(actor=actor, change_id=change_id, announced_on=days.day("date"), at=at)

    said = _("Noted: the supervising officer was told.") if is_report else _("Noted: it was announced.")
    return _done(request, actor, change_id, ask="report" if is_report else "announce", said=said, command=command)
