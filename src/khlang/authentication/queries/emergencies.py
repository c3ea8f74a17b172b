"""Requests of two officers to let a third in."""

from datetime import datetime
from uuid import UUID

from khlang.authentication.models import Emergency
from khlang.authentication.rules import EmergencyView, state_of
from khlang.toolkit.tenancy import required_entity_id

_SHOWN = 20


def emergencies(*, at: datetime) -> list[EmergencyView]:
    """The latest requests of the entity of the transaction, the newest first."""
    found = Emergency.objects.filter(entity_id=required_entity_id()).order_by("-asked_at")[:_SHOWN]
    return [view_of(row, at) for row in found]


def emergency(*, emergency_id: UUID, at: datetime) -> EmergencyView | None:
    """One request of the entity of the transaction."""
    row = Emergency.objects.filter(entity_id=required_entity_id(), emergency_id=emergency_id).first()
    return view_of(row, at) if row is not None else None


def view_of(row: Emergency, at: datetime) -> EmergencyView:
    """A row as a value, without its halves."""
    state = state_of(
        used=row.used_at is not None,
        cancelled=row.cancelled_at is not None,
        seconded=row.second_id is not None,
        expires_at=row.expires_at,
        at=at,
    )
    return EmergencyView(
        emergency_id=str(row.emergency_id),
        user_id=row.user_id,
        user_name=row.user_name,
        reason=row.reason,
        first_id=row.first_id,
        first_name=row.first_name,
        second_name=row.second_name,
        asked_at=row.asked_at,
        expires_at=row.expires_at,
        state=state,
    )
