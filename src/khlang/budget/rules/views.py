"""What others see of the budget: lines in force, drafts, actuals. Frozen values."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from khlang.budget.rules.lines import LineDraft, LineIdentity
from khlang.budget.rules.movements import Balance, MovementView, Pot
from khlang.kernel.fiscal_calendar import THAI_TIME, fiscal_year_of
from khlang.kernel.money import Baht


@dataclass(frozen=True, slots=True)
class LineView:
    """One control line in force: of the ordinance, or of a grant outside it (R199)."""

    fiscal_year: int
    line_id: UUID
    code: str
    identity: LineIdentity
    is_project: bool
    control_level: str
    nature: str
    work_name: str
    type_name: str
    grant_id: UUID | None = None

    @property
    def name(self) -> str:
        """How people call it: the item, or the type where types are counted."""
        return self.identity.item or self.type_name

    @property
    def label(self) -> str:
        """Code and name."""
        return f"{self.code} {self.name}"


@dataclass(frozen=True, slots=True)
class BoardLine:
    """A line with what it has and what became of it."""

    line: LineView
    balance: Balance


@dataclass(frozen=True, slots=True)
class HoldView:
    """Money that one document holds of a line and has not passed on."""

    hold_id: UUID
    stage: Pot
    amount: Baht
    open_amount: Baht
    document_kind: str
    document_id: UUID
    document_label: str


@dataclass(frozen=True, slots=True)
class ExplanationVersion:
    """How a line read from one entry on."""

    version_no: int
    content: dict[str, object]
    since: date
    document_label: str


@dataclass(frozen=True, slots=True)
class LineDetail:
    """A line with everything behind its figures."""

    line: LineView
    balance: Balance
    explanations: tuple[ExplanationVersion, ...]
    movements: tuple[MovementView, ...]
    holds: tuple[HoldView, ...]


@dataclass(frozen=True, slots=True)
class DraftLineView:
    """A line of an ordinance as kept, with who saved it last."""

    id: UUID
    ordinance_id: UUID
    revision: int
    draft: LineDraft
    saved_by_name: str
    source_row: str = ""


@dataclass(frozen=True, slots=True)
class EstimateView:
    """An estimate of revenue with what came in during the years before (R83)."""

    budget_type: str
    name: str
    enterprise: str
    amount: Baht
    explanation: str
    revision: int
    actuals: dict[int, Baht] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DivisionView:
    """A division that owns lines."""

    division: str
    name_th: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class CashStanding:
    """The cash of a source beside what documents claim of it (R118, R213), in baht."""

    fund_source: str
    cash: Baht
    claimed: Baht

    @property
    def free(self) -> Baht:
        """Cash that no document claims; negative when there is more claimed than there is money."""
        return self.cash - self.claimed


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One row of the register of a line: the movement, and what was left after it."""

    movement: MovementView
    available: Baht


@dataclass(frozen=True, slots=True)
class MovingOverView:
    """A workbook of the old system: the file, the divisions named so far, and the ordinance once the year was opened."""

    id: UUID
    file_name: str
    file_size: int
    file_path: str
    divisions: dict[str, str]
    ordinance_id: UUID | None
    made_by_name: str
    made_at: datetime

    @property
    def year_of_making(self) -> int:
        """The fiscal year (B.E.) in which it was sent."""
        return fiscal_year_of(self.made_at.astimezone(THAI_TIME).date())
