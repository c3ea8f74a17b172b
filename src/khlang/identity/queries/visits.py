"""Who of the department or a province reads here, since when, until when, and why."""

from datetime import datetime

from khlang.identity.models import Entity, Visit
from khlang.identity.rules import VisitView
from khlang.toolkit.tenancy import person_transaction, required_entity_id


def visit_of(*, user_id: int, at: datetime) -> VisitView | None:
    """The visit of a person that lasts at this moment in the entity of the transaction, or None."""
    row = Visit.objects.filter(
        entity_id=required_entity_id(), user_id=user_id, started_at__lte=at, ends_at__gt=at
    ).first()
    return None if row is None else _views([row])[0]


def visits(*, limit: int = 200) -> list[VisitView]:
    """Every visit to the entity of the transaction, newest first."""
    found = Visit.objects.filter(entity_id=required_entity_id()).order_by("-started_at")[:limit]
    return _views(list(found))


def visits_by(*, user_id: int, limit: int = 50) -> list[VisitView]:
    """The visits of one person in every entity, newest first."""
    with person_transaction(user_id):
        return _views(list(Visit.objects.filter(user_id=user_id).order_by("-started_at")[:limit]))


def _views(rows: list[Visit]) -> list[VisitView]:
    numbers = {number for row in rows for number in (row.entity_id, row.from_entity_id)}
    known = {entity.entity_id: entity for entity in Entity.objects.filter(entity_id__in=numbers)}
    return [
        VisitView(
            visit_id=str(row.visit_id),
            entity_code=known[row.entity_id].code,
            entity_name=known[row.entity_id].name_th,
            user_id=row.user_id,
            user_name=row.user_name,
            from_code=known[row.from_entity_id].code,
            from_name=known[row.from_entity_id].name_th,
            reason=row.reason,
            started_at=row.started_at,
            ends_at=row.ends_at,
        )
        for row in rows
    ]
