"""The one door to the budget's control: a thin typed call of budget_move(), and the look at the cash beside it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from khlang.budget import queries
from khlang.budget.rules import Document, Kind, Move, Moved, outside_plan
from khlang.identity.permissions import require
from khlang.kernel.actors import Actor
from khlang.kernel.money import ZERO
from khlang.kernel.refusals import Refusal, Refused
from khlang.reference import queries as reference
from khlang.toolkit import sql
from khlang.toolkit.tenancy import entity_transaction

_MOVE = "SELECT fiscal_year, entry_no, replayed FROM budget_move(%s, %s, %s, %s, %s, %s::jsonb)"
_USES = frozenset(Kind) - {
    Kind.APPROVE,
    Kind.WITHDRAW,
    Kind.SUPPLEMENT,
    Kind.TRANSFER_IN,
    Kind.TRANSFER_OUT,
    Kind.CARRY,
}
_ASKS_FOR_CASH = frozenset({Kind.REQUEST, Kind.ADVANCE})


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer to a document that uses the budget: the entry, and what is doubtful about it, as refusals that do not stop."""

    moved: Moved
    warnings: tuple[Refusal, ...] = ()


def use_budget(
    *,
    actor: Actor,
    document: Document,
    fiscal_year: int,
    on: date,
    moves: Sequence[Move],
    idempotency_key: UUID,
) -> Decision:
    """Reserve, obligate, request, pay, advance, clear, refund, release or cancel: all of it or nothing (R118).

    Two phases: a move that names `from_hold_id` takes over what an earlier document holds. Refuses budget.not_enough
    {line, asked, available, short}, budget.more_than_held, budget.hold_unknown, .hold_missing, .hold_exists,
    .hold_of_other_line, .stage_does_not_fit, .outside_year, .line_unknown, .amount_not_right, .idempotency_conflict.
    Warns budget.cash_short and budget.outside_plan; the first is a refusal where parameter budget_cash_check says so.
    """
    require(actor, "budget.use")
    strange = [move.kind for move in moves if move.kind not in _USES]
    if strange:
        raise Refused(Refusal("budget.kind_unknown", {"kind": strange[0]}, "moves"))
    with entity_transaction(actor.entity_id):
        warnings = [] if not _asks_for_cash(moves) else _plan_warnings(fiscal_year, on, moves)
        moved = move(
            actor=actor,
            act="budget.use",
            document=document,
            fiscal_year=fiscal_year,
            on=on,
            moves=moves,
            idempotency_key=idempotency_key,
        )
        if not moved.replayed and _asks_for_cash(moves):
            warnings += _cash_warnings(fiscal_year, on, moves)
        return Decision(moved, tuple(warnings))


def _asks_for_cash(moves: Sequence[Move]) -> bool:
    return any(move.kind in _ASKS_FOR_CASH for move in moves)


def _plan_warnings(fiscal_year: int, on: date, moves: Sequence[Move]) -> list[Refusal]:
    """What goes beyond the spending plan of the quarter (R19)."""
    found: list[Refusal] = []
    asked = {each.line_id: ZERO for each in moves if each.kind in _ASKS_FOR_CASH}
    for each in moves:
        if each.kind in _ASKS_FOR_CASH:
            asked[each.line_id] += each.amount
    for line_id, amount in asked.items():
        rows = queries.plan_and_actual(fiscal_year=fiscal_year, line_id=line_id).get(line_id, ())
        if any(row.planned for row in rows):
            lines = queries.board_lines(fiscal_year=fiscal_year, line_ids=[line_id])
            found += outside_plan(rows=rows, asked=amount, on=on, label=lines[line_id].line.label)
    return found


def _cash_warnings(fiscal_year: int, on: date, moves: Sequence[Move]) -> list[Refusal]:
    """Sources whose cash does not cover what is claimed of them, this document included (R213)."""
    lines = queries.board_lines(fiscal_year=fiscal_year, line_ids=[each.line_id for each in moves])
    standing = queries.cash_of_sources(fiscal_year=fiscal_year)
    funds = {lines[each.line_id].line.identity.fund_source for each in moves if each.kind in _ASKS_FOR_CASH}
    short = [
        Refusal(
            "budget.cash_short",
            {"fund_source": fund, "cash": str(found.cash), "claimed": str(found.claimed), "short": str(-found.free)},
            "amount",
        )
        for fund in sorted(funds)
        if (found := standing[fund]).free < ZERO
    ]
    if short and reference.parameter(name="budget_cash_check", on_date=on).value == "refuse":
        raise Refused(*short)
    return short


def move(
    *,
    actor: Actor,
    act: str,
    document: Document,
    fiscal_year: int,
    on: date,
    moves: Sequence[Move],
    idempotency_key: UUID,
    lines: Sequence[dict[str, Any]] = (),
    explanations: Sequence[dict[str, Any]] = (),
    change: Mapping[str, Any] | None = None,
) -> Moved:
    """Call budget_move(); for the commands of this area, which have asked for the right before."""
    request = {
        "key": str(idempotency_key),
        "fiscal_year": fiscal_year,
        "on": on.isoformat(),
        "document": {"kind": document.kind, "id": str(document.id), "label": document.label},
        "moves": [each.as_json() for each in moves],
    }
    if lines:
        request["lines"] = list(lines)
    if explanations:
        request["explanations"] = list(explanations)
    if change is not None:
        request["change"] = dict(change)
    with sql.named_refusals(), entity_transaction(actor.entity_id):
        values = (
            actor.entity_id,
            actor.user_id,
            actor.name,
            actor.request_id,
            act,
            json.dumps(request, ensure_ascii=False),
        )
        year, entry_no, replayed = sql.rows(_MOVE, values)[0]
        return Moved(year, entry_no, replayed)
