"""Reporting: reads the ledger and builds statements; it never writes."""

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """The reporting area."""

    name = "khlang.reporting"
    verbose_name = "Reporting"
