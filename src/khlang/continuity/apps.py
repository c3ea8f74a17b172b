"""Figures in and out: imports, exports, the way back."""

from django.apps import AppConfig


class ContinuityConfig(AppConfig):
    """Opening balances, imports and exports."""

    name = "khlang.continuity"
    label = "continuity"
