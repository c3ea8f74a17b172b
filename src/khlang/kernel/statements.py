"""The statement value: one report, built once, that page, PDF, workbook, CSV and JSON all show."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from khlang.kernel.money import Baht

ColumnKind = Literal["text", "code", "money", "date", "integer"]
RowKind = Literal["header", "group", "detail", "subtotal", "total", "opening", "closing", "note"]
Cell = str | int | date | Baht | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its machine key, its heading in both languages, and what its cells hold."""

    key: str
    label_th: str
    label_en: str
    kind: ColumnKind


@dataclass(frozen=True, slots=True)
class Link:
    """Where a row leads: the name of a page (`reporting:general-ledger`) and its parameters."""

    name: str
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """One line; `cells` stand in the order of the columns, `level` is the indent."""

    kind: RowKind
    cells: tuple[Cell, ...]
    level: int = 0
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Signature:
    """A place to sign: the office in both languages, and the name and position printed under the line."""

    role_th: str
    role_en: str
    name: str = ""
    position: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """Something that must hold between figures of the statement, and whether it does."""

    name: str
    holds: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """A finished report. Nothing that shows it computes a figure of its own."""

    code: str
    title_th: str
    title_en: str
    entity_code: str
    entity_name: str
    heading_lines_th: tuple[str, ...]
    heading_lines_en: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes_th: tuple[str, ...] = ()
    notes_en: tuple[str, ...] = ()
    signatures: tuple[Signature, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()

    def __post_init__(self) -> None:
        wrong = [number for number, row in enumerate(self.rows) if len(row.cells) != len(self.columns)]
        if wrong:
            raise ValueError(f"rows {wrong} of {self.code} do not have {len(self.columns)} cells")
