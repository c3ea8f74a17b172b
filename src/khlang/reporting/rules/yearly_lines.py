"""What the two yearly statements share: lines of a layout beside amounts of this year and of the year before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import get_args

from khlang.kernel.fiscal_calendar import year_end
from khlang.kernel.money import ZERO, Baht
from khlang.kernel.statements import Cell, Column, Link, Row, RowKind
from khlang.kernel.thai_dates import english_date, thai_date
from khlang.reporting.rules.values import Account, Balance, LayoutLine, Scope


@dataclass(frozen=True, slots=True)
class YearFigures:
    """One column: the books of a year up to a day, with the chart and layout in force in that year."""

    fiscal_year: int
    to: date
    layout: Sequence[LayoutLine]
    accounts: Mapping[str, Account]
    balances: Sequence[Balance]


def year_columns(years: Sequence[YearFigures]) -> list[Column]:
    """One money column a year, headed by the year, or by the day when the year is not complete."""
    return [Column(f"year_{year.fiscal_year}", *_labels(year), "money") for year in years]


def _labels(year: YearFigures) -> tuple[str, str]:
    if year.to == year_end(year.fiscal_year):
        return str(year.fiscal_year), str(year.fiscal_year)
    return thai_date(year.to, "short"), english_date(year.to, "short")


def layout_rows(
    *,
    scope: Scope,
    report: str,
    layout: Sequence[LayoutLine],
    values: Sequence[Mapping[str, Baht]],
) -> list[Row]:
    """One row a line, in the order of the layout of the first year; years are joined by line code."""
    grouped = any(line.kind == "group" for line in layout)
    rows = []
    for line in layout:
        amounts: tuple[Cell, ...] = tuple(of_year.get(line.line_code, ZERO) for of_year in values)
        if line.kind in {"header", "group"}:
            heading: tuple[Cell, ...] = (line.label(scope.language), *(None for _ in values))
            rows.append(Row(row_kind(line), heading, 1 if line.kind == "group" else 0))
        elif line.kind != "detail" or is_shown(scope, line, amounts):
            link = _link(report, line) if line.kind == "detail" else None
            rows.append(
                Row(row_kind(line), (line.label(scope.language), *amounts), _level(line, grouped=grouped), link)
            )
    return rows


def _total_kind(line: LayoutLine) -> RowKind:
    """A total that goes into another total is ruled off once, the last one twice."""
    return "subtotal" if line.kind == "total" and line.subtotal_of else row_kind(line)


def is_shown(scope: Scope, line: LayoutLine, amounts: Sequence[Cell]) -> bool:
    """Whether a detail line is printed: with an amount always, without one as asked, or as the layout says."""
    if any(amounts):
        return True
    return scope.zero if scope.zero is not None else line.detail == ""


def _level(line: LayoutLine, *, grouped: bool) -> int:
    if line.kind == "detail":
        return 2 if grouped else 1
    return 1 if line.kind == "subtotal" and grouped else 0


def row_kind(line: LayoutLine) -> RowKind:
    """The kind of row that a line of a layout makes; a kind nobody knows is a plain line."""
    kinds: Mapping[str, RowKind] = {kind: kind for kind in get_args(RowKind)}
    return kinds.get(line.kind, "detail")


def _link(report: str, line: LayoutLine) -> Link:
    return Link("reporting:line", {"report": report, "line": line.line_code})
