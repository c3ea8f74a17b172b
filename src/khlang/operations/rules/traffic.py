"""The traffic log: which day files are closed and which may go, and which lines are asked for."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from khlang.kernel.refusals import Refusal

DAYS_MIN = 90
"""The Computer Crime Act, section 26: ninety days at least, two years when an official orders it."""

_NAME = re.compile(r"(\d{4}-\d\d-\d\d)\.jsonl")


@dataclass(frozen=True, slots=True)
class TrafficFilter:
    """Days with both ends included, and whose lines: of one user number, of one address, or everybody's."""

    since: date
    to: date
    user: int | None = None
    address: str = ""


def day_of(name: str) -> date | None:
    """The day whose lines a file of this name holds; None for any other file."""
    found = _NAME.fullmatch(name)
    return date.fromisoformat(found[1]) if found else None


def check_days(days: int) -> Iterator[Refusal]:
    """operations.traffic_days_too_few {days, least}: the law says how long at least."""
    if days < DAYS_MIN:
        yield Refusal("operations.traffic_days_too_few", {"days": days, "least": DAYS_MIN})


def check_filter(asked: TrafficFilter) -> Iterator[Refusal]:
    """operations.days_reversed {since, to}."""
    if asked.to < asked.since:
        yield Refusal("operations.days_reversed", {"since": asked.since.isoformat(), "to": asked.to.isoformat()})


def ended(names: Iterable[str], *, today: date) -> list[str]:
    """The files of days that are over: nothing is written into them any more."""
    return sorted(name for name in names if (day := day_of(name)) is not None and day < today)


def outlived(names: Iterable[str], *, today: date, days: int) -> list[str]:
    """The files that were kept for `days` whole days after their own and may go."""
    last = today - timedelta(days=days)
    return sorted(name for name in names if (day := day_of(name)) is not None and day < last)


def wanted(lines: Iterable[str], asked: TrafficFilter) -> Iterator[str]:
    """The lines of a day file that are asked for, as they stand. One that was cut off by a crash is given to who asks for all."""
    everybody = asked.user is None and not asked.address
    for line in lines:
        if everybody or _is_wanted(line, asked):
            yield line


def _is_wanted(line: str, asked: TrafficFilter) -> bool:
    try:
        found = json.loads(line)
    except ValueError:
        return False
    return (asked.user is None or found.get("user") == asked.user) and asked.address in ("", found.get("address"))
