"""What the pages of the chart of accounts show and ask."""

from dataclasses import dataclass

from khlang.ledger.rules.views import AccountView
from khlang.reference.rules import Account, BudgetType, StatementLine

PAGE_SIZE = 100
DEPTH_MAX = 4


@dataclass(frozen=True, slots=True)
class ChartFilter:
    """What the list is narrowed by; `search` looks in codes old and new, and in names."""

    chart: str
    kind: str = ""
    search: str = ""
    own_only: bool = False
    postable_only: bool = False
    page: int = 1
    page_size: int = PAGE_SIZE


@dataclass(frozen=True, slots=True)
class ChartRow:
    """One account in its place: depth below the root, old codes that lead to it, today's account it leads to."""

    view: AccountView
    level: int = 0
    old_codes: tuple[str, ...] = ()
    new_name_th: str = ""
    new_name_en: str = ""

    @property
    def depth(self) -> int:
        """How far its name is drawn in; deeper than four steps nobody counts."""
        return min(self.level, DEPTH_MAX)

    @property
    def words(self) -> str:
        """Everything a search may look in."""
        view = self.view
        codes = (view.account, view.printed_code, view.mapped_code, *self.old_codes)
        return " ".join((*codes, view.name_th, view.name_en))


@dataclass(frozen=True, slots=True)
class AccountPage:
    """Everything about one national account, and the entity's own accounts under it."""

    view: AccountView
    national: Account
    groups: tuple[AccountView, ...]
    sub_accounts: tuple[AccountView, ...]
    old_accounts: tuple[Account, ...]
    new_account: Account | None
    statement_line: StatementLine | None
    budget_type: BudgetType | None

    @property
    def next_number(self) -> str:
        """The first number that no sub-account has."""
        taken = [int(each.sub_account) for each in self.sub_accounts]
        return f"{max(taken, default=0) + 1:02d}"
