"""Reads about entities and people; all return frozen values."""

from khlang.identity.models import Entity, Membership, User
from khlang.identity.permissions import MATRIX
from khlang.identity.rules import Actor, EntityView, PersonView, Role
from khlang.kernel.refusals import Refusal, Refused
from khlang.toolkit.tenancy import person_transaction, required_entity_id


def _view(row: Entity) -> EntityView:
    return EntityView(
        entity_id=row.entity_id,
        code=row.code,
        name_th=row.name_th,
        name_en=row.name_en,
        level=row.level,
        kind=row.kind,
        province_code=row.province_code,
        parent_code=row.parent.code if row.parent else "",
    )


def entity(*, code: str) -> EntityView:
    """The entity with this code; refuses identity.entity_unknown {entity}."""
    row = Entity.objects.select_related("parent").filter(code=code).first()
    if row is None:
        raise Refused(Refusal("identity.entity_unknown", {"entity": code}))
    return _view(row)


def entities(*, level: str = "", kind: str = "", province_code: str = "", search: str = "") -> list[EntityView]:
    """Entities in Thai order, narrowed by what is given; `search` looks in code and name."""
    found = Entity.objects.select_related("parent").order_by("sort_key", "code")
    if level:
        found = found.filter(level=level)
    if kind:
        found = found.filter(kind=kind)
    if province_code:
        found = found.filter(province_code=province_code)
    if search:
        found = found.filter(name_th__contains=search) | found.filter(code__contains=search)
    return [_view(row) for row in found]


def entities_of(*, user_id: int) -> list[EntityView]:
    """The entities in which a person holds at least one role now, in Thai order."""
    with person_transaction(user_id):
        numbers = Membership.objects.filter(user_id=user_id, ended_at__isnull=True).values_list("entity_id", flat=True)
        found = Entity.objects.select_related("parent").filter(entity_id__in=set(numbers)).order_by("sort_key")
        return [_view(row) for row in found]


def actor(*, user_id: int, user_name: str, entity_code: str, address: str = "", request_id: str = "") -> Actor | None:
    """The person as an actor in one entity; None when she has no role there or the entity is unknown."""
    row = Entity.objects.filter(code=entity_code).first()
    if row is None:
        return None
    with person_transaction(user_id):
        roles = frozenset(
            Membership.objects.filter(user_id=user_id, entity_id=row.entity_id, ended_at__isnull=True).values_list(
                "role",
                flat=True,
            ),
        )
    if not roles:
        return None
    return Actor(user_id, user_name, row.entity_id, row.code, row.name_th, roles, address, request_id)


def operator(*, entity_code: str, name: str = "khlang") -> Actor:
    """The command line acting in one entity: whoever may run it on the server (user number 0)."""
    found = entity(code=entity_code)
    return Actor(0, name, found.entity_id, found.code, found.name_th, frozenset({Role.OPERATOR}))


def user_named(*, username: str) -> User | None:
    """The person who logs in under this name."""
    return User.objects.filter(username=username).first()


def people_who_may(*, act: str) -> list[PersonView]:
    """Everyone whose role in the entity of the transaction lets her do `act`, by name."""
    numbers = Membership.objects.filter(
        entity_id=required_entity_id(),
        role__in=MATRIX[act],
        ended_at__isnull=True,
    ).values_list("user_id", flat=True)
    found = User.objects.filter(pk__in=set(numbers), is_active=True).order_by("full_name")
    return [PersonView(user.pk, user.full_name) for user in found]
