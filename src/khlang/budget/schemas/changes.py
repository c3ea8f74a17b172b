"""What the API takes and gives of changes, commitments, carry-overs and divisions."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from khlang.budget.rules import (
    CarryKind,
    CarryView,
    ChangeDraft,
    ChangeKind,
    ChangePart,
    ChangeState,
    ChangeView,
    CommitmentDraft,
    CommitmentView,
    DivisionView,
    PartDraft,
    RouteFound,
    explanation_of,
)
from khlang.budget.schemas.ordinances import ExplanationText, IdentityText
from khlang.budget.schemas.values import Asked, Told, Year, amount_of
from khlang.kernel.money import Baht
from khlang.kernel.refusals import Refusal, message, next_step


class PartText(Asked):
    """One line of a change: an existing one by its id, or a new one by what makes it; how it reads afterwards."""

    side: Literal["from", "to"]
    amount: str = ""
    line_id: UUID | None = None
    new_line: IdentityText | None = None
    is_project: bool = False
    explanation: ExplanationText | None = None

    def part(self, where: str) -> PartDraft:
        """As the command takes it. Refuses kernel.amount_* at its field."""
        return PartDraft(
            self.side,
            amount_of(self.amount, f"{where}.amount"),
            self.line_id,
            self.new_line.identity() if self.new_line else None,
            self.is_project,
            explanation_of(self.explanation.dict()) if self.explanation else None,
        )

    @classmethod
    def of(cls, part: PartDraft) -> "PartText":
        """A part for machines."""
        return cls.model_validate(part.as_json())


class ChangeText(Asked):
    """A transfer or a change of explanation as drafted."""

    kind: ChangeKind = ChangeKind.TRANSFER
    fiscal_year: Year
    reason: str = ""
    legal_answer: str = ""
    parts: list[PartText] = Field(default_factory=list)

    def draft(self) -> ChangeDraft:
        """As the command takes it."""
        parts = tuple(each.part(f"lines.{number}") for number, each in enumerate(self.parts))
        return ChangeDraft(self.kind, self.fiscal_year, self.reason, parts, self.legal_answer)


class ChangeIn(Asked):
    """A draft over the version it was typed over; 0 for a new one."""

    revision: int
    content: ChangeText


class ApprovalIn(Asked):
    """The approval, with the council's resolution where the lines ask for it."""

    approved_on: date
    resolution_number: str = ""
    resolved_on: date | None = None
    idempotency_key: UUID


class CloseIn(Asked):
    """Back to the draft, struck, or refused; each with its reason."""

    state: Literal[ChangeState.DRAFT, ChangeState.CANCELLED, ChangeState.REFUSED]
    reason: str


class DayIn(Asked):
    """A day on which something was done."""

    day: date


class LineEffectOut(Told):
    """What a change did, or would do, to what is free of one line."""

    line_id: str
    label: str
    before: str
    after: str


class ChangeOut(Told):
    """One change as kept."""

    id: UUID
    content: ChangeText
    state: str
    revision: int
    number: int | None
    route: str
    resolution_number: str
    resolved_on: date | None
    approved_on: date | None
    approved_by_name: str
    announced_on: date | None
    notified_on: date | None
    notice_due_on: date | None
    entry_no: int | None
    made_by_name: str
    effects: list[LineEffectOut]

    @classmethod
    def of_change(cls, view: ChangeView) -> "ChangeOut":
        """A change for machines."""
        draft = view.draft
        content = ChangeText(
            kind=draft.kind,
            fiscal_year=draft.fiscal_year,
            reason=draft.reason,
            legal_answer=draft.legal_answer,
            parts=[PartText.of(part) for part in draft.parts],
        )
        return cls.of(view, content=content, effects=[LineEffectOut.of(each) for each in view.effects])


class ReasonOut(Told):
    """Why a change could not be sent as it stands."""

    code: str
    where: str
    message_th: str
    message_en: str
    next_th: str
    next_en: str

    @classmethod
    def of_refusal(cls, refusal: Refusal) -> "ReasonOut":
        """A reason for machines and people."""
        words = {"message_th": message(refusal, "th"), "message_en": message(refusal, "en")}
        steps = {"next_th": next_step(refusal, "th"), "next_en": next_step(refusal, "en")}
        return cls.of(refusal, **words, **steps)


class ChangePreview(Told):
    """Who must agree and by which clause, what each line would have, and every reason against it. Nothing is written."""

    route: str
    clause: str
    line: str
    effects: list[LineEffectOut]
    refusals: list[ReasonOut]

    @classmethod
    def of_found(cls, found: RouteFound, refusals: list[Refusal], parts: tuple[ChangePart, ...]) -> "ChangePreview":
        """A preview for machines."""
        effects = [_effect(part) for part in parts]
        return cls.of(found, effects=effects, refusals=[ReasonOut.of_refusal(each) for each in refusals])


def _effect(part: ChangePart) -> LineEffectOut:
    after: Baht = part.available + part.up - part.down
    line_id = str(part.line_id) if part.line_id else ""
    return LineEffectOut(line_id=line_id, label=part.label, before=str(part.available), after=str(after))


class CommitmentIn(Asked):
    """A commitment over several years with the council's resolution (R117); the shares by fiscal year."""

    line_id: UUID
    title: str
    why_not_split: str
    resolution_number: str
    resolved_on: date
    years: dict[int, str]

    def draft(self) -> CommitmentDraft:
        """As the command takes it."""
        years = {year: amount_of(text, f"years.{year}") for year, text in self.years.items()}
        return CommitmentDraft(self.title, self.why_not_split, self.resolution_number, self.resolved_on, years)


class ClaimOut(Told):
    """What a commitment of earlier years takes of a year."""

    title: str
    amount: str


class CommitmentOut(Told):
    """A commitment over several years with the share of each (R117)."""

    id: UUID
    line_year: int
    line_id: UUID
    line_label: str
    title: str
    why_not_split: str
    resolution_number: str
    resolved_on: date
    years: dict[int, str]
    total: str
    made_by_name: str

    @classmethod
    def of_commitment(cls, view: CommitmentView) -> "CommitmentOut":
        """A commitment for machines."""
        draft = view.draft
        texts = {name: getattr(draft, name) for name in ("title", "why_not_split", "resolution_number", "resolved_on")}
        return cls.of(view, **texts, years={year: str(amount) for year, amount in draft.years.items()})


class CarryIn(Asked):
    """Money that is proposed to go on after its year (R187)."""

    line_id: UUID
    kind: CarryKind
    amount: str
    from_hold_id: UUID | None = None
    reason: str


class CarryDecisionIn(Asked):
    """The word of whoever decides (R188, R195)."""

    is_approved: bool
    approval_number: str = ""
    decided_on: date
    expires_on: date
    idempotency_key: UUID


class CarryExtensionIn(Asked):
    """A later end of carried money, with its paper (R188, R195); the same id again extends it once."""

    extension_id: UUID
    approval_number: str
    decided_on: date
    expires_on: date
    reason: str


class KeyIn(Asked):
    """An act without words; the same key again does it once."""

    idempotency_key: UUID


class CarryOut(Told):
    """One carry-over."""

    id: UUID
    fiscal_year: int
    line_id: UUID
    line_label: str
    kind: str
    amount: str
    state: str
    reason: str
    approval_number: str
    approved_on: date | None
    expires_on: date | None
    ends_on: date | None
    left: str
    held: str
    entry_no: int | None

    @classmethod
    def of_carry(cls, view: CarryView) -> "CarryOut":
        """A carry-over for machines."""
        return cls.of(view)


class DivisionIn(Asked):
    """A division or an enterprise by its name; a closed division takes no new lines."""

    name_th: str
    is_open: bool = True


class NameIn(Asked):
    """A name."""

    name_th: str


class MemberIn(Asked):
    """Whether somebody drafts the lines of a division."""

    is_member: bool


class DivisionOut(Told):
    """A division that owns lines."""

    division: str
    name_th: str
    is_open: bool

    @classmethod
    def of_division(cls, view: DivisionView) -> "DivisionOut":
        """A division for machines."""
        return cls.of(view)
