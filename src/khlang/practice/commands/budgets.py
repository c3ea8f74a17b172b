"""The budgets of the practice organization, through the doors of the budget itself; a year that has one is left alone."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID, uuid5

from khlang.budget import commands, queries
from khlang.budget.rules import (
    COUNCIL_STEPS,
    EXECUTIVE_STEPS,
    ChangeDraft,
    ChangeKind,
    Document,
    EstimateDraft,
    Kind,
    Move,
    OrdinanceKind,
    OrdinanceState,
    PartDraft,
    Step,
)
from khlang.kernel.actors import Actor
from khlang.kernel.fiscal_calendar import THAI_TIME, year_start
from khlang.practice.rules import BudgetPlan, PracticeDocument, Transfer, documents_of, revenue_of
from khlang.practice.rules.years import NAMESPACE
from khlang.toolkit.tenancy import entity_transaction


@dataclass(frozen=True, slots=True)
class _Year:
    """One year being made: the plan, its people, the ids of its lines by their places."""

    plan: BudgetPlan
    people: Mapping[str, Actor]
    fiscal_year: int
    lines: tuple[UUID, ...] = ()

    def key(self, *words: object) -> UUID:
        return uuid5(NAMESPACE, " ".join(map(str, (self.plan.entity, "budget", self.fiscal_year, *words))))


def make_budget(*, plan: BudgetPlan, people: Mapping[str, Actor], fiscal_year: int, until: date) -> int:
    """A budget in force with its papers up to a day, all of it or nothing; returns how many lines were made."""
    officer = people["budget_officer"]
    year = _Year(plan, people, fiscal_year)
    with entity_transaction(officer.entity_id):
        if fiscal_year in queries.years():
            return 0
        _in_force(year)
        found = {each.line.identity: each.line.line_id for each in queries.board(fiscal_year=fiscal_year).lines}
        lines = tuple(found[each.drafts[fiscal_year].identity] for each in plan.lines)
        _use(_Year(plan, people, fiscal_year, lines), until)
    return len(lines)


def set_up_divisions(*, plan: BudgetPlan, actor: Actor, members: Mapping[str, int], at: datetime) -> None:
    """The divisions that own the lines, and who drafts for them; those that are there stay."""
    with entity_transaction(actor.entity_id):
        known = {each.division for each in queries.divisions(with_closed=True)}
        for division, name in plan.divisions.items():
            if division not in known:
                commands.set_division(actor=actor, division=division, name_th=name)
        for username, division in plan.members.items():
            user_id = members[username]
            if not queries.divisions_of(user_id=user_id, at=at):
                commands.set_division_member(actor=actor, division=division, user_id=user_id, is_member=True, at=at)


def _in_force(year: _Year) -> None:
    """The ordinance on its whole way, each step by whom it belongs to."""
    plan, officer = year.plan, year.people["budget_officer"]
    ordinance_id, before = year.key("ordinance"), _noon(plan.way[0].on(year.fiscal_year))
    told: dict[str, Any] = {"actor": officer, "ordinance_id": ordinance_id}
    commands.open_ordinance(**told, kind=OrdinanceKind.ANNUAL, fiscal_year=year.fiscal_year, at=before)
    saves = [
        commands.LineSave(year.key("line", place), 0, line.drafts[year.fiscal_year])
        for place, line in enumerate(plan.lines)
    ]
    commands.save_lines(**told, lines=saves, at=before)
    revenue = revenue_of(plan, fiscal_year=year.fiscal_year)
    texts = {each.budget_type: each.text for each in plan.revenues}
    estimates = [EstimateDraft(code, amount, explanation=texts[code]) for code, amount in revenue.items()]
    commands.save_estimates(**told, estimates=estimates, at=before)
    commands.write_texts(**told, texts=dict(plan.texts), revision=1, at=before)
    for planned in plan.way:
        state, on = OrdinanceState(planned.state), planned.on(year.fiscal_year)
        step = Step(state, on, planned.number)
        hat = "clerk" if state in COUNCIL_STEPS else "executive" if state in EXECUTIVE_STEPS else "budget_officer"
        actor = year.people[hat]
        step_id = year.key("step", state)
        commands.take_step(actor=actor, ordinance_id=ordinance_id, step_id=step_id, step=step, at=_noon(on))
    first = year_start(year.fiscal_year)
    commands.bring_into_force(
        actor=year.people["executive"],
        ordinance_id=ordinance_id,
        effective_on=first,
        idempotency_key=year.key("force"),
        at=_noon(first),
    )


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=THAI_TIME)


def _use(year: _Year, until: date) -> None:
    """Papers and transfers in the order of their days; transfers without a day wait at the end."""
    numbers: Counter[str] = Counter()
    papers = documents_of(year.plan, fiscal_year=year.fiscal_year, until=until)
    moved = [(n, each) for n, each in enumerate(year.plan.transfers) if each.year == year.fiscal_year]
    found = [(each.on, each) for each in papers] + [(each.on or until, (n, each)) for n, each in moved]
    for _, each in sorted(found, key=lambda pair: pair[0]):
        if isinstance(each, PracticeDocument):
            numbers[each.kind] += 1
            _paper(year, each, numbers[each.kind])
        else:
            _transfer(year, *each, until)


def _paper(year: _Year, paper: PracticeDocument, number: int) -> None:
    label = year.plan.labels[paper.kind].format(number=number, year=year.fiscal_year)
    moves = [
        Move(
            year.lines[each.line],
            Kind(each.kind),
            each.amount,
            year.key("hold", each.hold),
            year.key("hold", each.takes) if each.takes else None,
        )
        for each in paper.moves
    ]
    document = Document(paper.kind, year.key("paper", paper.name), label)
    commands.use_budget(
        actor=year.people["finance"],
        document=document,
        fiscal_year=year.fiscal_year,
        on=paper.on,
        moves=moves,
        idempotency_key=year.key("use", paper.name),
    )


def _transfer(year: _Year, number: int, planned: Transfer, until: date) -> None:
    """A transfer as far as its days say; one without a day of approval waits for it."""
    officer, change_id = year.people["budget_officer"], year.key("transfer", number)
    parts = (
        PartDraft("from", planned.amount, year.lines[planned.source]),
        PartDraft("to", planned.amount, year.lines[planned.target]),
    )
    draft = ChangeDraft(ChangeKind.TRANSFER, year.fiscal_year, planned.reason, parts)
    told: dict[str, Any] = {"actor": officer, "change_id": change_id}
    at = _noon(planned.on or until)
    commands.save_change(**told, revision=0, draft=draft, at=at)
    commands.submit_change(**told, at=at)
    if planned.on is None:
        return
    commands.approve_change(
        actor=year.people["executive"],
        change_id=change_id,
        approved_on=planned.on,
        idempotency_key=year.key("approve", number),
        at=at,
    )
    if planned.announced_on:
        commands.announce_change(**told, announced_on=planned.announced_on, at=_noon(planned.announced_on))
    if planned.reported_on:
        commands.report_change(**told, notified_on=planned.reported_on, at=_noon(planned.reported_on))
