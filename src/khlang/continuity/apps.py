"""Figures in and out: imports, exports, the way back."""

from django.apps import AppConfig


class ContinuityConfig(AppConfig):
    """Opening balances, imports and exports."""

    name = "khlang.continuity"
    label = "continuity"

    def ready(self) -> None:
        """Whoever asks why she may not post an import hears who sent it."""
        from khlang.identity.queries import tell_hands_of

        tell_hands_of("import", _hands)


def _hands(number: str) -> dict[str, tuple[int, ...]]:
    # Read when somebody asks: commands that never do start without it.
    from khlang.continuity.queries import hands_of_import

    return hands_of_import(number)
