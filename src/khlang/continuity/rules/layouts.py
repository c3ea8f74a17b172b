"""Layouts of files as data: which header word fills which field, and how large a file may be."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from khlang.continuity.rules.values import Cell
from khlang.kernel.refusals import Refusal
from khlang.kernel.tables import cell_letter
from khlang.kernel.thai_text import normalise


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the field it fills, the words that head it, and how the template shows it."""

    field: str
    header: str
    aliases: tuple[str, ...] = ()
    required: bool = False
    kind: str = "text"
    width: int = 16
    hint: str = ""


@dataclass(frozen=True, slots=True)
class SheetLayout:
    """One sheet of the workbook."""

    key: str
    name: str
    aliases: tuple[str, ...]
    columns: tuple[Column, ...]

    def is_named(self, name: str) -> bool:
        """Whether a sheet of this name is meant, spaces and case aside."""
        return _word(name) in {_word(known) for known in (self.name, *self.aliases)}


@dataclass(frozen=True, slots=True)
class HeaderMatch:
    """Where each field stands in one table: column numbers from 0, and the row of the header."""

    sheet: str
    row: int
    positions: Mapping[str, int]
    unknown: tuple[str, ...] = ()

    def letter(self, field: str) -> str:
        """The letter of the column that holds the field; the first when the table has none."""
        return cell_letter(self.positions.get(field, 0))


@cache
def _table(name: str) -> Mapping[str, Any]:
    source = resources.files("khlang.continuity") / "layouts" / f"{name}.toml"
    return tomllib.loads(source.read_text(encoding="utf-8"))


def limit(section: str, name: str) -> int:
    """A limit of size, by its section and name in layouts/limits.toml."""
    return int(_table("limits")[section][name])


def mark(name: str) -> str:
    """A word or a cell of the workbook layout, by name."""
    return str(_table("workbook")["marks"][name])


def words(name: str) -> tuple[str, ...]:
    """A list of words of the workbook layout, by name."""
    return tuple(_table("workbook")["words"][name])


def workbook_version() -> str:
    """The version that we write into templates."""
    return str(_table("workbook")["version"])


def readable_versions() -> tuple[str, ...]:
    """The versions that we still read."""
    return tuple(_table("workbook")["readable"])


def note_lines() -> tuple[Mapping[str, str], ...]:
    """The lines of the notes sheet."""
    return tuple(_table("workbook")["notes"]["lines"])


def sample_rows() -> tuple[Mapping[str, str], ...]:
    """The sample rows of the journals sheet."""
    return tuple(_table("workbook")["samples"]["journals"])


def sample_prefix() -> str:
    """A row whose reference begins so is a sample and is passed over."""
    return str(_table("workbook")["samples"]["prefix"])


def summary_codes() -> Mapping[str, str]:
    """Codes that stand for all accounts of a kind in old tables of balances."""
    return {str(row["code"]): str(row["kind"]) for row in _table("trial_balance")["summary_codes"]}


@cache
def sheet(key: str) -> SheetLayout:
    """The layout of one sheet: opening, journals, estimates, sub_accounts, notes."""
    found = _table("workbook")[key]
    return SheetLayout(key, found["name"], tuple(found["aliases"]), _columns(found.get("columns", ())))


@cache
def balance_columns() -> tuple[Column, ...]:
    """The columns of a table of balances that others made."""
    return _columns(_table("trial_balance")["columns"])


def _columns(rows: Sequence[Mapping[str, Any]]) -> tuple[Column, ...]:
    return tuple(Column(**{**row, "aliases": tuple(row["aliases"])}) for row in rows)


def _word(text: str) -> str:
    return normalise(text).strip(" *:").lower().replace(" ", "")


def match_header(*, columns: Sequence[Column], cells: Sequence[Cell], sheet_name: str, row: int) -> HeaderMatch:
    """Find the columns by their header words, in whatever order they stand."""
    known = {_word(text): column.field for column in columns for text in (column.header, *column.aliases)}
    positions: dict[str, int] = {}
    unknown: list[str] = []
    for position, cell in enumerate(cells):
        text = cell if isinstance(cell, str) else ""
        field = known.get(_word(text))
        if field is not None and field not in positions:
            positions[field] = position
        elif text.strip():
            unknown.append(f"{cell_letter(position)} {normalise(text)}")
    return HeaderMatch(sheet_name, row, positions, tuple(unknown))


def header_refusals(*, columns: Sequence[Column], match: HeaderMatch) -> Iterator[Refusal]:
    """Refuse continuity.column_missing {column} and continuity.column_unknown {column}, at their cells."""
    for column in columns:
        if column.required and column.field not in match.positions:
            yield Refusal("continuity.column_missing", {"column": column.header}, place(match.sheet, match.row))
    for unknown in match.unknown:
        letter, _, text = unknown.partition(" ")
        yield Refusal("continuity.column_unknown", {"column": text}, place(match.sheet, match.row, letter))


def place(sheet_name: str, row: int, letter: str = "") -> str:
    """Write where something is: `Sheet!F7` in a workbook, `F7` in a table without sheets, the row alone as `7`."""
    at = f"{letter}{row}"
    return f"{sheet_name}!{at}" if sheet_name else at
