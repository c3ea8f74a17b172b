"""A statement as CSV and JSON for other programs, and the fingerprint that stands on its printed form."""

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from datetime import date

from khlang.kernel.money import Baht
from khlang.kernel.statements import Cell, Column, Row, Statement
from khlang.reporting.rules.words import Language

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
Machine = str | int | None


def machine_value(cell: Cell) -> Machine:
    """The cell for machines: amounts as text with two decimals, days as ISO dates."""
    if isinstance(cell, Baht):
        return str(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    return cell


def safe_text(text: str) -> str:
    """Keep a spreadsheet from reading text as a formula: an apostrophe stands before = + - @."""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def column_label(column: Column, language: Language) -> str:
    """The heading of a column in one language."""
    return column.label_th if language == "th" else column.label_en


def statement_csv(*, statement: Statement, language: Language = "th") -> str:
    """Return the table with one heading row, amounts as plain numbers; the caller encodes it as utf-8-sig."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column_label(column, language) for column in statement.columns])
    for row in statement.rows:
        writer.writerow([_csv_value(cell) for cell in row.cells])
    return out.getvalue()


def _csv_value(cell: Cell) -> str:
    # An amount may begin with a minus sign; it is a number and stays one.
    if isinstance(cell, str):
        return safe_text(cell)
    value = machine_value(cell)
    return "" if value is None else str(value)


def statement_json(*, statement: Statement) -> str:
    """Return the statement as JSON; the plain trial balance has the short form that outside programs compare."""
    if statement.code == "trial-balance" and statement.facts.get("variant") == "closing":
        return json.dumps(_short_trial_balance(statement), ensure_ascii=False, indent=1)
    return json.dumps(document(statement=statement), ensure_ascii=False, indent=1)


def document(*, statement: Statement) -> dict[str, object]:
    """Return everything the statement says, as plain JSON values."""
    return {
        "statement": statement.code,
        "title": {"th": statement.title_th, "en": statement.title_en},
        "entity": statement.entity_code,
        "entity_name": statement.entity_name,
        "headings": {"th": list(statement.heading_lines_th), "en": list(statement.heading_lines_en)},
        "facts": dict(statement.facts),
        "columns": [
            {"key": column.key, "kind": column.kind, "label": {"th": column.label_th, "en": column.label_en}}
            for column in statement.columns
        ],
        "rows": [_row(statement, row) for row in statement.rows],
        "notes": {"th": list(statement.notes_th), "en": list(statement.notes_en)},
        "checks": [{"name": check.name, "holds": check.holds, "detail": check.detail} for check in statement.checks],
    }


def fingerprint(*, statement: Statement) -> str:
    """Return the SHA-256 of everything the statement says: equal figures give equal prints."""
    canonical = json.dumps(document(statement=statement), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _row(statement: Statement, row: Row) -> dict[str, object]:
    cells = {
        column.key: machine_value(cell)
        for column, cell in zip(statement.columns, row.cells, strict=True)
        if cell is not None
    }
    return {"kind": row.kind, "level": row.level, "cells": cells}


def _short_trial_balance(statement: Statement) -> dict[str, object]:
    total = next((row for row in statement.rows if row.kind == "total"), None)
    zero = "0.00"
    return {
        "entity": statement.entity_code,
        "fiscal_year": int(statement.facts["fiscal_year"]),
        "to": statement.facts["to"],
        "rows": list(_short_rows(statement)),
        "total_debit": machine_value(total.cells[2]) if total else zero,
        "total_credit": machine_value(total.cells[3]) if total else zero,
    }


def _short_rows(statement: Statement) -> Iterator[dict[str, Machine]]:
    for row in statement.rows:
        if row.kind == "detail":
            account, name, debit, credit = (machine_value(cell) for cell in row.cells)
            yield {"account": account, "name": name, "debit": debit or "0.00", "credit": credit or "0.00"}
