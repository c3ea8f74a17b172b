"""`khlang reference`: load and check the national reference data."""

from dataclasses import asdict
from pathlib import Path

import click
from django.utils.translation import gettext as _

from khlang.cli.answers import answer, json_option
from khlang.cli.installation import connect_as_owner
from khlang.reference import commands

directory_option = click.option(
    "--directory",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help=_("Read the files of this folder instead of those that came with the program."),
)


@click.group(help=_("National lists: charts of accounts, fund sources, budget structure, layouts, provinces."))
def reference() -> None:
    """Hold the subcommands."""


@reference.command(help=_("Bring the national lists in the database to what the files say."))
@directory_option
@json_option
def load(*, directory: Path | None, as_json: bool) -> None:
    """Load as owner of the database."""
    connect_as_owner()
    report = commands.load_reference_data(directory=directory)
    lines = [
        _("%(name)s: %(rows)d rows, %(added)d added, %(changed)d changed, %(removed)d removed") % asdict(each)
        for each in report.lists
    ]
    value = {"changes": report.changes, "lists": [asdict(each) for each in report.lists]}
    answer(value, "\n".join(lines), as_json=as_json)


@reference.command(help=_("Check the files and name every fault at its row; the database is not touched."))
@directory_option
@json_option
def check(*, directory: Path | None, as_json: bool) -> None:
    """Check only."""
    found = commands.read_reference_data(directory=directory)
    rows = {name: len(placed) for name, placed in found.rows.items()}
    text = _("Everything is right: %(rows)d rows in %(lists)d lists.") % {
        "rows": sum(rows.values()),
        "lists": len(rows),
    }
    answer({"rows": rows}, text, as_json=as_json)
