"""The append-only record of acts."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """One row per act, hash-chained per entity."""

    name = "khlang.audit"
    label = "audit"
