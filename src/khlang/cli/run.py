"""`khlang run`: database, worker and web together, until Ctrl-C. What `make run` ends in."""

import contextlib
import importlib.util
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import FrameType

import click
from django.utils.translation import gettext as _

from khlang.cli.database import tell
from khlang.cli.installation import prepare_schema
from khlang.cli.serve import address, require_free
from khlang.toolkit import postgres

PROGRAMS = ("serve", "worker")
SECONDS_BETWEEN_LOOKS = 1.0
SECONDS_TO_END = 30


@dataclass
class Household:
    """The programs under our care. One that ends by accident is started again."""

    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    ending: bool = False

    def look_after(self) -> None:
        """Start what is missing, the database first."""
        if not postgres.status().running:
            postgres.start()
        for name in PROGRAMS:
            child = self.children.get(name)
            if child is None or child.poll() is not None:
                self.children[name] = _start(name)

    def end(self) -> None:
        """End web and worker, let them finish what they do, then stop the database."""
        for child in self.children.values():
            with contextlib.suppress(ProcessLookupError):
                child.terminate()
        for child in self.children.values():
            try:
                child.wait(SECONDS_TO_END)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        postgres.stop()


@click.command(help=_("Run database, worker and web on this machine until Ctrl-C."))
@click.option("--practice/--no-practice", default=True, help=_("Load the practice organizations first."))
def run(*, practice: bool) -> None:
    """Prepare everything, start everything, and stop everything at the end."""
    require_free(*address())
    postgres.start(say=tell)
    household = Household()
    with _signals(household):
        try:
            prepare_schema()
            if practice and importlib.util.find_spec("khlang.cli.practice") is not None:
                subprocess.run([*_khlang(), "practice", "load"], check=False)
            while not household.ending:
                household.look_after()
                time.sleep(SECONDS_BETWEEN_LOOKS)
        finally:
            tell(_("Stopping: web, worker, database …"))
            household.end()
            tell(_("Stopped. Everything is saved."))


@contextlib.contextmanager
def _signals(household: Household) -> Iterator[None]:
    """Ctrl-C or a request to end sets a flag; a second Ctrl-C does not interrupt the stopping."""

    def note(_number: int, _frame: FrameType | None) -> None:
        household.ending = True

    earlier = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)


def _start(name: str) -> subprocess.Popen[bytes]:
    # A session of its own: Ctrl-C reaches us alone, and we end the others in order.
    return subprocess.Popen([*_khlang(), name], start_new_session=True, env=os.environ.copy())


def _khlang() -> list[str]:
    return [sys.executable, "-m", "khlang.cli.main"]
