"""The offices above all entities: the department and its provincial offices, made from the national lists."""

from django.db import transaction

from khlang.identity.commands.entities import EntityDraft, save_entity
from khlang.identity.models import Entity
from khlang.identity.rules import DEPARTMENT_CODE, provincial_code
from khlang.reference import queries as reference

# The capital is a local government of its own kind: no provincial office stands over it.
CAPITAL = "10"


def load_reference_data() -> int:
    """Make the department and its provincial offices, or bring their names up to date; how many were touched."""
    kinds = {kind.code: kind for kind in reference.entity_kinds()}
    department, office = kinds["department"], kinds["provincial_office"]
    wanted = [EntityDraft(DEPARTMENT_CODE, department.code, department.name_th, department.name_en)]
    wanted += [
        EntityDraft(
            code=provincial_code(province.code),
            kind=office.code,
            name_th=f"{office.name_th}{province.name_th}",
            name_en=f"{office.name_en}, {province.name_en}",
            province=province.code,
            parent=DEPARTMENT_CODE,
        )
        for province in reference.provinces()
        if province.code != CAPITAL
    ]
    known = {
        code: (th, en)
        for code, th, en in Entity.objects.filter(code__in=[each.code for each in wanted]).values_list(
            "code", "name_th", "name_en"
        )
    }
    changed = [each for each in wanted if known.get(each.code) != (each.name_th, each.name_en)]
    with transaction.atomic():
        for each in changed:
            save_entity(each)
    return len(changed)
