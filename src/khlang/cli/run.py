"""`khlang run`: database, worker, web and the status program together, until Ctrl-C. What `make run` ends in."""

import contextlib
import importlib.util
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import FrameType

import click
from django.utils.translation import gettext as _

from khlang.cli.answers import note
from khlang.cli.database import tell
from khlang.cli.installation import prepare_schema
from khlang.cli.serve import address, require_free, shown_address, status_port
from khlang.cli.simulator import SimulatedThaid, simulated_thaid
from khlang.toolkit import postgres
from khlang.toolkit.postgres_home import home_folder, prepared_home

# Name of the log → what to type. The status program is last: it looks at what runs by then.
PROGRAMS = {"serve": ("serve",), "worker": ("worker",), "status": ("status", "serve")}
SECONDS_BETWEEN_LOOKS = 1.0
SECONDS_TO_END = 30
SECONDS_TO_ANSWER = 60


@dataclass
class Household:
    """The programs under our care. One that ends by accident is started again."""

    logs: Path
    programs: dict[str, list[str]] = field(
        default_factory=lambda: {name: [*_khlang(), *words] for name, words in PROGRAMS.items()}
    )
    environment: dict[str, str] = field(default_factory=dict, repr=False)
    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    ending: bool = False

    def look_after(self) -> None:
        """Start what is missing, the database first."""
        if not postgres.status().running:
            postgres.start()
        for name in self.programs:
            child = self.children.get(name)
            if child is None or child.poll() is not None:
                self.children[name] = self._start(name)

    def _start(self, name: str) -> subprocess.Popen[bytes]:
        """Start one program with its words in a log of its own."""
        with (self.logs / f"{name}.log").open("ab") as log:
            # A session of its own: Ctrl-C reaches us alone, and we end the others in order.
            return subprocess.Popen(
                self.programs[name],
                env={**os.environ, **self.environment},
                start_new_session=True,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def take_in(self, simulator: SimulatedThaid) -> None:
        """Look after the ThaiD simulator too, and tell web and worker where it is."""
        self.programs = {"thaid_simulator": simulator.command, **self.programs}
        self.environment.update(simulator.environment)

    def end(self) -> None:
        """End the programs, let them finish what they do, then stop the database."""
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
    postgres.start(say=note)
    household = Household(prepared_home(home_folder()) / "logs")
    with _signals(household):
        try:
            tell(_("Preparing the database …"))
            prepare_schema()
            if practice and importlib.util.find_spec("khlang.cli.practice") is not None:
                subprocess.run([*_khlang(), "practice", "load"], check=False)
            host, port = address()
            household.environment["KHLANG_STATUS_PORT"] = str(status_port(port))
            simulator = simulated_thaid(home=home_folder(), host=host, web_port=port) if practice else None
            if simulator is not None:
                household.take_in(simulator)
            household.look_after()
            if _answers(household):
                _welcome(household, simulator)
            while not household.ending:
                time.sleep(SECONDS_BETWEEN_LOOKS)
                household.look_after()
        finally:
            tell(_("Stopping: web, worker, database …"))
            household.end()
            tell(_("Stopped. Everything is saved."))


def _welcome(household: Household, simulator: SimulatedThaid | None) -> None:
    click.echo(_("Khlang is at %(address)s") % {"address": shown_address()})
    state = f"http://127.0.0.1:{household.environment['KHLANG_STATUS_PORT']}/status/"
    click.echo(_("The state of the system is at %(address)s") % {"address": state})
    if simulator is not None:
        click.echo(_("A simulated ThaiD, not the real one, is at %(address)s") % {"address": f"{simulator.address}/"})
    click.echo(_("Ctrl-C stops everything safely."))


def _answers(household: Household) -> bool:
    """Wait until the first page is served; say where to look when it is not."""
    host, port = address()
    deadline = time.monotonic() + SECONDS_TO_ANSWER
    while not household.ending and time.monotonic() < deadline:
        with contextlib.suppress(OSError, HTTPException), contextlib.closing(HTTPConnection(host, port, 5)) as web:
            web.request("GET", "/")
            if web.getresponse().status < HTTPStatus.INTERNAL_SERVER_ERROR:
                return True
        time.sleep(0.2)
    if not household.ending:
        tell(_("The web pages do not answer yet; the reason is in %(folder)s") % {"folder": household.logs})
    return False


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


def _khlang() -> list[str]:
    return [sys.executable, "-m", "khlang.cli.main"]
