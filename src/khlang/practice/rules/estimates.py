"""The budget figures of the practice years: near what came about, and round, as an ordinance has them."""

import random
from collections.abc import Iterable, Mapping

from khlang.kernel.money import Baht
from khlang.ledger.rules import Estimate, JournalDraft, split_account

STEP = 10_000 * 100
# Off-budget money has no place in the ordinance.
OFF_BUDGET = frozenset({"FS04", "FS05", "FS08", "FS09"})


def estimates_of(*, code: str, journals: Iterable[JournalDraft], budgeted: Mapping[str, str]) -> list[Estimate]:
    """One round figure for each account with a type of revenue or expenditure that moved in a whole year (baht)."""
    moved: dict[str, int] = {}
    for journal in journals:
        for line in journal.lines:
            account = split_account(line.account)[0]
            if account in budgeted and line.fund_source not in OFF_BUDGET and journal.kind != "opening":
                moved[account] = moved.get(account, 0) + line.debit.satang - line.credit.satang
    found = []
    for account, satang in sorted(moved.items()):
        percent = random.Random(f"{code} {account}").randint(97, 112)  # noqa: S311
        steps = max(1, abs(satang) * percent // 100 // STEP)
        found.append(Estimate(account, "", Baht.from_satang(steps * STEP)))
    return found
