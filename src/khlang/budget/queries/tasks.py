"""What is left to do with the budget: changes to send, to approve, to make known; carry-overs to decide and that end."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import override

from khlang.budget.models import Change
from khlang.budget.queries.carrying import carry_overs_open
from khlang.budget.queries.changes import change_view
from khlang.budget.rules import CarryKind, CarryView, ChangeState, ChangeView, Route
from khlang.identity.permissions import may
from khlang.kernel.actors import Actor
from khlang.kernel.fiscal_calendar import year_end
from khlang.kernel.statements import Link
from khlang.kernel.tasks import Task, Urgency
from khlang.toolkit.tenancy import required_entity_id

SOON: Final = timedelta(days=7)
# Carried money is spoken of so long before it ends (R198), and proposals so long before the year does (R198a).
CARRY_WARNING: Final = timedelta(days=90)
TASKS_MAX: Final = 50
CHANGES_WAIT: Final = """(EXISTS (SELECT FROM budget_change WHERE entity_id = %(entity)s
  AND state IN ('draft', 'submitted', 'approved', 'announced'))
 OR EXISTS (SELECT FROM budget_carry_over WHERE entity_id = %(entity)s AND state IN ('proposed', 'active')))"""
_OPEN = ("draft", "submitted", "approved", "announced")


def tasks(*, actor: Actor, today: date) -> list[Task]:
    """What this actor has to do with changes and carry-overs, and which of her own wait for others."""
    found = Change.objects.filter(entity_id=required_entity_id(), state__in=_OPEN).order_by("saved_at")[:TASKS_MAX]
    of_changes = [task for row in found if (task := _of_change(change_view(row), actor, today)) is not None]
    return [*of_changes, *_of_carry_overs(actor, today)]


def _of_change(view: ChangeView, actor: Actor, today: date) -> Task | None:
    is_mine = view.made_by == actor.user_id
    if view.state is ChangeState.DRAFT:
        return _change_task(view, "returned" if view.close_reason else "todo", "draft") if is_mine else None
    if view.state is ChangeState.SUBMITTED:
        council = view.route == Route.COUNCIL
        if may(actor, "budget.record_council" if council else "budget.approve_transfer"):
            return _change_task(view, "todo", "council" if council else "approve")
        return _change_task(view, "waiting", "waiting") if is_mine else None
    if not may(actor, "budget.transfer"):
        return None
    return _change_task(view, _urgency(view.notice_due_on, today), str(view.state), due=view.notice_due_on)


def _urgency(due: date | None, today: date, soon: timedelta = SOON) -> Urgency:
    if due is None or due - today > soon:
        return "todo"
    return "overdue" if due < today else "due"


def _in_both(said: Callable[[], str]) -> tuple[str, str]:
    """The same words in Thai and in English."""
    with override("th"):
        thai = said()
    with override("en"):
        return thai, said()


def _change_words(view: ChangeView, what: str) -> str:
    reason = view.draft.reason or _("no reason yet")
    told = {"reason": reason, "label": view.label}
    return {
        "draft": _("Budget change not sent yet: %(reason)s"),
        "approve": _("Approve the budget change: %(reason)s"),
        "council": _("Record the council's resolution: %(reason)s"),
        "waiting": _("Budget change sent: %(reason)s"),
        "approved": _("Announce budget change %(label)s and tell the supervising officer"),
        "announced": _("Tell the supervising officer of budget change %(label)s"),
    }[what] % told


def _change_task(view: ChangeView, urgency: Urgency, what: str, *, due: date | None = None) -> Task:
    thai, english = _in_both(lambda: _change_words(view, what))
    detail = view.close_reason or view.made_by_name
    year = str(view.draft.fiscal_year)
    link = Link("budget:change", {"fiscal_year": year, "change_id": str(view.id)})
    amount = view.amount or None
    icon = "switch-horizontal" if what not in ("approved", "announced") else "calendar-due"
    return Task(f"change:{view.id}", urgency, thai, english, link, detail, detail, amount=amount, due=due, icon=icon)


def _of_carry_overs(actor: Actor, today: date) -> Iterator[Task]:
    works_with_them = may(actor, "budget.carry")
    for view in carry_overs_open():
        of_council = view.kind is CarryKind.UNOBLIGATED_INVESTMENT
        decides = may(actor, "budget.record_council" if of_council else "budget.approve_carry")
        if view.state == "proposed" and decides:
            # Decided on the last day of the year or never (R198a).
            due = year_end(view.fiscal_year)
            yield _carry_task(view, _urgency(due, today, CARRY_WARNING), "decide", due)
        elif view.state == "active" and view.ends_on and works_with_them and view.ends_on - today <= CARRY_WARNING:
            urgency: Urgency = "overdue" if view.ends_on < today else "due"
            yield _carry_task(view, urgency, "ended" if view.ends_on < today else "ends", view.ends_on)


def _carry_task(view: CarryView, urgency: Urgency, what: str, due: date) -> Task:
    def said() -> str:
        return {
            "decide": _("Decide on the carry-over: %(line)s"),
            "ends": _("Carried money ends: %(line)s"),
            "ended": _("Carried money has ended, let the rest fall into savings: %(line)s"),
        }[what] % {"line": view.line_label}

    thai, english = _in_both(said)
    link = Link("budget:carry-over", {"fiscal_year": str(view.fiscal_year), "carry_id": str(view.id)})
    amount = view.amount if what == "decide" else view.left
    return Task(
        f"carry:{view.id}",
        urgency,
        thai,
        english,
        link,
        view.reason,
        view.reason,
        amount=amount,
        due=due,
        icon="calendar-due",
    )
