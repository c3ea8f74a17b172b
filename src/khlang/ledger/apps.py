"""Posted facts."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Journals, lines, periods, numbers, balances. Drafts live in the books that own them."""

    name = "khlang.ledger"
    label = "ledger"

    def ready(self) -> None:
        """Whoever asks why she may not open a period hears who asked for it."""
        from khlang.identity.queries import tell_hands_of

        tell_hands_of("reopening", _hands)


def _hands(number: str) -> dict[str, tuple[int, ...]]:
    # Read when somebody asks: commands that never do start without it.
    from khlang.ledger.queries import hands_of_reopening

    return hands_of_reopening(number)
