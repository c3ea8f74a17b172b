"""Values about people and entities that every area passes around."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person is in one entity (R16). One person may hold several (R333)."""

    FINANCE_OFFICER = "finance_officer"
    HEAD_OF_TREASURY = "head_of_treasury"
    CLERK = "clerk"
    EXECUTIVE = "executive"
    AUDITOR = "auditor"
    LOCAL_ADMINISTRATOR = "local_administrator"
    OPERATOR = "operator"


class Level(StrEnum):
    """Where an entity stands in the national tree."""

    DEPARTMENT = "department"
    PROVINCE = "province"
    LOCAL_GOVERNMENT = "local_government"
    UNIT = "unit"


PARENT_LEVEL = {
    Level.PROVINCE: Level.DEPARTMENT,
    Level.LOCAL_GOVERNMENT: Level.PROVINCE,
    Level.UNIT: Level.LOCAL_GOVERNMENT,
}
"""A level hangs under this one; the department is the root."""

KEEPS_BOOKS = frozenset({Level.LOCAL_GOVERNMENT, Level.UNIT})


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, in which entity, in which roles. Every command takes one."""

    user_id: int
    name: str
    entity_id: int
    entity_code: str
    entity_name: str
    roles: frozenset[str]
    address: str = ""
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class EntityView:
    """One reporting entity as others may see it."""

    entity_id: int
    code: str
    name_th: str
    name_en: str
    level: str
    kind: str
    province_code: str
    parent_code: str


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person as colleagues see her: number and name."""

    user_id: int
    name: str
