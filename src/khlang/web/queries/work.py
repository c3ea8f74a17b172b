"""What is left to do, collected from every area that keeps work."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
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
from khlang.operations import queries as operations
from khlang.oversight import queries as oversight
from khlang.toolkit import sql
from khlang.toolkit.tenancy import required_entity_id
from khlang.web.queries.calendar import closing_task_words, monthly_day

_ORDER: Final = {"returned": 0, "overdue": 1, "due": 2, "todo": 3, "waiting": 4}
_MONTHS = range(1, 13)
_LATELY_DAYS = 14


def working_year(today: date | None = None) -> int | None:
    """The fiscal year (B.E.) people work in: the present one when opened, else the latest opened; None without books."""
    opened = ledger.fiscal_years()
    present = fiscal_year_of(today or timezone.localdate())
    return present if present in opened else max(opened, default=None)


@dataclass(frozen=True, slots=True)
class _Asked:
    """Whose work is asked for, and when."""

    actor: Actor
    today: date
    now: datetime


@dataclass(frozen=True, slots=True)
class _Keeper:
    """An area that keeps work: whom it concerns, a condition in SQL without which there is none, and who tells it.

    Every page of everybody asks for work, and mostly there is none: all conditions are asked in one query. Their
    parameters are entity, user, today and now.
    """

    concerns: Callable[[Actor], bool]
    waits: str
    tell: Callable[[_Asked], Iterable[Task]]


def _doing(act: str) -> Callable[[Actor], bool]:
    return lambda actor: may(actor, act)


def _has_grants(actor: Actor) -> bool:
    return may(actor, "budget.grant") or may(actor, "budget.open_grant")


def _everybody(_actor: Actor) -> bool:
    return True


_ALWAYS = "true"
_KEEPERS = (
    _Keeper(_doing("ledger.manage_periods"), ledger.MONTHS_WAIT, lambda asked: _periods_to_close(asked.today)),
    # These two ask little or nothing themselves where nothing is announced, or nobody reviews.
    _Keeper(_everybody, _ALWAYS, lambda asked: operations.announcement_tasks(actor=asked.actor, at=asked.now)),
    _Keeper(_everybody, _ALWAYS, lambda asked: identity.tasks(actor=asked.actor, today=asked.today)),
    _Keeper(
        _doing("ledger.reopen_period"), ledger.REOPENING_WAITS, lambda asked: ledger.reopening_tasks(actor=asked.actor)
    ),
    _Keeper(
        _everybody,
        oversight.OVERSIGHT_WAITS,
        lambda asked: oversight.tasks(actor=asked.actor, today=asked.today, now=asked.now),
    ),
    _Keeper(
        _doing("budget.read"),
        budget.ORDINANCES_WAIT,
        lambda asked: budget.ordinance_tasks(actor=asked.actor, today=asked.today),
    ),
    _Keeper(_has_grants, budget.GRANTS_WAIT, lambda asked: budget.grant_work(today=asked.today)),
    _Keeper(
        _doing("budget.read"),
        budget.CHANGES_WAIT,
        lambda asked: budget.tasks(actor=asked.actor, today=asked.today),
    ),
    _Keeper(
        _doing("budget.transfer"),
        budget.PACE_TELLS,
        lambda asked: budget.pace_tasks(actor=asked.actor, today=asked.today),
    ),
    _Keeper(
        _doing("journal_vouchers.read"),
        journal_vouchers.VOUCHERS_WAIT,
        lambda asked: journal_vouchers.tasks(actor=asked.actor),
    ),
    _Keeper(
        _doing("continuity.import"), continuity.IMPORTS_WAIT, lambda asked: _imports_left(asked.actor, asked.today)
    ),
)


def tasks(*, actor: Actor, today: date | None = None) -> list[Task]:
    """Everything left to do in the entity for this actor, the gravest first; work of others last."""
    asked = _Asked(actor, today or timezone.localdate(), timezone.now())
    found = [task for keeper in _with_work(asked) for task in keeper.tell(asked)]
    return sorted(found, key=lambda task: (_ORDER[task.urgency], task.due or date.max))


def _with_work(asked: _Asked) -> list[_Keeper]:
    concerned = [keeper for keeper in _KEEPERS if keeper.concerns(asked.actor)]
    told = {
        "entity": required_entity_id(),
        "user": asked.actor.user_id,
        "today": asked.today,
        "now": asked.now,
    }
    waits = sql.row(f"SELECT {', '.join(keeper.waits for keeper in concerned)}", told) or ()
    return [keeper for keeper, waiting in zip(concerned, waits, strict=True) if waiting]


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


def _periods_to_close(today: date) -> Iterator[Task]:
    """The oldest month that ended and is still open: months are closed one after another."""
    year = working_year(today)
    if year is None:
        return
    open_ = ledger.open_periods(fiscal_year=year)
    ended = [period for period in open_ if period in _MONTHS and period_end(year, period) < today]
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
