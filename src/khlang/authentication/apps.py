"""How people prove who they are: doors and sessions."""

from django.apps import AppConfig


class AuthenticationConfig(AppConfig):
    """How people prove who they are: doors and sessions."""

    name = "khlang.authentication"
    label = "authentication"
