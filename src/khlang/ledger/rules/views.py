"""What the ledger shows: frozen rows for reports, pages, exports and checks. All amounts in baht."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Generic, TypeVar
from uuid import UUID

from khlang.kernel.money import ZERO, Baht

T = TypeVar("T")


class PeriodState(StrEnum):
    """open -> soft_closed -> closed; soft_closed may open again with a reason, closed never."""

    OPEN = "open"
    SOFT_CLOSED = "soft_closed"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class PeriodView:
    """One period of a fiscal year (0 opening, 1-12 months from October, 13 closing)."""

    fiscal_year: int
    period: int
    state: PeriodState
    journals: int = 0


@dataclass(frozen=True, slots=True)
class PeriodChange:
    """One opening or closing of a period, with its reason."""

    fiscal_year: int
    period: int
    state_before: str
    state_after: str
    reason: str
    changed_at: datetime
    changed_by_name: str


class ReopeningState(StrEnum):
    """A request is asked, then agreed (the period opens), refused, taken back, or lapsed when the period moved meanwhile."""

    ASKED = "asked"
    AGREED = "agreed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class ReopeningView:
    """A request to open a soft-closed period again: who asked in which hat and why, who answered (R331).

    `asked_as` is head_of_treasury, clerk, or either while nobody has answered somebody who holds both.
    """

    request_id: UUID
    fiscal_year: int
    period: int
    reason: str
    state: ReopeningState
    asked_by: int
    asked_by_name: str
    asked_as: str
    asked_at: datetime
    answered_by_name: str
    answered_as: str
    answered_at: datetime | None
    note: str


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account the entity may see: national, or its own sub-account ("code-NN")."""

    code: str
    sub_account: str
    name_th: str
    name_en: str
    kind: str
    normal_side: str
    chart: str
    parent_code: str
    is_postable: bool
    is_open: bool
    is_cash: bool
    statement_line: str
    budget_type: str
    mapped_code: str
    printed_code: str
    valid_from_year: int
    valid_to_year: int | None

    @property
    def account(self) -> str:
        """The code as people write it."""
        return f"{self.code}-{self.sub_account}" if self.sub_account else self.code


@dataclass(frozen=True, slots=True)
class LineView:
    """One posted line."""

    line_no: int
    account_code: str
    sub_account: str
    fund_source: str
    budget_type: str | None
    debit: Baht
    credit: Baht
    description: str
    account_name: str = ""

    @property
    def account(self) -> str:
        """The code as people write it."""
        return f"{self.account_code}-{self.sub_account}" if self.sub_account else self.account_code


@dataclass(frozen=True, slots=True)
class JournalView:
    """One posted journal, whole."""

    fiscal_year: int
    sequence_no: int
    series: str
    number: int
    label: str
    kind: str
    period: int
    date: date
    description: str
    source_area: str
    source_id: UUID | None
    batch_id: UUID | None
    reverses: tuple[int, int] | None
    reversed_by: tuple[int, int] | None
    posted_at: datetime
    posted_by: int
    posted_by_name: str
    idempotency_key: UUID
    previous_hash: bytes
    hash: bytes
    lines: tuple[LineView, ...] = ()
    total: Baht = ZERO


@dataclass(frozen=True, slots=True)
class JournalFilter:
    """What a list of journals is narrowed by; `search` looks in description, number and amount."""

    fiscal_year: int
    start: date | None = None
    end: date | None = None
    kind: str = ""
    account: str = ""
    fund_source: str = ""
    search: str = ""
    amount: Baht | None = None
    batch_id: UUID | None = None
    order: str = "-date"
    page: int = 1
    page_size: int = 50


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list, with the count and sum of the whole."""

    rows: tuple[T, ...]
    count: int
    page: int
    page_size: int
    total: Baht = ZERO

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return max(1, -(-self.count // self.page_size))


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One line of an account's ledger, with the journal it belongs to."""

    fiscal_year: int
    sequence_no: int
    label: str
    period: int
    kind: str
    date: date
    account_code: str
    sub_account: str
    fund_source: str
    description: str
    debit: Baht
    credit: Baht


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """Debits and credits of one account and fund source: brought forward, moved in the time asked, year-end entries."""

    account_code: str
    sub_account: str
    fund_source: str
    opening_debit: Baht
    opening_credit: Baht
    debit: Baht
    credit: Baht

    @property
    def account(self) -> str:
        """The code as people write it."""
        return f"{self.account_code}-{self.sub_account}" if self.sub_account else self.account_code

    @property
    def balance(self) -> Baht:
        """Debit less credit, opening included."""
        return self.opening_debit - self.opening_credit + self.debit - self.credit


@dataclass(frozen=True, slots=True)
class CashMovement:
    """Non-cash lines of journals that touch cash, summed: what money was received for and paid for.

    `turned` when the journals reverse another one; a reversal of a reversal is not turned.
    """

    account_code: str
    sub_account: str
    fund_source: str
    budget_type: str
    debit: Baht
    credit: Baht
    turned: bool = False


@dataclass(frozen=True, slots=True)
class Estimate:
    """The budget figure of one account for a year (baht)."""

    account_code: str
    sub_account: str
    amount: Baht


@dataclass(frozen=True, slots=True)
class Batch:
    """A run that posted many journals."""

    batch_id: UUID
    kind: str
    title: str
    state: str
    journals: int
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Fault:
    """Something the checker found: what, and at which journal or account."""

    code: str
    facts: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """The checker's word on one entity: how much was recomputed, and every fault, the first wrong entry first."""

    entity_code: str
    journals: int
    lines: int
    faults: tuple[Fault, ...]
    last_hash: str = ""

    @property
    def holds(self) -> bool:
        """Whether nothing was found."""
        return not self.faults
