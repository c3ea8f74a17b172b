"""The Django helpers every area stands on."""

from django.apps import AppConfig


class ToolkitConfig(AppConfig):
    """Holds no table and no business word."""

    name = "khlang.toolkit"
    label = "toolkit"
