"""Reads .xlsx through calamine: rows as tuples, with the cells calamine cannot tell apart marked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import python_calamine

from khlang.continuity.readers.formulas import unreadable_cells
from khlang.continuity.readers.parcels import check_parcel
from khlang.continuity.rules.layouts import limit
from khlang.continuity.rules.values import Cell, Unreadable
from khlang.kernel.refusals import Refusal, Refused
from khlang.kernel.tables import cell_letter
from khlang.toolkit.worksheets import check_claims, reaches_too_far

Row = tuple[int, tuple[Cell, ...]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of an open workbook."""

    name: str
    rows: int
    columns: int


class Workbook:
    """An .xlsx that was found safe to open. Sheets are read one at a time."""

    def __init__(self, path: Path) -> None:
        check_parcel(path)
        self._path = path
        try:
            check_claims(path)
            size = {"rows": limit("workbook", "rows_max"), "columns": limit("workbook", "columns_max")}
            self._is_far = reaches_too_far(path, **size)
            self._book = python_calamine.CalamineWorkbook.from_path(str(path))
        except Exception as fault:
            # calamine raises many kinds for a file that is not what its name says; all mean the same to a reader.
            raise Refused(Refusal("continuity.file_damaged")) from fault

    @property
    def names(self) -> tuple[str, ...]:
        """The sheets, in order."""
        return tuple(self._book.sheet_names)

    def sheet(self, name: str) -> Sheet:
        """The size of a sheet. Refuses continuity.too_many_rows, continuity.too_many_columns before any row is used."""
        self._refuse_far(name)
        table = self._table(name)
        found = Sheet(name, table.end[0] + 1 if table.end else 0, table.end[1] + 1 if table.end else 0)
        for size, key in ((found.rows, "rows_max"), (found.columns, "columns_max")):
            allowed = limit("workbook", key)
            if size > allowed:
                code = "continuity.too_many_rows" if key == "rows_max" else "continuity.too_many_columns"
                raise Refused(Refusal(code, {"found": size, "limit": allowed}, name))
        return found

    def _refuse_far(self, name: str) -> None:
        if self._is_far:
            allowed = limit("workbook", "rows_max")
            raise Refused(Refusal("continuity.too_many_rows", {"found": f"{allowed:,}+", "limit": allowed}, name))

    def _table(self, name: str) -> python_calamine.CalamineSheet:
        try:
            return self._book.get_sheet_by_name(name)
        except Exception as fault:
            raise Refused(Refusal("continuity.file_damaged")) from fault

    def cell(self, name: str, address: str) -> str:
        """The text of one cell of a small sheet, '' when it is empty."""
        for number, cells in self.rows(name):
            for position, cell in enumerate(cells):
                if f"{cell_letter(position)}{number}" == address:
                    return "" if cell is None else str(cell).removesuffix(".0")
        return ""

    def rows(self, name: str) -> Iterator[Row]:
        """Every row of a sheet with its number, from 1."""
        self.sheet(name)
        marks = _by_row(unreadable_cells(self._path, sheet_name=name))
        table = self._table(name)
        # calamine leaves empty columns at the left out; without them every letter would be wrong.
        left: tuple[Cell, ...] = (None,) * (table.start[1] if table.start else 0)
        for number, found in enumerate(table.iter_rows(), start=1):
            cells = left + cast(tuple[Cell, ...], tuple(found))
            yield number, _marked(cells, marks[number]) if number in marks else cells


def _by_row(marks: Mapping[str, Unreadable]) -> dict[int, dict[str, Unreadable]]:
    rows: dict[int, dict[str, Unreadable]] = {}
    for address, unreadable in marks.items():
        letters = address.rstrip("0123456789")
        rows.setdefault(int(address[len(letters) :]), {})[letters] = unreadable
    return rows


def _marked(cells: tuple[Cell, ...], marks: Mapping[str, Unreadable]) -> tuple[Cell, ...]:
    return tuple(marks.get(cell_letter(position), cell) for position, cell in enumerate(cells))
