"""Modes of the whole system, announcements, status."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """Modes of the whole system, announcements, status."""

    name = "khlang.operations"
    label = "operations"
