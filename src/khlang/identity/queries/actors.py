"""Reads about entities and people; all return frozen values."""

import json
from datetime import date, datetime

from django.db.models import Q

from khlang.identity.models import Entity, Membership, Order, OrderLine, Staff, User, Visit
from khlang.identity.permissions import MATRIX
from khlang.identity.queries.entities import entity, entity_view, known_entity
from khlang.identity.rules import Duty, EntityView, ExceptionView, PersonView, Role, UseView, read_authority
from khlang.kernel.actors import Actor, Authority
from khlang.kernel.fiscal_calendar import THAI_TIME
from khlang.kernel.thai_text import sort_key
from khlang.toolkit import sql
from khlang.toolkit.tenancy import entity_transaction, person_transaction, required_entity_id


def entities_of(*, user_id: int, at: datetime) -> list[EntityView]:
    """The entities in which a person wears a hat at this moment, by position, order or visit, in Thai order."""
    day = at.astimezone(THAI_TIME).date()
    with person_transaction(user_id):
        held = Membership.objects.filter(user_id=user_id).filter(moment_between("granted_at", "ended_at", at))
        ordered = OrderLine.objects.filter(user_id=user_id, starts_on__lte=day).filter(by_day(day)).exclude(hat="")
        visited = Visit.objects.filter(user_id=user_id, started_at__lte=at, ends_at__gt=at)
        numbers = {row for found in (held, ordered, visited) for row in found.values_list("entity_id", flat=True)}
        found = Entity.objects.select_related("parent").filter(entity_id__in=numbers).order_by("sort_key")
        return [entity_view(row) for row in found]


def actor(
    *,
    user_id: int,
    user_name: str,
    entity_code: str,
    at: datetime,
    address: str = "",
    request_id: str = "",
    fresh: bool = True,
) -> Actor | None:
    """The person as an actor in one entity at a moment; None when she wears no hat there or the entity is unknown.

    `fresh`: whether she proved who she is within the last minutes.
    """
    found = known_entity(code=entity_code)
    if found is None:
        return None
    return actor_in(
        found, user_id=user_id, user_name=user_name, at=at, address=address, request_id=request_id, fresh=fresh
    )


def actor_in(
    place: EntityView,
    *,
    user_id: int,
    user_name: str,
    at: datetime,
    address: str = "",
    request_id: str = "",
    fresh: bool = True,
) -> Actor | None:
    """The same in an entity that is known already; joins its transaction where one is open."""
    authorities = authorities_of(entity_id=place.entity_id, user_id=user_id, at=at)
    hats = frozenset(each.hat for each in authorities)
    if not hats:
        return None
    return Actor(
        user_id,
        user_name,
        place.entity_id,
        place.code,
        place.name_th,
        hats & frozenset(Role),
        address,
        request_id,
        hats & frozenset(Duty),
        authorities,
        fresh,
    )


def authorities_of(*, entity_id: int, user_id: int, at: datetime) -> tuple[Authority, ...]:
    """Every hat of a person in an entity at a moment, and the order each rests on (R15, R17, R20)."""
    with entity_transaction(entity_id, read_only=True):
        found = sql.scalar("SELECT identity_hats(%s, %s, %s)", (entity_id, user_id, at))
    return tuple(read_authority(entry) for entry in (json.loads(found) if isinstance(found, str) else found))


def separations(*, user_id: int, day: date) -> list[ExceptionView]:
    """The written exceptions to the separation of duties that cover a person on a day, in the entity of the transaction."""
    found = OrderLine.objects.filter(entity_id=required_entity_id(), user_id=user_id, starts_on__lte=day)
    lines = list(found.filter(by_day(day)).exclude(rule=""))
    orders = {row.order_id: row for row in Order.objects.filter(order_id__in={line.order_id for line in lines})}
    people = {user_id, *(line.reviewer_id for line in lines if line.reviewer_id is not None)}
    names = dict(User.objects.filter(pk__in=people).values_list("pk", "full_name"))
    return [_exception(line, orders[line.order_id], names) for line in lines]


def exception_covering(*, user_id: int, rule: str, day: date) -> ExceptionView | None:
    """The written exception to this rule (R327-R333) that covers a person on a day, or None."""
    return next((each for each in separations(user_id=user_id, day=day) if each.rule == rule), None)


def _exception(line: OrderLine, order: Order, names: dict[int, str]) -> ExceptionView:
    if line.reviewer_id is None or line.ends_on is None:
        raise AssertionError("the database keeps a reviewer and an end on every exception")
    ends_on = min(line.ends_on, line.ended_on) if line.ended_on else line.ends_on
    return ExceptionView(
        order_id=str(line.order_id),
        order_number=order.number,
        rule=line.rule,
        user_id=line.user_id,
        user_name=names[line.user_id],
        reviewer_id=line.reviewer_id,
        reviewer_name=names[line.reviewer_id],
        approved_by=order.signed_by,
        starts_on=line.starts_on,
        ends_on=ends_on,
    )


def held_at(at: datetime) -> Q:
    """Roles by position that hold at a moment."""
    return moment_between("granted_at", "ended_at", at)


def moment_between(start: str, end: str, at: datetime) -> Q:
    """Rows that began before a moment and had not ended by then."""
    return Q(**{f"{start}__lte": at}) & (Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gt": at}))


def by_day(day: date) -> Q:
    """An order that names its last day, or was taken back, holds to the end of the earlier of both."""
    return (Q(ends_on__isnull=True) | Q(ends_on__gte=day)) & (Q(ended_on__isnull=True) | Q(ended_on__gte=day))


def operator(*, entity_code: str, name: str = "khlang") -> Actor:
    """The command line acting in one entity: whoever may run it on the server (user number 0)."""
    found = entity(code=entity_code)
    return Actor(0, name, found.entity_id, found.code, found.name_th, frozenset({Role.OPERATOR}))


def user_named(*, username: str) -> User | None:
    """The person who logs in under this name."""
    return User.objects.filter(username=username).first()


def people_who_may(*, act: str, at: datetime) -> list[PersonView]:
    """Everyone whose hat in the entity of the transaction lets her do `act` at this moment, by name."""
    entity_id, permission = required_entity_id(), MATRIX[act]
    held = Membership.objects.filter(entity_id=entity_id, role__in=permission.roles).filter(
        moment_between("granted_at", "ended_at", at),
    )
    day = at.astimezone(THAI_TIME).date()
    ordered = OrderLine.objects.filter(entity_id=entity_id, hat__in=permission.hats, starts_on__lte=day)
    numbers = {
        *held.values_list("user_id", flat=True),
        *ordered.filter(by_day(day)).values_list("user_id", flat=True),
    }
    titles = dict(Staff.objects.filter(entity_id=entity_id, user_id__in=numbers).values_list("user_id", "title"))
    found = User.objects.filter(pk__in=numbers, is_active=True)
    people = [PersonView(user.pk, user.full_name, titles.get(user.pk, "")) for user in found]
    return sorted(people, key=lambda each: sort_key(each.name))


def user_by_pid_hash(*, pid_hash: str) -> User | None:
    """The person whose citizen number has this keyed hash; nobody is made by a log-in."""
    return User.objects.filter(pid_hash=pid_hash, is_active=True).first()


_USES = """
    SELECT u.use_id::text, u.rule, u.step, u.act, u.document, u.user_id, u.user_name, u.order_id::text, o.number, o.ordered_on,
           u.reviewer_id, p.full_name, u.used_at, coalesce(r.finding, ''), coalesce(r.note, ''),
           coalesce(r.reviewed_by_name, ''), r.reviewed_at
      FROM identity_exception_use u
      JOIN identity_order o ON o.entity_id = u.entity_id AND o.order_id = u.order_id
      JOIN identity_user p ON p.id = u.reviewer_id
      LEFT JOIN identity_exception_review r ON r.entity_id = u.entity_id AND r.use_id = u.use_id
     WHERE u.entity_id = %(entity)s
"""


def exception_uses(
    *, document: str = "", reviewed: bool | None = None, limit: int = 500, before: datetime | None = None
) -> list[UseView]:
    """What was done in two hats under written exceptions (R333), newest first; of one document, or (not) yet reviewed."""
    tests = "AND u.document = %(document)s " if document else ""
    if reviewed is not None:
        tests += f"AND r.use_id IS {'NOT ' if reviewed else ''}NULL "
    if before is not None:
        tests += "AND u.used_at < %(before)s "
    facts = {"entity": required_entity_id(), "document": document, "before": before, "limit": limit}
    found = sql.rows(f"{_USES} {tests} ORDER BY u.used_at DESC, u.use_id DESC LIMIT %(limit)s", facts)
    return [UseView(*values) for values in found]
