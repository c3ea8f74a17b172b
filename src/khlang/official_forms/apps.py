"""Official forms: statements and vouchers on paper, as PDF."""

from django.apps import AppConfig


class OfficialFormsConfig(AppConfig):
    """The official forms area."""

    name = "khlang.official_forms"
    verbose_name = "Official forms"
