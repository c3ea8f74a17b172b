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
from khlang.ledger.queries.periods import fiscal_years, period_changes, periods
from khlang.ledger.queries.reopenings import reopening, reopening_tasks, reopenings
from khlang.ledger.queries.replays import PostedKey, posted_keys
from khlang.ledger.queries.verification import verify

__all__ = [
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
    "has_opening",
    "journal",
    "journal_label",
    "journals",
    "journals_of_source",
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
