"""The general journal, written by hand."""

from django.apps import AppConfig


class JournalVouchersConfig(AppConfig):
    """General journal vouchers from draft to posted."""

    name = "khlang.journal_vouchers"
    label = "journal_vouchers"

    def ready(self) -> None:
        """Whoever asks why she may not post a voucher hears who prepared it."""
        from khlang.identity.queries import tell_hands_of

        tell_hands_of("voucher", _hands)


def _hands(number: str) -> dict[str, tuple[int, ...]]:
    # Read when somebody asks: commands that never do start without it.
    from khlang.journal_vouchers.queries import hands_of_voucher

    return hands_of_voucher(number)
