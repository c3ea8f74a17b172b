"""Reads of the traffic log."""

from collections.abc import Iterator
from pathlib import Path

from khlang.kernel.refusals import refuse_any
from khlang.operations.rules.traffic import TrafficFilter, check_filter, day_of, wanted


def traffic(*, folder: Path, asked: TrafficFilter) -> Iterator[str]:
    """The lines of these days in the order of days, streamed. Refuses operations.days_reversed {since, to}."""
    refuse_any(check_filter(asked))
    return _lines(folder, asked)


def _lines(folder: Path, asked: TrafficFilter) -> Iterator[str]:
    for file in sorted(folder.glob("*.jsonl")):
        day = day_of(file.name)
        if day is not None and asked.since <= day <= asked.to:
            with file.open(encoding="utf-8", errors="replace") as lines:
                yield from wanted(lines, asked)
