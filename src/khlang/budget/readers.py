"""Opens the workbook of remaining budget: every cell as the text a person would read."""

from datetime import date, datetime
from pathlib import Path

import python_calamine

from khlang.budget.rules.remaining_budget import layout
from khlang.kernel.refusals import Refusal, Refused
from khlang.toolkit.worksheets import check_claims, reaches_too_far

BYTES_MAX = 20_000_000
ROWS_MAX = 20_000
COLUMNS_MAX = 200


def remaining_sheet(path: Path) -> list[list[str]]:
    """The rows of the sheet as texts, from the first row and column on.

    Refuses budget.import_not_a_workbook, budget.import_too_large {rows, limit}.
    """
    if path.stat().st_size > BYTES_MAX:
        raise Refused(Refusal("budget.import_too_large", {"rows": path.stat().st_size, "limit": BYTES_MAX}))
    try:
        check_claims(path)
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        names = book.sheet_names
        chosen = layout()["sheet"] if layout()["sheet"] in names else names[0]
        far = reaches_too_far(path, rows=ROWS_MAX, columns=COLUMNS_MAX)
        table = None if far else book.get_sheet_by_name(chosen)
    except Exception as fault:
        # calamine raises many kinds for a file that is not what its name says; all mean the same to a reader.
        raise Refused(Refusal("budget.import_not_a_workbook", {"file": path.name})) from fault
    if table is None or (table.end and table.end[0] > ROWS_MAX):
        rows = table.end[0] if table and table.end else ROWS_MAX + 1
        raise Refused(Refusal("budget.import_too_large", {"rows": rows, "limit": ROWS_MAX}))
    left = [""] * (table.start[1] if table.start else 0)
    return [[*left, *map(_text, row)] for row in table.iter_rows()]


def _text(cell: object) -> str:
    if isinstance(cell, bool) or cell is None:
        return ""
    if isinstance(cell, float):
        # The shortest text that reads back as this number: what was typed, and nothing behind it.
        return f"{cell:.0f}.0" if cell.is_integer() and abs(cell) >= 10**15 else repr(cell).removesuffix(".0")
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return str(cell)
