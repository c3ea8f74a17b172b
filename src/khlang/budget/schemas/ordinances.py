"""What the API takes and gives of ordinances: lines and estimates as drafted, the way, the standing."""

from datetime import date
from uuid import UUID

from pydantic import Field

from khlang.budget.commands import CopyReport, LineSave
from khlang.budget.rules import (
    DraftLineView,
    EstimateDraft,
    EstimateView,
    LineDraft,
    LineIdentity,
    Moved,
    OrdinanceKind,
    OrdinanceState,
    OrdinanceView,
    Standing,
    Step,
    explanation_of,
)
from khlang.budget.schemas.values import Asked, Percent, Told, Year, amount_of


class ExplanationText(Asked):
    """What a line may be spent on (R77): structured, and the text as it is printed."""

    text: str = ""
    nature: str = ""
    quantity: str = ""
    quality: str = ""
    place: str = ""
    unit_price: str = ""
    legal_basis: str = ""
    plan_reference: str = ""


class IdentityText(Asked):
    """What makes a line this line and no other within a year (R72)."""

    division: str
    work: str
    budget_type: str
    fund_source: str
    item: str = ""
    enterprise: str = ""

    def identity(self) -> LineIdentity:
        """The same as a value."""
        return LineIdentity(**self.dict())


class OpenIn(Asked):
    """The ordinance to begin."""

    kind: OrdinanceKind = OrdinanceKind.ANNUAL
    fiscal_year: Year


class DraftLineIn(Asked):
    """One line over the version it was typed over; 0 for a new one, whose id the caller makes."""

    line_id: UUID
    revision: int
    identity: IdentityText
    amount: str
    is_project: bool = False
    explanation: ExplanationText = Field(default_factory=ExplanationText)

    def save(self, where: str) -> LineSave:
        """As the command takes it. Refuses kernel.amount_* at its field."""
        amount = amount_of(self.amount, f"{where}.amount")
        explanation = explanation_of(self.explanation.dict())
        return LineSave(
            self.line_id, self.revision, LineDraft(self.identity.identity(), amount, explanation, self.is_project)
        )


class LinesIn(Asked):
    """Lines to keep, all or none."""

    lines: list[DraftLineIn]

    def saves(self) -> list[LineSave]:
        """As the command takes them."""
        return [each.save(f"lines.{number}") for number, each in enumerate(self.lines)]


class RevisionIn(Asked):
    """The version that the caller has seen."""

    revision: int


class EstimateIn(Asked):
    """What is expected of one revenue type."""

    budget_type: str
    amount: str
    enterprise: str = ""
    explanation: str = ""


class EstimatesIn(Asked):
    """Estimates to keep, all or none."""

    estimates: list[EstimateIn]

    def drafts(self) -> list[EstimateDraft]:
        """As the command takes them."""
        return [
            EstimateDraft(
                each.budget_type, amount_of(each.amount, f"estimates.{n}.amount"), each.enterprise, each.explanation
            )
            for n, each in enumerate(self.estimates)
        ]


class TextsIn(RevisionIn):
    """Texts of an ordinance; what is not named stays."""

    statement: str | None = None
    principle: str | None = None
    reason: str | None = None
    money_source: str | None = None

    def texts(self) -> dict[str, str]:
        """Those that were named."""
        return {name: text for name, text in self.dict(exclude={"revision"}).items() if text is not None}


class CopyYearIn(Asked):
    """How last year's lines are copied: changed by whole percents; investment only when asked for."""

    percent: Percent = 0
    with_investment: bool = False


class CopyYearOut(Told):
    """What a copy brought over, and what it left behind."""

    copied: int
    left: list[str]

    @classmethod
    def of_report(cls, report: CopyReport) -> "CopyYearOut":
        """The report for machines."""
        return cls(copied=report.copied, left=[name for name, _ in report.left])


class StepIn(Asked):
    """One step on the way of an ordinance; the same id again takes it once."""

    step_id: UUID
    state: OrdinanceState
    happened_on: date
    document_number: str = ""
    note: str = ""

    def step(self) -> Step:
        """The same as a value."""
        return Step(self.state, self.happened_on, self.document_number, self.note)


class ForceIn(Asked):
    """The one act that brings an ordinance into force; the same key again does it once."""

    effective_on: date
    idempotency_key: UUID


class ProvisionalIn(Asked):
    """Last year's budget for the time being (R89), under the id of an ordinance that the caller makes."""

    ordinance_id: UUID
    idempotency_key: UUID


class MovedOut(Told):
    """Under which entry something moved."""

    fiscal_year: int
    entry_no: int
    replayed: bool

    @classmethod
    def of_moved(cls, moved: Moved) -> "MovedOut":
        """The entry for machines."""
        return cls.of(moved)


class StepOut(Told):
    """A step that was taken."""

    state: str
    happened_on: date
    document_number: str
    note: str
    actor_name: str


class OrdinanceOut(Told):
    """An ordinance in a list."""

    id: UUID
    fiscal_year: int
    kind: str
    number: int
    state: str
    revision: int
    made_by_name: str
    entry_no: int | None


class DraftLineOut(Told):
    """A line as drafted."""

    line_id: UUID
    revision: int
    identity: IdentityText
    amount: str
    is_project: bool
    explanation: ExplanationText
    saved_by_name: str

    @classmethod
    def of_line(cls, view: DraftLineView) -> "DraftLineOut":
        """A line for machines."""
        draft = view.draft
        names = IdentityText.model_fields
        return cls(
            line_id=view.id,
            revision=view.revision,
            identity=IdentityText(**{name: getattr(draft.identity, name) for name in names}),
            amount=str(draft.amount),
            is_project=draft.is_project,
            explanation=ExplanationText(**draft.explanation.as_json()),
            saved_by_name=view.saved_by_name,
        )


class EstimateOut(Told):
    """An estimate of revenue beside what came in during the years before (R83)."""

    budget_type: str
    name: str
    enterprise: str
    amount: str
    explanation: str
    revision: int
    actuals: dict[int, str]

    @classmethod
    def of_estimate(cls, view: EstimateView) -> "EstimateOut":
        """An estimate for machines."""
        return cls.of(view, actuals={year: str(amount) for year, amount in view.actuals.items()})


class StandingOut(Told):
    """How an ordinance stands: sums by budget ("" is the general one) and the personnel ceiling (R14, R71)."""

    expenditure: dict[str, str]
    revenue: dict[str, str]
    total: str
    personnel: str
    personnel_limit: str
    personnel_room: str
    investment: str

    @classmethod
    def of_standing(cls, found: Standing) -> "StandingOut":
        """The standing for machines."""
        sums = {
            name: {budget: str(amount) for budget, amount in getattr(found, name).items()}
            for name in ("expenditure", "revenue")
        }
        return cls.of(found, **sums)


class OrdinanceWhole(OrdinanceOut):
    """An ordinance with its texts, the way it came, its lines, estimates and standing."""

    statement: str
    principle: str
    reason: str
    money_source: str
    steps: list[StepOut]
    lines: list[DraftLineOut]
    estimates: list[EstimateOut]
    standing: StandingOut

    @classmethod
    def whole(
        cls, view: OrdinanceView, lines: list[DraftLineView], estimates: list[EstimateView], standing: Standing
    ) -> "OrdinanceWhole":
        """An ordinance for machines."""
        more = {
            "steps": [StepOut.of(each) for each in view.steps],
            "lines": [DraftLineOut.of_line(each) for each in lines],
            "estimates": [EstimateOut.of_estimate(each) for each in estimates],
            "standing": StandingOut.of_standing(standing),
        }
        return cls.of(view, **more)
