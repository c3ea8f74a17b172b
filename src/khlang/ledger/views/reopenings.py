"""Pages of the two hands that open a period again: one asks, the other answers."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from uuid6 import uuid7

from khlang.identity.access import page
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refusal, Refused
from khlang.ledger import commands, queries
from khlang.ledger.rules import PeriodView, ReopeningState
from khlang.ledger.views.periods import period_row
from khlang.toolkit.tenancy import entity_transaction


@require_http_methods(["GET", "HEAD", "POST"])
@page(act="ledger.reopen_period")
def ask_reopening(request: HttpRequest, actor: Actor, fiscal_year: int, period: int) -> HttpResponse:
    """Ask, with a reason, to open a soft-closed period again."""
    if request.method != "POST":
        return _asking(request, actor, fiscal_year, period)
    try:
        made = commands.ask_reopening(
            actor=actor,
            request_id=_key(request),
            fiscal_year=fiscal_year,
            period=period,
            reason=request.POST.get("reason", ""),
        )
    except Refused as refused:
        with entity_transaction(actor.entity_id, read_only=True):
            return _asking(request, actor, fiscal_year, period, refusals=refused.refusals)
    messages.success(request, _("Asked. The other hand finds it among her work."))
    return redirect("ledger:reopening", entity_code=actor.entity_code, request_id=made.request_id)


def _key(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("request_id", ""))
    except ValueError:
        return uuid7()


def _period(fiscal_year: int, period: int) -> PeriodView:
    found = next((view for view in queries.periods(fiscal_year=fiscal_year) if view.period == period), None)
    if found is None:
        raise Http404
    return found


def _asking(
    request: HttpRequest, actor: Actor, fiscal_year: int, period: int, *, refusals: Sequence[Refusal] = ()
) -> HttpResponse:
    context = {
        "actor": actor,
        "row": period_row(actor, _period(fiscal_year, period)),
        "year": fiscal_year,
        "request_id": request.POST.get("request_id") or uuid7(),
        "reason": request.POST.get("reason", ""),
        "refusals": refusals,
    }
    return render(request, "ledger/reopening_ask.html", context, status=422 if refusals else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@page(act="ledger.reopen_period")
def reopening(request: HttpRequest, actor: Actor, request_id: UUID) -> HttpResponse:
    """One request: agree as the other hand, refuse it, or take one's own back."""
    if request.method != "POST":
        return _request(request, actor, request_id)
    agrees = request.POST.get("answer") == "agree"
    try:
        if agrees:
            found = commands.agree_reopening(actor=actor, request_id=request_id, at=timezone.now())
        else:
            found = commands.decline_reopening(actor=actor, request_id=request_id, note=request.POST.get("note", ""))
    except Refused as refused:
        with entity_transaction(actor.entity_id, read_only=True):
            return _request(request, actor, request_id, refusals=refused.refusals)
    messages.success(request, _("Agreed. The period is open again.") if agrees else _("The request was declined."))
    return redirect("ledger:periods-of-year", entity_code=actor.entity_code, fiscal_year=found.fiscal_year)


def _request(request: HttpRequest, actor: Actor, request_id: UUID, *, refusals: Sequence[Refusal] = ()) -> HttpResponse:
    found = queries.reopening(request_id=request_id)
    if found is None:
        raise Http404
    waits = found.state is ReopeningState.ASKED
    context = {
        "actor": actor,
        "found": found,
        "row": period_row(actor, _period(found.fiscal_year, found.period)),
        "is_mine": found.asked_by == actor.user_id,
        "waits": waits,
        "note": request.POST.get("note", ""),
        "refusals": [each.at("note") if each.code == "ledger.reason_missing" else each for each in refusals],
    }
    return render(request, "ledger/reopening.html", context, status=422 if refusals else 200)
