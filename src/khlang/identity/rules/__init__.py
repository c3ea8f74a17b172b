"""Values and checks about people and entities that every area may use."""

from khlang.identity.rules.entities import KEEPS_BOOKS, PARENT_LEVEL, EntityView, Level
from khlang.identity.rules.hats import (
    FINANCE_ROLES,
    GRANTABLE_ROLES,
    Duty,
    HatWords,
    Role,
    check_combination,
    hat_words,
    roles_at,
)
from khlang.identity.rules.people import PersonView, read_authority
from khlang.identity.rules.separation import PAIRS, ExceptionView, Pair, Separated, UseView, check_separation, pair_of

__all__ = [
    "FINANCE_ROLES",
    "GRANTABLE_ROLES",
    "KEEPS_BOOKS",
    "PAIRS",
    "PARENT_LEVEL",
    "Duty",
    "EntityView",
    "ExceptionView",
    "HatWords",
    "Level",
    "Pair",
    "PersonView",
    "Role",
    "Separated",
    "UseView",
    "check_combination",
    "check_separation",
    "hat_words",
    "pair_of",
    "read_authority",
    "roles_at",
]
