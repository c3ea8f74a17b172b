"""`khlang entities`: local governments, their units, and the offices above them."""

from dataclasses import asdict
from pathlib import Path

import click
from django.utils.translation import gettext as _

from khlang.cli.answers import answer, json_option
from khlang.identity import commands, queries
from khlang.identity.commands import EntityDraft
from khlang.identity.rules import EntityView


@click.group(help=_("Local governments and their units, provinces and the department."))
def entities() -> None:
    """Hold the subcommands."""


@entities.command(help=_("Add one entity, or bring its names up to date."))
@click.option("--code", required=True, help=_("Its official code."))
@click.option("--kind", required=True, help=_("Its kind, for example subdistrict_administrative_organization."))
@click.option("--name", "name_th", required=True, help=_("Its Thai name."))
@click.option("--name-en", default="", help=_("Its English name."))
@click.option("--province", default="", help=_("Two-digit code of the province."))
@click.option("--parent", default="", help=_("Code of the entity it belongs to."))
@json_option
def add(*, as_json: bool, **values: str) -> None:
    """Add or update."""
    made = commands.add_entity(draft=EntityDraft(**values))
    answer(_as_dict(made), _("In the list: %(code)s %(name)s") % _as_dict(made), as_json=as_json)


@entities.command("import", help=_("Add or update every entity of a workbook (.xlsx) or a CSV; all of it or none."))
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@json_option
def import_file(*, file: Path, as_json: bool) -> None:
    """Columns: code, kind, name_th, name_en, province, parent."""
    count = asdict(commands.import_entities(path=file))
    text = _("%(added)d added, %(changed)d changed, %(same)d as they were")
    answer(count, text % count, as_json=as_json)


@entities.command("list", help=_("List the entities, in Thai order."))
@click.option("--search", default="", help=_("Part of a code or a name."))
@json_option
def list_entities(*, search: str, as_json: bool) -> None:
    """Show what is known."""
    found = [_as_dict(each) for each in queries.entities(search=search)]
    text = "\n".join(f"{each['code']}\t{each['name']}" for each in found)
    answer({"entities": found}, text, as_json=as_json)


def _as_dict(entity: EntityView) -> dict[str, str]:
    return {
        "code": entity.code,
        "name": entity.name_th,
        "name_en": entity.name_en,
        "kind": entity.kind,
        "level": str(entity.level),
        "province": entity.province_code,
        "parent": entity.parent_code,
    }
