"""A table that somebody sent: rows of texts, each with the cell it stands in, and which column is what."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from khlang.kernel.refusals import Refusal
from khlang.kernel.thai_text import search_key

_LETTERS = 26
_HEADING_ROWS = 10


def cell_letter(position: int) -> str:
    """The letter of a column counted from 0: 0 is A, 26 is AA."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, _LETTERS)
        letters = chr(ord("A") + rest) + letters
    return letters


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: its number as the sheet shows it, its texts, the columns that hold numbers, the cells that hold no value."""

    number: int
    cells: tuple[str, ...]
    numbers: frozenset[int] = frozenset()
    faults: tuple[Refusal, ...] = ()

    def text(self, column: int | None) -> str:
        """The text of a column; empty for a column that the table does not have."""
        return self.cells[column] if column is not None and column < len(self.cells) else ""

    def place(self, column: int | None) -> str:
        """The cell as the sheet names it ("C7"); the row alone for a column that is not there."""
        return str(self.number) if column is None else f"{cell_letter(column)}{self.number}"


@dataclass(frozen=True, slots=True)
class Columns:
    """In which column each field stands, and in which row the headings do."""

    row: int
    places: Mapping[str, int] = field(default_factory=dict)

    def at(self, name: str) -> int | None:
        """The column of a field, or None."""
        return self.places.get(name)


def find_columns(rows: Sequence[TableRow], headings: Mapping[str, Collection[str]]) -> Columns:
    """The row among the first ten that knows most headings, and which column each field has; the leftmost wins.

    `headings` are the words for each field; they are compared without case, tone marks and invisible signs.
    """
    words = {_key(word): name for name, known in headings.items() for word in known}
    best = Columns(rows[0].number if rows else 1)
    for row in rows[:_HEADING_ROWS]:
        found: dict[str, int] = {}
        for position, text in enumerate(row.cells):
            name = words.get(_key(text))
            if name is not None:
                found.setdefault(name, position)
        if len(found) > len(best.places):
            best = Columns(row.number, found)
    return best


def _key(text: str) -> str:
    return search_key(text).removesuffix("*").strip()
