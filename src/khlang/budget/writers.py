"""Writes the workbook of a draft: its lines with drop-down lists of codes, ids locked, and how to fill it in."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import xlsxwriter

from khlang.budget.rules import DraftLineView
from khlang.budget.rules.draft_sheet import CODED, FIRST_ROW, KEYS

_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t")
_BLANK_ROWS = 500
_WIDTHS = {
    "remove": 9,
    "enterprise": 16,
    "division": 22,
    "work": 30,
    "budget_type": 34,
    "item": 40,
    "is_project": 9,
    "fund_source": 24,
    "amount": 16,
    "text": 60,
}
_WIDTH = 18
_PASSWORD = ""


@dataclass(frozen=True, slots=True)
class DraftSheet:
    """What a workbook is made of: its lines, headings by key, codes with their names by column, words of its sheets."""

    lines: Sequence[DraftLineView]
    headings: Mapping[str, str]
    codes: Mapping[str, Sequence[tuple[str, str]]]
    sheet_names: tuple[str, str, str]
    guide: Sequence[str]


def draft_workbook(found: DraftSheet) -> bytes:
    """An .xlsx of a draft; text that looks like a formula stays text."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, _OPTIONS) as book:
        sheet = book.add_worksheet(found.sheet_names[0])
        ranges = _codes(book, found)
        _head(book, sheet, found)
        last = _lines(book, sheet, found)
        for key, place in ranges.items():
            column = KEYS.index(key)
            rule = {"validate": "list", "source": place, "error_type": "warning"}
            sheet.data_validation(FIRST_ROW - 1, column, last + _BLANK_ROWS, column, rule)
        amount = {"validate": "decimal", "criteria": ">=", "value": 0}
        column = KEYS.index("amount")
        sheet.data_validation(FIRST_ROW - 1, column, last + _BLANK_ROWS, column, amount)
        _guide(book, found)
    return out.getvalue()


def _codes(book: Any, found: DraftSheet) -> dict[str, str]:
    """The lists of codes on a sheet of their own; where each lies."""
    sheet = book.add_worksheet(found.sheet_names[1])
    head = book.add_format({"bold": True})
    ranges = {}
    for column, key in enumerate(CODED):
        entries = [f"{code} {name}" for code, name in found.codes[key]]
        sheet.write_string(0, column, found.headings[key], head)
        for row, text in enumerate(entries, 1):
            sheet.write_string(row, column, text)
        sheet.set_column(column, column, 44)
        letter = chr(ord("A") + column)
        if entries:
            ranges[key] = f"='{found.sheet_names[1]}'!${letter}$2:${letter}${len(entries) + 1}"
    sheet.protect(_PASSWORD)
    return ranges


def _head(book: Any, sheet: Any, found: DraftSheet) -> None:
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "bg_color": "#e4eaf9"})
    open_cell, money = (book.add_format({"locked": False, **more}) for more in ({}, {"num_format": "#,##0.00"}))
    wrapped = book.add_format({"locked": False, "text_wrap": True, "valign": "top"})
    sheet.write_row(0, 0, KEYS)
    sheet.set_row(0, None, None, {"hidden": True})
    sheet.write_row(1, 0, [found.headings[key] for key in KEYS], head)
    sheet.set_row(1, 32)
    for column, key in enumerate(KEYS):
        cells = money if key == "amount" else wrapped if key in ("text", "item") else open_cell
        if key in ("line_id", "revision"):
            sheet.set_column(column, column, 10, None, {"hidden": True})
        else:
            sheet.set_column(column, column, _WIDTHS.get(key, _WIDTH), cells)
    sheet.freeze_panes(FIRST_ROW - 1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(1)
    allowed = ("sort", "autofilter", "format_columns", "format_rows", "insert_rows")
    sheet.protect(_PASSWORD, dict.fromkeys(allowed, True))


def _lines(book: Any, sheet: Any, found: DraftSheet) -> int:
    """Write the lines; the place of the last row."""
    money = book.add_format({"num_format": "#,##0.00", "locked": False, "valign": "top"})
    cell = book.add_format({"locked": False, "text_wrap": True, "valign": "top"})
    names = {key: dict(found.codes[key]) for key in CODED}
    row = FIRST_ROW - 2
    for row, each in enumerate(found.lines, FIRST_ROW - 1):
        sheet.write_string(row, 0, str(each.id))
        sheet.write_number(row, 1, each.revision)
        for column, text in enumerate(_texts(each, names), 2):
            if KEYS[column] == "amount":
                sheet.write_number(row, column, each.draft.amount.amount, money)
            elif text:
                sheet.write_string(row, column, _safe(text), cell)
    sheet.autofilter(1, 0, max(row, 2), len(KEYS) - 1)
    return row


def _texts(each: DraftLineView, names: Mapping[str, Mapping[str, str]]) -> list[str]:
    found: dict[str, str] = {**asdict(each.draft.identity), **asdict(each.draft.explanation)}
    for key in CODED:
        name = names[key].get(found[key], "")
        found[key] = f"{found[key]} {name}".strip() if found[key] else ""
    found["is_project"] = "1" if each.draft.is_project else ""
    return [found.get(key, "") for key in KEYS[2:]]


def _safe(text: str) -> str:
    # Opened as CSV later, such a cell would run: the leading quote keeps it a text everywhere, and is taken off again.
    return f"'{text}" if text.startswith(_FORMULA_SIGNS) else text


def _guide(book: Any, found: DraftSheet) -> None:
    sheet = book.add_worksheet(found.sheet_names[2])
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 100)
    for row, line in enumerate(found.guide):
        sheet.write_string(row, 0, line, wrapped)
