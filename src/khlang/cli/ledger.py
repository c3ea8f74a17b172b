"""`khlang ledger`: the books as text for other checkers, and our own check of everything."""

from pathlib import Path
from typing import Any

import click
from django.utils.translation import gettext as _

from khlang.audit import queries as audit
from khlang.cli.answers import answer, json_option, language, progress
from khlang.identity import queries as identity
from khlang.identity.permissions import require
from khlang.identity.rules import KEEPS_BOOKS
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refusal, message, next_step
from khlang.ledger import queries
from khlang.ledger.rules import Fault, JournalFilter, VerifyReport
from khlang.ledger.rules.exports import STYLES
from khlang.toolkit.tenancy import entity_transaction


@click.group(help=_("Export the books for outside checkers, and check them from the first entry to the last."))
def ledger() -> None:
    """Hold the subcommands."""


@ledger.command(help=_("Write one fiscal year as text that Beancount, hledger or any program can check."))
@click.option("--entity", "entity_code", required=True, help=_("Code of the entity."))
@click.option("--year", "fiscal_year", required=True, type=int, help=_("Fiscal year, Buddhist era."))
@click.option("--format", "style", required=True, type=click.Choice(sorted(STYLES)), help=_("Which text."))
@click.option(
    "--output", required=True, type=click.Path(path_type=Path, dir_okay=False), help=_("File to write, UTF-8.")
)
@json_option
def export(*, entity_code: str, fiscal_year: int, style: str, output: Path, as_json: bool) -> None:
    """Stream the year into a file; what stood there is replaced only when all is written."""
    actor = identity.operator(entity_code=entity_code)
    require(actor, "ledger.read")
    part = output.with_name(f"{output.name}.part")
    with entity_transaction(actor.entity_id, snapshot=True), part.open("w", encoding="utf-8", newline="\n") as file:
        journals = queries.journals(JournalFilter(fiscal_year=fiscal_year, page_size=1)).count
        file.writelines(queries.export_year(actor=actor, fiscal_year=fiscal_year, style=style))
    part.replace(output)
    value = {"entity": entity_code, "fiscal_year": fiscal_year, "journals": journals, "output": str(output)}
    answer(value, _("%(journals)d journals written to %(output)s") % value, as_json=as_json)


@ledger.command(help=_("Recompute numbers, balance, chain and balances of every entry; exit code 1 when one is wrong."))
@click.option("--entity", "entity_code", help=_("Code of the entity."))
@click.option("--all", "check_all", is_flag=True, help=_("Every entity that keeps books."))
@json_option
@click.pass_context
def verify(ctx: click.Context, *, entity_code: str | None, check_all: bool, as_json: bool) -> None:
    """Check one entity or all of them."""
    if bool(entity_code) == check_all:
        raise click.UsageError(_("Name one entity, or ask for --all."))
    codes = [entity_code] if entity_code else [each.code for each in identity.entities() if each.level in KEEPS_BOOKS]
    checked = [_verified(identity.operator(entity_code=code)) for code in codes]
    holds = all(each["holds"] for each in checked)
    text = "\n".join(line for each in checked for line in _sentences(each))
    answer({"holds": holds, "entities": checked}, text, as_json=as_json)
    if not holds:
        ctx.exit(1)


def _verified(actor: Actor) -> dict[str, Any]:
    with entity_transaction(actor.entity_id, snapshot=True):
        count = sum(period.journals for year in queries.fiscal_years() for period in queries.periods(fiscal_year=year))
        with progress(label=actor.entity_code, length=max(count, 1)) as bar:
            report = queries.verify(entity_code=actor.entity_code, progress=bar.update)
        broken_act = audit.first_broken_act()
    return _as_dict(report, broken_act)


def _as_dict(report: VerifyReport, broken_act: int | None) -> dict[str, Any]:
    return {
        "entity": report.entity_code,
        "journals": report.journals,
        "lines": report.lines,
        "last_hash": report.last_hash,
        "holds": report.holds and broken_act is None,
        "first_broken_act": broken_act,
        "faults": [_fault(fault) for fault in report.faults],
    }


def _fault(fault: Fault) -> dict[str, Any]:
    refusal = Refusal(fault.code, fault.facts)
    return {
        "code": fault.code,
        "facts": dict(fault.facts),
        "message": message(refusal, language()),
        "next_step": next_step(refusal, language()),
    }


def _sentences(checked: dict[str, Any]) -> list[str]:
    if checked["holds"]:
        return [_("%(entity)s: %(journals)d journals, %(lines)d lines, all right. Last hash %(last_hash)s") % checked]
    lines = [_("%(entity)s: %(journals)d journals, %(lines)d lines, NOT right:") % checked]
    lines += [f"  {fault['message']} [{fault['code']}]\n    → {fault['next_step']}" for fault in checked["faults"]]
    if checked["first_broken_act"] is not None:
        lines.append("  " + _("The record of acts does not hold from act %(first_broken_act)d on.") % checked)
    return lines
