"""Commitments over several years: the council's leave, and what each year gives (R117)."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from uuid6 import uuid7

from khlang.budget import commands, queries
from khlang.budget.forms.carrying import YEARS_MAX, CommitmentForm, commitment_form
from khlang.identity.access import allowed, page
from khlang.kernel.actors import Actor
from khlang.kernel.money import ZERO
from khlang.kernel.refusals import Refusal, Refused
from khlang.toolkit.tenancy import entity_transaction


@require_GET
@page(act="budget.read")
def commitments(request: HttpRequest, actor: Actor, *, fiscal_year: int) -> HttpResponse:
    """What was committed over several years and claims a share of this one."""
    return _page(request, actor, fiscal_year)


def _page(request: HttpRequest, actor: Actor, fiscal_year: int, refusals: tuple[Refusal, ...] = ()) -> HttpResponse:
    rows = queries.commitments(fiscal_year=fiscal_year)
    years = range(fiscal_year, fiscal_year + YEARS_MAX)
    context = {
        "year": fiscal_year,
        "rows": [(view, view.draft.years[fiscal_year]) for view in rows],
        "share": sum((view.draft.years[fiscal_year] for view in rows), ZERO),
        "may_record": allowed(actor, "budget.record_council"),
        "shares": [(f"years.{year}", year, request.POST.get(f"years.{year}", "")) for year in years],
        "commitment_id": uuid7(),
        "typed": request.POST,
        "refusals": refusals,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refusals else HTTPStatus.OK
    return render(request, "budget/commitments.html", context, status=status)


@require_POST
@page(act="budget.record_council")
def record_commitment(request: HttpRequest, actor: Actor, *, fiscal_year: int) -> HttpResponse:
    """Record the council's leave."""
    form = commitment_form(request.POST.dict(), first_year=fiscal_year, today=timezone.localdate())
    try:
        _kept(actor, fiscal_year, form)
    except Refused as refused:
        with entity_transaction(actor.entity_id, read_only=True):
            return _page(request, actor, fiscal_year, refused.refusals)
    messages.success(request, _("Recorded. Its share stands before the budgets of the years to come."))
    return redirect("budget:commitments", entity_code=actor.entity_code, fiscal_year=fiscal_year)


def _kept(actor: Actor, fiscal_year: int, form: CommitmentForm) -> None:
    with entity_transaction(actor.entity_id, read_only=True):
        known = queries.lines_by_code(fiscal_year=fiscal_year, codes=[form.line])
    if form.line not in known or form.refusals:
        unknown = [] if form.line in known else [Refusal("budget.line_unknown", {"line": form.line or "-"}, "line")]
        raise Refused(*unknown, *form.refusals)
    commands.record_commitment(
        actor=actor,
        commitment_id=form.commitment_id,
        fiscal_year=fiscal_year,
        line_id=known[form.line].line_id,
        draft=form.draft,
        at=timezone.now(),
    )
