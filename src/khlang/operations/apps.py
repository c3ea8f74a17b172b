"""Modes of the whole system, announcements, status."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """Modes of the whole system, announcements, status."""

    name = "khlang.operations"
    label = "operations"

    def ready(self) -> None:
        """Every transaction that writes asks from now on whether writing is open."""
        from khlang.operations.queries import why_writing_is_closed
        from khlang.toolkit.tenancy import close_writes_when

        close_writes_when(why_writing_is_closed)
