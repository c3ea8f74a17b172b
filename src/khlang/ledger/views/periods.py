"""Pages of fiscal years: open one, carry balances into it, close and reopen its periods."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khlang.identity.access import allowed, page
from khlang.kernel.actors import Actor
from khlang.kernel.fiscal_calendar import CLOSING_PERIOD, OPENING_PERIOD, fiscal_year_of, period_start
from khlang.kernel.refusals import Refusal, Refused
from khlang.ledger import commands, queries
from khlang.ledger.forms import asked_state, typed_year
from khlang.ledger.rules import PeriodState, PeriodView
from khlang.toolkit.tenancy import entity_transaction

NEXT_STATES = {
    PeriodState.OPEN: (PeriodState.SOFT_CLOSED,),
    PeriodState.SOFT_CLOSED: (PeriodState.CLOSED,),
    PeriodState.CLOSED: (),
}
"""What one person may do to a period in each state; the database decides, this only chooses the buttons."""


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """One period as the page shows it."""

    view: PeriodView
    month: date | None
    next_states: tuple[PeriodState, ...]
    may_ask: bool = False

    @property
    def name(self) -> str:
        """The name of a period that is no month; empty for a month."""
        return {OPENING_PERIOD: _("Opening balances"), CLOSING_PERIOD: _("Year end")}.get(self.view.period, "")


@require_safe
@page(act="ledger.read")
def period_list(request: HttpRequest, actor: Actor, fiscal_year: int | None = None) -> HttpResponse:
    """The periods of a fiscal year, the latest when none is named, and what was done to them."""
    return _list(request, actor, fiscal_year)


def _list(
    request: HttpRequest, actor: Actor, fiscal_year: int | None, refusals: Sequence[Refusal] = ()
) -> HttpResponse:
    years = queries.fiscal_years()
    year = fiscal_year or (years[0] if years else None)
    if fiscal_year is not None and fiscal_year not in years and not refusals:
        raise Http404
    found = queries.periods(fiscal_year=year) if year else []
    context = {
        "actor": actor,
        "years": years,
        "year": year,
        "rows": [period_row(actor, view) for view in found],
        "changes": queries.period_changes(fiscal_year=year) if year else [],
        "requests": queries.reopenings(fiscal_year=year) if year else [],
        "next_year": years[0] + 1 if years else fiscal_year_of(timezone.localdate()),
        "manages": allowed(actor, "ledger.manage_accounts"),
        "may_carry": year is not None and year - 1 in years and allowed(actor, "ledger.post"),
        "has_opening": year is not None and queries.has_opening(fiscal_year=year),
        "refusals": refusals,
    }
    return render(request, "ledger/period_list.html", context, status=422 if refusals else 200)


def period_row(actor: Actor, view: PeriodView) -> PeriodRow:
    """One period with what this actor may do with it."""
    month = None
    if OPENING_PERIOD < view.period < CLOSING_PERIOD:
        month = period_start(view.fiscal_year, view.period)
    offered = NEXT_STATES[view.state] if allowed(actor, "ledger.manage_periods") else ()
    may_ask = view.state is PeriodState.SOFT_CLOSED and allowed(actor, "ledger.reopen_period")
    return PeriodRow(view, month, offered, may_ask)


@require_POST
@page(act="ledger.manage_accounts")
def open_fiscal_year(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Open a fiscal year with its periods."""
    year = typed_year(request.POST)
    if year is None:
        wrong = Refusal("ledger.fiscal_year_malformed", {"year": request.POST.get("fiscal_year", "")}, "fiscal_year")
        with entity_transaction(actor.entity_id, read_only=True):
            return _list(request, actor, None, [wrong])
    made = commands.open_fiscal_year(actor=actor, fiscal_year=year)
    said = _("Fiscal year %(year)d is open.") if made else _("Fiscal year %(year)d was open already.")
    messages.success(request, said % {"year": year})
    return redirect("ledger:periods-of-year", entity_code=actor.entity_code, fiscal_year=year)


@require_POST
@page(act="ledger.post")
def carry_forward(request: HttpRequest, actor: Actor, fiscal_year: int) -> HttpResponse:
    """Post the opening balances of a year from the year before."""
    description = _("Balances brought forward from fiscal year %(year)d") % {"year": fiscal_year - 1}
    try:
        posted = commands.carry_forward(actor=actor, fiscal_year=fiscal_year, description=description)
    except Refused as refused:
        with entity_transaction(actor.entity_id, read_only=True):
            return _list(request, actor, fiscal_year, refused.refusals)
    if posted is None:
        messages.warning(request, _("There are no balances to bring forward."))
    else:
        messages.success(request, _("Balances were brought forward in journal %(label)s.") % {"label": posted.label})
    return redirect("ledger:periods-of-year", entity_code=actor.entity_code, fiscal_year=fiscal_year)


@require_http_methods(["GET", "HEAD", "POST"])
@page(act="ledger.manage_periods")
def period_change(request: HttpRequest, actor: Actor, fiscal_year: int, period: int) -> HttpResponse:
    """Ask before a period is closed, and do it."""
    if request.method != "POST":
        return _question(request, actor, fiscal_year, period, asked_state(request.GET.get("state", "")))
    state = asked_state(request.POST.get("state", ""))
    if state is None or state is PeriodState.OPEN:
        raise Http404
    reason = request.POST.get("reason", "").strip()
    try:
        commands.change_period(actor=actor, fiscal_year=fiscal_year, period=period, state=state, reason=reason)
    except Refused as refused:
        with entity_transaction(actor.entity_id, read_only=True):
            return _question(request, actor, fiscal_year, period, state, refusals=refused.refusals)
    done = {
        PeriodState.SOFT_CLOSED: _("The period is soft-closed."),
        PeriodState.CLOSED: _("The period is closed for good."),
    }
    messages.success(request, done[state])
    return redirect("ledger:periods-of-year", entity_code=actor.entity_code, fiscal_year=fiscal_year)


def _question(
    request: HttpRequest,
    actor: Actor,
    fiscal_year: int,
    period: int,
    state: PeriodState | None,
    *,
    refusals: Sequence[Refusal] = (),
) -> HttpResponse:
    views = {view.period: view for view in queries.periods(fiscal_year=fiscal_year)}
    if period not in views or state is None or state is PeriodState.OPEN:
        raise Http404
    context = {
        "actor": actor,
        "row": period_row(actor, views[period]),
        "year": fiscal_year,
        "state": state,
        "reason": request.POST.get("reason", ""),
        "refusals": [each.at("reason") if each.code == "ledger.reason_missing" else each for each in refusals],
    }
    return render(request, "ledger/period_change.html", context, status=422 if refusals else 200)
