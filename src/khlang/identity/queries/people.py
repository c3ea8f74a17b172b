"""The people of an entity, inside its transaction: who is on the list, which hats each wears, wore and will wear."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from khlang.audit import queries as audit
from khlang.audit.rules import ActFilter
from khlang.identity.models import Entity, Membership, Order, OrderLine, Staff, User
from khlang.identity.rules import HeldHat, Listing, PersonFilter, PersonRow, chosen_people
from khlang.identity.rules.people import PEOPLE_A_PAGE
from khlang.kernel.fiscal_calendar import THAI_TIME
from khlang.toolkit.tenancy import person_transaction, required_entity_id


def people(chosen: PersonFilter, *, at: datetime) -> Listing[PersonRow]:
    """One page of the people of the entity, with their hats at this moment."""
    found = chosen_people(all_people(at=at), chosen)
    start = (chosen.page - 1) * PEOPLE_A_PAGE
    return Listing(tuple(found[start : start + PEOPLE_A_PAGE]), len(found), chosen.page)


def all_people(*, at: datetime) -> list[PersonRow]:
    """Everybody who is or was on the list of the entity, in no order."""
    return _rows(Staff.objects.filter(entity_id=required_entity_id()), at)


def person(*, user_id: int, at: datetime) -> PersonRow | None:
    """One person of the entity; None for anybody who never stood on its list."""
    found = _rows(Staff.objects.filter(entity_id=required_entity_id(), user_id=user_id), at)
    return found[0] if found else None


def _rows(found: Iterable[Staff], at: datetime) -> list[PersonRow]:
    staff = list(found)
    numbers = [row.user_id for row in staff]
    users = User.objects.in_bulk(numbers)
    hats = _hats(numbers)
    return [_row(row, users[row.user_id], hats[row.user_id], at) for row in staff]


def _row(row: Staff, user: User, hats: list[HeldHat], at: datetime) -> PersonRow:
    day = at.astimezone(THAI_TIME).date()
    sorted_hats: dict[str, list[HeldHat]] = {"now": [], "coming": [], "past": []}
    for held in hats:
        sorted_hats[_when(held, at, day)].append(held)
    return PersonRow(
        user_id=user.pk,
        username=user.username,
        name=user.full_name,
        title=row.title,
        phone=row.phone,
        email=row.email,
        added_at=row.added_at,
        left_at=row.left_at,
        last_login=user.last_login,
        must_change_password=user.must_change_password,
        has_citizen_number=user.pid_hash is not None,
        is_ours=user.home_entity_id == row.entity_id,
        hats=tuple(sorted_hats["now"]),
        coming=tuple(sorted_hats["coming"]),
        past=tuple(sorted_hats["past"]),
    )


def _when(held: HeldHat, at: datetime, day: date) -> str:
    """A position changes at a moment, an order with the day: the rule of identity_hats(), for lists."""
    if isinstance(held.since, datetime):
        over = isinstance(held.until, datetime) and held.until <= at
        return "past" if over else "now" if held.since <= at else "coming"
    over = isinstance(held.until, date) and held.until < day
    return "past" if over else "now" if held.since <= day else "coming"


def _hats(numbers: list[int]) -> dict[int, list[HeldHat]]:
    entity_id = required_entity_id()
    found: dict[int, list[HeldHat]] = defaultdict(list)
    for row in Membership.objects.filter(entity_id=entity_id, user_id__in=numbers).order_by("granted_at", "role"):
        reasons = {"reason": row.reason, "ended_reason": row.ended_reason}
        found[row.user_id].append(HeldHat(row.role, "position", row.granted_at, row.ended_at, **reasons))
    ordered = OrderLine.objects.filter(entity_id=entity_id, user_id__in=numbers).exclude(hat="")
    lines = list(ordered.order_by("starts_on", "order_id", "line_no"))
    orders = Order.objects.filter(entity_id=entity_id, order_id__in={line.order_id for line in lines})
    by_number = {order.order_id: order for order in orders}
    for line in lines:
        found[line.user_id].append(_ordered_hat(line, by_number[line.order_id]))
    return found


def _ordered_hat(line: OrderLine, order: Order) -> HeldHat:
    until = min((day for day in (line.ends_on, line.ended_on) if day), default=None)
    return HeldHat(
        hat=line.hat,
        basis=order.kind,
        since=line.starts_on,
        until=until,
        order_id=str(line.order_id),
        order_number=order.number,
        acting_for=line.acting_for,
        ended_reason=line.ended_reason,
    )


def staff_of(*, user_id: int) -> list[int]:
    """The numbers of the entities on whose list a person stands now, the first one first."""
    with person_transaction(user_id):
        found = Staff.objects.filter(user_id=user_id, left_at__isnull=True).order_by("added_at")
        return list(found.values_list("entity_id", flat=True))


def names_of(*, user_ids: Collection[int]) -> dict[int, str]:
    """The present names of people by their numbers."""
    return dict(User.objects.filter(pk__in=user_ids).values_list("pk", "full_name"))


def home_of(*, user_id: int) -> str:
    """The name of the entity that keeps a person's account; empty when none does."""
    home = User.objects.filter(pk=user_id).values_list("home_entity_id", flat=True).first()
    if home is None:
        return ""
    return Entity.objects.filter(pk=home).values_list("name_th", flat=True).first() or ""


@dataclass(frozen=True, slots=True)
class FormerName:
    """A name a person had until a moment, and who changed it."""

    name: str
    until: datetime
    changed_by: str


def former_names(*, user_id: int) -> list[FormerName]:
    """The names a person had before, newest first, out of the record of acts."""
    acts = audit.acts(ActFilter(document=f"person:{user_id}", act="identity.rename_person", limit=20))
    return [FormerName(json.loads(act.facts)["before"], act.acted_at, act.actor_name) for act in acts]
