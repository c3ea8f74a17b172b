"""Money that goes on after its year: proposed, decided, extended, and what is left of it."""

from collections.abc import Callable
from http import HTTPStatus
from uuid import UUID, uuid5

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from uuid6 import uuid7

from khlang.budget import change_words as words
from khlang.budget import commands, queries
from khlang.budget.forms.carrying import UNOBLIGATED, ProposalForm, code_of, proposal_form
from khlang.budget.forms.changes import days_of
from khlang.budget.queries.tasks import CARRY_WARNING
from khlang.budget.rules import CarryKind, CarryView, LineDetail, Pot
from khlang.budget.rules.commitments import a_year_after
from khlang.budget.words import CARRY_KINDS
from khlang.identity.access import allowed, page
from khlang.kernel.actors import Actor
from khlang.kernel.fiscal_calendar import year_end
from khlang.kernel.money import ZERO
from khlang.kernel.refusals import Refusal, Refused
from khlang.toolkit.page_keys import key_of
from khlang.toolkit.tenancy import entity_transaction

_KINDS = {Pot.OBLIGATED: CarryKind.OBLIGATED, Pot.REQUESTED: CarryKind.PAYABLE}
ASKABLE = frozenset({"approve", "refuse", "extend", "lapse"})


@require_GET
@page(act="budget.read")
def carry_overs(request: HttpRequest, actor: Actor, *, fiscal_year: int) -> HttpResponse:
    """The carry-overs of a year; `line` opens the form of a proposal for that line."""
    return _list_page(request, actor, fiscal_year)


def _list_page(
    request: HttpRequest, actor: Actor, fiscal_year: int, refusals: tuple[Refusal, ...] = ()
) -> HttpResponse:
    code = code_of(request.POST.get("line", "") or request.GET.get("line", ""))
    detail = _line(fiscal_year, code)
    rows = queries.carry_overs(fiscal_year=fiscal_year)
    context = {
        "year": fiscal_year,
        "rows": [(view, CARRY_KINDS[view.kind], _state(view)) for view in rows],
        "left": sum((view.left for view in rows), ZERO),
        "code": code,
        "detail": detail,
        "holds": [each for each in detail.holds if each.stage in _KINDS] if detail else [],
        "unobligated": UNOBLIGATED,
        "carry_id": uuid7(),
        "may_propose": allowed(actor, "budget.carry"),
        "typed": request.POST,
        "refusals": refusals,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refusals else HTTPStatus.OK
    return render(request, "budget/carry_overs.html", context, status=status)


def _line(fiscal_year: int, code: str) -> LineDetail | None:
    known = queries.lines_by_code(fiscal_year=fiscal_year, codes=[code] if code else [])
    return queries.line(fiscal_year=fiscal_year, line_id=known[code].line_id) if code in known else None


def _state(view: CarryView) -> tuple[str, words.Words]:
    """How it stands today."""
    if view.state != "active" or view.ends_on is None:
        return words.CARRY_STATES[view.state]
    today = timezone.localdate()
    if not view.left:
        return words.CARRY_STATES["spent"]
    if view.ends_on < today:
        return words.CARRY_STATES["ended"]
    return words.CARRY_STATES["ending" if view.ends_on - today <= CARRY_WARNING else "active"]


@require_POST
@page(act="budget.carry")
def propose_carry(request: HttpRequest, actor: Actor, *, fiscal_year: int) -> HttpResponse:
    """Propose that money of a line goes on."""
    form = proposal_form(request.POST.dict())
    try:
        _propose(actor, fiscal_year, form)
    except Refused as refused:
        with entity_transaction(actor.entity_id, read_only=True):
            return _list_page(request, actor, fiscal_year, refused.refusals)
    messages.success(request, _("Proposed. Whoever decides sees it in the list of what is left to do."))
    return redirect("budget:carry-over", entity_code=actor.entity_code, fiscal_year=fiscal_year, carry_id=form.carry_id)


def _propose(actor: Actor, fiscal_year: int, form: ProposalForm) -> None:
    with entity_transaction(actor.entity_id, read_only=True):
        detail = _line(fiscal_year, form.line)
    if detail is None or form.refusals:
        unknown = [] if detail else [Refusal("budget.line_unknown", {"line": form.line or "-"}, "line")]
        raise Refused(*unknown, *form.refusals)
    stages = {each.hold_id: each.stage for each in detail.holds}
    held = _KINDS.get(stages.get(form.hold_id, Pot.AVAILABLE), CarryKind.OBLIGATED) if form.hold_id else None
    commands.propose_carry(
        actor=actor,
        carry_id=form.carry_id,
        fiscal_year=fiscal_year,
        line_id=detail.line.line_id,
        kind=held or CarryKind.UNOBLIGATED_INVESTMENT,
        amount=form.amount,
        from_hold_id=form.hold_id,
        reason=form.reason,
        at=timezone.now(),
    )


@require_GET
@page(act="budget.read")
def carry_over(request: HttpRequest, actor: Actor, *, fiscal_year: int, carry_id: UUID) -> HttpResponse:  # noqa: ARG001
    """One carry-over; `ask` opens the box of an act, for pages without scripts."""
    return _page(request, actor, carry_id)


def _page(
    request: HttpRequest, actor: Actor, carry_id: UUID, refusals: tuple[Refusal, ...] = (), ask: str = ""
) -> HttpResponse:
    view = queries.carry_over(carry_id=carry_id)
    if view is None:
        raise Http404
    of_council = view.kind is CarryKind.UNOBLIGATED_INVESTMENT
    decides = allowed(actor, "budget.record_council" if of_council else "budget.approve_carry")
    today = timezone.localdate()
    ends = view.ends_on or year_end(view.fiscal_year + 1)
    is_over = view.state == "active" and bool(view.left) and ends < today
    asked = ask or request.GET.get("ask", "")
    context = {
        "view": view,
        "year": view.fiscal_year,
        "kind": CARRY_KINDS[view.kind],
        "state": _state(view),
        "of_council": of_council,
        "may_decide": decides and view.state == "proposed",
        "may_extend": decides and view.state == "active" and bool(view.left) and not (of_council and view.extensions),
        "may_lapse": is_over and allowed(actor, "budget.carry"),
        "today": today,
        "last_day": year_end(view.fiscal_year),
        "usual_end": year_end(view.fiscal_year + 1),
        "next_end": a_year_after(ends),
        "key": uuid5(carry_id, f"decide {len(view.extensions)}"),
        "ask": asked if asked in ASKABLE else "",
        "typed": request.POST,
        "refusals": refusals,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refusals else HTTPStatus.OK
    return render(request, "budget/carry_over.html", context, status=status)


def _done(
    request: HttpRequest, actor: Actor, carry_id: UUID, *, ask: str, said: str, command: Callable[[], object]
) -> HttpResponse:
    try:
        command()
    except Refused as refused:
        with entity_transaction(actor.entity_id, read_only=True):
            return _page(request, actor, carry_id, refused.refusals, ask)
    messages.success(request, said)
    year = request.resolver_match.kwargs["fiscal_year"] if request.resolver_match else 0
    return redirect("budget:carry-over", entity_code=actor.entity_code, fiscal_year=year, carry_id=carry_id)


def _decided(request: HttpRequest, actor: Actor, carry_id: UUID) -> HttpResponse:
    fields, do = request.POST.dict(), request.POST.get("do", "")
    if do not in ("approve", "refuse", "extend"):
        raise Http404
    optional = ("expires_on",) if do == "refuse" else ()
    names = ("decided_on",) if optional else ("decided_on", "expires_on")
    days = days_of(fields, *names, today=timezone.localdate(), optional=optional)

    number, at = fields.get("approval_number", ""), timezone.now()

    def command() -> object:
        if days.refusals:
            raise Refused(*days.refusals)
        decided_on = days.days["decided_on"]
        ends_on = days.days.get("expires_on", decided_on)
        if do == "extend":
            return commands.extend_carry(
                actor=actor,
                extension_id=key_of(fields),
                carry_id=carry_id,
                approval_number=number,
                decided_on=decided_on,
                expires_on=ends_on,
                reason=fields.get("reason", ""),
                at=at,
            )
        return commands.decide_carry(
            actor=actor,
            carry_id=carry_id,
            is_approved=do == "approve",
            approval_number=number,
            decided_on=decided_on,
            expires_on=ends_on,
            idempotency_key=key_of(fields),
            at=at,
        )

    said = {"approve": _("Carried over."), "refuse": _("Refused; the money lapses with its year.")}
    return _done(request, actor, carry_id, ask=do, said=said.get(do, _("It runs longer now.")), command=command)


@require_POST
@page(act="budget.approve_carry")
def decide_carry(request: HttpRequest, actor: Actor, *, fiscal_year: int, carry_id: UUID) -> HttpResponse:  # noqa: ARG001
    """The executive decides on what is owed, or gives it a later end."""
    return _decided(request, actor, carry_id)


@require_POST
@page(act="budget.record_council")
def council_carry(request: HttpRequest, actor: Actor, *, fiscal_year: int, carry_id: UUID) -> HttpResponse:  # noqa: ARG001
    """The council's decision on investment not yet obligated is recorded."""
    return _decided(request, actor, carry_id)


@require_POST
@page(act="budget.carry")
def lapse_carry(request: HttpRequest, actor: Actor, *, fiscal_year: int, carry_id: UUID) -> HttpResponse:  # noqa: ARG001
    """Let what is left after the last day fall into savings."""
    key = key_of(request.POST.dict())
    return _done(
        request,
        actor,
        carry_id,
        ask="lapse",
        said=_("What was left has fallen into savings."),
        command=lambda: commands.lapse_carry(actor=actor, carry_id=carry_id, idempotency_key=key, at=timezone.now()),
    )
