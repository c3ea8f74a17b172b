"""A list as an Excel workbook: what the page shows, with real numbers and real dates."""

import io
import tempfile
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
    "default_date_format": "[$-D07041E]d/mm/yyyy",
    "remove_timezone": True,
}
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t")


def list_workbook(*, title: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return an .xlsx of one sheet with a frozen, filterable head; text that looks like a formula stays text."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, _OPTIONS) as book:
        sheet = _sheet(book, title, headings)
        money = book.add_format({"num_format": "#,##0.00;(#,##0.00)"})
        widths = [len(heading) + 2 for heading in headings]
        last = 0
        for last, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, Baht):
                    sheet.write_number(last, column, cell.amount, money)
                elif isinstance(cell, str):
                    sheet.write_string(last, column, _safe(cell))
                else:
                    sheet.write(last, column, cell)
                widths[column] = max(widths[column], min(len(str(cell)) + 2, _WIDTH_MAX))
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.autofilter(0, 0, max(last, 1), len(headings) - 1)
    return out.getvalue()


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
            moment = book.add_format({"num_format": "[$-D07041E]d/mm/yyyy hh:mm:ss"})
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
