"""One look at the system over HTTP: does it answer, how soon, and what does it say about itself."""

import contextlib
import json
import time
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from typing import Any

from khlang.operations.rules.availability import Planned

SECONDS_PATIENT = 5


@dataclass(frozen=True, slots=True)
class Look:
    """What one look found. `said` is what the system told about itself, empty when it was silent."""

    web: bool
    database: bool | None
    milliseconds: int | None = None
    said: dict[str, Any] = field(default_factory=dict)

    @property
    def answered(self) -> bool:
        """Whether pages and database both answered."""
        return self.web and bool(self.database)


def look(host: str, port: int) -> Look:
    """Ask /health, then what the system says about itself; five seconds of silence are an answer too."""
    started = time.monotonic()
    status = _asked(host, port, "/health")[0]
    milliseconds = round((time.monotonic() - started) * 1000)
    if status is None:
        return Look(web=False, database=None)
    if status != HTTPStatus.OK:
        return Look(web=True, database=False, milliseconds=milliseconds)
    said = _asked(host, port, "/health/figures")[1]
    return Look(web=True, database=True, milliseconds=milliseconds, said=said)


def announced(said: dict[str, Any]) -> list[Planned]:
    """The modes that the system spoke of: the present one and the planned one."""
    found = []
    for key in ("present", "next"):
        entry = said.get(key)
        if isinstance(entry, dict):
            end = entry.get("expected_end")
            with contextlib.suppress(ValueError, KeyError, TypeError):
                starts_at, ends_at = datetime.fromisoformat(entry["starts_at"]), end and datetime.fromisoformat(end)
                found.append(Planned(str(entry["mode"]), starts_at, ends_at or None))
    return found


def _asked(host: str, port: int, path: str) -> tuple[int | None, dict[str, Any]]:
    with contextlib.closing(HTTPConnection(host, port, timeout=SECONDS_PATIENT)) as web:
        try:
            web.request(
                "GET", path, headers={"User-Agent": "khlang-status", "Host": "localhost", "X-Forwarded-Proto": "https"}
            )
            answer = web.getresponse()
            body = answer.read(100_000)
        except (OSError, HTTPException):
            return None, {}
    try:
        said = json.loads(body)
    except ValueError:
        said = {}
    return answer.status, said if isinstance(said, dict) else {}
