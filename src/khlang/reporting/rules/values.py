"""Plain values that go into a statement. Debit is positive in every signed amount."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from khlang.kernel.money import ZERO, Baht
from khlang.reporting.rules.words import Language

KINDS = ("asset", "expense", "liability", "net_assets", "revenue")
"""Kinds of account in the order in which a trial balance lists them: debit natures first."""


@dataclass(frozen=True, slots=True)
class Account:
    """One account, or one sub-account of an entity under it (`code` is then `1101030102-01`)."""

    code: str
    name_th: str
    kind: str
    name_en: str = ""
    is_cash: bool = False
    budget_type: str = ""

    def name(self, language: Language) -> str:
        """The name in this language; Thai when there is no English one."""
        return self.name_en if language == "en" and self.name_en else self.name_th


@dataclass(frozen=True, slots=True)
class Balance:
    """What one account (of one fund source) stood at, and what moved since; `opening` is debit less credit."""

    account: str
    fund_source: str = ""
    opening: Baht = ZERO
    debit: Baht = ZERO
    credit: Baht = ZERO

    @property
    def movement(self) -> Baht:
        """Debits less credits of the period."""
        return self.debit - self.credit

    @property
    def closing(self) -> Baht:
        """Where the account stands at the end, debit positive."""
        return self.opening + self.debit - self.credit


@dataclass(frozen=True, slots=True)
class Entry:
    """One posted line with the head of its journal."""

    fiscal_year: int
    sequence_no: int
    label: str
    day: date
    description: str
    account: str
    debit: Baht
    credit: Baht
    fund_source: str = ""
    line_no: int = 0
    kind: str = "general"


@dataclass(frozen=True, slots=True)
class CashMovement:
    """Non-cash lines of journals that touched cash, summed: a credit is money in, a debit money out.

    `turned` marks journals that reverse another: they lower the side that the first one raised.
    """

    account: str
    debit: Baht = ZERO
    credit: Baht = ZERO
    budget_type: str = ""
    turned: bool = False


@dataclass(frozen=True, slots=True)
class LayoutLine:
    """One line of an official statement, as reference data gives it."""

    line_code: str
    label_th: str
    kind: str
    label_en: str = ""
    side: str = ""
    selector: str = ""
    detail: str = ""
    printed_code: str = ""
    sign: int = 1
    subtotal_of: str = ""
    formula: str = ""
    must_equal: str = ""

    def label(self, language: Language) -> str:
        """The printed label in this language."""
        return self.label_en if language == "en" and self.label_en else self.label_th


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose books, of which year and days, as known when, in which language.

    `zero` keeps (True) or hides (False) lines without amounts; None follows the layout.
    """

    entity_code: str
    entity_name: str
    fiscal_year: int
    since: date
    to: date
    entity_kind: str = ""
    known_at: datetime | None = None
    fund_source: str = ""
    language: Language = "th"
    zero: bool | None = None


def main_account(account: str) -> str:
    """The national account of a full code: `1101030102` of `1101030102-01`."""
    return account.partition("-")[0]


def account_of(accounts: Mapping[str, Account], code: str) -> Account:
    """The account of a full code, or its national account; a code nobody knows still shows, as an asset."""
    found = accounts.get(code) or accounts.get(main_account(code))
    return found or Account(code=code, name_th=code, kind=_kind_by_digit(code))


def _kind_by_digit(code: str) -> str:
    order = {"1": "asset", "2": "liability", "3": "net_assets", "4": "revenue", "5": "expense"}
    return order.get(code[:1], "asset")


def summed(balances: Iterable[Balance]) -> dict[str, Balance]:
    """One balance for every account over all fund sources, in code order."""
    totals: dict[str, tuple[Baht, Baht, Baht]] = {}
    for row in balances:
        opening, debit, credit = totals.get(row.account, (ZERO, ZERO, ZERO))
        totals[row.account] = (opening + row.opening, debit + row.debit, credit + row.credit)
    return {code: Balance(code, "", *totals[code]) for code in sorted(totals)}
