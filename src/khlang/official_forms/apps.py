"""Prescribed paper."""

from django.apps import AppConfig


class OfficialFormsConfig(AppConfig):
    """Renders statements and vouchers to PDF."""

    name = "khlang.official_forms"
    label = "official_forms"
