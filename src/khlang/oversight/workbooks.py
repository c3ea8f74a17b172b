"""The record as a workbook, built on disk row by row."""

import tempfile
from collections.abc import Iterable, Iterator

import xlsxwriter

from khlang.audit.rules import ActView
from khlang.oversight.rules import COLUMNS, as_record, safe_cell

ROWS_MAX = 1_000_000


def workbook(acts: Iterable[ActView], *, title: str) -> Iterator[bytes]:
    """The same as a workbook, built on disk row by row; a sheet holds a million."""
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        with xlsxwriter.Workbook(file.name, options) as book:
            sheet = book.add_worksheet(title[:31])
            sheet.freeze_panes(1, 0)
            sheet.write_row(0, 0, COLUMNS, book.add_format({"bold": True, "bottom": 1}))
            for number, act in enumerate(acts, start=1):
                if number > ROWS_MAX:
                    break
                values = as_record(act)
                sheet.write_row(number, 0, [safe_cell(values[name]) for name in COLUMNS])
        file.seek(0)
        while piece := file.read(256 * 1024):
            yield piece
