"""The only reads of the ledger offered to others, inside an entity transaction; all return frozen values."""

from khlang.ledger.queries.accounts import account, account_kinds, accounts, facts
from khlang.ledger.queries.balances import balances, cash_balance, cash_movements, estimates
from khlang.ledger.queries.exports import export_year
from khlang.ledger.queries.journals import (
    account_lines,
    batch,
    has_opening,
    journal,
    journal_label,
    journals,
    journals_of_source,
    openings,
    stream_journals,
    unreversed_of_batch,
)
from khlang.ledger.queries.periods import MONTHS_WAIT, fiscal_years, open_periods, period_changes, periods
from khlang.ledger.queries.reopenings import (
    REOPENING_WAITS,
    hands_of_reopening,
    reopening,
    reopening_tasks,
    reopenings,
)
from khlang.ledger.queries.replays import PostedKey, posted_keys
from khlang.ledger.queries.verification import verify

__all__ = [
    "MONTHS_WAIT",
    "REOPENING_WAITS",
    "PostedKey",
    "account",
    "account_kinds",
    "account_lines",
    "accounts",
    "balances",
    "batch",
    "cash_balance",
    "cash_movements",
    "estimates",
    "export_year",
    "facts",
    "fiscal_years",
    "hands_of_reopening",
    "has_opening",
    "journal",
    "journal_label",
    "journals",
    "journals_of_source",
    "open_periods",
    "openings",
    "period_changes",
    "periods",
    "posted_keys",
    "reopening",
    "reopening_tasks",
    "reopenings",
    "stream_journals",
    "unreversed_of_batch",
    "verify",
]
