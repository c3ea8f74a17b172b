"""Orders of an entity, inside its transaction."""

from collections import defaultdict
from datetime import date, datetime
from uuid import UUID

from khlang.identity.models import Entity, Membership, Order, OrderLine, Staff, User
from khlang.identity.queries.actors import by_day, held_at
from khlang.identity.rules import (
    Listing,
    OrderFacts,
    OrderFilter,
    OrderKind,
    OrderLineView,
    OrderView,
    RunningLine,
    StaffFacts,
    chosen_orders,
)
from khlang.identity.rules.people import PEOPLE_A_PAGE
from khlang.kernel.fiscal_calendar import THAI_TIME
from khlang.kernel.money import Baht
from khlang.toolkit.tenancy import required_entity_id


def orders(chosen: OrderFilter, *, day: date) -> Listing[OrderView]:
    """One page of the orders of the entity; their states are those of `day`."""
    found = chosen_orders(all_orders(), chosen, day=day)
    start = (chosen.page - 1) * PEOPLE_A_PAGE
    return Listing(tuple(found[start : start + PEOPLE_A_PAGE]), len(found), chosen.page)


def all_orders() -> list[OrderView]:
    """Every order of the entity with its lines, in no order."""
    entity_id = required_entity_id()
    lines: dict[UUID, list[OrderLine]] = defaultdict(list)
    for line in OrderLine.objects.filter(entity_id=entity_id).order_by("order_id", "line_no"):
        lines[line.order_id].append(line)
    found = list(Order.objects.filter(entity_id=entity_id))
    names = _names(found, [line for each in lines.values() for line in each])
    return [_view(each, lines[each.order_id], names) for each in found]


def order(*, order_id: UUID) -> OrderView | None:
    """One order, or None."""
    entity_id = required_entity_id()
    row = Order.objects.filter(entity_id=entity_id, order_id=order_id).first()
    if row is None:
        return None
    lines = list(OrderLine.objects.filter(entity_id=entity_id, order_id=order_id).order_by("line_no"))
    return _view(row, lines, _names([row], lines))


def order_numbered(*, number: str) -> OrderView | None:
    """The order with this number, or None."""
    row = Order.objects.filter(entity_id=required_entity_id(), number=number).first()
    return None if row is None else order(order_id=row.order_id)


def _names(found: list[Order], lines: list[OrderLine]) -> dict[int, str]:
    numbers = {line.user_id for line in lines} | {line.reviewer_id for line in lines if line.reviewer_id is not None}
    numbers |= {each.recorded_by for each in found}
    return dict(User.objects.filter(pk__in=numbers).values_list("pk", "full_name"))


def _view(row: Order, lines: list[OrderLine], names: dict[int, str]) -> OrderView:
    return OrderView(
        order_id=str(row.order_id),
        number=row.number,
        ordered_on=row.ordered_on,
        kind=row.kind,
        subject=row.subject,
        signed_by=row.signed_by,
        signed_as=row.signed_as,
        signed_role=row.signed_role,
        signed_by_id=row.signed_by_id,
        note=row.note,
        recorded_by=row.recorded_by,
        recorded_by_name=names.get(row.recorded_by, ""),
        recorded_at=row.recorded_at,
        lines=tuple(_line(line, names) for line in lines),
    )


def _line(line: OrderLine, names: dict[int, str]) -> OrderLineView:
    return OrderLineView(
        line_no=line.line_no,
        user_id=line.user_id,
        name=names.get(line.user_id, ""),
        hat=line.hat,
        rule=line.rule,
        position=line.position,
        acting_for=line.acting_for,
        reviewer_id=line.reviewer_id,
        reviewer_name=names.get(line.reviewer_id or 0, ""),
        amount_max=None if line.amount_max is None else Baht(line.amount_max),
        starts_on=line.starts_on,
        ends_on=line.ends_on,
        ended_on=line.ended_on,
        ended_reason=line.ended_reason,
    )


def order_facts(*, recorded_by: int, at: datetime) -> OrderFacts:
    """What must be known of the entity to judge a new order."""
    entity_id, today = required_entity_id(), at.astimezone(THAI_TIME).date()
    here = Staff.objects.filter(entity_id=entity_id, left_at__isnull=True).values_list("user_id", flat=True)
    names = dict(User.objects.filter(pk__in=list(here)).values_list("pk", "full_name"))
    positions: dict[int, set[str]] = defaultdict(set)
    for number, role in Membership.objects.filter(held_at(at), entity_id=entity_id).values_list("user_id", "role"):
        positions[number].add(role)
    found = list(Order.objects.filter(entity_id=entity_id))
    by_number = {each.order_id: each for each in found}
    lines = list(OrderLine.objects.filter(by_day(today), entity_id=entity_id))
    acting: dict[int, set[str]] = defaultdict(set)
    for line in lines:
        if by_number[line.order_id].kind != OrderKind.APPOINTMENT and line.hat and line.starts_on <= today:
            acting[line.user_id].add(line.hat)
        elif line.hat and line.starts_on <= today:
            positions[line.user_id].add(line.hat)
    return OrderFacts(
        level=Entity.objects.get(pk=entity_id).level,
        today=today,
        recorded_by=recorded_by,
        staff={
            number: StaffFacts(name, frozenset(positions[number]), frozenset(acting[number] - positions[number]))
            for number, name in names.items()
        },
        running=tuple(_running(line, by_number[line.order_id]) for line in lines),
        numbers={each.number: each.subject for each in found},
    )


def _running(line: OrderLine, of: Order) -> RunningLine:
    last = min((day for day in (line.ends_on, line.ended_on) if day), default=None)
    return RunningLine(line.user_id, line.hat or line.rule, of.number, line.starts_on, last)
