"""The way of an ordinance from the first draft to the day it is in force: states, moves, what each step must show (R86)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from khlang.kernel.fiscal_calendar import BUDDHIST_ERA, year_end, year_start
from khlang.kernel.refusals import Refusal


class OrdinanceKind(StrEnum):
    """What an ordinance is: the year's, an addition in the year (R116), last year's used on (R89), a year moved over."""

    ANNUAL = "annual"
    SUPPLEMENTARY = "supplementary"
    PROVISIONAL = "provisional"
    OPENING = "opening"


class OrdinanceState(StrEnum):
    """Where an ordinance stands (R86)."""

    PREPARING = "preparing"
    CONSOLIDATED = "consolidated"
    EXEC_ACCEPTED = "exec_accepted"
    SUBMITTED = "submitted"
    READING_1 = "reading_1"
    COMMITTEE = "committee"
    READING_2 = "reading_2"
    READING_3 = "reading_3"
    SENT_FOR_APPROVAL = "sent_for_approval"
    APPROVED = "approved"
    SIGNED = "signed"
    ANNOUNCED = "announced"
    IN_FORCE = "in_force"
    REJECTED_1 = "rejected_1"
    RETURNED_BY_SUPERVISOR = "returned_by_supervisor"
    LAPSED = "lapsed"
    REPLACED = "replaced"


_S = OrdinanceState
MOVES: Mapping[OrdinanceState, frozenset[OrdinanceState]] = {
    _S.PREPARING: frozenset({_S.CONSOLIDATED, _S.LAPSED}),
    _S.CONSOLIDATED: frozenset({_S.EXEC_ACCEPTED, _S.PREPARING, _S.LAPSED}),
    _S.EXEC_ACCEPTED: frozenset({_S.SUBMITTED, _S.CONSOLIDATED, _S.LAPSED}),
    _S.SUBMITTED: frozenset({_S.READING_1, _S.LAPSED}),
    _S.READING_1: frozenset({_S.COMMITTEE, _S.REJECTED_1}),
    # Rejected at first reading: the law's committee reconciles, and the council reads it again or it lapses (R90).
    _S.REJECTED_1: frozenset({_S.READING_1, _S.LAPSED}),
    _S.COMMITTEE: frozenset({_S.READING_2, _S.LAPSED}),
    _S.READING_2: frozenset({_S.READING_3, _S.COMMITTEE}),
    _S.READING_3: frozenset({_S.SENT_FOR_APPROVAL, _S.LAPSED}),
    _S.SENT_FOR_APPROVAL: frozenset({_S.APPROVED, _S.RETURNED_BY_SUPERVISOR}),
    _S.RETURNED_BY_SUPERVISOR: frozenset({_S.COMMITTEE, _S.SENT_FOR_APPROVAL, _S.LAPSED}),
    _S.APPROVED: frozenset({_S.SIGNED}),
    _S.SIGNED: frozenset({_S.ANNOUNCED}),
    # Into force it comes by one signed act, not by a step (R91).
    _S.ANNOUNCED: frozenset(),
    _S.IN_FORCE: frozenset(),
    _S.LAPSED: frozenset(),
    _S.REPLACED: frozenset(),
}
"""The steps that may follow each state."""

OPEN_TO_DIVISIONS = frozenset({_S.PREPARING})
OPEN_TO_BUDGET_OFFICER = frozenset({_S.PREPARING, _S.CONSOLIDATED, _S.COMMITTEE})
"""Who may write lines when: divisions while it is prepared; the budget officer also afterwards, and what the committee amends."""

COUNCIL_STEPS = frozenset(
    {_S.READING_1, _S.REJECTED_1, _S.COMMITTEE, _S.READING_2, _S.READING_3},
)
EXECUTIVE_STEPS = frozenset({_S.EXEC_ACCEPTED, _S.SIGNED})
_NUMBERED = COUNCIL_STEPS - {_S.COMMITTEE} | {
    _S.SUBMITTED,
    _S.SENT_FOR_APPROVAL,
    _S.RETURNED_BY_SUPERVISOR,
    _S.SIGNED,
    _S.ANNOUNCED,
}
CHECKED = frozenset({_S.CONSOLIDATED, _S.EXEC_ACCEPTED, _S.SUBMITTED, _S.READING_3, _S.SIGNED})
"""Steps before which the whole ordinance must be right: balanced, within the personnel ceiling, complete."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: the state it leads to, the day it happened, the number of the letter, sitting or ordinance, a note."""

    state: OrdinanceState
    happened_on: date
    document_number: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class StepFacts:
    """What a step is judged by: the state and day before it, the year, the last day for submitting, the days of approval."""

    state: OrdinanceState
    fiscal_year: int
    kind: OrdinanceKind
    today: date
    last_step_on: date | None = None
    submit_by: date | None = None
    approval_days: int = 0


def check_step(step: Step, facts: StepFacts) -> Iterator[Refusal]:
    """Yield every reason why a step cannot be taken, most basic first (R86-R90)."""
    if step.state not in MOVES[facts.state]:
        yield Refusal("budget.step_not_allowed", {"state": facts.state, "step": step.state}, "state")
        return
    if step.happened_on > facts.today:
        yield Refusal("budget.step_in_future", {"date": step.happened_on.isoformat()}, "happened_on")
    if facts.last_step_on and step.happened_on < facts.last_step_on:
        days = {"date": step.happened_on.isoformat(), "before": facts.last_step_on.isoformat()}
        yield Refusal("budget.step_before_the_last", days, "happened_on")
    yield from _missing_papers(step, facts)


def _missing_papers(step: Step, facts: StepFacts) -> Iterator[Refusal]:
    number, note = step.document_number.strip(), step.note.strip()
    if step.state in _NUMBERED and not number:
        yield Refusal("budget.document_number_missing", {"step": step.state}, "document_number")
    # Silence of the supervisor is approval once his days are over (R88); then there is no letter to name.
    waited = (step.happened_on - facts.last_step_on).days if facts.last_step_on else 0
    if step.state is _S.APPROVED and not number and waited <= facts.approval_days:
        yield Refusal("budget.approval_letter_missing", {"days": facts.approval_days}, "document_number")
    late = facts.kind is OrdinanceKind.ANNUAL and facts.submit_by is not None and step.happened_on > facts.submit_by
    if step.state is _S.SUBMITTED and late and facts.submit_by and not note:
        yield Refusal("budget.late_reason_missing", {"deadline": facts.submit_by.isoformat()}, "note")
    if step.state in (_S.REJECTED_1, _S.RETURNED_BY_SUPERVISOR, _S.LAPSED) and not note:
        yield Refusal("budget.reason_missing", where="note")


def submission_deadline(*, fiscal_year: int, month_day: str) -> date:
    """The last day for the draft of a year's ordinance to reach the council: `month_day` ("08-15") before the year (R86)."""
    month, day = (int(part) for part in month_day.split("-"))
    return date(fiscal_year - BUDDHIST_ERA - 1, month, day)


def effective_day(*, fiscal_year: int, announced_on: date) -> date:
    """The first day on which the lines count: when announced, and never before the year begins."""
    return max(announced_on, year_start(fiscal_year))


def check_force(
    *, state: OrdinanceState, kind: OrdinanceKind, effective_on: date, fiscal_year: int, today: date
) -> Iterator[Refusal]:
    """Yield why an ordinance cannot come into force now (R86, R89, R91)."""
    ready = _S.ANNOUNCED if kind in (OrdinanceKind.ANNUAL, OrdinanceKind.SUPPLEMENTARY) else _S.PREPARING
    if state is not ready:
        yield Refusal("budget.not_ready_for_force", {"state": state, "needed": ready}, "state")
    if not year_start(fiscal_year) <= effective_on <= year_end(fiscal_year):
        yield Refusal(
            "budget.outside_year", {"date": effective_on.isoformat(), "fiscal_year": fiscal_year}, "effective_on"
        )
    elif effective_on > today:
        yield Refusal("budget.step_in_future", {"date": effective_on.isoformat()}, "effective_on")


@dataclass(frozen=True, slots=True)
class StepView:
    """A step that was taken, and by whom it was recorded."""

    state: OrdinanceState
    happened_on: date
    document_number: str
    note: str
    actor_name: str


@dataclass(frozen=True, slots=True)
class OrdinanceView:
    """One ordinance: what it is, where it stands, the way it came (oldest first), its texts, its revision."""

    id: UUID
    fiscal_year: int
    kind: OrdinanceKind
    number: int
    state: OrdinanceState
    revision: int
    statement: str
    principle: str
    reason: str
    money_source: str
    made_by_name: str
    entry_no: int | None
    steps: tuple[StepView, ...] = ()

    def step(self, state: OrdinanceState) -> StepView | None:
        """The last step that led to a state."""
        return next((step for step in reversed(self.steps) if step.state is state), None)
