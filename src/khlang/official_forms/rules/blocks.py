"""The pieces of a long paper as the typesetter needs them: titles, paragraphs, tables with carried sums, entries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from khlang.kernel.money import ZERO, Baht
from khlang.official_forms.rules.paper import Printing, text_for

NOTHING = "-"
MONEY_WIDTH = 27
"""Millimetres of a column of figures; it widens with what stands in it."""
_HUNDREDTHS_A_LETTER, _THAI_HUNDREDTHS_A_LETTER, _PADDING = 185, 235, 4
Block = dict[str, object]


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: its words, its figures; `kind` is group, detail, subtotal or total. Details are what is carried on."""

    kind: str
    label: str
    figures: tuple[Baht | str, ...] = ()
    level: int = 0


def title_block(printing: Printing, *lines: str) -> Block:
    """Centred bold lines."""
    return {"kind": "title", "lines": [text_for(printing, line) for line in lines if line]}


def heading_block(printing: Printing, text: str) -> Block:
    """A bold line of its own."""
    return {"kind": "heading", "text": text_for(printing, text)}


def paragraph_blocks(printing: Printing, text: str) -> list[Block]:
    """One paragraph for each line that has words."""
    return [
        {"kind": "paragraph", "text": text_for(printing, line.strip())} for line in text.splitlines() if line.strip()
    ]


def signature_block(printing: Printing, *, role: str, title: str, name: str = "", dated: str = "") -> Block:
    """The place where somebody signs."""
    words = {"role": role, "name": name, "title": title, "dated": dated}
    block: Block = {"kind": "signature"}
    return block | {key: text_for(printing, value) for key, value in words.items()}


def money(amount: Baht | str) -> str:
    """A figure as it is printed; a zero is a dash, words stay words."""
    return amount if isinstance(amount, str) else amount.display() if amount else NOTHING


def table_block(
    printing: Printing, *, label: str, columns: Sequence[str], rows: Iterable[TableRow], carried: int | None = None
) -> Block:
    """A table whose first column is words and whose others are figures; `carried` is the column whose sum goes on.

    A table with a carried column shows at each page's foot what its details add up to so far, and at the next head again.
    """
    so_far, printed, texts = ZERO, list[Block](), list[list[str]]()
    for row in rows:
        figures = row.figures or ("",) * len(columns)
        carry = ""
        if carried is not None and row.kind == "detail":
            figure = figures[carried]
            so_far += figure if isinstance(figure, Baht) else ZERO
            carry = text_for(printing, so_far.display())
        cells = [text_for(printing, row.label), *(text_for(printing, money(figure)) for figure in figures)]
        texts.append(cells[1:])
        printed.append({"kind": row.kind, "level": row.level, "cells": cells, "carry": carry})
    heads = [_column(printing, label, "text", 0)]
    for at, column in enumerate(columns):
        longest = max((len(cells[at]) for cells in texts), default=0)
        heads.append(_column(printing, column, "money", _width(longest, printing)))
    return {
        "kind": "table",
        "columns": heads,
        "rows": printed,
        "carried": None if carried is None else carried + 1,
    }


def _width(letters: int, printing: Printing) -> int:
    letter = _THAI_HUNDREDTHS_A_LETTER if printing.thai_digits else _HUNDREDTHS_A_LETTER
    return max(MONEY_WIDTH, letters * letter // 100 + _PADDING)


def _column(printing: Printing, label: str, kind: str, width: int) -> dict[str, object]:
    align = "right" if kind == "money" else "left"
    return {"label": text_for(printing, label), "kind": kind, "align": align, "width": width}
