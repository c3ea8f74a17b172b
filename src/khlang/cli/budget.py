"""`khlang budget`: take over the remaining budget of New e-LAAS, write the budget of a year to a workbook, say how it stands."""

from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import click
from django.utils import timezone
from django.utils.translation import gettext as _

from khlang.budget import commands, queries
from khlang.budget.rules import Level, grouped
from khlang.budget.rules.remaining_budget import RemainingBook
from khlang.cli.answers import answer, json_option, language
from khlang.identity.queries import operator
from khlang.kernel.fiscal_calendar import year_end, year_start
from khlang.kernel.refusals import Refusal, message, next_step
from khlang.toolkit import workbook
from khlang.toolkit.tenancy import entity_transaction

EXIT_REFUSED = 1
entity_option = click.option("--entity", "entity_code", required=True, help=_("Code of the entity."))
year_option = click.option("--year", "fiscal_year", required=True, type=int, help=_("Fiscal year, Buddhist era."))


@click.group(help=_("Budget of a year: take it over from New e-LAAS, write it to a workbook, see how it stands."))
def budget() -> None:
    """Hold the subcommands."""


@budget.command(name="import", help=_("Open a year from B_RemainedBudget.xlsx of New e-LAAS: all of it or nothing."))
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@entity_option
@year_option
@click.option(
    "--division",
    "divisions",
    multiple=True,
    help=_("Owning division: 01 for every work, or 00312=05 for one. The workbook names none."),
)
@click.option("--dry-run", is_flag=True, help=_("Say what is in the workbook and what is wrong; write nothing."))
@json_option
@click.pass_context
def import_(
    context: click.Context,
    *,
    file: Path,
    entity_code: str,
    fiscal_year: int,
    divisions: tuple[str, ...],
    dry_run: bool,
    as_json: bool,
) -> None:
    """Read, tell, open."""
    actor = operator(entity_code=entity_code)
    book = commands.preview_remaining(actor=actor, path=file, fiscal_year=fiscal_year)
    opened = None
    if not dry_run and not book.all_faults:
        pairs = [_pair(text) for text in divisions]
        now = timezone.now()
        opened = commands.open_from_remaining(
            actor=actor,
            book=book,
            divisions=dict(pairs),
            # The same year of the same entity is one act, however often it is sent.
            ordinance_id=uuid5(NAMESPACE_URL, f"khlang:{entity_code}:{fiscal_year}:opening"),
            effective_on=max(min(timezone.localdate(now), year_end(fiscal_year)), year_start(fiscal_year)),
            at=now,
        )
    value = {
        "rows": len(book.rows),
        "opened": opened is not None,
        "replayed": bool(opened and opened.replayed),
        "refused": [_told(each) for each in book.all_faults],
        "guesses": [_told(each) for each in book.guesses],
    }
    answer(value, _import_text(book, opened=opened is not None), as_json=as_json)
    if book.all_faults:
        context.exit(EXIT_REFUSED)


def _pair(text: str) -> tuple[str, str]:
    """Work and division of an option; one without a work holds for every other work."""
    work, sign, division = text.partition("=")
    return (work, division) if sign else ("", work)


def _told(refusal: Refusal) -> dict[str, object]:
    facts = {"code": refusal.code, "where": refusal.where, "facts": dict(refusal.facts)}
    return {**facts, "message": message(refusal, language())}


def _import_text(book: RemainingBook, *, opened: bool) -> str:
    head = _("%(rows)d lines of fiscal year %(year)d, %(faults)d faults, %(guesses)d guesses.") % {
        "rows": len(book.rows),
        "year": book.fiscal_year,
        "faults": len(book.all_faults),
        "guesses": len(book.guesses),
    }
    told = [
        f"✗ {each.where}: {message(each, language())}\n    → {next_step(each, language())}" for each in book.all_faults
    ]
    told += [f"! {each.where}: {message(each, language())}" for each in book.guesses]
    return "\n".join([head, *told, _("The budget is open.") if opened else _("Nothing was written.")])


@budget.command(help=_("Make a division that owns budget lines, or name it otherwise."))
@entity_option
@click.option("--code", required=True, help=_("Short code, such as 01."))
@click.option("--name", required=True, help=_("Name as it is printed, in Thai."))
@json_option
def division(*, entity_code: str, code: str, name: str, as_json: bool) -> None:
    """Set one division."""
    commands.set_division(actor=operator(entity_code=entity_code), division=code, name_th=name)
    text = _("Division %(code)s is %(name)s.") % {"code": code, "name": name}
    answer({"division": code, "name": name}, text, as_json=as_json)


@budget.command(help=_("Write the lines of a year with what is left of each to an Excel workbook."))
@entity_option
@year_option
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), required=True)
@json_option
def export(*, entity_code: str, fiscal_year: int, output: Path, as_json: bool) -> None:
    """Write the board."""
    actor = operator(entity_code=entity_code)
    with entity_transaction(actor.entity_id, read_only=True):
        board = queries.board(fiscal_year=fiscal_year)
    rows = [
        (
            each.line.code,
            each.line.identity.division,
            each.line.work_name,
            each.line.type_name,
            each.line.identity.item,
            each.line.identity.fund_source,
            each.balance.approved,
            each.balance.transferred_in,
            each.balance.transferred_out,
            each.balance.supplemented,
            each.balance.held,
            each.balance.spent,
            each.balance.available,
        )
        for each in board.lines
    ]
    output.write_bytes(workbook.list_workbook(title=f"{fiscal_year}", headings=_headings(), rows=rows))
    text = _("%(count)d lines written: %(file)s") % {"count": len(rows), "file": output}
    answer({"lines": len(rows), "file": str(output)}, text, as_json=as_json)


def _headings() -> list[str]:
    return [
        _("Code"),
        _("Division"),
        _("Work"),
        _("Type"),
        _("Item"),
        _("Fund source"),
        _("Approved"),
        _("Transferred in"),
        _("Transferred out"),
        _("Supplemented"),
        _("Held"),
        _("Spent"),
        _("Left"),
    ]


@budget.command(help=_("Say how the budget of a year stands, by plan."))
@entity_option
@year_option
@json_option
def status(*, entity_code: str, fiscal_year: int, as_json: bool) -> None:
    """Given, held, spent and left of each plan; and whether every figure is the sum of its movements."""
    actor = operator(entity_code=entity_code)
    with entity_transaction(actor.entity_id, read_only=True, snapshot=True):
        board = queries.board(fiscal_year=fiscal_year)
        groups = grouped(board, level=Level.PLAN, names=queries.names(fiscal_year=fiscal_year))
        faults = queries.faults(fiscal_year=fiscal_year)
    rows = [
        {
            "plan": group.key,
            "name": group.name,
            "given": str(group.balance.appropriation),
            "held": str(group.balance.held),
            "spent": str(group.balance.spent),
            "left": str(group.balance.available),
        }
        for group in groups
    ]
    lines = [
        f"{group.key}  {group.balance.appropriation.display():>18} {group.balance.available.display():>18}  {group.name}"
        for group in groups
    ]
    state = _("Every figure is the sum of its movements.") if not faults else _("%(count)d lines are not in order.")
    text = "\n".join([*lines, state % {"count": len(faults)} if faults else state])
    value = {"fiscal_year": fiscal_year, "plans": rows, "left": str(board.total.available), "faults": len(faults)}
    answer(value, text, as_json=as_json)
