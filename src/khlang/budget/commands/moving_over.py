"""A year that began in New e-LAAS goes on here: its remaining budget becomes the opening budget, row by row."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from uuid import UUID, uuid5

from khlang.budget import queries, readers
from khlang.budget.commands.draft_lines import LineSave, save_lines
from khlang.budget.commands.drafting import open_ordinance
from khlang.budget.commands.movements import move
from khlang.budget.commands.ordinances import bring_into_force
from khlang.budget.rules import (
    Document,
    Explanation,
    Kind,
    LineDraft,
    LineFacts,
    LineIdentity,
    Move,
    Moved,
    OrdinanceKind,
    control_identity,
)
from khlang.budget.rules.remaining_budget import RemainingBook, RemainingRow, divisions_missing, read_remaining
from khlang.identity.permissions import require
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import refuse_any
from khlang.toolkit.tenancy import entity_transaction

FUND_SOURCE = "FS01"


def preview_remaining(*, actor: Actor, path: Path, fiscal_year: int) -> RemainingBook:
    """Read a workbook and say everything about it; nothing is written. Refuses budget.import_not_a_workbook, .import_too_large."""
    require(actor, "budget.read")
    sheet = readers.remaining_sheet(path)
    with entity_transaction(actor.entity_id, read_only=True):
        return read_remaining(sheet=sheet, facts=queries.line_facts(fiscal_year=fiscal_year), fiscal_year=fiscal_year)


def open_from_remaining(
    *,
    actor: Actor,
    book: RemainingBook,
    divisions: Mapping[str, str],
    ordinance_id: UUID,
    effective_on: date,
    at: datetime,
) -> Moved:
    """Open a year from a workbook: approved, transfers, obligated and disbursed to date, each line traceable to its row.

    `divisions`: work → owning division, "" for every other work. All of it or nothing; sent twice with one id it is done
    once. Refuses every fault of the book, budget.import_division_missing {work}, budget.ordinance_exists.
    """
    require(actor, "budget.move_over")
    with entity_transaction(actor.entity_id):
        known = [each.division for each in queries.divisions()]
        refuse_any([*book.all_faults, *divisions_missing(book, divisions, known)])
        facts = queries.line_facts(fiscal_year=book.fiscal_year)
        drafts = _drafts(book, divisions, facts)
        before = queries.ordinance(ordinance_id=ordinance_id)
        if before is None:
            kind, year = OrdinanceKind.OPENING, book.fiscal_year
            open_ordinance(actor=actor, ordinance_id=ordinance_id, kind=kind, fiscal_year=year, at=at)
            saves = [_save(ordinance_id, row, draft) for row, draft in drafts]
            save_lines(actor=actor, ordinance_id=ordinance_id, lines=saves, at=at)
        key = uuid5(ordinance_id, "force")
        moved = bring_into_force(
            actor=actor, ordinance_id=ordinance_id, effective_on=effective_on, idempotency_key=key, at=at
        )
        if not moved.replayed:
            moves = _moves(ordinance_id, drafts, facts, book.fiscal_year)
            _bring_up_to_date(actor, ordinance_id, book.fiscal_year, effective_on, moves)
        return moved


def _bring_up_to_date(actor: Actor, ordinance_id: UUID, fiscal_year: int, on: date, moves: list[Move]) -> None:
    """Transfers, obligations and payments that happened in the old system, as they stand in the workbook."""
    if moves:
        move(
            actor=actor,
            act="budget.open_from_remaining",
            document=Document("opening", ordinance_id, f"{fiscal_year}"),
            fiscal_year=fiscal_year,
            on=on,
            moves=moves,
            idempotency_key=uuid5(ordinance_id, "to date"),
        )


def _save(ordinance_id: UUID, row: RemainingRow, draft: LineDraft) -> LineSave:
    return LineSave(uuid5(ordinance_id, str(row.row)), 0, draft, source_row=f"{row.row}")


def _drafts(
    book: RemainingBook, divisions: Mapping[str, str], facts: LineFacts
) -> list[tuple[RemainingRow, LineDraft]]:
    """A draft for each row; rows that would be one item are told apart by their code and row."""
    found: list[tuple[RemainingRow, LineDraft]] = []
    seen: set[LineIdentity] = set()
    for row in book.rows:
        division = divisions.get(row.work, divisions.get("", ""))
        treated = facts.treatment(budget_type=row.budget_type, is_project=False)
        by_item = bool(row.item) or (treated is not None and treated.control_level == "item")
        item = row.item or (facts.types[row.budget_type] if by_item else "")
        identity = LineIdentity(division, row.work, row.budget_type, FUND_SOURCE, item)
        if identity in seen:
            identity = LineIdentity(
                division, row.work, row.budget_type, FUND_SOURCE, f"{item} ({row.code} {row.row})".strip()
            )
        seen.add(identity)
        # What e-LAAS lists by name it counts by name: a project.
        found.append((row, LineDraft(identity, row.approved, Explanation(text=row.item), is_project=bool(row.item))))
    return found


def _moves(
    ordinance_id: UUID, drafts: list[tuple[RemainingRow, LineDraft]], facts: LineFacts, fiscal_year: int
) -> list[Move]:
    lines = queries.ordinance_lines(fiscal_year=fiscal_year)
    ids = {identity: each.line.line_id for identity, each in lines.items()}
    moves: list[Move] = []
    for row, draft in drafts:
        treated = facts.treatment(budget_type=draft.identity.budget_type, is_project=draft.is_project)
        if treated is None:
            continue
        line_id = ids[control_identity(draft, treated)]
        held, asked, paid = (uuid5(ordinance_id, f"{row.row} {name}") for name in ("obligated", "requested", "paid"))
        wanted = (
            Move(line_id, Kind.TRANSFER_IN, row.transferred_in),
            Move(line_id, Kind.TRANSFER_OUT, row.transferred_out),
            Move(line_id, Kind.OBLIGATE, row.obligated, held),
            Move(line_id, Kind.REQUEST, row.disbursed, asked),
            Move(line_id, Kind.PAY, row.disbursed, paid, asked),
        )
        moves += [each for each in wanted if each.amount]
    return moves
