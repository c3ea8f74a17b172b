"""When a line runs out at the pace of the year, and how a quarter's plan compares with what happened. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from khlang.budget.rules.movements import Balance
from khlang.kernel.fiscal_calendar import quarter_of, year_end, year_start
from khlang.kernel.money import ZERO, Baht
from khlang.kernel.refusals import Fact, Refusal

QUARTERS = (1, 2, 3, 4)
DAYS_MIN = 30
"""Fewer days of a year say nothing about its pace."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """`runs_out_on`: the first day with nothing left, when it lies within the year; `warn`: it is near, or nothing is left."""

    runs_out_on: date | None
    spent_a_day: Baht
    warn: bool


def forecast(*, balance: Balance, fiscal_year: int, today: date, warning_days: int) -> Forecast:
    """At the pace at which the year was spent so far, when is the rest gone? What is held is gone already (R118)."""
    first, last = year_start(fiscal_year), year_end(fiscal_year)
    elapsed = (min(today, last) - first).days + 1
    if not balance.appropriation or today < first or today > last:
        return Forecast(None, ZERO, warn=False)
    if balance.available <= ZERO:
        return Forecast(today, ZERO, warn=True)
    if balance.spent <= ZERO or elapsed < DAYS_MIN:
        return Forecast(None, ZERO, warn=False)
    days_left = balance.available.satang * elapsed // balance.spent.satang
    runs_out = today + timedelta(days=min(days_left, (last - today).days + 1)) + timedelta(days=1)
    a_day = Baht.from_satang(balance.spent.satang // elapsed)
    if runs_out > last:
        return Forecast(None, a_day, warn=False)
    return Forecast(runs_out, a_day, warn=days_left <= warning_days)


@dataclass(frozen=True, slots=True)
class QuarterRow:
    """One quarter of a line or of a sum of lines: planned, drawn (requests, advances and payments), the difference (baht)."""

    quarter: int
    planned: Baht
    drawn: Baht

    @property
    def difference(self) -> Baht:
        """What was planned and not drawn; negative when more was drawn than planned."""
        return self.planned - self.drawn


def check_plan(*, shares: dict[int, Baht], appropriation: Baht, label: str) -> Iterator[Refusal]:
    """Yield why a spending plan cannot be kept: an unknown quarter, a negative share, more than the line has (R19)."""
    for quarter, amount in shares.items():
        if quarter not in QUARTERS:
            yield Refusal("budget.quarter_unknown", {"quarter": quarter}, f"quarters.{quarter}")
        elif amount < ZERO:
            yield Refusal("budget.amount_not_right", {"amount": str(amount)}, f"quarters.{quarter}")
    planned = sum(shares.values(), ZERO)
    if planned > appropriation:
        facts = {"line": label, "planned": str(planned), "appropriation": str(appropriation)}
        yield Refusal("budget.plan_above_line", {**facts, "over": str(planned - appropriation)}, "quarters")


def evenly(amount: Baht) -> dict[int, Baht]:
    """An amount in four shares of whole baht as near to each other as they can be; the last takes what is over."""
    share = Baht.from_satang(amount.satang // 400 * 100)
    return dict.fromkeys(QUARTERS[:-1], share) | {QUARTERS[-1]: amount - share * 3}


def outside_plan(*, rows: tuple[QuarterRow, ...], asked: Baht, on: date, label: str) -> Iterator[Refusal]:
    """Yield budget.outside_plan when a request goes beyond the plan up to and with the quarter it falls in (R19).

    A line without a plan is not judged.
    """
    quarter = quarter_of(on)
    planned = sum((row.planned for row in rows if row.quarter <= quarter), ZERO)
    drawn = sum((row.drawn for row in rows if row.quarter <= quarter), ZERO)
    if any(row.planned for row in rows) and drawn + asked > planned:
        facts: dict[str, Fact] = {"line": label, "quarter": quarter, "planned": str(planned), "drawn": str(drawn)}
        yield Refusal("budget.outside_plan", {**facts, "asked": str(asked)}, "amount")
