"""What outlives its year: commitments over several years and money carried over. Pure."""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from khlang.kernel.fiscal_calendar import year_end
from khlang.kernel.money import ZERO, Baht
from khlang.kernel.refusals import Refusal

_YEARS_MIN = 2


@dataclass(frozen=True, slots=True)
class CommitmentDraft:
    """A commitment over several years (R117): why it cannot be split, the council's resolution, the share of each year."""

    title: str
    why_not_split: str
    resolution_number: str
    resolved_on: date
    years: Mapping[int, Baht]


def check_commitment(draft: CommitmentDraft, *, first_year: int) -> Iterator[Refusal]:
    """Yield why a commitment over several years cannot be recorded (R117)."""
    if not draft.title.strip() or not draft.why_not_split.strip():
        yield Refusal("budget.reason_missing", where="why_not_split")
    if not draft.resolution_number.strip():
        yield Refusal("budget.resolution_missing", where="resolution_number")
    years = sorted(draft.years)
    if years != list(range(first_year, first_year + max(len(years), _YEARS_MIN))):
        yield Refusal("budget.years_not_in_row", {"first": first_year}, "years")
    for year, amount in draft.years.items():
        if amount <= ZERO:
            yield Refusal("budget.amount_not_right", {"amount": str(amount)}, f"years.{year}")


class CarryKind(StrEnum):
    """Why money goes on after its year (R187): it is owed, it is investment still to be obligated, it is unpaid."""

    OBLIGATED = "obligated"
    UNOBLIGATED_INVESTMENT = "unobligated_investment"
    PAYABLE = "payable"


@dataclass(frozen=True, slots=True)
class CarryFacts:
    """What a carry-over is judged by: is the line investment, does a document hold the money, and at which stage."""

    fiscal_year: int
    kind: CarryKind
    amount: Baht
    available: Baht
    held_stage: str
    held_open: Baht
    is_investment: bool
    label: str


def check_carry(facts: CarryFacts) -> Iterator[Refusal]:
    """Yield why money cannot be proposed for carrying over (R187, R188, R195)."""
    if facts.amount <= ZERO:
        yield Refusal("budget.amount_not_right", {"amount": str(facts.amount)}, "amount")
    if facts.kind is CarryKind.UNOBLIGATED_INVESTMENT:
        if not facts.is_investment:
            yield Refusal("budget.carry_needs_investment", {"line": facts.label}, "kind")
        yield from _at_most(facts, facts.available)
        return
    wanted = "obligated" if facts.kind is CarryKind.OBLIGATED else "requested"
    if facts.held_stage != wanted:
        yield Refusal("budget.stage_does_not_fit", {"kind": "carry", "stage": facts.held_stage or "-"}, "from_hold_id")
    else:
        yield from _at_most(facts, facts.held_open)


def _at_most(facts: CarryFacts, free: Baht) -> Iterator[Refusal]:
    if facts.amount > free:
        figures = {"asked": str(facts.amount), "available": str(free), "short": str(facts.amount - free)}
        yield Refusal("budget.not_enough", {"line": facts.label, **figures}, "amount")


def check_carry_approval(
    *, kind: CarryKind, fiscal_year: int, approval_number: str, approved_on: date, expires_on: date
) -> Iterator[Refusal]:
    """Yield why a carry-over cannot be approved: too late, no paper, an end that is not after the year (R188, R195, R198a).

    Unobligated investment rests on the council's resolution, everything else on the executive's word.
    """
    last = year_end(fiscal_year)
    if approved_on > last:
        yield Refusal(
            "budget.outside_year", {"date": approved_on.isoformat(), "fiscal_year": fiscal_year}, "approved_on"
        )
    if kind is CarryKind.UNOBLIGATED_INVESTMENT and not approval_number.strip():
        yield Refusal("budget.resolution_missing", where="approval_number")
    if expires_on <= last or (kind is CarryKind.UNOBLIGATED_INVESTMENT and expires_on > year_end(fiscal_year + 1)):
        yield Refusal("budget.carry_end_not_right", {"date": expires_on.isoformat()}, "expires_on")


@dataclass(frozen=True, slots=True)
class ExtensionFacts:
    """What an extension is judged by: until when the money runs now, how often it was extended, what is left (baht)."""

    kind: CarryKind
    state: str
    ends_on: date
    extended: int
    left: Baht


def check_carry_extension(
    facts: ExtensionFacts, *, approval_number: str, decided_on: date, expires_on: date, reason: str, today: date
) -> Iterator[Refusal]:
    """Yield why money carried over cannot be given a later end (R188, R195).

    Investment not yet obligated: once, by one year at most, on a resolution of the council. What is owed: as its contract
    binds, on the executive's word. Decided before the money has run out of time.
    """
    if facts.state != "active":
        yield Refusal("budget.step_not_allowed", {"state": facts.state, "step": "extended"}, "state")
        return
    if not reason.strip():
        yield Refusal("budget.reason_missing", where="reason")
    if not facts.left:
        yield Refusal("budget.carry_spent")
    yield from _check_day(decided_on, ends_on=facts.ends_on, today=today)
    of_council = facts.kind is CarryKind.UNOBLIGATED_INVESTMENT
    if of_council and not approval_number.strip():
        yield Refusal("budget.resolution_missing", where="approval_number")
    if of_council and facts.extended:
        yield Refusal("budget.carry_extended_already", {"expired": facts.ends_on.isoformat()})
    if expires_on <= facts.ends_on or (of_council and expires_on > a_year_after(facts.ends_on)):
        yield Refusal("budget.carry_end_not_right", {"date": expires_on.isoformat()}, "expires_on")


def _check_day(decided_on: date, *, ends_on: date, today: date) -> Iterator[Refusal]:
    if decided_on > ends_on:
        days = {"date": decided_on.isoformat(), "before": ends_on.isoformat()}
        yield Refusal("budget.carry_decided_late", days, "decided_on")
    if decided_on > today:
        yield Refusal("budget.step_in_future", {"date": decided_on.isoformat()}, "decided_on")


def a_year_after(day: date) -> date:
    """The same day of the next year; 28 February for 29 February."""
    return date(day.year + 1, day.month, min(day.day, monthrange(day.year + 1, day.month)[1]))


def check_lapse(facts: ExtensionFacts, *, on: date) -> Iterator[Refusal]:
    """Yield why the rest of carried money cannot fall into savings on a day (R195, R198)."""
    if facts.state != "active":
        yield Refusal("budget.step_not_allowed", {"state": facts.state, "step": "lapsed"}, "state")
        return
    if on <= facts.ends_on:
        yield Refusal("budget.carry_still_runs", {"expired": facts.ends_on.isoformat()}, "date")
    if not facts.left:
        yield Refusal("budget.carry_spent")


@dataclass(frozen=True, slots=True)
class ExtensionView:
    """One extension as kept."""

    approval_number: str
    decided_on: date
    expires_on: date
    reason: str
    made_by_name: str


@dataclass(frozen=True, slots=True)
class CommitmentView:
    """One commitment as kept, with the line it began on."""

    id: UUID
    line_year: int
    line_id: UUID
    line_label: str
    draft: CommitmentDraft
    made_by_name: str

    @property
    def total(self) -> Baht:
        """The shares of all years."""
        return sum(self.draft.years.values(), ZERO)


@dataclass(frozen=True, slots=True)
class CarryView:
    """One carry-over as kept."""

    id: UUID
    fiscal_year: int
    line_id: UUID
    line_label: str
    kind: CarryKind
    amount: Baht
    state: str
    reason: str
    approval_number: str
    approved_on: date | None
    expires_on: date | None
    entry_no: int | None
    made_by_name: str = ""
    left: Baht = ZERO
    held: Baht = ZERO
    extensions: tuple[ExtensionView, ...] = ()

    @property
    def ends_on(self) -> date | None:
        """Until when the money runs, its extensions included."""
        return self.extensions[-1].expires_on if self.extensions else self.expires_on

    @property
    def facts(self) -> ExtensionFacts:
        """What an extension, or the end, is judged by."""
        return ExtensionFacts(self.kind, self.state, self.ends_on or date.max, len(self.extensions), self.left)
