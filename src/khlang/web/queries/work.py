"""What is left to do, collected from every area that keeps work."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from khlang.budget import queries as budget
from khlang.continuity import queries as continuity
from khlang.continuity.rules import ImportState, ImportView
from khlang.identity import queries as identity
from khlang.identity.permissions import may
from khlang.journal_vouchers import queries as journal_vouchers
from khlang.kernel.actors import Actor
from khlang.kernel.fiscal_calendar import fiscal_year_of, period_end
from khlang.kernel.statements import Link
from khlang.kernel.tasks import Task, Urgency
from khlang.ledger import queries as ledger
from khlang.ledger.rules import PeriodState
from khlang.operations import queries as operations
from khlang.oversight import queries as oversight
from khlang.web.queries.calendar import closing_task_words, monthly_day

_ORDER: Final = {"returned": 0, "overdue": 1, "due": 2, "todo": 3, "waiting": 4}
_MONTHS = range(1, 13)
_LATELY_DAYS = 14


def working_year(today: date | None = None) -> int | None:
    """The fiscal year (B.E.) people work in: the present one when opened, else the latest opened; None without books."""
    opened = ledger.fiscal_years()
    present = fiscal_year_of(today or timezone.localdate())
    return present if present in opened else max(opened, default=None)


def tasks(*, actor: Actor, today: date | None = None) -> list[Task]:
    """Everything left to do in the entity for this actor, the gravest first; work of others last."""
    found = list(_periods_to_close(actor, today or timezone.localdate()))
    found += operations.announcement_tasks(actor=actor, at=timezone.now())
    found += ledger.reopening_tasks(actor=actor)
    found += oversight.tasks(actor=actor, today=today or timezone.localdate(), now=timezone.now())
    found += identity.tasks(actor=actor, today=today or timezone.localdate())
    if may(actor, "budget.grant") or may(actor, "budget.open_grant"):
        found += budget.grant_work(today=today or timezone.localdate())
    if may(actor, "journal_vouchers.read"):
        found += journal_vouchers.tasks(actor=actor)
    if may(actor, "continuity.import"):
        found += _imports_left(actor, today or timezone.localdate())
    return sorted(found, key=lambda task: (_ORDER[task.urgency], task.due or date.max))


def _imports_left(actor: Actor, today: date) -> Iterator[Task]:
    """Files sent lately that wait for a decision or a correction; one sent again and posted is done with."""
    listed, _count = continuity.imports()
    posted = {view.file_name for view in listed if view.state is ImportState.POSTED}
    for view in listed:
        if view.mode != "journals" or view.file_name in posted or (today - view.made_at.date()).days > _LATELY_DAYS:
            continue
        words = _import_words(view)
        if words:
            urgency: Urgency = "due" if view.state is ImportState.STOPPED else "todo"
            if view.state is ImportState.CHECKED and not view.errors and not _may_post(actor, view):
                urgency = "waiting"
            link = Link("continuity:detail", {"import_id": str(view.id)})
            yield Task(f"import:{view.id}", urgency, *words, link, view.file_name, view.file_name, icon="file-import")


def _may_post(actor: Actor, view: ImportView) -> bool:
    """Whoever sent a file waits for the second hand (R331); a written exception is found on the page of the import."""
    return "operator" in actor.roles or (may(actor, "continuity.post") and view.made_by != actor.user_id)


def _import_words(view: ImportView) -> tuple[str, str] | None:
    """Title in Thai and English of what is left to do with an import; None when nothing is."""
    said = []
    for language in ("th", "en"):
        with override(language):
            if view.state is ImportState.STOPPED:
                said.append(_("Go on with the import that stopped half-way"))
            elif view.state is ImportState.CHECKED and not view.errors:
                said.append(_("Post the checked import"))
            elif view.state in {ImportState.CHECKED, ImportState.REFUSED}:
                said.append(_("Correct the import: %(errors)s errors") % {"errors": view.errors})
    return (said[0], said[1]) if said else None


def _periods_to_close(actor: Actor, today: date) -> Iterator[Task]:
    """The oldest month that ended and is still open: months are closed one after another."""
    year = working_year(today) if may(actor, "ledger.manage_periods") else None
    if year is None:
        return
    ended = [
        view.period
        for view in ledger.periods(fiscal_year=year)
        if view.period in _MONTHS and view.state is PeriodState.OPEN and period_end(year, view.period) < today
    ]
    if not ended:
        return
    last_day = period_end(year, ended[0])
    due = monthly_day(month_end=last_day)
    title_th, title_en, detail_th, detail_en = closing_task_words(month_end=last_day, months=len(ended))
    yield Task(
        key=f"period:{year}-{ended[0]}",
        urgency="overdue" if due < today else "due" if due - today <= timedelta(days=7) else "todo",
        title_th=title_th,
        title_en=title_en,
        detail_th=detail_th,
        detail_en=detail_en,
        link=Link("ledger:periods-of-year", {"fiscal_year": str(year)}),
        due=due,
        icon="calendar-event",
    )
