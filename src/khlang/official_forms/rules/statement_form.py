"""A statement as the typesetter needs it: texts, widths in millimetres, alignment."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from khlang.kernel.statements import Column, Row, Signature, Statement
from khlang.official_forms.rules.paper import Printing, circumstances, text_for
from khlang.reporting.rules.showing import shown

WIDTHS: Final[Mapping[str, int]] = {"text": 0, "code": 18, "money": 24, "date": 18, "integer": 12}
"""Millimetres of a column by kind; codes and amounts widen with what stands in them. A text column takes the rest."""
LETTER_WIDTH: Final[Mapping[str, float]] = {"code": 2.05, "money": 1.85}
PADDING: Final = 3.2
ROWS_TAGGED: Final = 300
"""Rows up to which the PDF is tagged for screen readers."""
THAI_DIGITS_WIDER: Final = 1.27
ALIGNMENT: Final[Mapping[str, str]] = {"money": "right", "integer": "right", "date": "center"}
LABEL_MIN: Final = 62
"""Millimetres a text column needs; below that the page is turned."""
ACROSS_PORTRAIT: Final = 177
ACROSS_LANDSCAPE: Final = 264


def statement_form(*, statement: Statement, printing: Printing, fingerprint: str) -> dict[str, object]:
    """Describe a statement for the template `statement.typ`."""
    thai = printing.language == "th"
    title = statement.title_th if thai else statement.title_en
    lines = statement.heading_lines_th if thai else statement.heading_lines_en
    rows = [_row(row, printing) for row in statement.rows]
    widths = [
        _width(column, [row["cells"][at] for row in rows], printing) for at, column in enumerate(statement.columns)
    ]
    crowded = sum(widths) > ACROSS_LANDSCAPE - LABEL_MIN
    return {
        "entity": text_for(printing, statement.entity_name),
        "title": text_for(printing, title),
        "lines": [text_for(printing, line) for line in lines],
        "landscape": sum(widths) > ACROSS_PORTRAIT - LABEL_MIN,
        "tagged": len(rows) <= ROWS_TAGGED,
        "size": 8.5 if crowded else 10,
        "label_column": _label_column(statement),
        "columns": [
            _column(printing, column, width * (0.87 if crowded else 1))
            for column, width in zip(statement.columns, widths, strict=True)
        ],
        "rows": rows,
        "notes": [text_for(printing, note) for note in (statement.notes_th if thai else statement.notes_en)],
        "signatures": _signatures(statement, printing),
        **circumstances(printing, fingerprint),
    }


def _width(column: Column, texts: Sequence[str], printing: Printing) -> float:
    letter = LETTER_WIDTH.get(column.kind)
    if letter is None:
        return WIDTHS[column.kind]
    letter *= THAI_DIGITS_WIDER if printing.thai_digits else 1
    return max(WIDTHS[column.kind], round(letter * max(map(len, texts), default=0) + PADDING, 1))


def _label_column(statement: Statement) -> int:
    return next((at for at, column in enumerate(statement.columns) if column.kind == "text"), 0)


def _column(printing: Printing, column: Column, width: float) -> dict[str, object]:
    label = column.label_th if printing.language == "th" else column.label_en
    return {
        "label": text_for(printing, label),
        "kind": column.kind,
        "align": ALIGNMENT.get(column.kind, "left"),
        "width": width,
    }


def _row(row: Row, printing: Printing) -> dict[str, Any]:
    cells = [text_for(printing, shown(cell, printing.language)) for cell in row.cells]
    return {"kind": row.kind, "level": row.level, "cells": cells}


def _signatures(statement: Statement, printing: Printing) -> list[dict[str, object]]:
    return [signature_place(signature, printing) for signature in statement.signatures] if printing.signatures else []


def signature_place(signature: Signature, printing: Printing) -> dict[str, object]:
    """One place to sign: office, brackets for the name, title, day."""
    role = signature.role_th if printing.language == "th" else signature.role_en
    return {
        "role": text_for(printing, role),
        "name": text_for(printing, signature.name),
        "title": text_for(printing, signature.position),
        "dated": True,
    }
