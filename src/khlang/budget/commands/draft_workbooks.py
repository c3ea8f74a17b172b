"""A draft brought back from Excel: kept, looked at, then written in one act, whole or its right rows only."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from khlang.budget import queries
from khlang.budget.commands.draft_lines import (
    LineRemoval,
    LineSave,
    judge_lines,
    known_ordinance,
    open_to_writing,
    write_lines,
)
from khlang.budget.rules import check_line
from khlang.budget.rules.draft_sheet import (
    KEYS,
    ROWS_MAX,
    SheetAct,
    SheetChange,
    cell_name,
    compared,
    missing_columns,
    read_rows,
)
from khlang.identity.permissions import require
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refusal, Refused, refuse_any
from khlang.kernel.tables import TableRow
from khlang.toolkit import uploads
from khlang.toolkit.tables import TableLimits, read_table
from khlang.toolkit.tenancy import entity_transaction

LIMITS = TableLimits(bytes_max=5 * 2**20, rows_max=ROWS_MAX)
_KEPT_SECONDS = 7 * 24 * 3600
_WRITES = (SheetAct.NEW, SheetAct.CHANGED)


@dataclass(frozen=True, slots=True)
class SheetPreview:
    """What a workbook would do to a draft, row by row."""

    changes: tuple[SheetChange, ...]

    def of(self, act: SheetAct) -> list[SheetChange]:
        """The rows that would do this."""
        return [each for each in self.changes if each.act is act]

    @property
    def writes(self) -> list[SheetChange]:
        """The rows that would change something."""
        return [each for each in self.changes if each.act in (*_WRITES, SheetAct.REMOVED)]


def _file(actor: Actor, ordinance_id: UUID, upload_id: UUID) -> Path:
    folder = Path(settings.KHLANG_HOME) / "attachments" / str(actor.entity_id) / "budget-drafts"
    return folder / f"{ordinance_id}.{upload_id}.xlsx"


def keep_draft_workbook(*, actor: Actor, ordinance_id: UUID, upload_id: UUID, name: str, content: bytes) -> None:
    """Keep a workbook for some days, so that it can be looked at and then brought in.

    Refuses budget.ordinance_unknown, budget.not_open_to_drafts, budget.sheet_not_ours {columns}, what
    toolkit.tables.read_table refuses of the file, toolkit.file_infected, toolkit.scanner_failed.
    """
    require(actor, "budget.draft")
    with entity_transaction(actor.entity_id):
        open_to_writing(actor=actor, ordinance_id=ordinance_id)
    _sheet(content, name)
    file = _file(actor, ordinance_id, upload_id)
    uploads.keep(file, [content], name=name)
    for old in file.parent.glob("*.xlsx"):
        if time.time() - old.stat().st_mtime > _KEPT_SECONDS:
            old.unlink(missing_ok=True)


def _sheet(content: bytes, name: str = "draft.xlsx") -> tuple[Sequence[str], list[TableRow]]:
    """The keys of the columns and the rows of a workbook."""
    rows = read_table(name=name, content=content, limits=LIMITS)
    head = rows[0].cells if rows and rows[0].number == 1 else ()
    missing = missing_columns(head)
    if missing:
        raise Refused(Refusal("budget.sheet_not_ours", {"columns": ", ".join(missing[:5])}, "file"))
    return head, rows


def preview_draft_workbook(*, actor: Actor, ordinance_id: UUID, upload_id: UUID, at: datetime) -> SheetPreview | None:
    """What a kept workbook would do as the draft stands now; None when it is not kept (any more)."""
    require(actor, "budget.draft")
    file = _file(actor, ordinance_id, upload_id)
    if not file.is_file():
        return None
    head, rows = _sheet(file.read_bytes())
    with entity_transaction(actor.entity_id, read_only=True):
        return _judged(actor, ordinance_id, head, rows, at)


def _judged(
    actor: Actor, ordinance_id: UUID, head: Sequence[str], rows: Sequence[TableRow], at: datetime
) -> SheetPreview:
    ordinance = known_ordinance(ordinance_id)
    current = {each.id: each for each in queries.draft_lines(ordinance_id=ordinance_id)}
    gone = queries.removed_lines(ordinance_id=ordinance_id)
    changes = compared(read_rows(rows, head), ordinance_id=ordinance_id, current=current, gone=gone)
    saves, removals = _writing(changes)
    told: dict[tuple[str, int], list[Refusal]] = {}
    for reason in judge_lines(actor=actor, ordinance=ordinance, saves=saves, removals=removals, at=at):
        kind, place, *_ = [*reason.where.split("."), "0"]
        told.setdefault((kind, int(place)), []).append(reason)
    counted = {"lines": 0, "removed": 0}
    facts = queries.line_facts(fiscal_year=ordinance.fiscal_year)
    found = []
    for each in changes:
        kind = "removed" if each.act is SheetAct.REMOVED else "lines"
        reasons: list[Refusal] = []
        if each.act in (*_WRITES, SheetAct.REMOVED):
            reasons = told.get((kind, counted[kind]), [])
            counted[kind] += 1
        elif each.row.refusals:
            reasons = list(check_line(each.row.draft, facts))
        found.append(_with_reasons(each, head, reasons))
    return SheetPreview(tuple(found))


def _with_reasons(change: SheetChange, head: Sequence[str], reasons: Sequence[Refusal]) -> SheetChange:
    """The row with reasons against it, each at its cell."""
    if not reasons:
        return change
    named = {"explanation": "text"}
    placed = []
    for each in reasons:
        key = each.where.split(".")[-1]
        key = named.get(key, key)
        placed.append(each.at(cell_name(head, key if key in KEYS else "amount", change.row.number)))
    return replace(change, act=SheetAct.WRONG, refusals=(*change.refusals, *placed))


def _writing(changes: Sequence[SheetChange]) -> tuple[list[LineSave], list[LineRemoval]]:
    saves = [
        LineSave(each.line_id, each.revision, each.row.draft, f"{each.row.number}")
        for each in changes
        if each.act in _WRITES
    ]
    removals = [LineRemoval(each.line_id, each.revision) for each in changes if each.act is SheetAct.REMOVED]
    return saves, removals


def import_draft_workbook(
    *, actor: Actor, ordinance_id: UUID, upload_id: UUID, right_rows_only: bool, at: datetime
) -> SheetPreview:
    """Write what a kept workbook says, in one act: everything or nothing, or its right rows only; twice does it once.

    Refuses every reason at its cell unless `right_rows_only`; budget.import_gone when the workbook is not kept any more.
    """
    require(actor, "budget.draft")
    file = _file(actor, ordinance_id, upload_id)
    if not file.is_file():
        raise Refused(Refusal("budget.import_gone", where="file"))
    head, rows = _sheet(file.read_bytes())
    with entity_transaction(actor.entity_id):
        open_to_writing(actor=actor, ordinance_id=ordinance_id)
        found = _judged(actor, ordinance_id, head, rows, at)
        if not right_rows_only:
            refuse_any(reason for each in found.of(SheetAct.WRONG) for reason in each.refusals)
        saves, removals = _writing(found.changes)
        if saves or removals:
            write_lines(actor=actor, ordinance_id=ordinance_id, saves=saves, removals=removals, at=at)
        return found
