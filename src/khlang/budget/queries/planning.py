"""Spending plans, pace and forecast, the cash of each source beside what is claimed of it."""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from khlang.budget.models import Commitment, PlanShare
from khlang.budget.queries.boards import board
from khlang.budget.rules import (
    BoardFilter,
    BoardLine,
    CashStanding,
    Forecast,
    LineDetail,
    QuarterRow,
    forecast,
)
from khlang.budget.rules.forecast import DAYS_MIN
from khlang.kernel.fiscal_calendar import year_end, year_start
from khlang.kernel.money import ZERO, Baht
from khlang.ledger import queries as ledger
from khlang.reference import queries as reference
from khlang.toolkit import sql
from khlang.toolkit.tenancy import required_entity_id

# Drawn: what left the line for good or is on its way out, in the quarter in which it was asked for.
_DRAWN = """
SELECT m.line_id, (extract(month FROM m.moved_on)::int + 2) %% 12 / 3 + 1,
       (sum(CASE WHEN m.to_pot IN ('requested', 'advanced') AND m.from_pot NOT IN ('paid', 'requested', 'advanced') THEN m.amount
                 WHEN m.to_pot = 'refunded' THEN -m.amount
                 WHEN m.from_pot IN ('requested', 'advanced') AND m.to_pot NOT IN ('paid', 'requested', 'advanced') THEN -m.amount
                 ELSE 0 END) * 100)::bigint
  FROM budget_movement m
 WHERE m.entity_id = %(entity)s AND m.fiscal_year = %(year)s AND (%(lines)s::uuid[] IS NULL OR m.line_id = ANY (%(lines)s))
   AND (m.to_pot IN ('requested', 'advanced', 'refunded') OR m.from_pot IN ('requested', 'advanced'))
 GROUP BY 1, 2
"""
_GIVEN = "(b.approved + b.transferred_in - b.transferred_out + b.supplemented)"
_WARNED = f"""
SELECT count(*)
  FROM budget_balance b JOIN budget_line l USING (entity_id, fiscal_year, line_id)
 WHERE b.entity_id = %(entity)s AND b.fiscal_year = %(year)s AND {_GIVEN} <> 0
   AND (%(divisions)s::text[] IS NULL OR l.division = ANY (%(divisions)s))
   AND (b.available <= 0 OR (%(says)s AND b.paid > b.refunded
        AND div(b.available * %(elapsed)s, nullif(b.paid - b.refunded, 0)) <= %(days)s))
"""
_CLAIMED = """
SELECT l.fund_source, sum(b.requested + b.advanced)
  FROM budget_balance b JOIN budget_line l USING (entity_id, fiscal_year, line_id)
 WHERE b.entity_id = %s AND b.fiscal_year = %s GROUP BY 1
"""


def plan_and_actual(
    *, fiscal_year: int, line_id: UUID | None = None, line_ids: Collection[UUID] | None = None
) -> dict[UUID, tuple[QuarterRow, ...]]:
    """Each line with a plan or with money drawn, quarter by quarter (R19); one line, or some, when they are named."""
    entity_id = required_entity_id()
    chosen = [line_id] if line_id else None if line_ids is None else list(line_ids)
    params = {"entity": entity_id, "year": fiscal_year, "lines": chosen}
    drawn = {(line, int(quarter)): Baht.from_satang(satang) for line, quarter, satang in sql.rows(_DRAWN, params)}
    shares = PlanShare.objects.filter(entity_id=entity_id, fiscal_year=fiscal_year)
    if chosen is not None:
        shares = shares.filter(line_id__in=chosen)
    planned = {(row.line_id, row.quarter): Baht(row.amount) for row in shares}
    lines = {line for line, _ in (*drawn, *planned)}
    return {line: tuple(_quarter(line, quarter, planned, drawn) for quarter in (1, 2, 3, 4)) for line in lines}


def _quarter(
    line: UUID, quarter: int, planned: Mapping[tuple[UUID, int], Baht], drawn: Mapping[tuple[UUID, int], Baht]
) -> QuarterRow:
    return QuarterRow(quarter, planned.get((line, quarter), ZERO), drawn.get((line, quarter), ZERO))


def forecasts(
    *, fiscal_year: int, today: date, chosen: BoardFilter | None = None, warned_only: bool = False
) -> list[tuple[BoardLine, Forecast]]:
    """When each line runs out at the pace of the year, soonest first; `warned_only` leaves out those that need no eye."""
    days = _warning_days(today)
    found = [
        (each, forecast(balance=each.balance, fiscal_year=fiscal_year, today=today, warning_days=days))
        for each in board(fiscal_year=fiscal_year, chosen=chosen).lines
    ]
    chosen_rows = [row for row in found if row[1].warn or not warned_only]
    return sorted(chosen_rows, key=lambda row: (row[1].runs_out_on or date.max, row[0].line.code))


def forecast_of(*, line: BoardLine | LineDetail, today: date) -> Forecast:
    """When one line runs out at the pace of its year."""
    year = line.line.fiscal_year
    return forecast(balance=line.balance, fiscal_year=year, today=today, warning_days=_warning_days(today))


def warned_count(*, fiscal_year: int, today: date, divisions: Collection[str] | None = None) -> int:
    """How many lines run out soon or are used up, without reading them: for what is asked on every page.

    The same decision as `rules.forecast`, made by the database; `divisions` asks only for lines of these.
    """
    first, last = year_start(fiscal_year), year_end(fiscal_year)
    if not first <= today <= last:
        return 0
    elapsed = (today - first).days + 1
    params = {
        "entity": required_entity_id(),
        "year": fiscal_year,
        "elapsed": elapsed,
        "says": elapsed >= DAYS_MIN,
        "days": min(_warning_days(today), (last - today).days - 1),
        "divisions": None if divisions is None else list(divisions),
    }
    return int(sql.scalar(_WARNED, params))


def _warning_days(today: date) -> int:
    return int(reference.parameter(name="budget_warning_days", on_date=today).value)


def plan_revisions(*, fiscal_year: int, line_ids: Collection[UUID]) -> dict[UUID, int]:
    """How often the plan of each line was written; what a page of plans was read in."""
    found = PlanShare.objects.filter(
        entity_id=required_entity_id(), fiscal_year=fiscal_year, line_id__in=list(line_ids)
    ).values_list("line_id", "revision")
    revisions: dict[UUID, int] = {}
    for line_id, revision in found:
        revisions[line_id] = revisions.get(line_id, 0) + revision
    return revisions


def cash_of_sources(*, fiscal_year: int) -> dict[str, CashStanding]:
    """Cash and bank of each source of money beside what requests and advances claim of it (R118, R213)."""
    cash_accounts = {account.code for account in reference.accounts(fiscal_year=fiscal_year) if account.is_cash}
    cash: dict[str, Baht] = {}
    for row in ledger.balances(fiscal_year=fiscal_year):
        if row.account_code in cash_accounts:
            cash[row.fund_source] = cash.get(row.fund_source, ZERO) + row.balance
    claimed = {fund: Baht(amount) for fund, amount in sql.rows(_CLAIMED, (required_entity_id(), fiscal_year))}
    return {
        fund: CashStanding(fund, cash.get(fund, ZERO), claimed.get(fund, ZERO)) for fund in sorted({*cash, *claimed})
    }


def committed_by_earlier_years(*, fiscal_year: int) -> list[tuple[str, Baht]]:
    """What commitments over several years take of a fiscal year (B.E.) before it is drafted (R117): title and share."""
    found = Commitment.objects.filter(entity_id=required_entity_id(), line_year__lt=fiscal_year).order_by("made_at")
    return [(row.title, Baht(row.years[str(fiscal_year)])) for row in found if str(fiscal_year) in row.years]
