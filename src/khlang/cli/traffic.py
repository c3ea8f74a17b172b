"""`khlang traffic`: the traffic log that the law asks for."""

from datetime import datetime
from pathlib import Path

import click
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from khlang.cli.answers import answer, json_option
from khlang.kernel.refusals import Refusal, Refused
from khlang.operations import commands, queries
from khlang.operations.rules import TrafficFilter
from khlang.reference import queries as reference

DAY = click.DateTime(["%Y-%m-%d"])


@click.group(help=_("The traffic log: who reached which address, from where, when."))
def traffic() -> None:
    """Hold the subcommands."""


@traffic.command(help=_("Give out the lines of some days, as JSON lines: on an order, or to ship them elsewhere."))
@click.option("--from", "since", type=DAY, required=True, help=_("First day, 2026-11-25."))
@click.option("--to", type=DAY, required=True, help=_("Last day."))
@click.option("--user", type=int, help=_("Only this user number."))
@click.option("--address", default="", help=_("Only this address."))
@click.option(
    "--output", type=click.Path(path_type=Path, dir_okay=False), help=_("Into this new file, closed to others.")
)
def export(*, since: datetime, to: datetime, user: int | None, address: str, output: Path | None) -> None:
    """Write the lines to the file, or to standard output."""
    asked = TrafficFilter(since.date(), to.date(), user, address)
    lines = queries.traffic(folder=settings.KHLANG_TRAFFIC, asked=asked)
    if output is None:
        for line in lines:
            click.echo(line, nl=False)
        return
    if output.exists():
        raise Refused(Refusal("operations.file_exists", {"file": str(output)}))
    output.touch(mode=0o600)
    with output.open("w", encoding="utf-8") as file:
        file.writelines(lines)


@traffic.command(
    help=_("Close the days that are over and remove those kept long enough. The worker does it each hour.")
)
@json_option
def keep(*, as_json: bool) -> None:
    """Do one round of care."""
    today = timezone.localdate()
    days = int(reference.parameter(name="traffic_log_days", on_date=today).value)
    kept = commands.keep_traffic(folder=settings.KHLANG_TRAFFIC, today=today, days=days)
    value = {"days": days, "closed": list(kept.closed), "pruned": list(kept.pruned)}
    text = _("Kept for %(days)s days; closed: %(closed)s; removed: %(pruned)s")
    shown = {"days": days, "closed": ", ".join(kept.closed) or "-", "pruned": ", ".join(kept.pruned) or "-"}
    answer(value, text % shown, as_json=as_json)
