"""Endpoints of lines in force: board, sums, one line, what is left, plans, forecasts, cash. Reading, and saving a plan."""

from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router

from khlang.budget import commands, queries
from khlang.budget.api.reading import acting, reading
from khlang.budget.rules import BoardFilter, BoardOrder, Level
from khlang.budget.schemas.lines import (
    BoardOut,
    CashOut,
    ForecastOut,
    GroupOut,
    LeftOut,
    LineWhole,
    PlanIn,
    PlanOut,
    QuarterOut,
)
from khlang.budget.schemas.values import Year
from khlang.kernel.refusals import Refusal, Refused

router = Router(tags=["budget"])
_BUDGET = "/{entity_code}/budget"
_YEAR = "/{entity_code}/budget/{int:fiscal_year}"
ANSWERS_MAX = 20


@router.get(f"{_BUDGET}/years", response=list[int])
def years(request: HttpRequest, entity_code: str) -> list[int]:
    """Fiscal years (B.E.) with lines in force, newest first."""
    with reading(request, entity_code):
        return queries.years()


@router.get(_YEAR, response=BoardOut)
def board(  # noqa: PLR0913, PLR0917 (the filters of the board, each a parameter of the address)
    request: HttpRequest,
    entity_code: str,
    fiscal_year: Year,
    search: str = "",
    division: str = "",
    plan: str = "",
    budget_type: str = "",
    fund_source: str = "",
    enterprise: str | None = None,
    order: BoardOrder = BoardOrder.CODE,
    page: int = 1,
) -> BoardOut:
    """Lines of a year, fifty at a time, with the sum of all that are chosen.

    `plan` and `budget_type` take a code of any level and everything below it; `enterprise` "" is the general budget.
    """
    chosen = BoardFilter(search, division, plan, budget_type, fund_source, enterprise)
    with reading(request, entity_code):
        found = queries.board_page(fiscal_year=fiscal_year, chosen=chosen, order=order, page=page)
        return BoardOut.of_page(found)


@router.get(f"{_YEAR}/sums", response=list[GroupOut])
def sums(request: HttpRequest, entity_code: str, fiscal_year: Year, level: Level = Level.PLAN) -> list[GroupOut]:
    """The year added up at one level."""
    with reading(request, entity_code):
        names = queries.names(fiscal_year=fiscal_year)
        found = queries.board_groups(fiscal_year=fiscal_year, level=level, names=names)
    return [GroupOut.of_group(group) for group in found.rows]


@router.get(f"{_YEAR}/available", response=list[LeftOut])
def available(request: HttpRequest, entity_code: str, fiscal_year: Year, search: str = "") -> list[LeftOut]:
    """How much is left in X: up to twenty lines whose code, item, type, work or division is like what is searched."""
    with reading(request, entity_code):
        chosen = BoardFilter(search=search)
        found = queries.board_page(fiscal_year=fiscal_year, chosen=chosen, page_size=ANSWERS_MAX)
    return [LeftOut.of_line(each) for each in found.rows]


@router.get(f"{_YEAR}/lines/{{uuid:line_id}}", response=LineWhole)
def line(request: HttpRequest, entity_code: str, fiscal_year: Year, line_id: UUID) -> LineWhole:
    """One line: its explanations, what documents hold, its register with what was left after each row, its quarters."""
    with reading(request, entity_code):
        detail = queries.line(fiscal_year=fiscal_year, line_id=line_id)
        if detail is None:
            raise Refused(Refusal("budget.line_unknown", {"line": str(line_id)}))
        register = queries.register(fiscal_year=fiscal_year, line_id=line_id)
        quarters = queries.plan_and_actual(fiscal_year=fiscal_year, line_id=line_id).get(line_id, ())
    return LineWhole.whole(detail, register, quarters)


@router.get(f"{_YEAR}/plans", response=list[PlanOut])
def plans(request: HttpRequest, entity_code: str, fiscal_year: Year) -> list[PlanOut]:
    """Lines with a spending plan or with money drawn: planned and drawn by quarter (R19)."""
    with reading(request, entity_code):
        found = queries.plan_and_actual(fiscal_year=fiscal_year)
    return [PlanOut(line_id=each, quarters=[QuarterOut.of(row) for row in rows]) for each, rows in found.items()]


@router.put(f"{_YEAR}/lines/{{uuid:line_id}}/plan", response=PlanOut)
def put_plan(request: HttpRequest, entity_code: str, fiscal_year: Year, line_id: UUID, body: PlanIn) -> PlanOut:
    """Keep the spending plan of a line; the same plan again changes nothing."""
    actor = acting(request, entity_code, "budget.plan")
    at = timezone.now()
    commands.save_plan(actor=actor, fiscal_year=fiscal_year, line_id=line_id, shares=body.shares(), at=at)
    with reading(request, entity_code):
        rows = queries.plan_and_actual(fiscal_year=fiscal_year, line_id=line_id).get(line_id, ())
    return PlanOut(line_id=line_id, quarters=[QuarterOut.of(row) for row in rows])


@router.get(f"{_YEAR}/forecasts", response=list[ForecastOut])
def forecasts(
    request: HttpRequest,
    entity_code: str,
    fiscal_year: Year,
    warned_only: bool = False,  # noqa: FBT001, FBT002 (a parameter of the address)
) -> list[ForecastOut]:
    """When lines run out at the pace of the year, soonest first."""
    with reading(request, entity_code):
        found = queries.forecasts(fiscal_year=fiscal_year, today=timezone.localdate(), warned_only=warned_only)
    return [ForecastOut.of_row(each, told) for each, told in found]


@router.get(f"{_YEAR}/cash", response=list[CashOut])
def cash(request: HttpRequest, entity_code: str, fiscal_year: Year) -> list[CashOut]:
    """The cash of each source beside what requests and advances claim of it (R213)."""
    with reading(request, entity_code):
        return [CashOut.of_standing(each) for each in queries.cash_of_sources(fiscal_year=fiscal_year).values()]
