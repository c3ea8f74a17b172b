"""A list as an Excel workbook: what the page shows, with real numbers and real dates."""

import io
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter
from django.http import HttpResponse
from django.utils import translation

from khlang.kernel.money import Baht

Cell = str | int | date | datetime | Baht | None
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDTH_MAX = 60
_ROWS_MAX = 1_000_000
_PIECE_BYTES = 256 * 1024
_OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "remove_timezone": True,
}
# Buddhist years in Arabic digits, as on the pages.
_DAY = "[$-107041E]d/mm/yyyy"
_LINE_HEIGHT, _MARK_WIDTH, _UPRIGHT_HEIGHT = 15, 4, 190
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t")


def list_workbook(*, title: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]], marks: int = 0) -> bytes:
    """Return an .xlsx of one sheet with a frozen, filterable head; text that looks like a formula stays text.

    The last `marks` columns hold nothing but a mark: they are narrow, and their headings stand upright.
    """
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, _OPTIONS) as book:
        sheet = _sheet(book, title, headings)
        formats = _formats(book)
        widths = [_width(heading) for heading in headings]
        last = 0
        for last, row in enumerate(rows, start=1):
            wanted = [_width("28/12/2569" if isinstance(cell, date) else str(cell)) for cell in row]
            lines = -(-max(wanted, default=1) // _WIDTH_MAX)
            if lines > 1:
                sheet.set_row(last, lines * _LINE_HEIGHT)
            for column, cell in enumerate(row):
                _write(sheet, last, column, cell, formats)
                widths[column] = max(widths[column], min(wanted[column], _WIDTH_MAX))
        if marks:
            widths[-marks:] = [_MARK_WIDTH] * marks
            sheet.set_row(0, _UPRIGHT_HEIGHT)
            for column, heading in list(enumerate(headings))[-marks:]:
                sheet.write_string(0, column, heading, formats["upright"])
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.autofilter(0, 0, max(last, 1), len(headings) - 1)
    return out.getvalue()


def _formats(book: Any) -> dict[str, Any]:
    told: dict[str, dict[str, Any]] = {
        "text": {"text_wrap": True},
        "money": {"num_format": "#,##0.00;(#,##0.00)"},
        "day": {"num_format": _DAY, "align": "left"},
        "upright": {"bold": True, "bottom": 1, "rotation": 90, "align": "center", "valign": "bottom"},
    }
    return {name: book.add_format({"valign": "top", **each}) for name, each in told.items()}


def _write(sheet: Any, row: int, column: int, cell: Cell, formats: dict[str, Any]) -> None:
    if isinstance(cell, Baht):
        sheet.write_number(row, column, cell.amount, formats["money"])
    elif isinstance(cell, str):
        sheet.write_string(row, column, _safe(cell), formats["text"])
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell, formats["day"])
    else:
        sheet.write(row, column, cell)


def _width(text: str) -> int:
    """In characters, without the signs that stand above and below Thai letters."""
    return sum(unicodedata.category(sign) != "Mn" for sign in text) + 2


def long_list_workbook(
    *, title: str, columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[str | int | datetime]]
) -> Iterator[bytes]:
    """Give out an .xlsx in pieces, built on disk row by row, so that a list of a million rows takes no memory.

    `columns` are headings with their widths in characters. The words of the rows are those of the caller's language,
    although they are made while the answer is already on its way.
    """
    return _pieces(title, columns, rows, translation.get_language())


def _pieces(
    title: str,
    columns: Sequence[tuple[str, int]],
    rows: Iterable[Sequence[str | int | datetime]],
    language: str | None,
) -> Iterator[bytes]:
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        with (
            translation.override(language),
            xlsxwriter.Workbook(file.name, {**_OPTIONS, "constant_memory": True}) as book,
        ):
            moment = book.add_format({"num_format": f"{_DAY} hh:mm:ss"})
            sheet = _sheet(book, title, [heading for heading, _ in columns])
            for column, (_, width) in enumerate(columns):
                sheet.set_column(column, column, width)
            for number, row in zip(range(1, _ROWS_MAX + 1), rows, strict=False):
                for column, cell in enumerate(row):
                    if isinstance(cell, datetime):
                        sheet.write_datetime(number, column, cell, moment)
                    elif isinstance(cell, int):
                        sheet.write_number(number, column, cell)
                    else:
                        sheet.write_string(number, column, _safe(cell))
        file.seek(0)
        while piece := file.read(_PIECE_BYTES):
            yield piece


def _sheet(book: Any, title: str, headings: Sequence[str]) -> Any:
    """A sheet with a frozen head that is repeated on every printed page, A4 lying."""
    sheet = book.add_worksheet(title[:31].replace("/", "-"))
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    sheet.write_row(0, 0, headings, head)
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    return sheet


def workbook_response(*, content: bytes, name: str) -> HttpResponse:
    """Send a workbook as a download under `name`.xlsx."""
    return HttpResponse(
        content, content_type=CONTENT_TYPE, headers={"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    )


def _safe(text: str) -> str:
    # Opened as CSV later, such a cell would run: the leading quote keeps it a text everywhere.
    return f"'{text}" if text.startswith(_FORMULA_SIGNS) else text
