"""What moves on a line and what is left of it: the twin in Python of what the database decides. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from khlang.kernel.money import ZERO, Baht


class Kind(StrEnum):
    """What a movement does (R118)."""

    APPROVE = "approve"
    WITHDRAW = "withdraw"
    SUPPLEMENT = "supplement"
    TRANSFER_IN = "transfer_in"
    TRANSFER_OUT = "transfer_out"
    RESERVE = "reserve"
    OBLIGATE = "obligate"
    REQUEST = "request"
    PAY = "pay"
    ADVANCE = "advance"
    CLEAR = "clear"
    REFUND = "refund"
    CARRY = "carry"
    RELEASE = "release"
    CANCEL = "cancel"


class Pot(StrEnum):
    """Where money of a line lies, or from where it came; `available` is the rest and is kept nowhere."""

    AVAILABLE = ""
    APPROVED = "approved"
    TRANSFERRED_IN = "transferred_in"
    TRANSFERRED_OUT = "transferred_out"
    SUPPLEMENTED = "supplemented"
    RESERVED = "reserved"
    OBLIGATED = "obligated"
    REQUESTED = "requested"
    ADVANCED = "advanced"
    CARRIED = "carried"
    PAID = "paid"
    REFUNDED = "refunded"


@dataclass(frozen=True, slots=True)
class KindRule:
    """The pot a kind fills, and the pots it may take from; `needs_hold`: it always takes from a document's hold."""

    to_pot: Pot
    takes_from: frozenset[Pot]

    @property
    def needs_hold(self) -> bool:
        """Whether there must be a hold to take from."""
        return bool(self.takes_from) and Pot.AVAILABLE not in self.takes_from


def _rule(to_pot: Pot, *takes_from: Pot) -> KindRule:
    return KindRule(to_pot, frozenset(takes_from))


_HELD = (Pot.RESERVED, Pot.OBLIGATED, Pot.ADVANCED, Pot.CARRIED)
KINDS: Mapping[Kind, KindRule] = {
    Kind.APPROVE: _rule(Pot.APPROVED),
    Kind.WITHDRAW: _rule(Pot.AVAILABLE),
    Kind.SUPPLEMENT: _rule(Pot.SUPPLEMENTED),
    Kind.TRANSFER_IN: _rule(Pot.TRANSFERRED_IN),
    Kind.TRANSFER_OUT: _rule(Pot.TRANSFERRED_OUT),
    Kind.RESERVE: _rule(Pot.RESERVED, Pot.AVAILABLE),
    Kind.OBLIGATE: _rule(Pot.OBLIGATED, Pot.AVAILABLE, Pot.RESERVED),
    Kind.REQUEST: _rule(Pot.REQUESTED, Pot.AVAILABLE, Pot.RESERVED, Pot.OBLIGATED, Pot.CARRIED),
    Kind.ADVANCE: _rule(Pot.ADVANCED, Pot.AVAILABLE, Pot.RESERVED),
    Kind.CARRY: _rule(Pot.CARRIED, Pot.AVAILABLE, Pot.OBLIGATED, Pot.REQUESTED),
    Kind.PAY: _rule(Pot.PAID, Pot.REQUESTED),
    Kind.CLEAR: _rule(Pot.PAID, Pot.ADVANCED),
    Kind.REFUND: _rule(Pot.REFUNDED, Pot.PAID),
    Kind.RELEASE: _rule(Pot.AVAILABLE, *_HELD),
    Kind.CANCEL: _rule(Pot.AVAILABLE, *_HELD, Pot.REQUESTED, Pot.PAID),
}
"""Two phases: a document holds money, the next one takes it over, wholly or in part, never more than is held."""


@dataclass(frozen=True, slots=True)
class Move:
    """One movement asked for: on which line, what, how much (baht); the hold it opens and the hold it takes from."""

    line_id: UUID
    kind: Kind
    amount: Baht
    hold_id: UUID | None = None
    from_hold_id: UUID | None = None

    def as_json(self) -> dict[str, str]:
        """As the database function takes it."""
        asked = {"line_id": str(self.line_id), "kind": str(self.kind), "amount": str(self.amount)}
        if self.hold_id:
            asked["hold_id"] = str(self.hold_id)
        if self.from_hold_id:
            asked["from_hold_id"] = str(self.from_hold_id)
        return asked


@dataclass(frozen=True, slots=True)
class Document:
    """The paper a movement rests on: its kind (ordinance, transfer, contract, voucher …), its id, how people call it."""

    kind: str
    id: UUID
    label: str


@dataclass(frozen=True, slots=True)
class Balance:
    """What a line has and what became of it, in baht (R118)."""

    approved: Baht = ZERO
    transferred_in: Baht = ZERO
    transferred_out: Baht = ZERO
    supplemented: Baht = ZERO
    reserved: Baht = ZERO
    obligated: Baht = ZERO
    requested: Baht = ZERO
    advanced: Baht = ZERO
    carried: Baht = ZERO
    paid: Baht = ZERO
    refunded: Baht = ZERO

    @property
    def appropriation(self) -> Baht:
        """What the line may spend in all: approved, transfers, supplements."""
        return self.approved + self.transferred_in - self.transferred_out + self.supplemented

    @property
    def held(self) -> Baht:
        """What documents on their way hold: not spent yet, and not free."""
        return self.reserved + self.obligated + self.requested + self.advanced + self.carried

    @property
    def spent(self) -> Baht:
        """What was paid, less what came back."""
        return self.paid - self.refunded

    @property
    def available(self) -> Baht:
        """What is left (R118)."""
        return self.appropriation - self.held - self.spent

    def __add__(self, other: "Balance") -> "Balance":
        return Balance(**{name: getattr(self, name) + getattr(other, name) for name in POTS})


POTS = tuple(pot.value for pot in Pot if pot is not Pot.AVAILABLE)


@dataclass(slots=True)
class LineAccount:
    """One line followed in memory: its balance and its holds, moved by the rules of the database.

    A test walks this and the database through the same moves and asks for the same end.
    """

    balance: Balance = field(default_factory=Balance)
    holds: dict[UUID, tuple[Pot, Baht, UUID | None]] = field(default_factory=dict)

    def move(self, asked: Move) -> str:
        """Do one move and return an empty text; or do nothing and return the code of the reason why not."""
        if asked.amount <= ZERO:
            return "budget.amount_not_right"
        refusal = self._refusal_of_hold(asked)
        if refusal:
            return refusal
        from_pot, to_pot = self._pots(asked)
        after = _poured(self.balance, from_pot, to_pot, asked.amount)
        if after.available < ZERO or (asked.kind is Kind.WITHDRAW and after.approved < ZERO):
            return "budget.not_enough"
        self._open_and_take(asked, to_pot)
        self.balance = after
        return ""

    def _refusal_of_hold(self, asked: Move) -> str:
        rule = KINDS[asked.kind]
        if asked.from_hold_id is None:
            return "budget.hold_missing" if rule.needs_hold else ""
        if asked.from_hold_id not in self.holds:
            return "budget.hold_unknown"
        stage, open_amount, _ = self.holds[asked.from_hold_id]
        if stage not in rule.takes_from:
            return "budget.stage_does_not_fit"
        if asked.amount > open_amount:
            return "budget.more_than_held"
        return "budget.hold_exists" if asked.hold_id in self.holds and _opens(asked.kind) else ""

    def _pots(self, asked: Move) -> tuple[Pot, Pot]:
        if asked.kind is Kind.WITHDRAW:
            return Pot.APPROVED, Pot.AVAILABLE
        if asked.kind is Kind.REFUND or asked.from_hold_id is None:
            return Pot.AVAILABLE, KINDS[asked.kind].to_pot
        stage, _, before = self.holds[asked.from_hold_id]
        if asked.kind is Kind.CANCEL and before:
            return stage, self.holds[before][0]
        return stage, KINDS[asked.kind].to_pot

    def _open_and_take(self, asked: Move, to_pot: Pot) -> None:
        if asked.from_hold_id:
            stage, open_amount, before = self.holds[asked.from_hold_id]
            self.holds[asked.from_hold_id] = (stage, open_amount - asked.amount, before)
            if asked.kind is Kind.CANCEL and before:
                earlier_stage, earlier_open, earlier = self.holds[before]
                self.holds[before] = (earlier_stage, earlier_open + asked.amount, earlier)
        if asked.hold_id and _opens(asked.kind):
            self.holds[asked.hold_id] = (to_pot, asked.amount, asked.from_hold_id)


def _opens(kind: Kind) -> bool:
    return bool(KINDS[kind].takes_from) and kind not in (Kind.REFUND, Kind.RELEASE, Kind.CANCEL)


def _poured(balance: Balance, from_pot: Pot, to_pot: Pot, amount: Baht) -> Balance:
    changes: dict[str, Any] = {}
    for pot, change in ((from_pot, -amount), (to_pot, amount)):
        if pot is not Pot.AVAILABLE:
            changes[pot.value] = changes.get(pot.value, getattr(balance, pot.value)) + change
    return replace(balance, **changes)


@dataclass(frozen=True, slots=True)
class Moved:
    """The answer to a call: the entry that was made, and whether it had been made before under the same key."""

    fiscal_year: int
    entry_no: int
    replayed: bool


@dataclass(frozen=True, slots=True)
class MovementView:
    """One movement with the document behind it."""

    entry_no: int
    kind: Kind
    amount: Baht
    from_pot: Pot
    to_pot: Pot
    moved_on: date
    document: Document
    moved_by_name: str
    hold_id: UUID | None = None
    from_hold_id: UUID | None = None
