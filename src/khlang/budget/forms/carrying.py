"""What the pages of carry-overs and commitments send."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from khlang.budget.forms.changes import days_of
from khlang.budget.rules import CommitmentDraft
from khlang.kernel.money import ZERO, Baht, parse_amount
from khlang.kernel.refusals import Refusal, Refused
from khlang.kernel.thai_text import normalise, to_arabic_digits
from khlang.toolkit.page_keys import uuid_of

YEARS_MAX = 6
UNOBLIGATED = "unobligated"


def code_of(text: str) -> str:
    """A printed code as typed."""
    return to_arabic_digits(text).replace(" ", "")[:20]


def amount_of(text: str, where: str, refusals: list[Refusal]) -> Baht:
    """An amount as typed; what cannot be read is added to the refusals."""
    try:
        return parse_amount(text)
    except Refused as refused:
        refusals += [each.at(where) for each in refused.refusals]
        return ZERO


@dataclass(frozen=True, slots=True)
class ProposalForm:
    """A proposal to carry money over: its own id, of which line, from which hold (None: not obligated), how much, why."""

    carry_id: UUID
    line: str
    hold_id: UUID | None
    amount: Baht
    reason: str
    refusals: tuple[Refusal, ...]


def proposal_form(fields: Mapping[str, str]) -> ProposalForm:
    """Read a proposal."""
    refusals: list[Refusal] = []
    amount = amount_of(fields.get("amount", ""), "amount", refusals)
    what = fields.get("what", "")
    hold_id = uuid_of(what)
    if hold_id is None and what != UNOBLIGATED:
        refusals.append(Refusal("budget.hold_missing", {"kind": "carry"}, "what"))
    return ProposalForm(
        uuid_of(fields.get("carry_id", "")) or uuid4(),
        code_of(fields.get("line", "")),
        hold_id,
        amount,
        normalise(fields.get("reason", ""))[:1000],
        tuple(refusals),
    )


@dataclass(frozen=True, slots=True)
class CommitmentForm:
    """A commitment over several years as typed: its own id, its line, what could be read, what could not."""

    commitment_id: UUID
    line: str
    draft: CommitmentDraft
    refusals: tuple[Refusal, ...]


def commitment_form(fields: Mapping[str, str], *, first_year: int, today: date) -> CommitmentForm:
    """Read a commitment; years without a share are left out."""
    refusals: list[Refusal] = []
    years = {
        year: amount_of(text, f"years.{year}", refusals)
        for year in range(first_year, first_year + YEARS_MAX)
        if (text := fields.get(f"years.{year}", "").strip())
    }
    days = days_of(fields, "resolved_on", today=today)
    draft = CommitmentDraft(
        normalise(fields.get("title", ""))[:300],
        normalise(fields.get("why_not_split", ""))[:2000],
        normalise(fields.get("resolution_number", ""))[:100],
        days.days.get("resolved_on", today),
        years,
    )
    line = code_of(fields.get("line", ""))
    return CommitmentForm(uuid_of(fields.get("commitment_id", "")) or uuid4(), line, draft, (*refusals, *days.refusals))
