"""What the system says about itself to the status program: modes, work that waits, ThaiD."""

import time
from datetime import datetime
from typing import Any

from khlang.authentication import queries as authentication
from khlang.operations.queries.modes import NANOSECONDS, situation
from khlang.operations.rules import ModeView
from khlang.toolkit import sql

_SECONDS_KEPT = 10


class _Waiting:
    """The count of waiting jobs, and until when it stands (nanoseconds of the monotonic clock)."""

    jobs = 0
    until = 0


def figures(*, at: datetime) -> dict[str, Any]:
    """Figures without a word about anybody: the mode, the planned one, how many jobs wait, and ThaiD's state if known."""
    found = situation(at=at)
    return {
        "mode": str(found.mode),
        "present": _spoken(found.present),
        "next": _spoken(found.next),
        "jobs_waiting": _jobs_waiting(),
        "thaid": authentication.thaid_condition(at=at),
    }


def _spoken(row: ModeView | None) -> dict[str, Any] | None:
    """A mode as everybody may know it: the reason and who set it stay in the record."""
    if row is None:
        return None
    return {
        "mode": str(row.mode),
        "starts_at": row.starts_at.isoformat(),
        "expected_end": row.expected_end.isoformat() if row.expected_end else None,
        "words_th": row.words_th,
        "words_en": row.words_en,
    }


def _jobs_waiting() -> int:
    if time.monotonic_ns() >= _Waiting.until:
        _Waiting.jobs = sql.scalar(
            "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND scheduled_at IS NULL"
        )
        _Waiting.until = time.monotonic_ns() + _SECONDS_KEPT * NANOSECONDS
    return _Waiting.jobs
