"""How long saving takes, as the traffic log saw it: counted into steps of a tenth, so that a busy day needs little memory."""

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

_DOORS = ("/login/", "/logout/", "/session/", "/preferences/", "/security/", "/doors/")
_LONGEST = 120_000
_SLOT = timedelta(minutes=5)
_SLOTS_OF_HOUR = 12
_CLOSED, _ERROR, _REFUSED = 503, 500, 400


def _steps() -> tuple[int, ...]:
    steps = [1]
    while steps[-1] < _LONGEST:
        steps.append(max(steps[-1] + 1, steps[-1] * 11 // 10))
    return tuple(steps)


STEPS = _steps()
"""Upper bounds in milliseconds, each a tenth above the one before: a percentile is right to a tenth."""


def is_save(*, method: str, path: str) -> bool:
    """Whether a request saves work: a draft that is put, or a document that is posted. Doors and preferences are not."""
    if method == "PUT":
        return True
    return method == "POST" and not path.startswith(_DOORS) and not path.endswith("/preview/")


@dataclass(slots=True)
class Steps:
    """Saves of one stretch of time, by step; and those that failed on our side."""

    counts: Counter[int] = field(default_factory=Counter)
    failed: int = 0

    def add(self, *, milliseconds: int, status: int) -> None:
        """Count one save. A refusal (4xx) is an answer about what was typed and no measure; 503 is a closed system."""
        if status >= _ERROR and status != _CLOSED:
            self.failed += 1
        elif status < _REFUSED:
            self.counts[min(bisect_left(STEPS, milliseconds), len(STEPS) - 1)] += 1

    def join(self, other: "Steps") -> None:
        """Take the counts of another stretch in."""
        self.counts += other.counts
        self.failed += other.failed

    @property
    def saves(self) -> int:
        """How many were done."""
        return sum(self.counts.values())

    def percentile(self, percent: int) -> int | None:
        """Within how many milliseconds `percent` of a hundred saves were done; None without any."""
        left = -(-self.saves * percent // 100)
        for step in sorted(self.counts):
            left -= self.counts[step]
            if left <= 0:
                return STEPS[step]
        return None


@dataclass(slots=True)
class SaveTimes:
    """Saves of one day in slots of five minutes."""

    slots: dict[datetime, Steps] = field(default_factory=dict)

    def add(self, *, at: datetime, milliseconds: int, status: int) -> None:
        """Count one save at its moment."""
        self.slots.setdefault(_slot(at), Steps()).add(milliseconds=milliseconds, status=status)

    def last_hour(self, *, at: datetime) -> Steps:
        """The twelve slots that end with the present one."""
        since = _slot(at) - _SLOT * (_SLOTS_OF_HOUR - 1)
        return self._joined(since)

    def since(self, moment: datetime) -> Steps:
        """Everything from a moment on, for example from midnight."""
        return self._joined(_slot(moment))

    def forget_before(self, moment: datetime) -> None:
        """Let go of what no figure needs any more."""
        self.slots = {slot: steps for slot, steps in self.slots.items() if slot >= moment}

    def _joined(self, since: datetime) -> Steps:
        whole = Steps()
        for slot, steps in self.slots.items():
            if slot >= since:
                whole.join(steps)
        return whole


def _slot(at: datetime) -> datetime:
    return at.replace(minute=at.minute - at.minute % 5, second=0, microsecond=0)
