"""Between the two steps of a log-in: who has given the right password, until the second proof or ten minutes."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest

from khlang.authentication import queries
from khlang.authentication.access import next_page

_KEY = "second_step"
_SECONDS = 600


def remember(request: HttpRequest, *, user_id: int, go_on: str, at: datetime) -> None:
    """Keep who it is, under a new key."""
    request.session.flush()
    request.session[_KEY] = {"user": user_id, "next": go_on, "at": int(at.timestamp())}


def pending_person(request: HttpRequest, *, at: datetime) -> Any:
    """The person who has given the right password; None when nobody has, or too long ago."""
    kept = request.session.get(_KEY)
    if not isinstance(kept, dict) or at.timestamp() - kept["at"] > _SECONDS:
        return None
    return queries.person(user_id=kept["user"])


def pending_page(request: HttpRequest) -> str:
    """Where she goes on to."""
    kept = request.session.get(_KEY) or {}
    return str(kept.get("next") or next_page(request))
