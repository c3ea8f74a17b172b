"""Looks, remembers, and writes what everybody may see: the pages, the figures, the file of probes."""

import contextlib
import json
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from khlang.kernel.fiscal_calendar import THAI_TIME
from khlang.operations.rules.availability import Probe, Tally, midnight, state_of
from khlang.operations.rules.minutes import file_name, line_of, probes
from khlang.operations.rules.savetimes import SaveTimes, is_save
from khlang.operations.status import pages
from khlang.operations.status.looks import Look, announced

DAYS_SHOWN = 90
PUBLIC = 0o644


@dataclass(slots=True)
class Keeper:
    """What the program knows. `folder` is where it writes, `traffic` the folder of the traffic log of this machine."""

    folder: Path
    traffic: Path
    tally: Tally = field(default_factory=Tally)
    saves: SaveTimes = field(default_factory=SaveTimes)
    said: dict[str, Any] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    _read: tuple[str, int] = ("", 0)
    _published: dict[str, bytes] = field(default_factory=dict)

    def recall(self, *, at: datetime) -> None:
        """Take up what an earlier run left: probes of the days shown, and what the system said last."""
        self.folder.mkdir(parents=True, exist_ok=True)
        oldest = file_name(at - timedelta(days=DAYS_SHOWN + 1))
        for file in sorted(self.folder.glob("minutes-*.jsonl")):
            if file.name >= oldest:
                with file.open(encoding="utf-8", errors="replace") as lines:
                    for probe in probes(lines):
                        self.tally.add(probe)
        with contextlib.suppress(OSError, ValueError, AttributeError):
            self.said = json.loads((self.folder / "status.json").read_text(encoding="utf-8")).get("said") or {}

    def take(self, found: Look, *, at: datetime) -> None:
        """Keep one look: into the file, into the figures, onto the pages."""
        self.said = found.said or self.said
        mode = str(found.said.get("mode", "normal"))
        state = state_of(answered=found.answered, mode=mode, announced=announced(self.said), at=at)
        probe = Probe(at.replace(microsecond=0), state, found.milliseconds)
        self._append(probe)
        self.tally.add(probe)
        self._read_traffic(at)
        facts = pages.facts(look=found, said=self.said, tally=self.tally, saves=self.saves, at=at)
        self.files = pages.files(facts)
        for name, content in self.files.items():
            if content != self._published.get(name):
                self._publish(name, content)
        self._published = self.files

    def _append(self, probe: Probe) -> None:
        path = self.folder / file_name(probe.at)
        opened = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, PUBLIC)
        with os.fdopen(opened, "ab", buffering=0) as file:
            file.write(line_of(probe).encode())

    def _publish(self, name: str, content: bytes) -> None:
        """Put a file in its place in one step, so that a front proxy never sends half of it."""
        draft = self.folder / f".{name}"
        draft.write_bytes(content)
        draft.chmod(PUBLIC)
        draft.replace(self.folder / name)

    def _read_traffic(self, at: datetime) -> None:
        """Count the saves written into the traffic log since the last look."""
        name = f"{at.astimezone(THAI_TIME).date()}.jsonl"
        if name != self._read[0]:
            self._read = (name, 0)
            self.saves.forget_before(midnight(at.astimezone(THAI_TIME).date()) - timedelta(hours=1))
        try:
            with (self.traffic / name).open("rb") as file:
                file.seek(self._read[1])
                for line in file:
                    if not line.endswith(b"\n"):
                        break
                    self._count(line)
                    self._read = (name, self._read[1] + len(line))
        except OSError:
            # Nobody has asked for a page today, or the log lies on another machine.
            return

    def _count(self, line: bytes) -> None:
        with contextlib.suppress(ValueError, KeyError, TypeError):
            entry = json.loads(line)
            if is_save(method=entry["method"], path=entry["path"]):
                at = datetime.fromisoformat(entry["at"]).astimezone(UTC)
                self.saves.add(at=at, milliseconds=round(entry["milliseconds"]), status=entry["status"])
