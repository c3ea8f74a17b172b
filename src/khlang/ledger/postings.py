"""Journals the ledger makes from other journals: the mirror of one, and the balances carried into a year."""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from uuid import UUID, uuid5

from khlang.kernel.fiscal_calendar import year_start
from khlang.kernel.money import ZERO, Baht
from khlang.ledger.rules import BalanceRow, JournalDraft, JournalView, LineDraft

_CARRIED = frozenset({"asset", "liability", "net_assets"})
NOTHING: Mapping[str, str] = MappingProxyType({})


def reversal(*, journal: JournalView, day: date, period: int, reason: str, idempotency_key: UUID) -> JournalDraft:
    """The exact mirror of a posted journal, dated `day`, kept beside it (R9: correct by adding)."""
    lines = tuple(
        LineDraft(
            account=line.account,
            fund_source=line.fund_source,
            debit=line.credit,
            credit=line.debit,
            description=line.description,
            budget_type=line.budget_type,
        )
        for line in journal.lines
    )
    return JournalDraft(
        idempotency_key=idempotency_key,
        date=day,
        kind=journal.kind,
        description=f"{reason} ({journal.label})",
        lines=lines,
        period=period,
        fiscal_year=None if period else journal.fiscal_year,
        source_area=journal.source_area,
        source_id=journal.source_id,
        reverses=(journal.fiscal_year, journal.sequence_no),
    )


def opening_of_next_year(
    *,
    entity_id: int,
    fiscal_year: int,
    attempt: int,
    balances: Iterable[BalanceRow],
    kinds: dict[str, str],
    surplus_account: str,
    description: str,
    successors: Mapping[str, str] = NOTHING,
) -> JournalDraft | None:
    """The opening journal of `fiscal_year` (B.E.) from last year's closing balances; None when all are zero.

    Revenue and expense end with their year: their difference goes to `surplus_account` by fund source (R284).
    `successors` lead from accounts of an older chart to today's, without the sub-account: its parent is another one.
    `attempt` is the number of opening journals the year has had: after a reversal the next one is a new journal.
    """
    carried: dict[tuple[str, str], Baht] = {}
    for row in balances:
        account = row.account if kinds[row.account_code] in _CARRIED else surplus_account
        key = (successors.get(account.partition("-")[0], account), row.fund_source)
        carried[key] = carried.get(key, ZERO) + row.balance
    lines = tuple(
        LineDraft(account, fund, debit=amount) if amount > ZERO else LineDraft(account, fund, credit=-amount)
        for (account, fund), amount in sorted(carried.items())
        if amount
    )
    if not lines:
        return None
    return JournalDraft(
        # Two who carry forward at once make one journal.
        idempotency_key=uuid5(UUID(int=entity_id), f"carry-forward {fiscal_year} {attempt}"),
        date=year_start(fiscal_year),
        kind="opening",
        description=description,
        lines=lines,
    )
