"""`khlang reports`: every report as JSON, CSV, Excel or PDF."""

from pathlib import Path
from typing import Any, get_args

import click
from django.utils import timezone
from django.utils.translation import gettext as _

from khlang.cli.answers import answer, json_option, language
from khlang.identity import queries as identity
from khlang.identity.permissions import require
from khlang.kernel.actors import Actor
from khlang.kernel.statements import Statement
from khlang.official_forms import queries as official_forms
from khlang.official_forms.rules.paper import Printing
from khlang.reporting import queries
from khlang.reporting.queries import FileStyle
from khlang.reporting.rules.requests import FORMATS, REPORTS, ReportRequest, read_request
from khlang.reporting.rules.words import word
from khlang.toolkit.tenancy import entity_transaction

READ_AS_TEXT = frozenset({"json", "csv"})


@click.group(help=_("Reports of one entity for one fiscal year, on any day, as files."))
def reports() -> None:
    """Hold one subcommand a report."""


def _report_command(report: str) -> click.Command:
    """The command of one report; all take the same options."""

    @click.command(report, help=word(f"titles.{report}", language()))
    @click.option("--entity", "entity_code", required=True, help=_("Code of the entity."))
    @click.option("--year", "fiscal_year", required=True, type=int, help=_("Fiscal year, Buddhist era."))
    @click.option(
        "--since", default="", help=_("First day, 2024-10-01 or 1/10/2567; the first of the year if left out.")
    )
    @click.option(
        "--to", default="", help=_("Last day; the last of the year, or today in the year under way, if left out.")
    )
    @click.option("--known-at", default="", help=_("As the books were known on this day or at this moment."))
    @click.option("--fund-source", default="", help=_("Only this source of money."))
    @click.option("--account", default="", help=_("General ledger of this account; of all accounts if left out."))
    @click.option(
        "--variant", type=click.Choice(["closing", "movement", "fund_source"]), help=_("Form of the trial balance.")
    )
    @click.option("--after-closing", is_flag=True, help=_("Trial balance after the closing entries."))
    @click.option("--zero/--no-zero", default=None, help=_("Keep or hide lines without amounts."))
    @click.option("--compare/--no-compare", default=True, help=_("Yearly statements beside the year before."))
    @click.option("--format", "style", type=click.Choice(FORMATS), default="json", help=_("What to write."))
    @click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help=_("File to write."))
    @json_option
    def command(
        *, entity_code: str, fiscal_year: int, style: str, output: Path | None, as_json: bool, **given: Any
    ) -> None:
        if output is None and style not in READ_AS_TEXT:
            raise click.UsageError(_("--output is needed for %(style)s.") % {"style": style})
        actor = identity.operator(entity_code=entity_code)
        require(actor, "reporting.read")
        asked = _asked(report, fiscal_year, given)
        with entity_transaction(actor.entity_id, snapshot=True):
            found = queries.statement(actor=actor, asked=asked)
        _deliver(_content(found, style, actor), output, as_json=as_json)

    return command


def _asked(report: str, fiscal_year: int, given: dict[str, Any]) -> ReportRequest:
    texts = {name: value for name, value in given.items() if isinstance(value, str)}
    switches = {name: "1" if value else "0" for name, value in given.items() if isinstance(value, bool)}
    return read_request(
        report=report,
        fiscal_year=fiscal_year,
        given=texts | switches,
        today=timezone.localdate(),
        zone=timezone.get_current_timezone(),
        language=language(),
    )


def _content(found: Statement, style: str, actor: Actor) -> bytes:
    if style == "pdf":
        printing = Printing(printed_at=timezone.localtime(), printed_by=actor.name, language=language())
        return official_forms.printed_statement(statement=found, printing=printing)
    chosen: FileStyle = next(known for known in get_args(FileStyle) if known == style)
    return queries.statement_file(statement=found, style=chosen, language=language())


def _deliver(content: bytes, output: Path | None, *, as_json: bool) -> None:
    """Into the file, replaced only when all is written; without one, on standard output."""
    if output is None:
        click.echo(content.decode("utf-8-sig"), nl=False)
        return
    part = output.with_name(f"{output.name}.part")
    part.write_bytes(content)
    part.replace(output)
    value = {"output": str(output), "bytes": len(content)}
    answer(value, _("%(bytes)d bytes written to %(output)s") % value, as_json=as_json)


for _report in REPORTS:
    reports.add_command(_report_command(_report))
