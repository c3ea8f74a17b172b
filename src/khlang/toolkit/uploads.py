"""The one way by which a file that somebody sent is read, looked at for viruses, kept, and given out again.

Files lie under KHLANG_HOME/attachments, outside every folder that a web server serves, readable by the service alone.
KHLANG_VIRUS_SCAN names a program that is given the bytes on its standard input and answers by its exit code:
0 clean, 1 infected, anything else: it could not tell, and the file is refused.
"""

import hashlib
import os
import shlex
import subprocess
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol
from uuid import uuid4

from django.conf import settings
from django.http import FileResponse

from khlang.kernel.refusals import Refusal, Refused

SCAN_SECONDS = 60
_INFECTED = 1
# Whatever the bytes are: no script, no form, no frame, no origin of ours.
_CLOSED = "default-src 'none'; sandbox; frame-ancestors 'none'"


class Sent(Protocol):
    """A file of a request."""

    def read(self, size: int, /) -> bytes:
        """Some bytes of it."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What lies on the disk now: its size in bytes and its SHA-256."""

    size: int
    sha256: str


def read(sent: Sent | None, *, limit: int) -> bytes:
    """The bytes of a sent file, at most one more than the limit: enough to refuse it, and the rest is never read."""
    return b"" if sent is None else sent.read(limit + 1)


def keep(file: Path, chunks: Iterable[bytes], *, name: str, limit: int | None = None) -> Kept | None:
    """Write a file whole or not at all, after a scan; None, and nothing kept, above `limit` bytes.

    Refuses toolkit.file_infected {name}, toolkit.scanner_failed {name}.
    """
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = file.with_name(f"{file.name}.{uuid4().hex}.part")
    try:
        kept = _written(unfinished, chunks, limit)
        if kept is None:
            return None
        scan(unfinished, name=name)
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)
    return kept


def _written(place: Path, chunks: Iterable[bytes], limit: int | None) -> Kept | None:
    size, digest = 0, hashlib.sha256()
    handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        for chunk in chunks:
            size += len(chunk)
            if limit is not None and size > limit:
                return None
            digest.update(chunk)
            stream.write(chunk)
        stream.flush()
        os.fsync(stream.fileno())
    return Kept(size, digest.hexdigest())


def scan(file: Path, *, name: str) -> None:
    """Ask the scanner of this installation, when there is one.

    Refuses toolkit.file_infected {name}; a scanner that fails or is silent refuses toolkit.scanner_failed {name}.
    """
    command = shlex.split(getattr(settings, "KHLANG_VIRUS_SCAN", ""))
    if not command:
        return
    with file.open("rb") as stream:
        code = _answer(command, stream)
    if code == _INFECTED:
        raise Refused(Refusal("toolkit.file_infected", {"name": name}, "file"))
    if code:
        raise Refused(Refusal("toolkit.scanner_failed", {"name": name}, "file"))


def scan_bytes(content: bytes, *, name: str) -> None:
    """The same for a file that is read and never kept."""
    if getattr(settings, "KHLANG_VIRUS_SCAN", ""):
        with tempfile.NamedTemporaryFile() as file:
            file.write(content)
            file.flush()
            scan(Path(file.name), name=name)


def _answer(command: list[str], stream: BinaryIO) -> int:
    try:
        return subprocess.run(command, stdin=stream, capture_output=True, check=False, timeout=SCAN_SECONDS).returncode
    except (OSError, subprocess.TimeoutExpired):
        return -1


def download(file: Path, *, name: str, media_type: str = "application/octet-stream") -> FileResponse:
    """The bytes as something to save, never to show: nothing in them can act on our pages."""
    response = FileResponse(file.open("rb"), as_attachment=True, filename=name, content_type=media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = _CLOSED
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response
