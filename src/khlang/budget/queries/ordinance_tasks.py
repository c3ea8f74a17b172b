"""What is left to do with ordinances: drafts to reach the council, steps that wait for somebody, a budget to bring into force."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import override

from khlang.budget.queries.ordinances import ordinance, ordinances
from khlang.budget.rules import (
    COUNCIL_STEPS,
    EXECUTIVE_STEPS,
    MOVES,
    OrdinanceKind,
    OrdinanceState,
    OrdinanceView,
    submission_deadline,
)
from khlang.identity.permissions import may
from khlang.kernel.actors import Actor
from khlang.kernel.fiscal_calendar import fiscal_year_of, year_start
from khlang.kernel.refusals import Refused
from khlang.kernel.statements import Link
from khlang.kernel.tasks import Task, Urgency
from khlang.reference import queries as reference

# For whoever collects work (parameters: entity, today): an ordinance is under way, or the months of the next one have come.
ORDINANCES_WAIT = (
    "EXISTS (SELECT FROM budget_ordinance WHERE entity_id = %(entity)s AND (state NOT IN ('in_force', 'lapsed', 'replaced')"
    " OR extract(month FROM %(today)s::date) BETWEEN 5 AND 9))"
)
_BEFORE_DEADLINE_DAYS = 75
_SOON_DAYS = 14
_S = OrdinanceState
_MAIN = tuple(state for state in _S if state not in (_S.REJECTED_1, _S.RETURNED_BY_SUPERVISOR, _S.LAPSED, _S.REPLACED))


def ordinance_tasks(*, actor: Actor, today: date) -> list[Task]:
    """Work with ordinances for this actor; a draft that nobody opened yet is told in the weeks before its deadline (R86)."""
    if not may(actor, "budget.read"):
        return []
    found = ordinances()
    return [*_to_open(actor, found, today), *_to_go_on(actor, found, today)]


def _deadline(fiscal_year: int) -> date | None:
    try:
        value = reference.parameter(name="budget_submit_date", on_date=year_start(fiscal_year)).value
    except Refused:
        return None
    return submission_deadline(fiscal_year=fiscal_year, month_day=value)


def _urgency(due: date | None, today: date) -> Urgency:
    if due is None:
        return "todo"
    return "overdue" if due < today else "due" if due - today <= timedelta(days=_SOON_DAYS) else "todo"


def _to_open(actor: Actor, found: list[OrdinanceView], today: date) -> Iterator[Task]:
    year = fiscal_year_of(today) + 1
    due = _deadline(year)
    opened = any(each.fiscal_year == year and each.kind is OrdinanceKind.ANNUAL for each in found)
    budgets = any(each.state is _S.IN_FORCE for each in found)
    if opened or due is None or not budgets or not may(actor, "budget.draft_all"):
        return
    if today >= due - timedelta(days=_BEFORE_DEADLINE_DAYS):
        titles = _both(lambda: _("Open the draft budget of %(year)s") % {"year": year})
        link = Link("budget:open-ordinance", {})
        yield Task(f"ordinance:{year}", _urgency(due, today), *titles, link, due=due, icon="file-text")


def _both(words: Callable[[], str]) -> tuple[str, str]:
    said = []
    for language in ("th", "en"):
        with override(language):
            said.append(words())
    return said[0], said[1]


def _to_go_on(actor: Actor, found: list[OrdinanceView], today: date) -> Iterator[Task]:
    for each in found:
        if each.kind not in (OrdinanceKind.ANNUAL, OrdinanceKind.SUPPLEMENTARY):
            continue
        act = _next_act(each)
        if act is None or not may(actor, act):
            continue
        before_council = each.state in (_S.PREPARING, _S.CONSOLIDATED, _S.EXEC_ACCEPTED)
        due = _deadline(each.fiscal_year) if each.kind is OrdinanceKind.ANNUAL and before_council else None
        # While divisions draft, nothing waits for anybody until the deadline comes near.
        if each.state is _S.PREPARING and (due is None or due - today > timedelta(days=_BEFORE_DEADLINE_DAYS)):
            continue
        yield _task(each, due, today)


def _next_act(view: OrdinanceView) -> str | None:
    """The act of the next step of the main way; None when the ordinance is settled."""
    if view.state is _S.ANNOUNCED:
        return "budget.bring_into_force"
    ahead = [state for state in _MAIN if state in MOVES[view.state]]
    place: dict[OrdinanceState, int] = {state: number for number, state in enumerate(_MAIN)}
    ahead = [state for state in ahead if place[state] > place.get(view.state, 0)] or ahead
    if not ahead:
        return None
    if ahead[0] in COUNCIL_STEPS:
        return "budget.record_council"
    return "budget.accept" if ahead[0] in EXECUTIVE_STEPS else "budget.take_step"


def _task(view: OrdinanceView, due: date | None, today: date) -> Task:
    year = {"year": view.fiscal_year, "number": view.number}

    def title() -> str:
        if view.state is _S.ANNOUNCED:
            return _("Bring the budget of %(year)s into force") % year
        if view.kind is OrdinanceKind.SUPPLEMENTARY:
            return _("Take supplementary budget %(number)s of %(year)s a step further") % year
        return _("Take the budget of %(year)s a step further") % year

    last = ordinance(ordinance_id=view.id)
    taken = last.steps[-1] if last and last.steps else None
    detail = f"{taken.document_number} {taken.actor_name}".strip() if taken else ""
    link = Link("budget:ordinance", {"ordinance_id": str(view.id)})
    return Task(
        f"ordinance:{view.id}", _urgency(due, today), *_both(title), link, detail, detail, due=due, icon="file-text"
    )
