"""What posting a voucher would do: the number it would get, and each balance before and after."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from khlang.kernel.money import ZERO, Baht
from khlang.ledger.rules import BalanceRow, LineDraft, PostedJournal


@dataclass(frozen=True, slots=True)
class BalanceEffect:
    """One account and fund source: balance now, what the voucher moves, balance then (baht, debit positive)."""

    account: str
    name: str
    fund_source: str
    before: Baht
    debit: Baht
    credit: Baht

    @property
    def after(self) -> Baht:
        """The balance once the voucher is posted."""
        return self.before + self.debit - self.credit


@dataclass(frozen=True, slots=True)
class VoucherPreview:
    """The answer that posting would give now."""

    posted: PostedJournal
    effects: tuple[BalanceEffect, ...]
    debit: Baht
    credit: Baht


def effects_of(
    *,
    lines: Iterable[LineDraft],
    balances: Iterable[BalanceRow],
    names: Mapping[str, str],
) -> tuple[BalanceEffect, ...]:
    """Each account the lines touch, in the order of the lines, with its balance before."""
    before = {(row.account, row.fund_source): row.balance for row in balances}
    moved: dict[tuple[str, str], tuple[Baht, Baht]] = {}
    for line in lines:
        key = (line.account, line.fund_source)
        debit, credit = moved.get(key, (ZERO, ZERO))
        moved[key] = (debit + line.debit, credit + line.credit)
    return tuple(
        BalanceEffect(account, names.get(account, ""), fund, before.get((account, fund), ZERO), debit, credit)
        for (account, fund), (debit, credit) in moved.items()
    )
