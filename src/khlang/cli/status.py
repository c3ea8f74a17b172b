"""`khlang status`: the program that tells how the system stands when the system itself cannot."""

import contextlib
import json
import threading
from datetime import UTC, datetime
from ipaddress import ip_address

import click
from django.conf import settings
from django.utils.translation import gettext as _

from khlang.cli.answers import answer, json_option
from khlang.cli.serve import address, status_port
from khlang.kernel.refusals import Refusal, Refused
from khlang.operations.rules.availability import SECONDS_BETWEEN
from khlang.operations.status import Keeper, StatusServer
from khlang.operations.status.looks import look
from khlang.operations.status.pages import percent_words

SECONDS_TO_START = 20


@click.group(help=_("The state of the system: availability, save times, what is planned."))
def status() -> None:
    """Hold the subcommands."""


@status.command(help=_("Look at the system twice a minute and show its state on a port of its own, until Ctrl-C."))
@click.option(
    "--every", type=click.IntRange(1, SECONDS_BETWEEN), default=SECONDS_BETWEEN, help=_("Seconds between looks.")
)
def serve(*, every: int) -> None:
    """Look and show. When the port is taken by another program it goes on looking and writing, and says so."""
    host, port = address()
    keeper = Keeper(settings.KHLANG_STATUS, settings.KHLANG_TRAFFIC)
    keeper.recall(at=datetime.now(UTC))
    server = _server(host, status_port(port), keeper)
    asked_at = _seen_from_here(host)
    ends = threading.Event()
    try:
        _let_it_start(asked_at, port, ends)
        while True:
            keeper.take(look(asked_at, port), at=datetime.now(UTC))
            if server is not None:
                server.replace(keeper.files)
            ends.wait(every)
    except KeyboardInterrupt:
        return


def _let_it_start(host: str, port: int, ends: threading.Event) -> None:
    """Started together with the pages, this program is the quicker one: a start is no failure, unless it takes too long."""
    for _second in range(SECONDS_TO_START):
        if look(host, port).answered:
            return
        ends.wait(1)


def _seen_from_here(host: str) -> str:
    """Where pages that listen on every address are asked by a program of the same machine."""
    with contextlib.suppress(ValueError):
        return "127.0.0.1" if ip_address(host).is_unspecified else host
    return host


def _server(host: str, port: int, keeper: Keeper) -> StatusServer | None:
    try:
        server = StatusServer((host, port), keeper.files)
    except OSError:
        click.echo(
            _("Port %(port)s is taken: the status page is written to %(folder)s only.")
            % {"port": port, "folder": keeper.folder},
            err=True,
        )
        return None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    click.echo(_("The state of the system is at %(address)s") % {"address": f"http://{host}:{port}/status/"})
    return server


@status.command(help=_("Say what the status program wrote last."))
@json_option
def show(*, as_json: bool) -> None:
    """Show. Refuses operations.status_unknown before the status program has ever looked."""
    try:
        found = json.loads((settings.KHLANG_STATUS / "status.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Refused(Refusal("operations.status_unknown")) from error
    available = {days: percent_words(share["available"]) for days, share in found["availability"].items()}
    text = _("At %(at)s: %(state)s. Available today %(today)s, 30 days %(month)s.") % {
        "at": found["at"],
        "state": found["state"],
        "today": available["1"],
        "month": available["30"],
    }
    answer(found, text, as_json=as_json)
