"""Reads a list that somebody sent, as a workbook (.xlsx) or as text (.csv). Nothing in it is evaluated, all of it is capped."""

import csv
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO, StringIO
from string import ascii_uppercase
from typing import Any

import python_calamine

from khlang.kernel.file_kinds import XLSX, check_hidden, check_name, file_kind
from khlang.kernel.refusals import Fact, Refusal, Refused, refuse_any
from khlang.kernel.tables import TableRow
from khlang.toolkit.worksheets import UncountedCell, check_claims, reaches_too_far, uncounted_cells

_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DELIMITERS = (",", ";", "\t")
_BINARY = frozenset(range(9)) | frozenset(range(14, 27)) | frozenset(range(28, 32))
_EXACT_DIGITS = 15


@dataclass(frozen=True, slots=True)
class TableLimits:
    """How large a list may be; rows are counted with the headings."""

    bytes_max: int
    rows_max: int
    columns_max: int = 60
    sheets_max: int = 20


def read_table(*, name: str, content: bytes, limits: TableLimits, sheets: Collection[str] = ()) -> list[TableRow]:
    """The rows with something in them: of the sheet with one of these names or else the first, or of a csv in UTF-8.

    What was counted by a formula is read as its value; a formula without value is a fault of its row. Refuses
    toolkit.table_too_large {size, limit}, .table_locked {name}, .table_not_read {name}, .table_not_utf8 {name},
    .table_too_many_rows {found, limit}, .table_too_many_columns, .table_too_many_sheets, and those of `check_hidden`.
    """
    if len(content) > limits.bytes_max:
        raise Refused(Refusal("toolkit.table_too_large", {"limit": f"{limits.bytes_max // 2**20} MB"}, "file"))
    if content.startswith(_OLE_MAGIC):
        raise Refused(Refusal("toolkit.table_locked", {"name": name}, "file"))
    if content.startswith(b"PK"):
        refuse_any(check_hidden(name=name, content=content))
        if file_kind(content) != XLSX:
            raise Refused(_not_read(name))
        rows = _sheet_rows(name, content, limits, sheets)
    else:
        refuse_any(check_name(name))
        rows = _text_rows(name, content, limits)
    return [row for row in rows if row.faults or any(text for text in row.cells)]


def _not_read(name: str) -> Refusal:
    return Refusal("toolkit.table_not_read", {"name": name}, "file")


def _check_size(*, rows: int, columns: int, limits: TableLimits) -> None:
    if rows > limits.rows_max:
        raise Refused(Refusal("toolkit.table_too_many_rows", {"found": rows, "limit": limits.rows_max}, "file"))
    if columns > limits.columns_max:
        facts = {"found": columns, "limit": limits.columns_max}
        raise Refused(Refusal("toolkit.table_too_many_columns", facts, "file"))


def _sheet_rows(name: str, content: bytes, limits: TableLimits, wanted: Collection[str]) -> list[TableRow]:
    try:
        check_claims(BytesIO(content))
        book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(content))
        sheets = book.sheet_names
        chosen = next((each for each in sheets if each in wanted), sheets[0])
        far = reaches_too_far(BytesIO(content), rows=limits.rows_max, columns=limits.columns_max)
        uncounted = {} if far else uncounted_cells(BytesIO(content), sheet_name=chosen)
        table = None if far else book.get_sheet_by_name(chosen)
    except Exception as fault:
        # calamine raises many kinds for a file that is not what its name says; all mean the same to a reader.
        raise Refused(_not_read(name)) from fault
    if len(sheets) > limits.sheets_max:
        facts = {"found": len(sheets), "limit": limits.sheets_max}
        raise Refused(Refusal("toolkit.table_too_many_sheets", facts, "file"))
    if table is None:
        far_rows: dict[str, Fact] = {"found": f"{limits.rows_max:,}+", "limit": limits.rows_max}
        raise Refused(Refusal("toolkit.table_too_many_rows", far_rows, "file"))
    rows, columns = (table.end[0] + 1, table.end[1] + 1) if table.end else (0, 0)
    _check_size(rows=rows, columns=columns, limits=limits)
    # calamine leaves empty columns at the left out; without them every letter would be wrong.
    left: list[object] = [""] * (table.start[1] if table.start else 0)
    faults = _faults(uncounted)
    return [
        _row(number, [*left, *cells], faults.get(number, ())) for number, cells in enumerate(table.iter_rows(), start=1)
    ]


def _row(number: int, cells: list[Any], faults: tuple[Refusal, ...]) -> TableRow:
    numbers = frozenset(
        column for column, cell in enumerate(cells) if isinstance(cell, int | float) and not isinstance(cell, bool)
    )
    return TableRow(number, tuple(_text(cell) for cell in cells), numbers, faults)


def _faults(uncounted: Mapping[str, UncountedCell]) -> dict[int, tuple[Refusal, ...]]:
    found: dict[int, tuple[Refusal, ...]] = {}
    for place, cell in uncounted.items():
        number = int(place.lstrip(ascii_uppercase))
        found[number] = (*found.get(number, ()), _fault(cell, place))
    return found


def _fault(cell: UncountedCell, place: str) -> Refusal:
    code = "toolkit.cell_is_error" if cell.is_error else "toolkit.formula_without_value"
    return Refusal(code, {"text": cell.text}, place)


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float):
        # The shortest text that reads back as this number: what was typed, and nothing behind it.
        is_long = cell.is_integer() and abs(cell) >= 10**_EXACT_DIGITS
        return f"{cell:.0f}" if is_long else repr(cell).removesuffix(".0")
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return str(cell).strip()


def _text_rows(name: str, content: bytes, limits: TableLimits) -> list[TableRow]:
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as fault:
        raise Refused(Refusal("toolkit.table_not_utf8", {"name": name}, "file")) from fault
    if not text.strip() or _BINARY & set(map(ord, text[: 1 << 16])) or "\0" in text:
        raise Refused(_not_read(name))
    delimiter = max(_DELIMITERS, key=text.partition("\n")[0].count)
    rows: list[TableRow] = []
    try:
        # One record is one row of the sheet in which it is opened, however many lines it takes.
        for number, record in enumerate(csv.reader(StringIO(text, newline=""), delimiter=delimiter), start=1):
            _check_size(rows=number, columns=len(record), limits=limits)
            rows.append(TableRow(number, tuple(cell.strip() for cell in record)))
    except csv.Error as fault:
        raise Refused(_not_read(name)) from fault
    return rows
