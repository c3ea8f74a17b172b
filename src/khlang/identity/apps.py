"""Who people are and where they may work."""

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    """Entities, users, memberships."""

    name = "khlang.identity"
    label = "identity"
