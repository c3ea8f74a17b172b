"""The only writes about entities and people."""

from khlang.identity.commands.entities import EntityDraft, ImportCount, add_entity, import_entities
from khlang.identity.commands.people import PASSWORD_CHARACTERS_MIN, add_user, check_password, end_role, grant_role
from khlang.identity.commands.separation import separate

__all__ = [
    "PASSWORD_CHARACTERS_MIN",
    "EntityDraft",
    "ImportCount",
    "add_entity",
    "add_user",
    "check_password",
    "end_role",
    "grant_role",
    "import_entities",
    "separate",
]
