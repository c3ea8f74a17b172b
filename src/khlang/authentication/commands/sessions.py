"""End sessions, and forget devices."""

from datetime import datetime

from khlang.authentication.models import Device, Session
from khlang.authentication.queries import SESSION_NUMBER
from khlang.kernel.refusals import Refusal, Refused


def end_session(*, user_id: int, number: str) -> None:
    """End one session of a person; refuses authentication.session_unknown."""
    if len(number) != SESSION_NUMBER:
        raise Refused(Refusal("authentication.session_unknown"))
    ended, _ = Session.objects.filter(user_id=user_id, session_key__startswith=number).delete()
    if not ended:
        raise Refused(Refusal("authentication.session_unknown"))


def end_all_sessions(*, user_id: int, at: datetime, except_key: str = "") -> int:
    """End every session of a person and forget her devices; gives how many sessions. `except_key` stays."""
    found = Session.objects.filter(user_id=user_id).exclude(session_key=except_key)
    count = found.count()
    found.delete()
    Device.objects.filter(user_id=user_id, forgotten_at__isnull=True).update(forgotten_at=at)
    return count


def clear_sessions(*, at: datetime) -> int:
    """Delete what is over; gives how many."""
    count, _ = Session.objects.filter(expire_date__lt=at).delete()
    return count
