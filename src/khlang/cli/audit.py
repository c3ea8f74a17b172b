"""`khlang audit`: verify and export the record of acts, for whoever works on the server."""

from pathlib import Path
from typing import Any

import click
from django.utils.translation import gettext as _

from khlang.audit import queries
from khlang.audit.rules import ActFilter
from khlang.cli.answers import answer, json_option, progress
from khlang.identity import queries as identity
from khlang.kernel.actors import Actor
from khlang.oversight.rules import csv_lines, json_lines
from khlang.toolkit.tenancy import entity_transaction

FORMATS = {"csv": csv_lines, "jsonl": json_lines}
EXIT_BROKEN = 1


@click.group(help=_("The record of acts: recompute its chain, write it into a file."))
def audit() -> None:
    """Hold the subcommands."""


@audit.command(help=_("Recompute the chain of the record; exit code 1 when one act does not hold."))
@click.option("--entity", "entity_code", help=_("Code of the entity."))
@click.option("--all", "check_all", is_flag=True, help=_("Every entity, offices above included."))
@click.option("--witness", default="", help=_("Number and hash of a printed slip, as NUMBER:HASH; with --entity."))
@json_option
@click.pass_context
def verify(ctx: click.Context, *, entity_code: str | None, check_all: bool, witness: str, as_json: bool) -> None:
    """Check one entity or all of them; against a slip kept outside, when one is given."""
    if bool(entity_code) == check_all or (witness and check_all):
        raise click.UsageError(_("Name one entity, or ask for --all."))
    codes = [entity_code] if entity_code else [each.code for each in identity.entities()]
    checked = [_verified(identity.operator(entity_code=code), witness) for code in codes]
    holds = all(each["holds"] for each in checked)
    answer({"holds": holds, "entities": checked}, "\n".join(_sentence(each) for each in checked), as_json=as_json)
    if not holds:
        ctx.exit(EXIT_BROKEN)


def _verified(actor: Actor, witness: str) -> dict[str, Any]:
    with entity_transaction(actor.entity_id, read_only=True):
        number, _last = queries.head()
        with progress(label=actor.entity_code, length=max(number, 1)) as bar:
            report = queries.verified_chain(progress=bar.update)
        found = {
            "entity": actor.entity_code,
            "acts": report.acts,
            "last_hash": report.last_hash,
            "first_broken": report.first_broken,
            "holds": report.holds,
        }
        if witness:
            found["witness_holds"] = _holds(witness)
            found["holds"] = report.holds and found["witness_holds"]
        return found


def _holds(witness: str) -> bool:
    """Whether the act of that number still bears the hash that was printed; spaces between its groups are passed over."""
    number, _colon, printed = witness.partition(":")
    act = queries.act(sequence_no=int(number)) if number.isdecimal() else None
    return act is not None and act.hash.hex() == "".join(printed.split()).lower()


def _sentence(found: dict[str, Any]) -> str:
    if found["first_broken"] is not None:
        return _("%(entity)s: the record does NOT hold from act %(first_broken)d on.") % found
    if not found.get("witness_holds", True):
        return _("%(entity)s: the chain is whole, but it is NOT the one the slip was printed from.") % found
    return _("%(entity)s: chain whole up to act %(acts)d. Last hash %(last_hash)s") % found


@audit.command(help=_("Write the record into a file, whole, with everything its hashes are taken from."))
@click.option("--entity", "entity_code", required=True, help=_("Code of the entity."))
@click.option("--format", "style", default="jsonl", type=click.Choice(sorted(FORMATS)), help=_("Which text."))
@click.option(
    "--output", required=True, type=click.Path(path_type=Path, dir_okay=False), help=_("File to write, UTF-8.")
)
@json_option
def export(*, entity_code: str, style: str, output: Path, as_json: bool) -> None:
    """Stream the record into a file; what stood there is replaced only when all is written."""
    actor = identity.operator(entity_code=entity_code)
    part = output.with_name(f"{output.name}.part")
    with entity_transaction(actor.entity_id, read_only=True), part.open("wb") as file:
        number, _last = queries.head()
        file.writelines(FORMATS[style](queries.stream_acts(ActFilter())))
    part.replace(output)
    value = {"entity": entity_code, "acts": number, "output": str(output)}
    answer(value, _("%(acts)d acts written to %(output)s") % value, as_json=as_json)
