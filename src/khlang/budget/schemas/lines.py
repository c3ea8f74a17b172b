"""What the API gives of lines in force: the board, one line with everything behind it, what is left, when it runs out."""

from datetime import date
from uuid import UUID

from khlang.budget.rules import (
    Balance,
    BoardGroup,
    BoardLine,
    BoardPage,
    CashStanding,
    Forecast,
    HoldView,
    LineDetail,
    QuarterRow,
    RegisterRow,
)
from khlang.budget.schemas.values import Asked, Told, amount_of
from khlang.kernel.money import Baht


class BalanceOut(Told):
    """What a line has and what became of it (R118)."""

    approved: str
    transferred_in: str
    transferred_out: str
    supplemented: str
    appropriation: str
    reserved: str
    obligated: str
    requested: str
    advanced: str
    carried: str
    held: str
    paid: str
    refunded: str
    spent: str
    available: str


class BudgetLineOut(Told):
    """A line in force with its balance."""

    fiscal_year: int
    line_id: UUID
    code: str
    name: str
    division: str
    work: str
    work_name: str
    budget_type: str
    type_name: str
    item: str
    fund_source: str
    enterprise: str
    is_project: bool
    control_level: str
    nature: str
    balance: BalanceOut

    @classmethod
    def of_line(cls, each: BoardLine) -> "BudgetLineOut":
        """A line of the board for machines."""
        return cls.of(each.line, **_parts(each))


def _parts(each: BoardLine) -> dict[str, object]:
    identity = each.line.identity
    names = ("division", "work", "budget_type", "item", "fund_source", "enterprise")
    return {**{name: getattr(identity, name) for name in names}, "balance": BalanceOut.of(each.balance)}


class BoardOut(Told):
    """Some lines of a year, how many there are, and the sum of all of them."""

    count: int
    page: int
    pages: int
    total: BalanceOut
    lines: list[BudgetLineOut]

    @classmethod
    def of_page(cls, page: BoardPage) -> "BoardOut":
        """A page of the board for machines."""
        return cls.of(page, total=BalanceOut.of(page.total), lines=[BudgetLineOut.of_line(each) for each in page.rows])


class GroupOut(Told):
    """Lines added up at one level."""

    key: str
    name: str
    lines: int
    balance: BalanceOut

    @classmethod
    def of_group(cls, group: BoardGroup) -> "GroupOut":
        """A sum for machines."""
        return cls.of(group, balance=BalanceOut.of(group.balance))


class LeftOut(Told):
    """How much is left of a line."""

    line_id: UUID
    code: str
    name: str
    appropriation: str
    held: str
    spent: str
    available: str

    @classmethod
    def of_line(cls, each: BoardLine) -> "LeftOut":
        """The answer to "how much is left in X"."""
        balance: Balance = each.balance
        figures = {name: str(getattr(balance, name)) for name in ("appropriation", "held", "spent", "available")}
        return cls.of(each.line, **figures)


class DocumentOut(Told):
    """The paper behind a figure."""

    kind: str
    id: UUID
    label: str


class MovementOut(Told):
    """One row of the register: what moved, on which paper, and what was left after it."""

    entry_no: int
    kind: str
    amount: str
    from_pot: str
    to_pot: str
    moved_on: date
    moved_by_name: str
    hold_id: UUID | None
    from_hold_id: UUID | None
    document: DocumentOut
    available: str

    @classmethod
    def of_row(cls, row: RegisterRow) -> "MovementOut":
        """A row of the register for machines."""
        document = DocumentOut.of(row.movement.document)
        return cls.of(row.movement, document=document, available=str(row.available))


class HoldOut(Told):
    """What one document holds of a line."""

    hold_id: UUID
    stage: str
    amount: str
    open_amount: str
    document: DocumentOut

    @classmethod
    def of_hold(cls, hold: HoldView) -> "HoldOut":
        """A hold for machines."""
        document = DocumentOut(kind=hold.document_kind, id=hold.document_id, label=hold.document_label)
        return cls.of(hold, document=document)


class ExplanationOut(Told):
    """How a line has read since a day; the last one binds."""

    version_no: int
    since: date
    document_label: str
    content: dict[str, object]


class QuarterOut(Told):
    """Planned and drawn in one quarter."""

    quarter: int
    planned: str
    drawn: str
    difference: str


class LineWhole(BudgetLineOut):
    """A line with everything behind its figures."""

    explanations: list[ExplanationOut]
    holds: list[HoldOut]
    movements: list[MovementOut]
    quarters: list[QuarterOut]

    @classmethod
    def whole(cls, detail: LineDetail, register: list[RegisterRow], quarters: tuple[QuarterRow, ...]) -> "LineWhole":
        """A line for machines."""
        more = {
            "explanations": [ExplanationOut.of(each) for each in detail.explanations],
            "holds": [HoldOut.of_hold(each) for each in detail.holds],
            "movements": [MovementOut.of_row(each) for each in register],
            "quarters": [QuarterOut.of(each) for each in quarters],
        }
        return cls.of(detail.line, **_parts(BoardLine(detail.line, detail.balance)), **more)


class PlanOut(Told):
    """A line with its four quarters (R19)."""

    line_id: UUID
    quarters: list[QuarterOut]


class PlanIn(Asked):
    """What is meant to be spent of a line, by quarter 1 to 4."""

    quarters: dict[int, str]

    def shares(self) -> dict[int, Baht]:
        """The same as values. Refuses kernel.amount_*."""
        return {quarter: amount_of(text, f"quarters.{quarter}") for quarter, text in self.quarters.items()}


class ForecastOut(Told):
    """When a line runs out at the pace of the year."""

    line_id: UUID
    code: str
    name: str
    available: str
    spent_a_day: str
    runs_out_on: date | None
    warn: bool

    @classmethod
    def of_row(cls, each: BoardLine, found: Forecast) -> "ForecastOut":
        """A forecast for machines."""
        line = {"line_id": each.line.line_id, "code": each.line.code, "name": each.line.name}
        return cls.of(found, **line, available=str(each.balance.available))


class CashOut(Told):
    """The cash of a source beside what documents claim of it (R213)."""

    fund_source: str
    cash: str
    claimed: str
    free: str

    @classmethod
    def of_standing(cls, standing: CashStanding) -> "CashOut":
        """A source for machines."""
        return cls.of(standing)
