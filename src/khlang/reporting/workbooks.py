"""A statement as an Excel workbook: real numbers and real dates, ready to print on A4."""

import io
from collections.abc import Mapping
from datetime import date
from typing import Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from khlang.kernel.money import Baht
from khlang.kernel.statements import Cell, Column, Row, Statement
from khlang.reporting.rules.exports import column_label, fingerprint, safe_text
from khlang.reporting.rules.words import Language, check_label

FONT: Final = "TH Sarabun New"
FONT_SIZE: Final = 14
MONEY: Final = '#,##0.00_);(#,##0.00);"-"_)'
# The calendar of Thai government years in Excel's own format language: shown 31/12/2553, stored as a real date.
DAY: Final = "[$-107041E]d/mm/yyyy"
LANDSCAPE_FROM: Final = 130
"""Widths, in characters, above which a table is printed across the long side."""
WIDTHS: Final[Mapping[str, float]] = {"text": 46, "code": 19, "money": 19, "date": 13, "integer": 9}
TEXT_WIDTH_MAX: Final = 70
ROW_HEIGHT: Final = 21
"""Points a line of this font needs; Thai letters carry marks above and below."""
BOLD: Final = frozenset({"header", "group", "subtotal", "total", "opening", "closing"})


class _Formats:
    """Formats of one workbook, made once for each look."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, object], ...], Format] = {}

    def __call__(self, **look: object) -> Format:
        key = tuple(sorted(look.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format({"font_name": FONT, "font_size": FONT_SIZE, **look})
        return self._made[key]


def statement_workbook(*, statement: Statement, language: Language = "th") -> bytes:
    """Return an .xlsx of one sheet: heading, frozen table head, rows, checks; amounts are numbers, never text."""
    out = io.BytesIO()
    options = {"constant_memory": True, "in_memory": False, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        title = statement.title_th if language == "th" else statement.title_en
        book.set_properties(
            {"title": title, "author": statement.entity_name, "comments": fingerprint(statement=statement)}
        )
        sheet = book.add_worksheet(_sheet_name(title))
        formats = _Formats(book)
        _columns(sheet, statement)
        at = _heading(sheet, statement, title, language, formats)
        at = _head_row(sheet, statement, language, formats, at)
        for row in statement.rows:
            _body_row(sheet, statement, row, formats, at)
            at += 1
        _checks(sheet, statement, language, formats, at + 1)
        _print_setup(sheet, statement)
    return out.getvalue()


def _sheet_name(title: str) -> str:
    return "".join(letter for letter in title if letter not in "[]:*?/\\'")[:31]


def _columns(sheet: Worksheet, statement: Statement) -> None:
    sheet.set_default_row(ROW_HEIGHT)
    for at, column in enumerate(statement.columns):
        sheet.set_column(at, at, _column_width(statement, at, column))


def _column_width(statement: Statement, at: int, column: Column) -> float:
    """A text column is as wide as its longest text, within reason."""
    if column.kind != "text":
        return WIDTHS[column.kind]
    longest = max((len(str(row.cells[at] or "")) + 2 * row.level for row in statement.rows), default=0)
    return min(TEXT_WIDTH_MAX, max(WIDTHS["text"], longest))


def _heading(sheet: Worksheet, statement: Statement, title: str, language: Language, formats: _Formats) -> int:
    lines = statement.heading_lines_th if language == "th" else statement.heading_lines_en
    last = len(statement.columns) - 1
    titles = [(statement.entity_name, 18, True), (title, 16, True)]
    for at, (line, size, bold) in enumerate([*titles, *((line, 14, False) for line in lines)]):
        look = formats(bold=bold, font_size=size, align="center", valign="vcenter")
        sheet.set_row(at, ROW_HEIGHT * size / FONT_SIZE)
        sheet.merge_range(at, 0, at, last, safe_text(line), look)
    return len(lines) + 3


def _head_row(sheet: Worksheet, statement: Statement, language: Language, formats: _Formats, at: int) -> int:
    look = formats(bold=True, align="center", valign="vcenter", text_wrap=True, border=1, bg_color="#E4EAF9")
    sheet.set_row(at, 42)
    for number, column in enumerate(statement.columns):
        sheet.write_string(at, number, column_label(column, language), look)
    sheet.freeze_panes(at + 1, 0)
    sheet.repeat_rows(at)
    return at + 1


def _body_row(sheet: Worksheet, statement: Statement, row: Row, formats: _Formats, at: int) -> None:
    label = next((n for n, column in enumerate(statement.columns) if column.kind == "text"), 0)
    lines = -(-len(str(row.cells[label] or "")) // TEXT_WIDTH_MAX)
    if lines > 1:
        sheet.set_row(at, ROW_HEIGHT * lines)
    for number, (column, cell) in enumerate(zip(statement.columns, row.cells, strict=True)):
        look: dict[str, object] = {"left": 4, "right": 4, "valign": "top"}
        if row.kind in BOLD:
            look["bold"] = True
        if column.kind == "money" and row.kind in {"subtotal", "total", "closing"}:
            look |= {"top": 1, "bottom": 6 if row.kind != "subtotal" else 1}
        if number == label:
            look |= {"align": "left", "indent": row.level, "text_wrap": lines > 1}
        _write(sheet, (at, number), cell, look | _text_look(column), formats)


def _text_look(column: Column) -> dict[str, object]:
    return {"num_format": "@"} if column.kind == "code" else {}


def _write(sheet: Worksheet, place: tuple[int, int], cell: Cell, look: dict[str, object], formats: _Formats) -> None:
    if cell is None:
        sheet.write_blank(*place, None, formats(**look))
    elif isinstance(cell, Baht):
        # XlsxWriter writes a Decimal by its digits; Excel itself keeps 15 of them.
        sheet.write_number(*place, cell.amount, formats(**look | {"num_format": MONEY}))
    elif isinstance(cell, date):
        sheet.write_datetime(*place, cell, formats(**look | {"num_format": DAY, "align": "center"}))
    elif isinstance(cell, int):
        sheet.write_number(*place, cell, formats(**look))
    else:
        sheet.write_string(*place, safe_text(cell), formats(**look))


def _checks(sheet: Worksheet, statement: Statement, language: Language, formats: _Formats, at: int) -> None:
    """The checks are written as values beside the table, so that a reader need not trust a formula."""
    for check in statement.checks:
        mark = "✓" if check.holds else "✗"
        detail = f": {check.detail}" if check.detail else ""
        look = formats(font_color="#0D6844" if check.holds else "#A81C1C", font_size=12)
        sheet.write_string(at, 0, f"{mark} {check_label(check.name, language)}{detail}", look)
        at += 1
    for note in statement.notes_th if language == "th" else statement.notes_en:
        sheet.write_string(at, 0, safe_text(note), formats(font_size=12))
        at += 1
    sheet.write_string(
        at, 0, f"SHA-256 {fingerprint(statement=statement)}", formats(font_size=10, font_color="#445068")
    )


def _print_setup(sheet: Worksheet, statement: Statement) -> None:
    sheet.set_paper(9)
    if sum(WIDTHS[column.kind] for column in statement.columns) > LANDSCAPE_FROM:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.79, right=0.5, top=0.6, bottom=0.7)
    sheet.set_footer("&L&8&D &T&R&8&P / &N")
    sheet.hide_gridlines(2)
