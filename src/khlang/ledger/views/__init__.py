"""Pages of the ledger: chart of accounts, fiscal years and periods."""

from khlang.ledger.views.accounts import (
    account_detail,
    account_list,
    account_workbook,
    close_sub_account,
    save_sub_account,
)
from khlang.ledger.views.periods import carry_forward, open_fiscal_year, period_change, period_list
from khlang.ledger.views.reopenings import ask_reopening, reopening

__all__ = [
    "account_detail",
    "account_list",
    "account_workbook",
    "ask_reopening",
    "carry_forward",
    "close_sub_account",
    "open_fiscal_year",
    "period_change",
    "period_list",
    "reopening",
    "save_sub_account",
]
