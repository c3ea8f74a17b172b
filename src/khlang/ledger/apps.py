"""Posted facts."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Journals, lines, periods, numbers, balances. Drafts live in the books that own them."""

    name = "khlang.ledger"
    label = "ledger"
