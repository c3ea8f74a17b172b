"""What outlives its year: commitments over several years and money carried over. Pure."""

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
