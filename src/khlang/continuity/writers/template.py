"""Writes the import workbook: drop-downs, checked cells, locked headers, notes, the version, sample rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter

from khlang.continuity.rules import layouts
from khlang.continuity.rules.layouts import Column, SheetLayout
from khlang.kernel.fiscal_calendar import year_end, year_start
from khlang.kernel.money import AMOUNT_LIMIT, Baht
from khlang.kernel.tables import cell_letter

ROWS_CHECKED = 5000
"""Rows below the header that carry drop-downs and checks; later rows are checked by Khlang all the same."""

_HEADER_ROW = 0
_SHEETS = ("journals", "opening", "estimates", "sub_accounts")
_LISTS = ("accounts", "fund_sources", "kinds", "budget_types")
_LIST_OF_KIND = {
    "account": "accounts",
    "fund_source": "fund_sources",
    "journal_kind": "kinds",
    "budget_type": "budget_types",
}
_FIRST_LIST_COLUMN = 3
_INK, _PAPER, _HINT = "#FFFFFF", "#1F4E79", "#F2F6FA"


@dataclass(frozen=True, slots=True)
class TemplateFacts:
    """What a template offers: codes with names for its drop-downs, and rows to fill in at once."""

    entity_code: str
    entity_name: str
    fiscal_year: int
    accounts: Sequence[tuple[str, str]]
    fund_sources: Sequence[tuple[str, str]]
    kinds: Sequence[tuple[str, str]]
    budget_types: Sequence[tuple[str, str]] = ()
    rows: Mapping[str, Sequence[Sequence[Any]]] = field(default_factory=dict)
    notes: Sequence[str] = ()
    with_samples: bool = True


def write_template(output: Path | BinaryIO, *, facts: TemplateFacts) -> None:
    """Write the workbook for one entity and one fiscal year (B.E.)."""
    book = xlsxwriter.Workbook(output if not isinstance(output, Path) else str(output), {"strings_to_formulas": False})
    formats = _formats(book)
    _write_notes(book, formats, facts)
    for key in _SHEETS:
        _write_sheet(book, formats, layouts.sheet(key), facts)
    _write_marks(book, facts)
    book.get_worksheet_by_name(layouts.sheet("journals").name).activate()
    book.close()


def _formats(book: Any) -> dict[str, Any]:
    body = {"font_name": "Sarabun", "font_size": 11, "valign": "top"}
    header = {
        **body,
        "bold": True,
        "font_color": _INK,
        "bg_color": _PAPER,
        "text_wrap": True,
        "valign": "vcenter",
        "border": 1,
    }
    return {
        "header": book.add_format({**header, "locked": True}),
        "text": book.add_format({**body, "num_format": "@", "locked": False}),
        "money": book.add_format({**body, "num_format": "#,##0.00;[Red](#,##0.00)", "locked": False, "align": "right"}),
        "date": book.add_format({**body, "num_format": "dd/mm/yyyy", "locked": False, "align": "left"}),
        "sample": book.add_format(
            {**body, "num_format": "@", "locked": False, "italic": True, "font_color": "#5F6B7A"}
        ),
        "sample_money": book.add_format(
            {
                **body,
                "num_format": "#,##0.00",
                "locked": False,
                "italic": True,
                "font_color": "#5F6B7A",
                "align": "right",
            },
        ),
        "note": book.add_format({**body, "text_wrap": True}),
        "title": book.add_format({**body, "bold": True, "font_size": 15, "font_color": _PAPER}),
        "hint": book.add_format({**body, "text_wrap": True, "bg_color": _HINT, "border": 1, "border_color": "#D5DEE8"}),
        "hint_head": book.add_format({**header, "align": "left"}),
    }


def _kind_format(formats: Mapping[str, Any], column: Column) -> Any:
    return formats[column.kind if column.kind in ("money", "date") else "text"]


def _write_sheet(book: Any, formats: Mapping[str, Any], layout: SheetLayout, facts: TemplateFacts) -> None:
    page = book.add_worksheet(layout.name)
    page.freeze_panes(_HEADER_ROW + 1, 1)
    page.set_row(_HEADER_ROW, 34)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(_HEADER_ROW)
    for position, column in enumerate(layout.columns):
        page.set_column(position, position, column.width, _kind_format(formats, column))
        page.write_string(_HEADER_ROW, position, column.header, formats["header"])
        page.write_comment(_HEADER_ROW, position, column.hint, {"x_scale": 2, "y_scale": 0.8})
        _check_cells(page, position, column, facts)
    _write_rows(page, formats, layout, facts)
    page.protect(
        "", {"insert_rows": True, "delete_rows": True, "sort": True, "autofilter": True, "format_columns": True}
    )


def _check_cells(page: Any, position: int, column: Column, facts: TemplateFacts) -> None:
    place = (_HEADER_ROW + 1, position, ROWS_CHECKED, position)
    listed = _LIST_OF_KIND.get(column.kind)
    if listed and getattr(facts, listed):
        page.data_validation(
            *place,
            {
                "validate": "list",
                "source": f"=khlang_{listed}",
                "input_title": column.header[:32],
                "input_message": column.hint[:255],
                # A code with a sub-account of one's own is not in the list, and is right all the same.
                "error_type": "warning" if column.kind == "account" else "stop",
            },
        )
    elif column.kind == "money":
        limits = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": AMOUNT_LIMIT.amount}
        page.data_validation(*place, {**limits, "input_message": column.hint[:255], "input_title": column.header[:32]})
    elif column.kind == "date":
        # Days typed in the Buddhist era are text or lie 543 years on; both are read, so this only warns.
        between = {"minimum": year_start(facts.fiscal_year), "maximum": year_end(facts.fiscal_year)}
        rule = {"validate": "date", "criteria": "between", **between, "error_type": "information"}
        page.data_validation(*place, {**rule, "input_message": column.hint[:255], "input_title": column.header[:32]})


def _write_rows(page: Any, formats: Mapping[str, Any], layout: SheetLayout, facts: TemplateFacts) -> None:
    row = _HEADER_ROW + 1
    if layout.key == "journals" and facts.with_samples:
        for sample in _samples(layout, facts):
            for position, value in enumerate(sample):
                _write_cell(
                    page, row, position, value, formats["sample_money" if isinstance(value, Baht) else "sample"]
                )
            row += 1
    for cells in facts.rows.get(layout.key, ()):
        for position, value in enumerate(cells):
            _write_cell(page, row, position, value, _kind_format(formats, layout.columns[position]))
        row += 1


def _samples(layout: SheetLayout, facts: TemplateFacts) -> Iterable[list[Any]]:
    day = year_start(facts.fiscal_year)
    shown = f"{day.day}/{day.month}/{day.year + 543}"
    pair = {"debit": _sample_account(facts, "11"), "credit": _sample_account(facts, "4")}
    fund = " ".join(facts.fund_sources[0]) if facts.fund_sources else ""
    for sample in layouts.sample_rows():
        values = {
            **sample,
            "date": shown,
            "account": pair[sample["side"]],
            "fund_source": fund,
            sample["side"]: Baht(sample["amount"]),
        }
        yield [values.get(column.field, "") for column in layout.columns]


def _sample_account(facts: TemplateFacts, start: str) -> str:
    found = next((pair for pair in facts.accounts if pair[0].startswith(start)), None)
    found = found or (facts.accounts[0] if facts.accounts else ("", ""))
    return " ".join(found).strip()


def _write_cell(page: Any, row: int, position: int, value: Any, style: Any) -> None:
    if value is None or value == "":
        page.write_blank(row, position, None, style)
    elif isinstance(value, Baht):
        # Excel keeps fifteen digits of a number; the text keeps what is longer.
        if abs(value.satang) < 10**15:
            page.write_number(row, position, value.amount, style)
        else:
            page.write_string(row, position, str(value), style)
    elif isinstance(value, date):
        page.write_datetime(row, position, value, style)
    else:
        page.write_string(row, position, str(value), style)


def _write_notes(book: Any, formats: Mapping[str, Any], facts: TemplateFacts) -> None:
    page = book.add_worksheet(layouts.sheet("notes").name)
    page.hide_gridlines(2)
    page.set_column(0, 0, 24)
    page.set_column(1, 1, 92)
    row = 0
    for line in layouts.note_lines():
        page.merge_range(row, 0, row, 1, line["text"], formats["title" if line.get("style") == "title" else "note"])
        page.set_row(row, 26 if line.get("style") == "title" else 34)
        row += 1
    for text in (f"{facts.entity_name} ({facts.entity_code}) {facts.fiscal_year}", *facts.notes):
        page.merge_range(row, 0, row, 1, text, formats["note"])
        page.set_row(row, max(20, 18 * (1 + len(text) // 95)))
        row += 1
    for key in _SHEETS:
        layout = layouts.sheet(key)
        row += 1
        page.merge_range(row, 0, row, 1, layout.name, formats["hint_head"])
        for column in layout.columns:
            row += 1
            page.write_string(row, 0, column.header, formats["hint"])
            page.write_string(row, 1, column.hint, formats["hint"])
        row += 1
    page.protect()


def _write_marks(book: Any, facts: TemplateFacts) -> None:
    page = book.add_worksheet(layouts.mark("version_sheet"))
    values = {"version": layouts.workbook_version(), "entity": facts.entity_code, "year": str(facts.fiscal_year)}
    for name, value in values.items():
        cell = layouts.mark(f"{name}_cell")
        page.write_string(f"A{cell[1:]}", name)
        page.write_string(cell, value)
    for position, name in enumerate(_LISTS, start=_FIRST_LIST_COLUMN):
        pairs = getattr(facts, name)
        page.write_string(0, position, name)
        for row, pair in enumerate(pairs, start=1):
            page.write_string(row, position, " ".join(part for part in pair if part))
        letter = cell_letter(position)
        last = max(2, len(pairs) + 1)
        book.define_name(f"khlang_{name}", f"='{layouts.mark('version_sheet')}'!${letter}$2:${letter}${last}")
    page.very_hidden() if hasattr(page, "very_hidden") else page.hide()
    page.protect()
