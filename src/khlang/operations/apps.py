"""Modes of the whole system, announcements, status."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """Modes of the whole system, announcements, status."""

    name = "khlang.operations"
    label = "operations"

    def ready(self) -> None:
        """Every transaction that writes asks from now on whether writing is open; whoever asks "why not" hears it too."""
        from khlang.identity.queries import close_acts_when
        from khlang.operations.queries import why_act_is_closed, why_writing_is_closed
        from khlang.toolkit.tenancy import close_writes_when

        close_writes_when(why_writing_is_closed)
        close_acts_when(why_act_is_closed)
