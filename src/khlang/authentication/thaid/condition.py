"""How ThaiD does now: looked at in the background, kept in one row, read by the log-in page."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.conf import settings as django_settings

from khlang.authentication.rules.thaid import ThaidSettings
from khlang.authentication.thaid.provider import discovered
from khlang.authentication.thaid.wire import Budget, UnreachableError
from khlang.toolkit import sql

LOOK_SECONDS = 2.0
SLOW_SECONDS = 1.0
# The worker looks every half minute. Without a worker a page looks itself, one page at a time.
FRESH = timedelta(seconds=30)
STALE = timedelta(seconds=90)

_READ = "SELECT condition, since, checked_at FROM authentication_thaid_state"
_WRITE = """
    INSERT INTO authentication_thaid_state AS kept (id, condition, since, checked_at)
    VALUES (1, %(condition)s, %(at)s, %(at)s)
    ON CONFLICT (id) DO UPDATE
       SET since = CASE WHEN kept.condition = excluded.condition THEN kept.since ELSE excluded.since END,
           condition = excluded.condition, checked_at = excluded.checked_at
     WHERE kept.checked_at <= excluded.checked_at
    RETURNING id
"""
_CLAIM = "UPDATE authentication_thaid_state SET checked_at = %s WHERE checked_at < %s RETURNING id"


class Condition(StrEnum):
    """`off` means that this installation has no ThaiD."""

    WORKING = "working"
    SLOW = "slow"
    DOWN = "down"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class ThaidState:
    """The last thing known, since when it has been so, and when somebody looked. None when nobody ever did."""

    condition: Condition
    since: datetime | None = None
    checked_at: datetime | None = None
    simulated: bool = False


def current_state(*, at: datetime) -> ThaidState:
    """The state for the log-in page. Takes two seconds at most, and only when no worker has looked for long."""
    settings: ThaidSettings | None = django_settings.THAID
    if settings is None:
        return ThaidState(Condition.OFF)
    row = _row()
    if row is None or (at - row[2] > STALE and _claim(at)):
        look(at=at)
        row = _row()
    if row is None:
        return ThaidState(Condition.DOWN, simulated=settings.simulated)
    return ThaidState(Condition(row[0]), row[1], row[2], settings.simulated)


def look(*, at: datetime, ticks: Callable[[], float] = time.monotonic) -> Condition:
    """Ask ThaiD for its discovery document, wait two seconds at most, and keep what was seen."""
    settings: ThaidSettings | None = django_settings.THAID
    if settings is None:
        return Condition.OFF
    started = ticks()
    try:
        discovered(settings, Budget(min(LOOK_SECONDS, settings.seconds_max), ticks), seconds=0.0)
        found = Condition.SLOW if ticks() - started > SLOW_SECONDS else Condition.WORKING
    except UnreachableError:
        found = Condition.DOWN
    _write(found, at)
    return found


def note_down(*, at: datetime) -> None:
    """Somebody's log-in just failed because ThaiD did not answer: others need not find out by themselves."""
    _write(Condition.DOWN, at)


def _row() -> tuple[Any, ...] | None:
    return sql.row(_READ)


def _claim(at: datetime) -> bool:
    """Whether this page is the one that looks; the others show what was known."""
    return sql.row(_CLAIM, [at, at - FRESH]) is not None


def _write(found: Condition, at: datetime) -> None:
    sql.row(_WRITE, {"condition": found.value, "at": at})
