"""A line opened up: the terms of its balance with the movements behind each, and a document with all that it moved. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from khlang.budget.rules.movements import Balance, Document, Kind, MovementView, Pot
from khlang.budget.rules.views import RegisterRow
from khlang.kernel.money import ZERO, Baht

GIVING = (Pot.APPROVED, Pot.TRANSFERRED_IN, Pot.SUPPLEMENTED, Pot.REFUNDED)
TERMS = (
    Pot.APPROVED,
    Pot.TRANSFERRED_IN,
    Pot.TRANSFERRED_OUT,
    Pot.SUPPLEMENTED,
    Pot.RESERVED,
    Pot.OBLIGATED,
    Pot.REQUESTED,
    Pot.ADVANCED,
    Pot.CARRIED,
    Pot.PAID,
    Pot.REFUNDED,
)
"""The terms of R118 in the order in which the formula is written."""


def register_of(movements: Iterable[MovementView]) -> list[RegisterRow]:
    """Movements in their order, each with what was left after it."""
    left, rows = ZERO, []
    for each in movements:
        left += effect_on_what_is_left(each)
        rows.append(RegisterRow(each, left))
    return rows


def effect_on_what_is_left(movement: MovementView) -> Baht:
    """What a movement does to what is available."""
    if movement.kind in (Kind.APPROVE, Kind.SUPPLEMENT, Kind.TRANSFER_IN, Kind.REFUND):
        return movement.amount
    if movement.kind in (Kind.WITHDRAW, Kind.TRANSFER_OUT):
        return -movement.amount
    into, out_of = movement.to_pot is Pot.AVAILABLE, movement.from_pot is Pot.AVAILABLE
    return movement.amount if into and not out_of else -movement.amount if out_of and not into else ZERO


@dataclass(frozen=True, slots=True)
class Term:
    """One term of what is left (R118): which, whether it gives or takes, how much (baht)."""

    pot: Pot
    gives: bool
    amount: Baht


def terms_of(balance: Balance) -> tuple[Term, ...]:
    """The terms of a balance. The approved amount always stands there, the others when they are not zero."""
    found = (Term(pot, pot in GIVING, getattr(balance, pot.value)) for pot in TERMS)
    return tuple(term for term in found if term.amount or term.pot is Pot.APPROVED)


def effect_on(movement: MovementView, pot: Pot) -> Baht:
    """What a movement does to one pot; the effects of all movements add up to what lies in it."""
    came = movement.amount if movement.to_pot is pot else ZERO
    return came - movement.amount if movement.from_pot is pot else came


def behind(rows: Iterable[RegisterRow], pot: Pot) -> list[tuple[RegisterRow, Baht]]:
    """The rows of a register that made one term what it is, each with its effect on it."""
    found = ((row, effect_on(row.movement, pot)) for row in rows)
    return [(row, effect) for row, effect in found if effect]


@dataclass(frozen=True, slots=True)
class PaperMove:
    """What a document did to one line (baht), and the paper from which it took the money over."""

    line_id: UUID
    line_label: str
    movement: MovementView
    taken_from: Document | None = None


@dataclass(frozen=True, slots=True)
class PaperView:
    """A document as the budget knows it: what it is, when and by whom it moved money, what it did (at most a page of it)."""

    document: Document
    moved_on: date
    moved_at: datetime
    moved_by_name: str
    count: int
    moves: Sequence[PaperMove]
