"""A statement as a page shows it: texts, classes and addresses, so that templates decide nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from khlang.kernel.money import ZERO, Baht
from khlang.kernel.statements import Cell, Column, Link, Row, Statement
from khlang.reporting.rules.exports import column_label
from khlang.reporting.rules.requests import ReportRequest
from khlang.reporting.rules.showing import shown
from khlang.reporting.rules.words import Language, check_label

KEPT = ("since", "to", "known_at", "fund_source", "zero", "compare")
"""Choices that go along when a reader goes from a statement to an account."""
RIGHT = frozenset({"money", "integer"})


@dataclass(frozen=True, slots=True)
class ShownCell:
    """One cell: its text, how it stands, and where it leads."""

    text: str
    style: str
    href: str = ""
    is_negative: bool = False
    is_head: bool = False


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One row of the page."""

    kind: str
    cells: tuple[ShownCell, ...]


@dataclass(frozen=True, slots=True)
class ShownCheck:
    """A check in words."""

    label: str
    holds: bool
    detail: str


@dataclass(frozen=True, slots=True)
class StatementPage:
    """Everything the table template needs."""

    title: str
    entity_name: str
    headings: tuple[str, ...]
    columns: tuple[tuple[str, str], ...]
    rows: tuple[ShownRow, ...]
    notes: tuple[str, ...]
    checks: tuple[ShownCheck, ...]

    @property
    def holds(self) -> bool:
        """Whether every check holds."""
        return all(check.holds for check in self.checks)

    @property
    def failed(self) -> tuple[ShownCheck, ...]:
        """The checks that do not hold."""
        return tuple(check for check in self.checks if not check.holds)


def statement_page(*, statement: Statement, asked: ReportRequest, kept: Mapping[str, str]) -> StatementPage:
    """Prepare a statement for its page; `kept` is the query that links carry along."""
    language = asked.language
    thai = language == "th"
    label = _label_column(statement)
    return StatementPage(
        title=statement.title_th if thai else statement.title_en,
        entity_name=statement.entity_name,
        headings=statement.heading_lines_th if thai else statement.heading_lines_en,
        columns=tuple((column_label(column, language), _style(column)) for column in statement.columns),
        rows=tuple(_row(statement, row, label, asked, kept) for row in statement.rows),
        notes=statement.notes_th if thai else statement.notes_en,
        checks=tuple(_checks(statement, language)),
    )


def _checks(statement: Statement, language: Language) -> Iterator[ShownCheck]:
    """Checks of one name that all hold are said once."""
    told: set[str] = set()
    for check in statement.checks:
        if not check.holds or check.name not in told:
            yield ShownCheck(check_label(check.name, language), check.holds, check.detail)
        told.add(check.name)


def _label_column(statement: Statement) -> int:
    return next((at for at, column in enumerate(statement.columns) if column.kind == "text"), 0)


def _style(column: Column) -> str:
    return "num" if column.kind in RIGHT else "nw" if column.kind in {"code", "date"} else ""


def _row(statement: Statement, row: Row, label: int, asked: ReportRequest, kept: Mapping[str, str]) -> ShownRow:
    href = link_address(row.link, statement.entity_code, asked, kept)
    linked = _linked_column(statement, row, label)
    cells = []
    for at, (column, cell) in enumerate(zip(statement.columns, row.cells, strict=True)):
        style = f"ind-{row.level}" if at == label and row.level else _style(column)
        cells.append(_cell(cell, style, asked.language, href if at == linked else "", is_head=at == label))
    return ShownRow(row.kind, tuple(cells))


def _linked_column(statement: Statement, row: Row, label: int) -> int:
    """The document number or the account is what one presses; where there is none, the text."""
    for at, column in enumerate(statement.columns):
        if column.key in {"document", "account"} and row.cells[at] is not None:
            return at
    return label


def _cell(cell: Cell, style: str, language: Language, href: str, *, is_head: bool) -> ShownCell:
    negative = isinstance(cell, Baht) and cell < ZERO
    return ShownCell(shown(cell, language), style, href, is_negative=negative, is_head=is_head)


def link_address(link: Link | None, entity_code: str, asked: ReportRequest, kept: Mapping[str, str]) -> str:
    """Where a row leads, with the reader's choices carried along; empty when it leads nowhere."""
    if link is None:
        return ""
    given = link.parameters
    if link.name == "reporting:journal":
        place = {"fiscal_year": given["year"], "sequence_no": given["sequence"]}
        return reverse(link.name, kwargs={"entity_code": entity_code, **place})
    query = {name: kept[name] for name in KEPT if kept.get(name)}
    if link.name == "reporting:line":
        place = {"fiscal_year": str(asked.fiscal_year), "report": given["report"], "line": given["line"]}
        return _with_query(reverse(link.name, kwargs={"entity_code": entity_code, **place}), query)
    address = reverse(link.name, kwargs={"entity_code": entity_code, "fiscal_year": asked.fiscal_year})
    return _with_query(address, query | dict(given))


def _with_query(address: str, query: Mapping[str, str]) -> str:
    return f"{address}?{urlencode(query)}" if query else address
