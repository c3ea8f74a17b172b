"""The file of probes: one line a look, so that figures can be worked out again by anybody.

`minutes-YYYY-MM.jsonl`, by the month of Thailand: `at` (UTC), `state` (up, limited, closed, down), `milliseconds` of the
answer or null.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from khlang.kernel.fiscal_calendar import THAI_TIME
from khlang.operations.rules.availability import Probe, State


def file_name(at: datetime) -> str:
    """The file into which a probe of this moment goes."""
    return f"minutes-{at.astimezone(THAI_TIME):%Y-%m}.jsonl"


def line_of(probe: Probe) -> str:
    """A probe as its line."""
    facts = {
        "at": f"{probe.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "state": probe.state,
        "milliseconds": probe.milliseconds,
    }
    return json.dumps(facts, separators=(",", ":")) + "\n"


def probes(lines: Iterable[str]) -> Iterator[Probe]:
    """The probes of a file in order; a line that was cut off by a crash is passed over, and its time is unknown."""
    for line in lines:
        try:
            facts = json.loads(line)
            yield Probe(datetime.fromisoformat(facts["at"]), State(facts["state"]), facts.get("milliseconds"))
        except (ValueError, KeyError, TypeError):
            continue
