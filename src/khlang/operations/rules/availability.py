"""How much of each day the system could be used, from probes half a minute apart. A gap in probing is unknown, never up."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from khlang.kernel.fiscal_calendar import THAI_TIME

SECONDS_BETWEEN = 30
SECONDS_COVERED = 90
"""A probe speaks for the time until the next one, and never for longer than this: what follows is unknown."""

_WHOLE = 10_000


class State(StrEnum):
    """What a probe found."""

    UP = "up"
    LIMITED = "limited"
    CLOSED = "closed"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Probe:
    """One look at the system."""

    at: datetime
    state: State
    milliseconds: int | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """A mode that was announced: between its moments a silent system is closed as announced, not broken."""

    mode: str
    starts_at: datetime
    expected_end: datetime | None


def state_of(*, answered: bool, mode: str, announced: Iterable[Planned], at: datetime) -> State:
    """What a look means: up in normal mode, limited in read-only and identity-only, closed in (announced) maintenance."""
    if answered:
        found = {"normal": State.UP, "maintenance": State.CLOSED}
        return found.get(mode, State.LIMITED)
    for each in announced:
        if each.mode == "maintenance" and each.starts_at <= at and each.expected_end and at < each.expected_end:
            return State.CLOSED
    return State.DOWN


@dataclass(frozen=True, slots=True)
class Share:
    """How a stretch of time was spent (seconds). What nobody looked at is unknown and counts neither way."""

    up: int = 0
    limited: int = 0
    closed: int = 0
    down: int = 0
    unknown: int = 0

    @property
    def known(self) -> int:
        """Seconds somebody looked at."""
        return self.up + self.limited + self.closed + self.down

    def hundredths(self, seconds: int) -> int | None:
        """A part of the known time in hundredths of a percent, rounded down; None when nothing is known."""
        return seconds * _WHOLE // self.known if self.known else None

    @property
    def available(self) -> int | None:
        """Time in which everything worked, in hundredths of a percent. Rounded down: 100.00 means not one second less."""
        return self.hundredths(self.up)

    @property
    def measured(self) -> int | None:
        """How much of the stretch somebody looked at, in hundredths of a percent."""
        whole = self.known + self.unknown
        return self.known * _WHOLE // whole if whole else None


@dataclass(slots=True)
class Tally:
    """Seconds of each Thai day by what was found, fed with probes in order of time."""

    days: dict[date, Counter[State]] = field(default_factory=dict)
    first: datetime | None = None
    last: Probe | None = None

    def add(self, probe: Probe) -> None:
        """Take one more look; one that is older than the last is passed over (the clock was set back)."""
        before, covered = self.last, timedelta(seconds=SECONDS_COVERED)
        if before is not None and probe.at <= before.at:
            return
        self.first = self.first or probe.at
        self.last = probe
        if before is not None:
            self._count(before.state, before.at, min(probe.at, before.at + covered))

    def _count(self, state: State, start: datetime, end: datetime) -> None:
        for day, seconds in seconds_by_day(start, end):
            self.days.setdefault(day, Counter())[state] += seconds

    def share(self, *, days: int, at: datetime) -> Share:
        """How the last `days` Thai days were spent, today up to `at` included, from the first probe ever on."""
        today = at.astimezone(THAI_TIME).date()
        start = midnight(today - timedelta(days=days - 1))
        return self._share(max(start, self.first or at), at, today)

    def day(self, day: date, *, at: datetime) -> Share:
        """How one Thai day was spent."""
        start, end = midnight(day), min(midnight(day + timedelta(days=1)), at)
        return self._share(max(start, self.first or at), end, day)

    def _share(self, start: datetime, end: datetime, last_day: date) -> Share:
        if end <= start:
            return Share()
        first_day = start.astimezone(THAI_TIME).date()
        counted: Counter[State] = Counter()
        for day, found in self.days.items():
            if first_day <= day <= last_day:
                counted += found
        # The last probe speaks for the moments since, as far as it reaches.
        whole = round_seconds(end - start)
        unknown = max(0, whole - sum(counted.values()))
        if self.last is not None and unknown:
            reach = min(end, self.last.at + timedelta(seconds=SECONDS_COVERED)) - self.last.at
            more = min(unknown, max(0, round_seconds(reach))) if self.last.at >= start else 0
            counted[self.last.state] += more
            unknown -= more
        up, limited, closed, down = (counted[state] for state in State)
        return Share(up, limited, closed, down, unknown)


def seconds_by_day(start: datetime, end: datetime) -> Iterator[tuple[date, int]]:
    """A stretch of time cut at the midnights of Thailand (whole seconds)."""
    while start < end:
        day = start.astimezone(THAI_TIME).date()
        until = min(end, midnight(day + timedelta(days=1)))
        yield day, round_seconds(until - start)
        start = until


def midnight(day: date) -> datetime:
    """The first moment of a Thai day."""
    return datetime.combine(day, time(), THAI_TIME)


def round_seconds(stretch: timedelta) -> int:
    """Whole seconds of a stretch, the nearest."""
    return (stretch + timedelta(milliseconds=500)) // timedelta(seconds=1)
