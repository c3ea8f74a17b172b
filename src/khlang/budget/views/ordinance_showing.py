"""What the pages of ordinances are filled with, worked out from frozen values."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID, uuid5

from django.http import Http404

from khlang.budget import queries
from khlang.budget.queries import DraftStanding
from khlang.budget.rules import (
    COUNCIL_STEPS,
    EXECUTIVE_STEPS,
    MOVES,
    OrdinanceKind,
    OrdinanceState,
    OrdinanceView,
    StepView,
    submission_deadline,
)
from khlang.budget.views import ordinance_words as words
from khlang.identity import queries as identity
from khlang.identity.access import NotPermitted, allowed
from khlang.kernel.actors import Actor
from khlang.kernel.fiscal_calendar import year_start
from khlang.kernel.money import ZERO, Baht
from khlang.kernel.refusals import Refusal, Refused
from khlang.reference import queries as reference

_DOORS = frozenset({"identity.not_permitted", "identity.step_up_needed"})
_BAR = 100


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a drop-down list; `group` is the heading it stands under."""

    value: str
    label: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class NextStep:
    """A step that may follow: its form's address, what it asks for, and who may take it."""

    state: OrdinanceState
    label: str
    address: str
    paper: str
    may: bool
    people: tuple[str, ...]
    step_id: UUID
    needs_note: bool


@dataclass(frozen=True, slots=True)
class WayPoint:
    """One step of the way: done, the present one, or ahead."""

    number: int
    mark: str
    label: str
    step: StepView | None


def known(ordinance_id: UUID) -> OrdinanceView:
    """The ordinance, or the page that says there is none."""
    found = queries.ordinance(ordinance_id=ordinance_id)
    if found is None:
        raise Http404
    return found


def kind_of_entity(actor: Actor) -> str:
    """The kind of the actor's entity."""
    return identity.entity(code=actor.entity_code).kind


def title(view: OrdinanceView, actor: Actor) -> str:
    """How the ordinance is called."""
    return words.ordinance_name(
        kind=view.kind, number=view.number, fiscal_year=view.fiscal_year, entity_kind=kind_of_entity(actor)
    )


def door_refused(refused: Refused) -> None:
    """Hand refusals of the door itself to the pages that answer them: not permitted, a new proof needed."""
    if refused.refusals[0].code in _DOORS:
        raise NotPermitted(refused)


def deadline(fiscal_year: int, entity_kind: str) -> date:
    """The last day for a year's draft to reach the council (R86)."""
    found = reference.parameter(name="budget_submit_date", on_date=year_start(fiscal_year), applies_to=entity_kind)
    return submission_deadline(fiscal_year=fiscal_year, month_day=found.value)


def act_of(state: OrdinanceState) -> str:
    """The act that a step is."""
    if state in COUNCIL_STEPS:
        return "budget.record_council"
    return "budget.accept" if state in EXECUTIVE_STEPS else "budget.take_step"


def step_address(state: OrdinanceState) -> str:
    """The name of the address that takes a step."""
    names = {"budget.record_council": "council-step", "budget.accept": "executive-step"}
    return f"budget:{names.get(act_of(state), 'take-step')}"


def next_steps(view: OrdinanceView, actor: Actor, at: datetime) -> list[NextStep]:
    """The steps that may follow, the one of the main way first."""
    if view.kind in (OrdinanceKind.PROVISIONAL, OrdinanceKind.OPENING):
        return []
    main = {state: place for place, state in enumerate(words.MAIN_WAY)}
    here = main.get(view.state, 0)
    states = sorted(MOVES[view.state], key=lambda state: (main.get(state, 99) < here, main.get(state, 99)))
    return [_next_step(view, actor, state, at) for state in states]


def _next_step(view: OrdinanceView, actor: Actor, state: OrdinanceState, at: datetime) -> NextStep:
    act = act_of(state)
    people = tuple(each.name for each in identity.people_who_may(act=act, at=at))
    return NextStep(
        state,
        str(words.STEPS[state]),
        step_address(state),
        str(words.PAPERS.get(state, "")),
        allowed(actor, act),
        people,
        uuid5(view.id, f"{state} {len(view.steps)}"),
        state in (OrdinanceState.REJECTED_1, OrdinanceState.RETURNED_BY_SUPERVISOR, OrdinanceState.LAPSED),
    )


def way(view: OrdinanceView) -> list[WayPoint]:
    """What was done, oldest first with every detour, then what lies ahead on the main way."""
    points: list[tuple[str, str, StepView | None]] = [
        ("done", str(words.STEPS.get(each.state, each.state)), each) for each in view.steps
    ]
    ended = view.state in (OrdinanceState.LAPSED, OrdinanceState.IN_FORCE, OrdinanceState.REPLACED)
    if not ended:
        main = words.MAIN_WAY
        place = main.index(view.state) if view.state in main else main.index(_back_on_the_way(view.state)) - 1
        ahead = main[place + 1 :]
        points += [("now" if n == 0 else "ahead", str(words.STEPS[state]), None) for n, state in enumerate(ahead)]
    return [WayPoint(number, mark, label, step) for number, (mark, label, step) in enumerate(points, 1)]


def _back_on_the_way(state: OrdinanceState) -> OrdinanceState:
    """Where the main way goes on after a detour."""
    return OrdinanceState.READING_1 if state is OrdinanceState.REJECTED_1 else OrdinanceState.SENT_FOR_APPROVAL


@dataclass(frozen=True, slots=True)
class BudgetRow:
    """Revenue and expenditure of one budget beside each other, in baht."""

    name: str
    revenue: Baht
    expenditure: Baht

    @property
    def room(self) -> Baht:
        """What may still be given; negative when more is given than comes in."""
        return self.revenue - self.expenditure

    @property
    def is_over(self) -> bool:
        """Whether more is given than comes in."""
        return self.room < ZERO


@dataclass(frozen=True, slots=True)
class StandingShown:
    """Balance and personnel ceiling as the page shows them."""

    budgets: tuple[BudgetRow, ...]
    found: DraftStanding
    personnel_share: int

    @property
    def balanced(self) -> bool:
        """Whether no budget gives more than comes in."""
        return all(each.room >= ZERO for each in self.budgets)

    @property
    def within_ceiling(self) -> bool:
        """Whether personnel keeps within its share of the year."""
        return self.found.year.personnel_room >= ZERO


def standing_shown(found: DraftStanding, general: str) -> StandingShown:
    """The standing with the names of the budgets, the general one first."""
    names = {"": general, **queries.enterprises()}
    keys = sorted({*found.own.expenditure, *found.own.revenue})
    rows = tuple(
        BudgetRow(names.get(key, key), found.own.revenue.get(key, ZERO), found.own.expenditure.get(key, ZERO))
        for key in keys
    )
    limit = found.year.personnel_limit.satang
    share = min(_BAR, found.year.personnel.satang * _BAR // limit) if limit else 0
    return StandingShown(rows, found, share)


@dataclass(frozen=True, slots=True)
class PartRow:
    """Lines of one kind of expenditure added up: how many, how much."""

    name: str
    lines: int
    amount: Baht


def by_budget(sums: Sequence[queries.DraftSum], fiscal_year: int) -> list[PartRow]:
    """What an ordinance gives, by the budgets of expenditure (personnel, operation, investment and so on)."""
    names = names_of(fiscal_year)
    found: dict[str, tuple[int, Baht]] = {}
    for each in sums:
        code = f"{each.budget_type[:2]}00000"
        lines, amount = found.get(code, (0, ZERO))
        found[code] = (lines + each.lines, amount + each.amount)
    return [PartRow(names.get(code, code), *values) for code, values in sorted(found.items())]


def grouped_refusals(refusals: Sequence[Refusal], line_ids: Sequence[UUID]) -> list[tuple[Refusal, UUID | None]]:
    """Reasons with the line each is about, worded."""
    found = []
    for each in words.worded(refusals):
        parts = each.where.split(".")
        is_line = len(parts) > 1 and parts[0] == "lines" and parts[1].isdecimal()
        place = int(parts[1]) if is_line else -1
        found.append((each, line_ids[place] if 0 <= place < len(line_ids) else None))
    return found


def as_fields(refusals: Iterable[Refusal], prefix: str) -> list[Refusal]:
    """Reasons of one line at the fields of its page: `lines.0.work` becomes `work`."""
    found = []
    for each in words.worded(refusals):
        where = each.where.removeprefix(prefix).removeprefix(".") if each.where.startswith(prefix) else each.where
        found.append(replace(each, where="text" if where == "explanation" else where))
    return found


def names_of(fiscal_year: int) -> Mapping[str, str]:
    """Every code of lines with its name."""
    return queries.names(fiscal_year=fiscal_year)
