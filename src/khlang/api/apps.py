"""The shell for machines."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Router, tokens, one error body."""

    name = "khlang.api"
    label = "api"
