"""`khlang journals`: import files of journals, write the template, undo an import, list imports."""

import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import click
import uuid6
from django.utils import timezone
from django.utils.translation import gettext as _

from khlang.cli.answers import answer, json_option, language, progress
from khlang.continuity import commands, queries
from khlang.continuity.rules import Finding, ImportState, ImportView, Weight
from khlang.identity.queries import operator
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import message, next_step
from khlang.toolkit.tenancy import entity_transaction

EXIT_REFUSED = 1
_CHUNK = 1 << 20

entity_option = click.option("--entity", "entity_code", required=True, help=_("Code of the entity."))


@click.group(help=_("Bring journals in from files, and take an import back."))
def journals() -> None:
    """Hold the subcommands."""


@journals.command(name="import", help=_("Import journals from an .xlsx, .csv or .jsonl file: all of it or nothing."))
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@entity_option
@click.option(
    "--dry-run", is_flag=True, help=_("Check everything, post nothing; the numbers say what would be posted.")
)
@click.option("--accept-valid", is_flag=True, help=_("Post the journals that are right and leave the wrong ones out."))
@click.option("--convert-old-codes", is_flag=True, help=_("Read account codes of before 2564 as today's codes."))
@click.option(
    "--as",
    "mode",
    type=click.Choice(["journals", "trial-balance"]),
    default="journals",
    help=_("trial-balance: say what is wrong with a table of balances; nothing is posted."),
)
@click.option(
    "--to",
    "compare_to",
    type=click.DateTime(["%Y-%m-%d"]),
    help=_("With --as trial-balance: compare with the books on this day."),
)
@json_option
@click.pass_context
def import_(
    context: click.Context,
    *,
    file: Path,
    entity_code: str,
    dry_run: bool,
    accept_valid: bool,
    convert_old_codes: bool,
    mode: str,
    compare_to: datetime | None,
    as_json: bool,
) -> None:
    """Take the file in, check it, post it."""
    actor = operator(entity_code=entity_code)
    view = commands.upload(
        actor=actor,
        import_id=uuid6.uuid7(),
        file_name=file.name,
        chunks=_pieces(file),
        at=timezone.now(),
        mode=mode,
        converts_old_codes=convert_old_codes,
        compare_to=compare_to.date() if compare_to else None,
    )
    if mode == "trial-balance":
        view = commands.review_balances(actor=actor, import_id=view.id)
        _say_review(view, as_json=as_json)
    else:
        view = _checked_and_posted(actor, view, dry_run=dry_run, accept_valid=accept_valid)
        _say_import(view, dry_run=dry_run, as_json=as_json)
    if view.errors:
        context.exit(EXIT_REFUSED)


def _pieces(file: Path) -> Iterator[bytes]:
    with file.open("rb") as source:
        while piece := source.read(_CHUNK):
            yield piece


def _checked_and_posted(actor: Actor, view: ImportView, *, dry_run: bool, accept_valid: bool) -> ImportView:
    today = timezone.localdate()
    view = commands.check(actor=actor, import_id=view.id, today=today, progress=_counter(_("Checking")))
    may_post = view.may_post or (accept_valid and view.may_post_valid)
    if dry_run or not may_post:
        return view
    with progress(label=_("Posting"), length=view.total) as bar:
        return commands.post(
            actor=actor,
            import_id=view.id,
            at=timezone.now(),
            accepts_valid=accept_valid,
            progress=_steps(bar),
        )


def _steps(bar: Any) -> Callable[[int], None]:
    """Move a progress bar to where the work stands."""
    return lambda done: bar.update(done - bar.pos)


def _counter(label: str) -> Callable[[int], None]:
    """Show a running count on a terminal, where no total is known yet."""

    def show(done: int) -> None:
        if sys.stderr.isatty():
            click.echo(f"\r{label} {done:,}", nl=False, err=True)

    return show


def _counts(view: ImportView, *, dry_run: bool) -> dict[str, Any]:
    """The answer that the decisions page fixes."""
    happened = view.state in (ImportState.POSTED, ImportState.STOPPED)
    foretold = dry_run and (not view.errors or view.accepts_valid)
    return {
        "posted": view.posted if happened else (view.valid if foretold else 0),
        "replayed": view.replayed if happened else int(view.summary.get("replayed", 0)),
        "refused": [_refused(finding) for finding in view.findings if finding.weight is Weight.ERROR],
    }


def _refused(finding: Finding) -> dict[str, Any]:
    refusal = finding.refusal
    place = {"where": refusal.where} if "!" in refusal.where else {}
    return {
        "line": finding.row,
        "code": refusal.code,
        "facts": dict(refusal.facts),
        "message": message(refusal, language()),
        **place,
    }


def _say_import(view: ImportView, *, dry_run: bool, as_json: bool) -> None:
    counts = _counts(view, dry_run=dry_run)
    numbers = {"posted": counts["posted"], "replayed": counts["replayed"], "errors": view.errors, "id": view.id}
    if dry_run and not view.errors:
        text = (
            _("Nothing is wrong: %(posted)d journals would be posted, %(replayed)d are in the books already.") % numbers
        )
    elif view.state is ImportState.STOPPED:
        text = _("Stopped after %(posted)d journals; send the file again to go on, or undo import %(id)s.") % numbers
    elif view.state is ImportState.POSTED:
        text = _("Posted %(posted)d journals, %(replayed)d were in the books already (import %(id)s).") % numbers
    else:
        text = _("Nothing was posted: %(errors)d errors.") % numbers
    answer(counts, "\n".join([text, *_lines(view)]), as_json=as_json)


def _say_review(view: ImportView, *, as_json: bool) -> None:
    value = {
        "errors": view.errors,
        "warnings": view.warnings,
        "findings": [{"weight": str(finding.weight), **_refused(finding)} for finding in view.findings],
    }
    text = _("%(errors)d errors, %(warnings)d things to look at.") % {"errors": view.errors, "warnings": view.warnings}
    answer(value, "\n".join([text, *_lines(view)]), as_json=as_json)


def _lines(view: ImportView) -> Iterator[str]:
    """Every finding as two lines: what, and what to do."""
    marks: Mapping[Weight, str] = {Weight.ERROR: "✗", Weight.WARNING: "!", Weight.NOTE: "·"}
    for finding in view.findings:
        where = f"{finding.refusal.where}: " if finding.refusal.where else ""
        yield f"{marks[finding.weight]} {where}{message(finding.refusal, language())}"
        if finding.weight is not Weight.NOTE:
            yield f"    → {next_step(finding.refusal, language())}"
    if view.hidden_findings:
        yield _("… and %(count)d more") % {"count": view.hidden_findings}


@journals.command(help=_("Write the import workbook of an entity and a fiscal year."))
@entity_option
@click.option("--year", type=int, required=True, help=_("Fiscal year, Buddhist era."))
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), required=True)
@json_option
def template(*, entity_code: str, year: int, output: Path, as_json: bool) -> None:
    """Write the template with this entity's accounts in its lists."""
    actor = operator(entity_code=entity_code)
    with entity_transaction(actor.entity_id, read_only=True):
        facts = queries.template_facts(actor=actor, fiscal_year=year)
    queries.template_to(output, facts=facts)
    text = _("Template written: %(file)s (%(count)d accounts).") % {"file": output, "count": len(facts.accounts)}
    answer({"file": str(output), "accounts": len(facts.accounts)}, text, as_json=as_json)


@journals.command(help=_("Take an import back: each of its journals is reversed, nothing is removed."))
@entity_option
@click.option("--batch", "batch_id", type=click.UUID, required=True, help=_("Number of the import."))
@click.option("--reason", required=True, help=_("Why it is taken back; printed on every reversing journal."))
@json_option
def undo(*, entity_code: str, batch_id: UUID, reason: str, as_json: bool) -> None:
    """Undo one import."""
    actor = operator(entity_code=entity_code)
    with entity_transaction(actor.entity_id, read_only=True):
        before = queries.import_(import_id=batch_id)
    with progress(label=_("Reversing"), length=before.posted) as bar:
        view = commands.undo(actor=actor, import_id=batch_id, reason=reason, progress=_steps(bar))
    text = _("Undone: %(count)d journals reversed.") % {"count": view.undone}
    answer({"undone": view.undone, "state": str(view.state)}, text, as_json=as_json)


@journals.command(name="list", help=_("List the imports of an entity, newest first."))
@entity_option
@json_option
def list_(*, entity_code: str, as_json: bool) -> None:
    """List imports with their numbers."""
    actor = operator(entity_code=entity_code)
    with entity_transaction(actor.entity_id, read_only=True):
        found, _count = queries.imports()
    rows = [
        {
            "batch": str(view.id),
            "state": str(view.state),
            "file": view.file_name,
            "posted": view.posted,
            "made_at": view.made_at.isoformat(),
        }
        for view in found
    ]
    text = "\n".join(
        f"{view.id}  {view.state:<9} {view.posted:>8,}  {view.made_at:%Y-%m-%d %H:%M}  {view.file_name}"
        for view in found
    )
    answer({"imports": rows}, text or _("There are no imports."), as_json=as_json)
