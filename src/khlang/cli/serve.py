"""`khlang serve`: the web server."""

import hashlib
import os
import socket
import sys
from pathlib import Path

import click
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.utils.translation import gettext as _

from khlang.kernel.refusals import Refusal, Refused
from khlang.toolkit import postgres

THREADS = 4
STATUS_PORTS_AWAY, PORTS_TRIED, PORT_MAX = 1000, 20, 65_000


@click.command(help=_("Serve the web pages on KHLANG_PORT (8000 when unset) until Ctrl-C."))
def serve() -> None:
    """Become gunicorn, with threads and one pool of connections per process."""
    if not postgres.status().running:
        raise Refused(Refusal("toolkit.database_not_running"))
    host, port = address()
    require_free(host, port)
    collect_static()
    click.echo(_("Khlang is at %(address)s") % {"address": shown_address()})
    command = gunicorn_command(host, port)
    os.environ["KHLANG_DATABASE_POOL"] = str(THREADS + 1)
    sys.stdout.flush()
    os.execv(command[0], command)  # noqa: S606  (signals must reach gunicorn itself)


def address() -> tuple[str, int]:
    """Where to listen: this machine only, unless KHLANG_HOST says otherwise."""
    return os.environ.get("KHLANG_HOST", "127.0.0.1"), int(os.environ.get("KHLANG_PORT", "8000"))


def shown_address() -> str:
    """The address to type into a browser."""
    host, port = address()
    return f"http://{'localhost' if host in ('127.0.0.1', '::1') else host}:{port}/"


def require_free(host: str, port: int) -> None:
    """Refuse toolkit.port_taken before gunicorn would try for five seconds."""
    if not is_free(host, port):
        raise Refused(Refusal("toolkit.port_taken", {"port": port}))


def status_port(web_port: int) -> int:
    """Where the state of the system is shown: KHLANG_STATUS_PORT, else a free port a thousand away from the web's.

    Far from it, because checkouts beside this one count their web ports up by one.
    """
    if named := os.environ.get("KHLANG_STATUS_PORT"):
        return int(named)
    first = web_port + STATUS_PORTS_AWAY if web_port + STATUS_PORTS_AWAY < PORT_MAX else web_port - STATUS_PORTS_AWAY
    return next((port for port in range(first, first + PORTS_TRIED) if is_free("127.0.0.1", port)), first)


def is_free(host: str, port: int) -> bool:
    """Whether nobody listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError):
            return False
    return True


def gunicorn_command(host: str, port: int) -> list[str]:
    """The command line of the web server."""
    options = {
        "worker-class": "gthread",
        "workers": os.environ.get("KHLANG_WEB_WORKERS", "2"),
        "threads": str(THREADS),
        "bind": f"{host}:{port}",
        "graceful-timeout": "20",
        # An import of a large workbook is read in one request.
        "timeout": "120",
        "log-level": "warning",
    }
    memory = Path("/dev/shm")  # noqa: S108  (gunicorn's heartbeat must not wait for a disk)  # nosec B108
    if memory.is_dir():
        options["worker-tmp-dir"] = str(memory)
    listed = [f"--{name}={value}" for name, value in options.items()]
    return [sys.executable, "-m", "gunicorn", "khlang.wsgi:application", "--no-control-socket", *listed]


def collect_static() -> None:
    """Copy, name by content and compress the static files, when they changed since the last time."""
    root = Path(settings.STATIC_ROOT)
    mark = root / "collected"
    fingerprint = _fingerprint()
    if mark.exists() and mark.read_text(encoding="utf-8") == fingerprint:
        return
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    mark.write_text(fingerprint, encoding="utf-8")


def _fingerprint() -> str:
    """A digest of names, sizes and times of every static file."""
    digest = hashlib.sha256()
    for finder in finders.get_finders():
        for name, storage in finder.list([]):
            stat = Path(storage.path(name)).stat()
            digest.update(f"{name}:{stat.st_size}:{stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()
