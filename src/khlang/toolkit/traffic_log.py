"""The traffic log that the law asks for: who reached which address from where, kept apart from every other log.

One line a request in `KHLANG_HOME/traffic/YYYY-MM-DD.jsonl`, by the day of a Thai office. Each line is one write with
O_APPEND, so that several processes share a file without mixing their lines and a request waits for no lock of another.
"""

import json
import logging
import os
import re
import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import SimpleLazyObject

from khlang.kernel.fiscal_calendar import THAI_TIME
from khlang.toolkit.json_logs import request_address, request_id

_log = logging.getLogger(__name__)
_BAD_REQUEST = 400
# A citizen's number has no place in an address; whoever types one into it does not find it in the log.
_CITIZEN = re.compile(
    r"(?P<uuid>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})|(?<!\d)\d(?:[-\s]?\d){12}(?!\d)",
    re.IGNORECASE,
)


class DayFiles:
    """The log files of one folder, opened by day, closed to everybody else."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._day: date | None = None
        self._file = self._before = -1

    def append(self, line: bytes, *, day: date) -> None:
        """Write one line, whole, at the end of the file of a day."""
        if day != self._day:
            self._turn_to(day)
        os.write(self._file, line)

    def _turn_to(self, day: date) -> None:
        with self._lock:
            if day == self._day:
                return
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            opened = os.open(
                self._folder / f"{day}.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600
            )
            before, self._before, self._file, self._day = self._before, self._file, opened, day
            # A thread may be writing the last line of yesterday at this moment; what is closed is the file before that.
            if before >= 0:
                os.close(before)


class TrafficLogMiddleware:
    """Writes the line of a request when its answer is ready. A full disk stops no request, and is said in the other log."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Wrap the rest of the chain."""
        self.get_response = get_response
        self._files = DayFiles(settings.KHLANG_TRAFFIC)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Serve one request."""
        started = time.monotonic()
        response = self.get_response(request)
        if request.resolver_match is None and response.status_code < _BAD_REQUEST:
            # A static file: it says nothing about anybody's work, and the front proxy counts those.
            return response
        now = datetime.now(UTC)
        line = {
            "at": f"{now:%Y-%m-%dT%H:%M:%S}.{now.microsecond // 1000:03d}Z",
            "user": _user_number(request),
            "address": request_address.get(),
            "port": _port(request),
            "method": request.method,
            "path": without_citizen_numbers(request.path),
            "status": response.status_code,
            "milliseconds": round((time.monotonic() - started) * 1000, 1),
            "request_id": request_id.get(),
        }
        text = json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n"
        try:
            self._files.append(text.encode(), day=now.astimezone(THAI_TIME).date())
        except OSError:
            _log.exception("the traffic log could not be written")
        return response


def without_citizen_numbers(path: str) -> str:
    """An address with every thirteen-digit number hidden; identifiers of documents stay whole."""
    return _CITIZEN.sub(lambda found: found["uuid"] or "*" * 13, path)


def _user_number(request: HttpRequest) -> int | None:
    """The number of whoever is logged in, as far as the request has found out: the log asks the database nothing."""
    user = request.__dict__.get("user")
    # Before anybody asked, request.user is lazy, and looking at it would ask; what was found is kept beside it.
    known = getattr(request, "_cached_user", None) if type(user) is SimpleLazyObject else user
    return known.pk if isinstance(known, AbstractBaseUser) else None


def _port(request: HttpRequest) -> int | None:
    """The sender's port: of the connection, or what our own front proxy says in X-Client-Port."""
    said = request.META.get("REMOTE_PORT", "")
    if request.META.get("REMOTE_ADDR") in settings.KHLANG_PROXIES:
        said = request.headers.get("X-Client-Port", "")
    return int(said) if str(said).isdecimal() else None
