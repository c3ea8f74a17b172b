"""What others see of grants: one with its lines, clocks and cash, its deadlines, its report. Frozen values."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from khlang.budget.rules.grants import (
    Clock,
    GrantDraft,
    GrantMoney,
    GrantState,
    MoneyKind,
    Place,
    binding_clock,
    drawn,
)
from khlang.budget.rules.movements import Balance
from khlang.budget.rules.views import BoardLine
from khlang.kernel.money import ZERO, Baht


@dataclass(frozen=True, slots=True)
class ClockView:
    """One setting of a clock with the paper behind it."""

    layer: Place
    version_no: int
    clock: Clock
    document_number: str
    document_on: date
    reason: str
    contract: str
    recorded_by_name: str


@dataclass(frozen=True, slots=True)
class MoneyView:
    """One movement of the cash of a grant."""

    id: UUID
    kind: MoneyKind
    amount: Baht
    happened_on: date
    document_number: str
    note: str
    recorded_by_name: str


@dataclass(frozen=True, slots=True)
class GrantView:
    """One grant as kept, with the two clocks as they stand and the sums of its cash."""

    id: UUID
    draft: GrantDraft
    state: GrantState
    revision: int
    fund_source: str
    kind_name_th: str
    kind_name_en: str
    made_by_name: str
    opened_by_name: str
    entry_no: int | None
    state_clock: Clock
    own_clock: Clock
    money: GrantMoney
    balance: Balance

    @property
    def binding(self) -> Clock:
        """The days that bind now."""
        return binding_clock(
            place=self.draft.place,
            given=self.balance.appropriation,
            money=self.money,
            state=self.state_clock,
            own=self.own_clock,
        )

    @property
    def unobligated(self) -> Baht:
        """What no contract binds yet."""
        return self.balance.available + self.balance.reserved

    @property
    def unspent(self) -> Baht:
        """What is not paid yet."""
        return self.balance.appropriation - self.balance.spent

    @property
    def drawable(self) -> Baht:
        """Cash that may still be asked for (R201)."""
        return ZERO if self.draft.place is Place.STATE else self.money.in_hand - drawn(self.balance)


@dataclass(frozen=True, slots=True)
class GrantWhole:
    """A grant with its lines in force, the settings of its clocks and the movements of its cash."""

    grant: GrantView
    lines: tuple[BoardLine, ...]
    clocks: tuple[ClockView, ...]
    movements: tuple[MoneyView, ...]


@dataclass(frozen=True, slots=True)
class GrantTask:
    """A deadline that comes near with money still open: which one, how much (baht), how many days are left."""

    grant: GrantView
    clock: str
    due_on: date
    open_amount: Baht
    days_left: int


def tasks_of(grant: GrantView, *, today: date, warning_days: int) -> Iterator[GrantTask]:
    """Yield what is to be done about a grant before its deadlines (R198), overdue ones first among them."""
    if grant.state is not GrantState.OPEN:
        return
    clock = grant.binding
    for name, due_on, amount in (
        ("obligate", clock.obligate_by, grant.unobligated),
        ("spend", clock.spend_by, grant.unspent),
    ):
        left = (due_on - today).days
        if amount > ZERO and left <= warning_days:
            yield GrantTask(grant, name, due_on, amount, left)


@dataclass(frozen=True, slots=True)
class GrantFigures:
    """The report of one grant as of a day (R206), in baht: received, obligated, paid, carried over its year, returned."""

    grant: GrantView
    given: Baht
    received: Baht
    obligated: Baht
    paid: Baht
    carried: Baht
    returned: Baht

    @property
    def left(self) -> Baht:
        """What is neither paid nor given back."""
        return self.given - self.paid
