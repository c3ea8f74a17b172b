"""What the sheet of an .xlsx says of itself, where calamine is silent: formulas never counted, and cells far away."""

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from re import compile as pattern
from typing import IO, Any, BinaryIO

from defusedxml.ElementTree import iterparse, parse

from khlang.kernel.tables import cell_letter

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CHUNK = 1 << 20
_SIGNS = (b"<f", b't="e"')
_OVERLAP = 4096
# Blanks that would hide a claim or an address between two pieces; no program writes them.
_CLAIM = pattern(rb"[cC]ount(?:\s{64}|\s*=\s{64}|\s*=\s*[\"']\s*[+\d]{9,})")


@dataclass(frozen=True, slots=True)
class UncountedCell:
    """A cell without a value: a formula that nobody has calculated, or one whose result is an error."""

    text: str
    is_error: bool = False


def uncounted_cells(file: Path | BinaryIO, *, sheet_name: str) -> Mapping[str, UncountedCell]:
    """The cells of a sheet (`F7`) that have a formula without value, or a formula whose result is an error."""
    with zipfile.ZipFile(file) as archive:
        part = _part_of(archive, sheet_name)
        if part is None or not any(sign in window for window in _windows(archive, part) for sign in _SIGNS):
            # Most sheets have no formula at all: a search over the bytes spares them the slow reading.
            return {}
        with archive.open(part) as sheet:
            return dict(_found(sheet))


def reaches_too_far(file: Path | BinaryIO, *, rows: int, columns: int) -> bool:
    """Whether something in the workbook lies far beyond this many rows and columns; cells that are only coloured do not count.

    calamine makes room for the whole rectangle up to the last cell: two cells at the corners of a sheet would ask for 500 GB
    and end the process. Counted in digits and letters, and begun with a plain letter, so that the search is fast. All parts
    are looked at: which of them is which sheet is for the workbook to say, and it may say it twice.
    """
    letters = cell_letter(columns)
    wide = b"[A-Z]{%d,}" % (len(letters) + 1)
    if len(letters) > 1 and letters[0] < "Z":
        wide += b"|[%c-Z][A-Z]{%d}" % (ord(letters[0]) + 1, len(letters) - 1)
    place = rb"[\"'](?:(?:%s)\d+|[A-Z]*\d{%d,})[\"'](?![^<>]*/>)" % (wide, len(str(rows)) + 1)
    far = pattern(rb"r(?<=\sr)(?:\s{64}|\s*=\s*(?:\s{64}|%s))" % place)
    with zipfile.ZipFile(file) as archive:
        parts = [name for name in archive.namelist() if name.lower().endswith(".xml")]
        return any(far.search(window) for part in parts for window in _windows(archive, part))


def check_claims(file: Path | BinaryIO) -> None:
    """ValueError when a part says that it holds a hundred million things: calamine makes room for as many as it is told.

    Sheets are left out: what lies in them is looked at cell by cell.
    """
    with zipfile.ZipFile(file) as archive:
        parts = [name for name in archive.namelist() if name.lower().endswith(".xml") and "/worksheets/" not in name]
        if any(_CLAIM.search(window) for part in parts for window in _windows(archive, part)):
            raise ValueError("a part claims to hold more than it can")


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


def _windows(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The bytes of a part in pieces that overlap a little, so that no sign is cut in two."""
    before = b""
    with archive.open(part) as sheet:
        while piece := sheet.read(_CHUNK):
            window = before + piece
            yield window
            before = window[-_OVERLAP:]


def _found(sheet: IO[bytes]) -> Iterator[tuple[str, UncountedCell]]:
    table = None
    for event, element in iterparse(sheet, events=("start", "end"), forbid_dtd=True):
        if event == "start":
            table = element if element.tag == f"{_MAIN}sheetData" else table
        elif element.tag == f"{_MAIN}c":
            uncounted = _uncounted(element)
            if uncounted is not None:
                yield str(element.get("r")), uncounted
        elif element.tag == f"{_MAIN}row" and table is not None:
            table.clear()


def _uncounted(cell: Any) -> UncountedCell | None:
    formula, value = cell.find(f"{_MAIN}f"), cell.find(f"{_MAIN}v")
    shown = (value.text or "") if value is not None else ""
    if cell.get("t") == "e":
        return UncountedCell(shown or "#", is_error=True)
    # An empty text is a value; an empty number is a formula that nobody has calculated.
    if formula is not None and not shown and cell.get("t") not in ("str", "inlineStr"):
        return UncountedCell(f"={formula.text or ''}"[:60])
    return None
