"""Which mode holds: one small query, kept for two seconds in each process, so that a switch needs no restart."""

import logging
import sys
import time
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import DatabaseError, InterfaceError
from django.utils import timezone

from khlang.kernel.refusals import Refusal
from khlang.operations import rules
from khlang.operations.rules import Mode, ModeView, Situation
from khlang.toolkit import sql

SECONDS_KEPT, NANOSECONDS = 2, 10**9
_COLUMNS = (
    "m.number, m.mode, m.starts_at, m.expected_end, m.words_th, m.words_en, m.reason, m.set_by_name, m.set_at,"
    " coalesce(c.set_by_name, '')"
)
_ROWS = f"SELECT {_COLUMNS} FROM operations_mode m LEFT JOIN operations_mode c ON c.calls_off = m.number"
# What is still to come, and the latest that began: all that a moment after now can depend on.
_LIVE = f"""
    {_ROWS} WHERE m.calls_off IS NULL AND c.number IS NULL AND m.starts_at > now()
    UNION ALL ({_ROWS} WHERE m.calls_off IS NULL AND c.number IS NULL AND m.starts_at <= now()
    ORDER BY m.starts_at DESC, m.number DESC LIMIT 1)
"""
_log = logging.getLogger(__name__)


class _Kept:
    """What this process knows, and until when on its monotonic clock (nanoseconds)."""

    rows: tuple[ModeView, ...] = ()
    until = 0


def situation(*, at: datetime) -> Situation:
    """The mode of the system at a moment and the one announced next; at most two seconds behind what was set.

    Without a database the last answer stands: a mode does not end because nobody can be asked.
    """
    if time.monotonic_ns() >= _Kept.until:
        try:
            _Kept.rows = tuple(_view(values) for values in sql.rows(_LIVE))
        except (DatabaseError, InterfaceError):
            _log.warning("the mode of the system could not be read; the last known one stands")
        _Kept.until = time.monotonic_ns() + SECONDS_KEPT * NANOSECONDS
    return rules.situation(_Kept.rows, at=at)


def forget() -> None:
    """Ask the database again at the next question: a mode was set here a moment ago."""
    _Kept.until = 0


def keep_normal() -> None:
    """Hold normal mode without asking, for as long as this process lives or until `forget`."""
    _Kept.rows, _Kept.until = (), sys.maxsize


def why_writing_is_closed() -> Refusal | None:
    """The refusal for whoever wants to write now; None while everything works."""
    return situation(at=timezone.now()).refusal


def why_act_is_closed(act: str, at: datetime) -> Refusal | None:
    """The refusal for whoever wants to do this act at a moment; None while the mode lets it through."""
    found = situation(at=at)
    return found.refusal if rules.closes(found.mode, act) else None


def history(*, limit: int = 100) -> list[ModeView]:
    """Every mode ever set or planned, the latest written first."""
    return [
        _view(row) for row in sql.rows(f"{_ROWS} WHERE m.calls_off IS NULL ORDER BY m.number DESC LIMIT %s", (limit,))
    ]


def mode_row(*, number: int) -> ModeView | None:
    """One row of the history, called off or not."""
    found = sql.row(f"{_ROWS} WHERE m.calls_off IS NULL AND m.number = %s", (number,))
    return None if found is None else _view(found)


def mode_by_key(*, key: UUID) -> int | None:
    """The number of the row that this request has written before."""
    number: int | None = sql.scalar("SELECT number FROM operations_mode WHERE key = %s", (key,))
    return number


def _view(values: tuple[Any, ...]) -> ModeView:
    number, mode, *rest = values
    return ModeView(number, Mode(mode), *rest)
