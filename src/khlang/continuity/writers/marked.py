"""Gives a workbook back as it came, with the wrong cells coloured and explained, and one sheet that lists them all."""

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils.exceptions import InvalidFileException

from khlang.continuity.readers.parcels import check_parcel
from khlang.continuity.rules.findings import Finding, Weight
from khlang.continuity.rules.layouts import limit, mark
from khlang.kernel.refusals import Language, Refusal, Refused, message, next_step

_COLOURS = {Weight.ERROR: "FFFFC7CE", Weight.WARNING: "FFFFEB9C", Weight.NOTE: "FFDDEBF7"}
_AUTHOR = "Khlang"
_WIDTHS = (16, 20, 64, 56)
_FORMULA_STARTS = ("=", "+", "-", "@", "\t")


def write_marked(
    source: Path, output: BinaryIO, *, findings: Iterable[Finding], language: Language, heads: tuple[str, ...]
) -> None:
    """Write the marked copy; every value, formula and format of the sender stays.

    `heads` are the column heads of the list of findings. Refuses continuity.file_damaged when the file cannot be opened,
    continuity.not_markable {limit} when it is no workbook or too large to be held in memory.
    """
    allowed = limit("workbook", "markable_bytes_max")
    if source.suffix != ".xlsx" or source.stat().st_size > allowed:
        raise Refused(Refusal("continuity.not_markable", {"limit": f"{allowed >> 20} MB"}))
    check_parcel(source)
    try:
        book = openpyxl.load_workbook(source)
    except (InvalidFileException, KeyError, ValueError, OSError) as fault:
        raise Refused(Refusal("continuity.file_damaged")) from fault
    kept = list(findings)
    for sheet, cell, found in _by_cell(kept):
        if sheet in book.sheetnames:
            _mark_cell(book[sheet], cell, found, language)
    _write_list(book, kept, language, heads)
    buffer = BytesIO()
    book.save(buffer)
    output.write(buffer.getvalue())


def _by_cell(findings: list[Finding]) -> Iterable[tuple[str, str, list[Finding]]]:
    grouped: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        sheet, separator, cell = finding.refusal.where.rpartition("!")
        if separator and cell and not cell.isdigit():
            grouped.setdefault((sheet, cell), []).append(finding)
    for (sheet, cell), found in grouped.items():
        yield sheet, cell, found


def _mark_cell(sheet: Any, address: str, found: list[Finding], language: Language) -> None:
    cell = sheet[address]
    worst = min((finding.weight for finding in found), key=list(_COLOURS).index)
    cell.fill = PatternFill("solid", start_color=_COLOURS[worst], end_color=_COLOURS[worst])
    said = "\n".join(f"{message(f.refusal, language)} {next_step(f.refusal, language)}" for f in found)
    before = f"{cell.comment.text}\n" if cell.comment and cell.comment.author != _AUTHOR else ""
    cell.comment = Comment(f"{before}{said}", _AUTHOR, width=360, height=120)


def _write_list(book: Any, findings: list[Finding], language: Language, heads: tuple[str, ...]) -> None:
    name = mark("error_sheet")
    if name in book.sheetnames:
        del book[name]
    sheet = book.create_sheet(name, 0)
    sheet.append(list(heads))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for finding in findings:
        said = (message(finding.refusal, language), next_step(finding.refusal, language))
        sheet.append([_plain(text) for text in (finding.refusal.where, finding.reference, *said)])
        where = sheet.cell(sheet.max_row, 1)
        if "!" in finding.refusal.where:
            page, _, address = finding.refusal.where.rpartition("!")
            where.hyperlink = f"#'{page}'!{address}"
        where.fill = PatternFill("solid", start_color=_COLOURS[finding.weight], end_color=_COLOURS[finding.weight])
    for letter, width in zip("ABCD", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
    book.active = 0


def _plain(text: str) -> str:
    """Text that Excel will not take for a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
