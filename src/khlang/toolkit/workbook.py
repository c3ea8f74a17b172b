"""A list as an Excel workbook: what the page shows, with real numbers and real dates."""

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime

import xlsxwriter
from django.http import HttpResponse

from khlang.kernel.money import Baht

Cell = str | int | date | datetime | Baht | None
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDTH_MAX = 60
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t")


def list_workbook(*, title: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return an .xlsx of one sheet with a frozen, filterable head; text that looks like a formula stays text."""
    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "default_date_format": "[$-D07041E]d/mm/yyyy"}
    with xlsxwriter.Workbook(out, {**options, "remove_timezone": True}) as book:
        sheet = book.add_worksheet(title[:31].replace("/", "-"))
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        money = book.add_format({"num_format": "#,##0.00;(#,##0.00)"})
        widths = [len(heading) + 2 for heading in headings]
        sheet.write_row(0, 0, headings, head)
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
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(last, 1), len(headings) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
    return out.getvalue()


def workbook_response(*, content: bytes, name: str) -> HttpResponse:
    """Send a workbook as a download under `name`.xlsx."""
    return HttpResponse(
        content, content_type=CONTENT_TYPE, headers={"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    )


def _safe(text: str) -> str:
    # Opened as CSV later, such a cell would run: the leading quote keeps it a text everywhere.
    return f"'{text}" if text.startswith(_FORMULA_SIGNS) else text
