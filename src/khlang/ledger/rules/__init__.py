"""Values and checks of the ledger; pure. Other areas import from here."""

from khlang.ledger.rules.canonical import content_text, journal_hash
from khlang.ledger.rules.checks import LINES_MIN, check_journal
from khlang.ledger.rules.drafts import (
    AccountFact,
    JournalDraft,
    LedgerFacts,
    LineDraft,
    PostedJournal,
    YearFact,
    split_account,
)
from khlang.ledger.rules.views import (
    AccountView,
    BalanceRow,
    Batch,
    CashMovement,
    Estimate,
    Fault,
    JournalFilter,
    JournalView,
    LedgerLine,
    LineView,
    Page,
    PeriodChange,
    PeriodState,
    PeriodView,
    VerifyReport,
)

__all__ = [
    "LINES_MIN",
    "AccountFact",
    "AccountView",
    "BalanceRow",
    "Batch",
    "CashMovement",
    "Estimate",
    "Fault",
    "JournalDraft",
    "JournalFilter",
    "JournalView",
    "LedgerFacts",
    "LedgerLine",
    "LineDraft",
    "LineView",
    "Page",
    "PeriodChange",
    "PeriodState",
    "PeriodView",
    "PostedJournal",
    "VerifyReport",
    "YearFact",
    "check_journal",
    "content_text",
    "journal_hash",
    "split_account",
]
