"""What is handed to the ledger, and the facts it is judged by."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from khlang.kernel.fiscal_calendar import CLOSING_PERIOD, OPENING_PERIOD, fiscal_year_of, period_of
from khlang.kernel.money import ZERO, Baht

PERIOD_OF_KIND = {"opening": OPENING_PERIOD, "closing": CLOSING_PERIOD}


def split_account(account: str) -> tuple[str, str]:
    """Split "1101030102-01" into the national code and the entity's own sub-account ("" when there is none)."""
    code, _, sub_account = account.partition("-")
    return code, sub_account


@dataclass(frozen=True, slots=True)
class LineDraft:
    """One side of a journal: exactly one of debit and credit is positive (baht)."""

    account: str
    fund_source: str
    debit: Baht = ZERO
    credit: Baht = ZERO
    description: str = ""
    budget_type: str | None = None


@dataclass(frozen=True, slots=True)
class JournalDraft:
    """A journal about to be posted. Fiscal year (B.E.) and period follow from date and kind unless given."""

    idempotency_key: UUID
    date: date
    kind: str
    description: str
    lines: tuple[LineDraft, ...]
    fiscal_year: int | None = None
    period: int | None = None
    source_area: str = ""
    source_id: UUID | None = None
    reverses: tuple[int, int] | None = None

    @property
    def year(self) -> int:
        """The fiscal year it is posted to (R3)."""
        return self.fiscal_year if self.fiscal_year is not None else fiscal_year_of(self.date)

    @property
    def posting_period(self) -> int:
        """0 for opening balances, 13 for closing, else the month of the fiscal year."""
        if self.period is not None:
            return self.period
        return PERIOD_OF_KIND.get(self.kind, period_of(self.date))

    @property
    def debit(self) -> Baht:
        """The sum of the debit side."""
        return sum((line.debit for line in self.lines), ZERO)

    @property
    def credit(self) -> Baht:
        """The sum of the credit side."""
        return sum((line.credit for line in self.lines), ZERO)


@dataclass(frozen=True, slots=True)
class PostedJournal:
    """The ledger's answer: where the journal stands now. `replayed` when it stood there already."""

    fiscal_year: int
    sequence_no: int
    series: str
    number: int
    label: str
    period: int
    date: date
    replayed: bool


@dataclass(frozen=True, slots=True)
class AccountFact:
    """What a check needs to know of one account; `code` may carry a sub-account."""

    code: str
    name_th: str
    is_postable: bool
    valid_from_year: int
    valid_to_year: int | None = None
    mapped_code: str = ""
    is_open: bool = True

    def holds_in(self, fiscal_year: int) -> bool:
        """Whether the account belongs to the chart of that year."""
        return self.valid_from_year <= fiscal_year <= (self.valid_to_year or 9999)


@dataclass(frozen=True, slots=True)
class YearFact:
    """An opened fiscal year: its chart and the state of each period."""

    chart: str
    periods: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LedgerFacts:
    """Everything a journal is checked against, read once for many journals."""

    accounts: Mapping[str, AccountFact]
    fund_sources: frozenset[str]
    budget_types: frozenset[str]
    kinds: frozenset[str]
    years: Mapping[int, YearFact]
