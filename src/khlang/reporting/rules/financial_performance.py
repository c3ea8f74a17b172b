"""Statement of financial performance (R277): revenue and expenses of a period and what is left, before closing."""

from collections.abc import Sequence

from khlang.kernel.fiscal_calendar import year_end, year_start
from khlang.kernel.money import ZERO
from khlang.kernel.statements import Check, Statement
from khlang.kernel.thai_dates import english_date, thai_date
from khlang.reporting.rules.financial_position import RESULT
from khlang.reporting.rules.frame import OFFICIAL, both, column, frame, from_to
from khlang.reporting.rules.layouts import Placed, line_values, outside_check, place_balances
from khlang.reporting.rules.values import Scope, account_of
from khlang.reporting.rules.words import word
from khlang.reporting.rules.yearly_lines import YearFigures, layout_rows, year_columns

CODE = "financial-performance"


def financial_performance(*, scope: Scope, years: Sequence[YearFigures]) -> Statement:
    """Build the statement; balances must leave out the entries that close the year."""
    placed = [place_performance(year) for year in years]
    values = [line_values(year.layout, found.amounts()) for year, found in zip(years, placed, strict=True)]
    results = [_agrees(year, list(found.values())[-1]) for year, found in zip(years, values, strict=True)]
    return frame(
        code=CODE,
        scope=scope,
        columns=[column("line", "text"), *year_columns(years)],
        rows=layout_rows(scope=scope, report=CODE, layout=years[0].layout, values=values),
        heading=[_period(scope)],
        checks=[*results, *(outside_check(found) for found in placed)],
        offices=OFFICIAL,
        notes=[both("notes.unit")],
        facts={"compared_with": ",".join(str(year.fiscal_year) for year in years[1:])},
    )


def place_performance(year: YearFigures) -> Placed:
    """Put revenue and expenses on their lines."""
    return place_balances(layout=year.layout, accounts=year.accounts, balances=year.balances, kinds=RESULT)


def _agrees(year: YearFigures, shown: object) -> Check:
    """The last line of the layout must be revenue less expenses of the ledger, however the lines were added."""
    kept = [row for row in year.balances if account_of(year.accounts, row.account).kind in RESULT]
    ledger = -sum((row.closing for row in kept), ZERO)
    return Check("surplus-agrees", shown == ledger, f"{year.fiscal_year}: {ledger.display()}")


def _period(scope: Scope) -> tuple[str, str]:
    if scope.since == year_start(scope.fiscal_year) and scope.to == year_end(scope.fiscal_year):
        return (
            word("headings.for-year", "th", to=thai_date(scope.to, "long")),
            word("headings.for-year", "en", to=english_date(scope.to, "long")),
        )
    return from_to(scope)
