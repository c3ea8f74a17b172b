"""A workbook of the old system between its preview and the opening of the year: kept whole, completed on a page."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from khlang.audit import commands as audit
from khlang.budget import queries, readers
from khlang.budget.commands.moving_over import open_from_remaining
from khlang.budget.models import MovingOver
from khlang.budget.rules import Moved, MovingOverView
from khlang.budget.rules.remaining_budget import RemainingBook, read_remaining
from khlang.identity.permissions import require
from khlang.kernel.actors import Actor
from khlang.kernel.file_kinds import XLSX, check_hidden, file_kind
from khlang.kernel.refusals import Refusal, Refused, refuse_any
from khlang.kernel.thai_text import normalise
from khlang.toolkit import uploads
from khlang.toolkit.tenancy import entity_transaction

_NAME_MAX = 120


def keep_workbook(
    *, actor: Actor, moving_id: UUID, file_name: str, chunks: Iterable[bytes], at: datetime
) -> MovingOverView:
    """Keep a workbook until the year is opened from it; the same id again gives the first answer.

    It lies under the entity's own folder, outside the web root. Refuses budget.import_not_a_workbook, .import_too_large,
    what check_hidden yields of the file, toolkit.file_infected, .scanner_failed.
    """
    require(actor, "budget.draft_all")
    name = normalise(Path(file_name.replace("\\", "/")).name)[-_NAME_MAX:] or "-"
    with entity_transaction(actor.entity_id):
        known = queries.moving_over(moving_id=moving_id)
    if known is not None:
        return known
    relative = Path("attachments") / str(actor.entity_id) / "moving-over" / f"{moving_id}.xlsx"
    file = Path(settings.KHLANG_HOME) / relative
    kept = uploads.keep(file, chunks, name=name, limit=readers.BYTES_MAX)
    if kept is None:
        raise Refused(Refusal("budget.import_too_large", {"rows": name, "limit": readers.BYTES_MAX}, "file"))
    try:
        _look_at(file, name)
    except Refused as refused:
        file.unlink()
        raise Refused(*(each.at("file") for each in refused.refusals)) from refused
    with entity_transaction(actor.entity_id):
        MovingOver.objects.create(
            entity_id=actor.entity_id,
            id=moving_id,
            file_name=name,
            file_size=kept.size,
            file_sha256=kept.sha256,
            file_path=str(relative),
            made_by=actor.user_id,
            made_by_name=actor.name,
            made_at=at,
        )
        facts = {"file": name, "sha256": kept.sha256}
        audit.record(actor=actor, act="budget.keep_workbook", document=f"moving_over:{moving_id}", facts=facts)
        return _known(moving_id)


def _look_at(file: Path, name: str) -> None:
    """Refuse what is no workbook, or is more than it looks, before anything of it is unpacked."""
    content = file.read_bytes()
    if file_kind(content) != XLSX:
        raise Refused(Refusal("budget.import_not_a_workbook", {"file": name}))
    refuse_any(check_hidden(name=name, content=content))
    readers.remaining_sheet(file)


def name_divisions(*, actor: Actor, moving_id: UUID, divisions: Mapping[str, str]) -> MovingOverView:
    """Keep which division owns which work, as far as it is known: the workbook names none. Refuses budget.change_unknown."""
    require(actor, "budget.draft_all")
    with entity_transaction(actor.entity_id):
        if _known(moving_id).divisions != dict(divisions):
            MovingOver.objects.filter(entity_id=actor.entity_id, id=moving_id).update(divisions=dict(divisions))
            document = f"moving_over:{moving_id}"
            audit.record(actor=actor, act="budget.name_divisions", document=document, facts=dict(divisions))
        return _known(moving_id)


def read_workbook(*, actor: Actor, moving_id: UUID) -> RemainingBook:
    """The kept workbook with everything that is wrong with it or was guessed. Refuses budget.change_unknown."""
    require(actor, "budget.read")
    with entity_transaction(actor.entity_id, read_only=True):
        view = _known(moving_id)
        sheet = readers.remaining_sheet(queries.workbook_path(view))
        first = read_remaining(sheet=sheet, facts=queries.line_facts(fiscal_year=view.year_of_making))
        facts = queries.line_facts(fiscal_year=first.fiscal_year or view.year_of_making)
        return read_remaining(sheet=sheet, facts=facts, fiscal_year=first.fiscal_year)


def open_from_workbook(*, actor: Actor, moving_id: UUID, effective_on: date, at: datetime) -> Moved:
    """Open the year from the kept workbook; sent twice it is done once. Refuses what open_from_remaining refuses."""
    require(actor, "budget.move_over")
    book = read_workbook(actor=actor, moving_id=moving_id)
    with entity_transaction(actor.entity_id):
        view = _known(moving_id)
        moved = open_from_remaining(
            actor=actor,
            book=book,
            divisions=view.divisions,
            ordinance_id=moving_id,
            effective_on=effective_on,
            at=at,
        )
        waiting = MovingOver.objects.filter(entity_id=actor.entity_id, id=moving_id, ordinance_id__isnull=True)
        waiting.update(ordinance_id=moving_id)
        return moved


def _known(moving_id: UUID) -> MovingOverView:
    found = queries.moving_over(moving_id=moving_id)
    if found is None:
        raise Refused(Refusal("budget.change_unknown", {"change": str(moving_id)}))
    return found
