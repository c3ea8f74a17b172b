"""Entities and where they stand in the national tree."""

from dataclasses import dataclass
from enum import StrEnum


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

DEPARTMENT_CODE = "DLA"


def provincial_code(province: str) -> str:
    """The code of the department's office in a province, from the two digits of the province; empty without them."""
    return f"P{province}" if province else ""


KEEPS_BOOKS = frozenset({Level.LOCAL_GOVERNMENT, Level.UNIT})


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
class EntityFilter:
    """What the list of entities is narrowed by."""

    search: str = ""
    level: str = ""
    kind: str = ""
    province_code: str = ""
    page: int = 1
