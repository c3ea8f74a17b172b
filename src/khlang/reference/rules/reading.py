"""Text of the files into exact values, once, with the place of every row kept for messages."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import date
from functools import cache
from typing import Any, Literal, get_args, get_origin, get_type_hints

from khlang.kernel.refusals import Refusal
from khlang.kernel.thai_text import normalise
from khlang.reference.rules.files import LISTS, DataFile, NationalList

_WHOLE_NUMBER = re.compile(r"-?\d{1,9}")
_FLAGS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Placed:
    """A value and where it stands: `fund_sources.csv:5`."""

    value: Any
    place: str


@dataclass(slots=True)
class ReferenceSet:
    """Everything read, by list; `codes` also knows the rows that could not be read, so that one fault is said once."""

    rows: dict[str, list[Placed]] = field(default_factory=dict)
    codes: dict[str, set[str]] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)

    def values(self, name: str) -> list[Any]:
        """The values of one list, in file order."""
        return [placed.value for placed in self.rows[name]]

    def by_code(self, name: str) -> dict[str, Any]:
        """The values of one list by code."""
        return {placed.value.code: placed.value for placed in self.rows[name]}


def parse(texts: Mapping[str, bytes]) -> ReferenceSet:
    """Read every list from the content of its files (path → bytes).

    Refuses, each at its file and row: reference.file_missing, .file_not_utf8, .columns_wrong, .cell_missing,
    .cell_not_understood, .code_twice.
    """
    found = ReferenceSet()
    for national in LISTS:
        found.rows[national.name] = []
        found.codes[national.name] = set()
        seen: dict[tuple[str, ...], str] = {}
        for file in national.files:
            for place, cells in _records(file, national, texts, found.refusals):
                _take(found, national, seen, place, cells)
    return found


def _take(
    found: ReferenceSet, national: NationalList, seen: dict[tuple[str, ...], str], place: str, cells: Mapping[str, str]
) -> None:
    key = tuple(cells.get(name, "") for name in national.key)
    found.codes[national.name].add(cells.get("code", ""))
    if key in seen:
        facts = {"code": " ".join(key), "first": seen[key]}
        found.refusals.append(Refusal("reference.code_twice", facts, place))
        return
    seen[key] = place
    value = _value(national, cells, place, found.refusals)
    if value is not None:
        found.rows[national.name].append(Placed(value, place))


def _records(
    file: DataFile, national: NationalList, texts: Mapping[str, bytes], refusals: list[Refusal]
) -> Iterator[tuple[str, dict[str, str]]]:
    """The rows of one file with their place; nothing when the file as a whole cannot be read."""
    content = texts.get(file.path)
    if content is None:
        refusals.append(Refusal("reference.file_missing", {"file": file.path}, file.path))
        return
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        row = content.count(b"\n", 0, fault.start) + 1
        refusals.append(Refusal("reference.file_not_utf8", {"file": file.path, "row": row}, f"{file.path}:{row}"))
        return
    reader = csv.DictReader(io.StringIO(text))
    wanted = [name for name in _columns(national.value) if name not in file.fixed]
    missing = [name for name in wanted if name not in (reader.fieldnames or ())]
    unknown = [name for name in reader.fieldnames or () if name not in wanted]
    if missing or unknown:
        facts = {"file": file.path, "missing": ", ".join(missing) or "-", "unknown": ", ".join(unknown) or "-"}
        refusals.append(Refusal("reference.columns_wrong", facts, f"{file.path}:1"))
        return
    for record in reader:
        place = f"{file.path}:{reader.line_num}"
        if None in record or None in record.values():
            refusals.append(Refusal("reference.row_has_wrong_length", {"columns": len(wanted)}, place))
            continue
        yield place, {name: normalise(cell) for name, cell in record.items()} | dict(file.fixed)


def _value(national: NationalList, cells: Mapping[str, str], place: str, refusals: list[Refusal]) -> Any:
    """The value of one row, or None when a cell is missing or not understood."""
    arguments: dict[str, Any] = {}
    faults: list[Refusal] = []
    for name, (required, read, expected) in _columns(national.value).items():
        text = cells[name]
        if not text:
            if required:
                faults.append(Refusal("reference.cell_missing", {"column": name}, place))
            continue
        try:
            arguments[name] = read(text)
        except (ValueError, KeyError):
            facts = {"column": name, "value": text, "expected": expected}
            faults.append(Refusal("reference.cell_not_understood", facts, place))
    refusals.extend(faults)
    return None if faults else national.value(**arguments)


@cache
def _columns(value: type) -> dict[str, tuple[bool, Callable[[str], Any], str]]:
    """Field → whether it must be filled, how to read it, what is expected; taken from the types of the value."""
    hints = get_type_hints(value)
    return {each.name: (each.default is MISSING, *_reader(hints[each.name])) for each in fields(value)}


def _reader(hint: Any) -> tuple[Callable[[str], Any], str]:
    if get_origin(hint) is Literal:
        words = {word: word for word in get_args(hint)}
        return words.__getitem__, " | ".join(word for word in words if word)
    if date in (hint, *get_args(hint)):
        return date.fromisoformat, "YYYY-MM-DD"
    if hint is bool:
        return _FLAGS.__getitem__, "true | false"
    if int in (hint, *get_args(hint)):
        return _whole_number, "123"
    return str, ""


def _whole_number(text: str) -> int:
    if not _WHOLE_NUMBER.fullmatch(text):
        raise ValueError(text)
    return int(text)
