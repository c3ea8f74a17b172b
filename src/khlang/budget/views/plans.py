"""Spending plans by quarter beside what was drawn, and the forecast of when lines run out."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from khlang.budget import commands, queries
from khlang.budget.forms.board import filter_form, filter_query, page_number
from khlang.budget.forms.plans import PlansForm, at_cells, cell_name, plans_form, spread
from khlang.budget.rules import QUARTERS, BoardLine, BoardPage, QuarterRow, added, used_percent
from khlang.budget.views.board import board_names, choices, year_or_404
from khlang.identity.access import allowed, page
from khlang.kernel.actors import Actor
from khlang.kernel.money import ZERO, Baht
from khlang.kernel.refusals import Refusal, Refused
from khlang.toolkit.tenancy import entity_transaction
from khlang.toolkit.workbook import Cell, list_workbook, workbook_response

LINES = 20


@dataclass(frozen=True, slots=True)
class GridCell:
    """One cell: its name, what stands in it, what was drawn in the quarter, and whether it is wrong."""

    name: str
    label: str
    text: str
    drawn: Baht
    wrong: bool


@dataclass(frozen=True, slots=True)
class GridRow:
    """One line of the grid; `open`: she may write it."""

    each: BoardLine
    cells: tuple[GridCell, ...]
    revision: int
    open: bool
    planned: Baht

    @property
    def rest(self) -> Baht:
        """What is planned for no quarter."""
        return self.each.balance.appropriation - self.planned


@require_GET
@page(act="budget.read")
def plans(request: HttpRequest, actor: Actor, *, fiscal_year: int) -> HttpResponse:
    """The plans of a year beside what was drawn, page by page."""
    return _grid(request, actor, year_or_404(fiscal_year))


@require_POST
@page(act="budget.plan")
def save_plans(request: HttpRequest, actor: Actor, *, fiscal_year: int) -> HttpResponse:
    """Keep all that was typed or nothing, with every reason at its cell; `do=even` only spreads empty lines over the year."""
    year, form = year_or_404(fiscal_year), plans_form(request.POST.dict())
    refusals: Sequence[Refusal] = form.refusals
    if not refusals and request.POST.get("do") != "even":
        try:
            saved = commands.save_plans(actor=actor, fiscal_year=year, plans=form.plans, at=timezone.now())
        except Refused as refused:
            refusals = at_cells(refused.refusals, form.plans)
        else:
            messages.success(request, _("Plans saved: %(lines)s lines changed.") % {"lines": saved})
            place = {"entity_code": actor.entity_code, "fiscal_year": year}
            return redirect(reverse("budget:plans", kwargs=place, query=request.GET))
    even = request.POST.get("do") == "even"
    with entity_transaction(actor.entity_id, read_only=True):
        return _grid(request, actor, year, form=form, even=even, refusals=refusals)


def _grid(
    request: HttpRequest,
    actor: Actor,
    year: int,
    *,
    form: PlansForm | None = None,
    even: bool = False,
    refusals: Sequence[Refusal] = (),
) -> HttpResponse:
    chosen = filter_form(request.GET.dict())
    found = queries.board_page(
        fiscal_year=year, chosen=chosen, page=page_number(request.GET.get("page", "")), page_size=LINES
    )
    rows = list(_rows(actor, year, found, form, even=even, wrong={each.where for each in refusals}))
    context = {
        "year": year,
        "years": queries.years(),
        "chosen": chosen,
        "found": found,
        "rows": rows,
        "quarters": QUARTERS,
        "refusals": refusals,
        "may_write": any(row.open for row in rows),
        "spread": even,
        **choices(year, board_names(year)),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refusals else HTTPStatus.OK
    return render(request, "budget/plans.html", context, status=status)


def _rows(
    actor: Actor, year: int, found: BoardPage, form: PlansForm | None, *, even: bool, wrong: Collection[str]
) -> Iterator[GridRow]:
    lines = {each.line.line_id: each for each in found.rows}
    plan = queries.plan_and_actual(fiscal_year=year, line_ids=list(lines))
    revisions = queries.plan_revisions(fiscal_year=year, line_ids=list(lines))
    own = None if allowed(actor, "budget.draft_all") else queries.divisions_of(user_id=actor.user_id, at=timezone.now())
    may_plan = allowed(actor, "budget.plan")
    open_ids = {
        line_id for line_id, each in lines.items() if may_plan and (own is None or each.line.identity.division in own)
    }
    typed = form.typed if form else {}
    if even:
        typed = spread(
            typed, {line_id: lines[line_id].balance.appropriation for line_id in lines if line_id in open_ids}
        )
    for line_id, each in lines.items():
        quarters = plan.get(line_id) or tuple(QuarterRow(quarter, ZERO, ZERO) for quarter in QUARTERS)
        cells = tuple(_cell(line_id, each, quarter, typed.get(line_id), wrong) for quarter in quarters)
        yield GridRow(
            each,
            cells,
            revisions.get(line_id, 0),
            line_id in open_ids,
            sum((quarter.planned for quarter in quarters), ZERO),
        )


def _cell(
    line_id: UUID, each: BoardLine, row: QuarterRow, typed: Mapping[int, str] | None, wrong: Collection[str]
) -> GridCell:
    kept = row.planned.display() if row.planned else ""
    text = kept if typed is None else typed.get(row.quarter, "")
    name = cell_name(line_id, row.quarter)
    label = _("Quarter %(quarter)s, %(line)s") % {"quarter": row.quarter, "line": each.line.name}
    return GridCell(name, label, text, row.drawn, name in wrong)


@require_GET
@page(act="budget.read")
def plans_workbook(request: HttpRequest, actor: Actor, *, fiscal_year: int) -> HttpResponse:
    """Plan and what was drawn of every line that is chosen, quarter by quarter."""
    year = year_or_404(fiscal_year)
    lines = queries.board(fiscal_year=year, chosen=filter_form(request.GET.dict())).lines
    plan = queries.plan_and_actual(fiscal_year=year)
    pairs = [
        text % {"quarter": quarter}
        for quarter in QUARTERS
        for text in (_("Planned, quarter %(quarter)s"), _("Drawn, quarter %(quarter)s"))
    ]
    headings = [_("Code"), _("Name"), _("Division"), _("Appropriation"), *pairs, _("Not planned")]
    content = list_workbook(
        title=_("Spending plan"), headings=headings, rows=(_plan_cells(each, plan) for each in lines)
    )
    return workbook_response(content=content, name=f"{actor.entity_code}-plan-{year}")


def _plan_cells(each: BoardLine, plan: Mapping[UUID, tuple[QuarterRow, ...]]) -> list[Cell]:
    quarters = plan.get(each.line.line_id, ())
    by_quarter = {row.quarter: row for row in quarters}
    cells: list[Cell] = [each.line.code, each.line.name, each.line.identity.division, each.balance.appropriation]
    for quarter in QUARTERS:
        row = by_quarter.get(quarter, QuarterRow(quarter, ZERO, ZERO))
        cells += [row.planned, row.drawn]
    return [*cells, each.balance.appropriation - sum((row.planned for row in quarters), ZERO)]


@require_GET
@page(act="budget.read")
def forecast(request: HttpRequest, actor: Actor, *, fiscal_year: int) -> HttpResponse:
    """When lines run out at the pace of the year, soonest first; only those that need an eye, unless all are asked for."""
    year = year_or_404(fiscal_year)
    chosen, shows_all = filter_form(request.GET.dict()), request.GET.get("show") == "all"
    today = timezone.localdate()
    found = queries.forecasts(fiscal_year=year, today=today, chosen=chosen, warned_only=not shows_all)
    pages = max(1, -(-len(found) // LINES))
    number = min(page_number(request.GET.get("page", "")), pages)
    shown = found[(number - 1) * LINES : number * LINES]
    context = {
        "year": year,
        "years": queries.years(),
        "chosen": chosen,
        "today": today,
        "shows_all": shows_all,
        "all_query": filter_query(chosen, show="all"),
        "warned_query": filter_query(chosen),
        "rows": [(each, coming, used_percent(each.balance)) for each, coming in shown],
        "total": added(each.balance for each, _coming in found),
        "page": {"page": number, "pages": pages, "count": len(found)},
        "may_transfer": allowed(actor, "budget.transfer"),
        **choices(year, board_names(year)),
    }
    return render(request, "budget/forecast.html", context)
