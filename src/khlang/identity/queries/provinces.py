"""The provincial offices with those who hold roles there, inside the transaction of the department."""

from collections import defaultdict

from khlang.identity.models import Entity, User
from khlang.identity.rules import Level, ProvinceHolder, ProvinceView, Role
from khlang.kernel.thai_text import sort_key
from khlang.toolkit import sql

_RANK = {str(role): number for number, role in enumerate(Role)}


def provinces() -> list[ProvinceView]:
    """Every provincial office. Refuses identity.not_the_department in the transaction of any other entity."""
    found = sql.rows("SELECT entity, person, hat, since, title FROM identity_province_holders()")
    users = User.objects.in_bulk({row[1] for row in found})
    held: dict[int, list[ProvinceHolder]] = defaultdict(list)
    for office, person, hat, since, title in found:
        user = users[person]
        held[office].append(ProvinceHolder(person, user.username, user.full_name, title, hat, since))
    offices = Entity.objects.filter(level=Level.PROVINCE).order_by("sort_key", "code")
    return [
        ProvinceView(
            code=row.code,
            name_th=row.name_th,
            name_en=row.name_en,
            province_code=row.province_code,
            holders=tuple(sorted(held[row.entity_id], key=lambda each: (_RANK[each.role], sort_key(each.name)))),
        )
        for row in offices
    ]
