"""`khlang database`: start, stop, status, backup, restore."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from django.utils.translation import gettext as _

from khlang.cli.answers import answer, json_option, note, progress
from khlang.cli.installation import prepare_schema
from khlang.kernel.refusals import Refusal, Refused
from khlang.toolkit import postgres, postgres_backup
from khlang.toolkit.postgres_home import home_folder


@click.group(help=_("Start, stop and copy the database of this KHLANG_HOME."))
def database() -> None:
    """Hold the subcommands."""


@database.command(help=_("Start the database; in an empty home, create it and load the reference data."))
@json_option
def start(*, as_json: bool) -> None:
    """Start, migrate, load reference data. Again and again is harmless."""
    postgres.start(say=note)
    with progress(label=_("Preparing the database"), length=4) as bar:
        prepare_schema(say=lambda _step: bar.update(1))
    _show_status(as_json=as_json)


@database.command(help=_("Stop the database safely; nothing that was saved is lost."))
@json_option
def stop(*, as_json: bool) -> None:
    """Stop the embedded server."""
    stopped = postgres.stop()
    text = _("The database is stopped.") if stopped else _("The database was not running.")
    answer({"stopped": stopped}, text, as_json=as_json)


@database.command(help=_("Say whether the database runs, where it comes from and how to connect."))
@json_option
def status(*, as_json: bool) -> None:
    """Describe the database."""
    _show_status(as_json=as_json)


@database.command(help=_("Copy database and attachments into one file that proves itself."))
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@json_option
def backup(*, file: Path | None, as_json: bool) -> None:
    """Make a backup; an existing file is never overwritten."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    target = (file or Path(f"khlang-{stamp}.tar")).absolute()
    if target.exists():
        raise Refused(Refusal("toolkit.backup_exists", {"file": str(target)}))
    home = _running_home()
    with progress(label=_("Copying"), length=postgres_backup.table_count(home)) as bar:
        copy = postgres_backup.backup(home, target, step=lambda _table: bar.update(1))
    text = _("Backup made: %(file)s (%(tables)d tables, %(rows)d rows, %(attachments)d attachments).")
    answer(_as_dict(copy), text % _as_dict(copy), as_json=as_json)


@database.command(help=_("Bring a backup back into an empty KHLANG_HOME and prove that all of it came."))
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@json_option
def restore(*, file: Path, as_json: bool) -> None:
    """Start an empty database, restore, compare with the manifest, and bring the schema up to date."""
    home = home_folder()
    tables = postgres_backup.table_count_of(file)
    postgres.start(home, say=note)
    with progress(label=_("Restoring"), length=tables) as bar:
        copy = postgres_backup.restore(home, file.absolute(), step=lambda _table: bar.update(1))
    prepare_schema()
    text = _("Restored and compared: %(tables)d tables, %(rows)d rows, %(attachments)d attachments.")
    answer(_as_dict(copy), text % _as_dict(copy), as_json=as_json)


def tell(text: str) -> None:
    """A remark beside the answer, on standard error."""
    click.echo(text, err=True)


def _running_home() -> Path:
    if not postgres.status().running:
        raise Refused(Refusal("toolkit.database_not_running"))
    return home_folder()


def _as_dict(copy: postgres_backup.Copy) -> dict[str, Any]:
    return {"file": copy.file, "tables": copy.tables, "rows": copy.rows, "attachments": copy.attachments}


def _show_status(*, as_json: bool) -> None:
    found = postgres.status()
    state = _("running") if found.running else _("stopped")
    text = _("The database is %(state)s.\nServer: PostgreSQL %(version)s (%(source)s)\nKHLANG_HOME: %(home)s") % {
        "state": state,
        "version": found.version,
        "source": found.source,
        "home": home_folder(),
    }
    answer(found.as_dict(), text, as_json=as_json)
