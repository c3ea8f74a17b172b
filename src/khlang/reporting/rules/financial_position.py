"""Statement of financial position (R277, R279): what is owned and owed on a day, before or after closing alike."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from khlang.kernel.money import ZERO, Baht
from khlang.kernel.statements import Check, Column, Statement
from khlang.reporting.rules.frame import OFFICIAL, as_at, both, column, frame
from khlang.reporting.rules.layouts import (
    Placed,
    equality_checks,
    line_values,
    outside_check,
    place_balances,
    surplus_line,
)
from khlang.reporting.rules.values import Scope, account_of
from khlang.reporting.rules.yearly_lines import YearFigures, layout_rows, year_columns

CODE = "financial-position"
POSITION = frozenset({"asset", "liability", "net_assets"})
RESULT = frozenset({"revenue", "expense"})


def financial_position(*, scope: Scope, years: Sequence[YearFigures]) -> Statement:
    """Build the statement; `years` holds this year first, then the years to compare with.

    The surplus of a year not yet closed stands on its own line, so that both sides are equal on any day.
    """
    placed = [place_position(year) for year in years]
    values = [line_values(year.layout, found.amounts()) for year, found in zip(years, placed, strict=True)]
    columns: list[Column] = [column("line", "text"), *year_columns(years)]
    checks = [check for year, found in zip(years, values, strict=True) for check in _checks(year, found)]
    return frame(
        code=CODE,
        scope=scope,
        columns=columns,
        rows=layout_rows(scope=scope, report=CODE, layout=years[0].layout, values=values),
        heading=[as_at(scope)],
        checks=[*checks, *(outside_check(found) for found in placed)],
        offices=OFFICIAL,
        notes=[both("notes.unit")],
        facts={"compared_with": ",".join(str(year.fiscal_year) for year in years[1:])},
    )


def place_position(year: YearFigures) -> Placed:
    """Put every balance on its line, and the surplus of the year on the line made for it."""
    placed = place_balances(layout=year.layout, accounts=year.accounts, balances=year.balances, kinds=POSITION)
    surplus = surplus_of(year)
    line = surplus_line(year.layout)
    if surplus and line is None:
        placed.put_outside("surplus", -surplus)
    elif surplus and line is not None:
        for row in year.balances:
            if account_of(year.accounts, row.account).kind in RESULT and row.closing:
                placed.put(line.line_code, row.account, -row.closing)
    return placed


def surplus_of(year: YearFigures) -> Baht:
    """Revenue less expenses still open in the books; zero once the year is closed."""
    return -sum(
        (row.closing for row in year.balances if account_of(year.accounts, row.account).kind in RESULT),
        ZERO,
    )


def _checks(year: YearFigures, values: Mapping[str, Baht]) -> list[Check]:
    checks = equality_checks(year.layout, values, "position-balances")
    return [replace(check, detail=f"{year.fiscal_year}: {check.detail}") for check in checks]
