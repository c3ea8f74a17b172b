"""The workbook of a draft: its columns, how its rows are read, and what they would change. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from uuid import UUID, uuid5

from khlang.budget.rules.lines import Explanation, LineDraft, LineIdentity, explanation_of
from khlang.budget.rules.views import DraftLineView
from khlang.kernel.money import ZERO, Baht, parse_amount
from khlang.kernel.refusals import Refusal, Refused
from khlang.kernel.tables import TableRow, cell_letter
from khlang.kernel.thai_text import normalise

KEYS = (
    "line_id",
    "revision",
    "remove",
    "enterprise",
    "division",
    "work",
    "budget_type",
    "item",
    "is_project",
    "fund_source",
    "amount",
    *(each.name for each in fields(Explanation)),
)
"""Columns of the sheet from the left. Their keys stand in its first, hidden row; headings for people in the second."""

CODED = ("enterprise", "division", "work", "budget_type", "fund_source")
"""Columns in which a code stands before its name."""

FIRST_ROW = 3
ROWS_MAX = 5000
_MARKS = frozenset({"1", "x", "X", "true", "TRUE"})
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t")


class SheetAct(StrEnum):
    """What a row of the workbook would do to the draft."""

    NEW = "new"
    CHANGED = "changed"
    REMOVED = "removed"
    UNCHANGED = "unchanged"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row as read: its place, the line it was exported from, what it says now, and what could not be read."""

    number: int
    line_id: UUID | None
    revision: int
    draft: LineDraft
    is_removal: bool
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class SheetChange:
    """One row with what it would do: the line before, and every reason why it cannot."""

    row: SheetRow
    act: SheetAct
    line_id: UUID
    revision: int
    before: DraftLineView | None
    refusals: tuple[Refusal, ...] = ()


def missing_columns(head: Sequence[str]) -> list[str]:
    """Keys that the first row of a sheet lacks."""
    return [key for key in KEYS if key not in head]


def cell_name(head: Sequence[str], key: str, number: int) -> str:
    """How a cell is called in Excel: letter and row."""
    return f"{cell_letter(head.index(key) if key in head else 0)}{number}"


def read_rows(rows: Iterable[TableRow], head: Sequence[str]) -> Iterator[SheetRow]:
    """Read the rows of a sheet from FIRST_ROW on; blank ones are passed over. `head` are the keys of its columns."""
    for each in rows:
        found = {key: _plain(each.text(place)) for place, key in enumerate(head) if key in KEYS}
        if each.number >= FIRST_ROW and (each.faults or any(found.values())):
            row = _row(found, head, each.number)
            yield replace(row, refusals=(*each.faults, *row.refusals))


def _plain(text: str) -> str:
    """A cell without the quotation mark that keeps a text a text."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA_SIGNS) else text


def _row(found: Mapping[str, str], head: Sequence[str], number: int) -> SheetRow:
    reasons: list[Refusal] = []
    amount = ZERO
    if found.get("amount", "").strip():
        try:
            amount = parse_amount(found["amount"])
        except Refused as refused:
            reasons += [each.at(cell_name(head, "amount", number)) for each in refused.refusals]
    codes = {key: _code(found.get(key, "")) for key in CODED}
    identity = LineIdentity(
        codes["division"],
        codes["work"],
        codes["budget_type"],
        codes["fund_source"],
        normalise(found.get("item", "")),
        codes["enterprise"],
    )
    draft = LineDraft(identity, amount, explanation_of(found), found.get("is_project", "").strip() in _MARKS)
    line_id, wrong = _id(found.get("line_id", ""), head, number)
    text = found.get("revision", "")
    revision = int(text) if text.isascii() and text.isdecimal() else 0
    is_removal = bool(found.get("remove", "").strip())
    return SheetRow(number, line_id, revision, draft, is_removal, (*reasons, *wrong))


def _code(text: str) -> str:
    """The code before its name; a dash stands for none."""
    words = text.split()
    return "" if not words or words[0] == "-" else words[0]


def _id(text: str, head: Sequence[str], number: int) -> tuple[UUID | None, list[Refusal]]:
    if not text.strip():
        return None, []
    try:
        return UUID(text.strip()), []
    except ValueError:
        where = cell_name(head, "line_id", number)
        return None, [Refusal("budget.sheet_id_changed", {"text": text[:40]}, where)]


def compared(
    rows: Iterable[SheetRow], *, ordinance_id: UUID, current: Mapping[UUID, DraftLineView], gone: Mapping[UUID, int]
) -> list[SheetChange]:
    """What each row would do to the draft as it stands.

    `current`: its lines; `gone`: lines taken out, with their revision. A row without an id is the line of the same
    identity, or a new one whose id follows from its identity: the same workbook brought in twice changes nothing.
    """
    by_identity = {each.draft.identity: each for each in current.values()}
    seen: set[UUID] = set()
    found = []
    for row in rows:
        change = _change(row, ordinance_id, current, by_identity, gone)
        if change.line_id in seen:
            twice = Refusal("budget.line_exists", {"line": _name(row.draft)}, f"A{row.number}")
            change = SheetChange(row, SheetAct.WRONG, change.line_id, change.revision, change.before, (twice,))
        seen.add(change.line_id)
        found.append(change)
    return found


def _change(
    row: SheetRow,
    ordinance_id: UUID,
    current: Mapping[UUID, DraftLineView],
    by_identity: Mapping[LineIdentity, DraftLineView],
    gone: Mapping[UUID, int],
) -> SheetChange:
    if row.line_id is None:
        return _without_id(row, ordinance_id, by_identity, gone)
    before = current.get(row.line_id)
    revision = row.revision
    if row.refusals:
        return SheetChange(row, SheetAct.WRONG, row.line_id, revision, before, row.refusals)
    if row.is_removal:
        act = SheetAct.UNCHANGED if row.line_id in gone else SheetAct.REMOVED
    elif before is not None and before.draft == row.draft:
        act = SheetAct.UNCHANGED
    else:
        act = SheetAct.CHANGED
    return SheetChange(row, act, row.line_id, revision, before)


def _without_id(
    row: SheetRow, ordinance_id: UUID, by_identity: Mapping[LineIdentity, DraftLineView], gone: Mapping[UUID, int]
) -> SheetChange:
    new_id = uuid5(ordinance_id, repr(row.draft.identity))
    standing = by_identity.get(row.draft.identity)
    if row.refusals:
        return SheetChange(row, SheetAct.WRONG, new_id, 0, None, row.refusals)
    if row.is_removal:
        return SheetChange(row, SheetAct.UNCHANGED, new_id, 0, None)
    if standing is None:
        return SheetChange(row, SheetAct.NEW, new_id, gone.get(new_id, 0), None)
    if standing.draft == row.draft:
        return SheetChange(row, SheetAct.UNCHANGED, standing.id, standing.revision, standing)
    reason = Refusal("budget.line_exists", {"line": _name(row.draft)}, f"A{row.number}")
    return SheetChange(row, SheetAct.WRONG, standing.id, standing.revision, standing, (reason,))


def _name(draft: LineDraft) -> str:
    return draft.identity.item or draft.identity.budget_type or "-"


def amount_of(change: SheetChange) -> Baht:
    """What a line has after the change, in baht."""
    return ZERO if change.act is SheetAct.REMOVED else change.row.draft.amount
