"""Budgets to practise on: the lines of a year, and the documents that reserve, obligate, ask for and pay them. Pure."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib import resources
from typing import Any

from khlang.budget.rules import Explanation, LineDraft, LineIdentity
from khlang.kernel.fiscal_calendar import BUDDHIST_ERA, period_of, period_start
from khlang.kernel.money import ZERO, Baht

MONTHS = range(1, 13)
_FAST = 3
_PERSONNEL = "52"


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """One line: its draft for each year, and how fast it is spent."""

    drafts: Mapping[int, LineDraft]
    pace: str


@dataclass(frozen=True, slots=True)
class Revenue:
    """A revenue type and its share of the whole in hundredths; 0 takes the rest."""

    budget_type: str
    share: int
    text: str


@dataclass(frozen=True, slots=True)
class WayStep:
    """A step of the ordinance: month and day in the calendar year in which the fiscal year begins, and its paper."""

    state: str
    day: str
    number: str = ""

    def on(self, fiscal_year: int) -> date:
        """Its day for the ordinance of a fiscal year (B.E.)."""
        month, day = map(int, self.day.split("-"))
        return date(fiscal_year - BUDDHIST_ERA - 1, month, day)


@dataclass(frozen=True, slots=True)
class Transfer:
    """Money moved from one line to another, by their places; without a day it waits for approval."""

    year: int
    source: int
    target: int
    amount: Baht
    reason: str
    on: date | None = None
    announced_on: date | None = None
    reported_on: date | None = None


@dataclass(frozen=True, slots=True)
class BudgetPlan:
    """The budgets of one entity, who makes them, and how their papers are called."""

    entity: str
    people: Mapping[str, str]
    divisions: Mapping[str, str]
    members: Mapping[str, str]
    labels: Mapping[str, str]
    texts: Mapping[str, str]
    revenues: tuple[Revenue, ...]
    way: tuple[WayStep, ...]
    lines: tuple[BudgetLine, ...]
    transfers: tuple[Transfer, ...]
    day_of_request: int
    day_of_payment: int


@dataclass(frozen=True, slots=True)
class PracticeMove:
    """A move on the line at a place of the plan; the names of the hold it opens and of the hold it takes from."""

    line: int
    kind: str
    amount: Baht
    hold: str = ""
    takes: str = ""


@dataclass(frozen=True, slots=True)
class PracticeDocument:
    """One paper that uses the budget."""

    kind: str
    on: date
    name: str
    moves: tuple[PracticeMove, ...]


def budget_plan(*, first_year: int) -> BudgetPlan:
    """Read the plan; the amounts of a line are those of `first_year` (B.E.) and the years after it."""
    file = resources.files("khlang.practice") / "data" / "budget.toml"
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    return BudgetPlan(
        data["entity"],
        {hat: data[hat] for hat in ("budget_officer", "clerk", "executive", "finance")},
        data["divisions"],
        data["members"],
        data["labels"],
        data["texts"],
        tuple(Revenue(each["type"], each["share"], each["text"]) for each in data["revenues"]),
        tuple(WayStep(**each) for each in data["way"]),
        tuple(_line(each, first_year) for each in data["lines"]),
        tuple(Transfer(**{**each, "amount": Baht(each["amount"])}) for each in data["transfers"]),
        data["day_of_request"],
        data["day_of_payment"],
    )


def _line(each: Mapping[str, Any], first_year: int) -> BudgetLine:
    project = each.get("project", "")
    division, work, budget_type, fund_source = each["at"]
    identity = LineIdentity(division, work, budget_type, fund_source, project or each.get("item", ""))
    explanation = Explanation(text=each["text"], plan_reference=each.get("plan", ""))
    drafts = {
        first_year + number: LineDraft(identity, Baht(amount), explanation, bool(project))
        for number, amount in enumerate(each["amounts"])
    }
    return BudgetLine(drafts, each["pace"])


def revenue_of(plan: BudgetPlan, *, fiscal_year: int) -> dict[str, Baht]:
    """What each revenue type must bring so that the budget balances (baht)."""
    total = sum((line.drafts[fiscal_year].amount for line in plan.lines), ZERO)
    found = {each.budget_type: Baht.from_satang(total.satang * each.share // 100) for each in plan.revenues}
    rest = total - sum(found.values(), ZERO)
    return {each.budget_type: found[each.budget_type] if each.share else rest for each in plan.revenues}


@dataclass(slots=True)
class _Year:
    """A year on its way: what every line still has, and the papers made."""

    plan: BudgetPlan
    fiscal_year: int
    left: dict[int, Baht] = field(default_factory=dict)

    def day(self, month: int, day: int) -> date:
        return period_start(self.fiscal_year, month).replace(day=day)

    def take(self, line: int, wanted: Baht) -> Baht:
        given = min(wanted, self.left[line])
        self.left[line] -= given
        return given


def documents_of(plan: BudgetPlan, *, fiscal_year: int, until: date) -> Iterator[PracticeDocument]:
    """Every paper of a year up to a day, in the order of days; transfers are not among them."""
    year = _Year(plan, fiscal_year)
    year.left = {place: line.drafts[fiscal_year].amount for place, line in enumerate(plan.lines)}
    made = []
    for month in MONTHS:
        made += [*_monthly(year, month), *_single(year, month)]
        for each in plan.transfers:
            if each.year == fiscal_year and each.on and period_of(each.on) == month:
                year.left[each.source] -= each.amount
                year.left[each.target] += each.amount
    yield from sorted((each for each in made if each.on <= until), key=lambda each: each.on)


def _monthly(year: _Year, month: int) -> Iterator[PracticeDocument]:
    """The payroll, and all other monthly bills: asked for in the middle of the month, paid a few days later."""
    for is_payroll in (True, False):
        moves = []
        for place, line in enumerate(year.plan.lines):
            draft = line.drafts[year.fiscal_year]
            if line.pace not in ("monthly", "fast") or draft.identity.budget_type.startswith(_PERSONNEL) != is_payroll:
                continue
            times = _FAST if line.pace == "fast" else 1
            amount = year.take(place, Baht.from_satang(draft.amount.satang * times // 1200 * 100))
            if amount:
                moves.append(PracticeMove(place, "request", amount, f"{month} {place} request"))
        name = f"{month} {'payroll' if is_payroll else 'bills'}"
        if moves:
            yield PracticeDocument("disbursement", year.day(month, year.plan.day_of_request), name, tuple(moves))
            paid = tuple(
                PracticeMove(each.line, "pay", each.amount, f"{month} {each.line} pay", each.hold) for each in moves
            )
            yield PracticeDocument("payment", year.day(month, year.plan.day_of_payment), f"{name} paid", paid)


_PROJECT = (
    (0, 5, "purchase_request", "reserve"),
    (1, 9, "contract", "obligate"),
    (3, 16, "disbursement", "request"),
    (3, 23, "payment", "pay"),
)
_LOAN = ((0, 6, "advance_loan", "advance"), (1, 12, "advance_clearing", "clear"))
"""Months after the first, day, paper, what it does."""


def _single(year: _Year, month: int) -> Iterator[PracticeDocument]:
    """Projects and loans that begin in a month, each with papers of its own; a project costs a little less than planned."""
    for place, line in enumerate(year.plan.lines):
        kind, _, begins = line.pace.partition(":")
        if not begins or int(begins) != month:
            continue
        amount = year.take(place, Baht.from_satang(line.drafts[year.fiscal_year].amount.satang * 97 // 10_000 * 100))
        before = ""
        for later, day, paper, act in _PROJECT if kind == "project" else _LOAN:
            hold = f"{place} {act}"
            move = PracticeMove(place, act, amount, hold, before)
            yield PracticeDocument(paper, year.day(month + later, day), hold, (move,))
            before = hold
