"""Cells that hold a formula but no value: calamine shows them as empty, so the sheet's own XML is asked."""

import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from defusedxml.ElementTree import iterparse, parse

from khlang.continuity.rules.values import Unreadable

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CHUNK = 1 << 20
_SIGNS = (b"<f", b't="e"')
_OVERLAP = 8


def unreadable_cells(path: Path, *, sheet_name: str) -> Mapping[str, Unreadable]:
    """The cells of a sheet (`F7`) that have a formula without value, or a formula whose result is an error."""
    with zipfile.ZipFile(path) as archive:
        part = _part_of(archive, sheet_name)
        if part is None or not _may_have(archive, part):
            return {}
        with archive.open(part) as sheet:
            return dict(_found(sheet))


def _part_of(archive: zipfile.ZipFile, sheet_name: str) -> str | None:
    with archive.open("xl/workbook.xml") as file:
        links = {sheet.get("name"): sheet.get(_LINK) for sheet in parse(file).iter(f"{_MAIN}sheet")}
    wanted = links.get(sheet_name)
    with archive.open("xl/_rels/workbook.xml.rels") as file:
        for relation in parse(file).getroot():
            if relation.get("Id") == wanted:
                target = str(relation.get("Target")).removeprefix("/")
                return target if target.startswith("xl/") else f"xl/{target}"
    return None


def _may_have(archive: zipfile.ZipFile, part: str) -> bool:
    """Most sheets have no formula at all: a search over the bytes spares them the slow reading."""
    before = b""
    with archive.open(part) as sheet:
        while piece := sheet.read(_CHUNK):
            window = before + piece
            if any(sign in window for sign in _SIGNS):
                return True
            before = window[-_OVERLAP:]
    return False


def _found(sheet: IO[bytes]) -> Iterator[tuple[str, Unreadable]]:
    table = None
    for event, element in iterparse(sheet, events=("start", "end"), forbid_dtd=True):
        if event == "start":
            table = element if element.tag == f"{_MAIN}sheetData" else table
        elif element.tag == f"{_MAIN}c":
            unreadable = _unreadable(element)
            if unreadable is not None:
                yield str(element.get("r")), unreadable
        elif element.tag == f"{_MAIN}row" and table is not None:
            table.clear()


def _unreadable(cell: Any) -> Unreadable | None:
    formula, value = cell.find(f"{_MAIN}f"), cell.find(f"{_MAIN}v")
    shown = (value.text or "") if value is not None else ""
    if cell.get("t") == "e":
        return Unreadable("continuity.cell_is_error", shown or "#")
    # An empty text is a value; an empty number is a formula that nobody has calculated.
    if formula is not None and not shown and cell.get("t") not in ("str", "inlineStr"):
        return Unreadable("continuity.formula_without_value", f"={formula.text or ''}"[:60])
    return None
