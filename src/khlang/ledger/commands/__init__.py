"""The only ways to write to the ledger. Each opens its own transaction and its one tenant lock."""

from khlang.ledger.commands.accounts import add_sub_account, close_sub_account, set_estimates
from khlang.ledger.commands.batches import finish_batch, open_batch, reverse_batch
from khlang.ledger.commands.periods import carry_forward, change_period, open_fiscal_year
from khlang.ledger.commands.posting import post_journal, post_journals, preview_journal, reverse_journal
from khlang.ledger.commands.reopenings import agree_reopening, ask_reopening, decline_reopening

__all__ = [
    "add_sub_account",
    "agree_reopening",
    "ask_reopening",
    "carry_forward",
    "change_period",
    "close_sub_account",
    "decline_reopening",
    "finish_batch",
    "open_batch",
    "open_fiscal_year",
    "post_journal",
    "post_journals",
    "preview_journal",
    "reverse_batch",
    "reverse_journal",
    "set_estimates",
]
