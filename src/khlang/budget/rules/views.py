"""What others see of the budget: lines in force, the board, drafts, actuals. Frozen values."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from khlang.budget.rules.lines import LineDraft, LineIdentity
from khlang.budget.rules.movements import Balance, MovementView, Pot
from khlang.kernel.money import Baht


class Level(StrEnum):
    """At which level the board adds up, from the widest to the single line (R72)."""

    SIDE = "side"
    PLAN = "plan"
    WORK = "work"
    BUDGET = "budget"
    CATEGORY = "category"
    TYPE = "type"
    DIVISION = "division"
    FUND_SOURCE = "fund_source"
    ENTERPRISE = "enterprise"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class LineView:
    """One control line in force."""

    fiscal_year: int
    line_id: UUID
    code: str
    identity: LineIdentity
    is_project: bool
    control_level: str
    nature: str
    work_name: str
    type_name: str

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
class BoardGroup:
    """Lines added up at one level: the code of the group, its name, how many lines, their sum."""

    key: str
    name: str
    lines: int
    balance: Balance


@dataclass(frozen=True, slots=True)
class BoardFilter:
    """Which lines the board shows; an empty choice takes all. `below` is a code of a plan or type, or what it begins with."""

    search: str = ""
    division: str = ""
    plan: str = ""
    budget_type: str = ""
    fund_source: str = ""
    enterprise: str | None = None


@dataclass(frozen=True, slots=True)
class Board:
    """The whole board of a year: lines, and their sum."""

    fiscal_year: int
    lines: tuple[BoardLine, ...]

    @property
    def total(self) -> Balance:
        """The sum of the lines shown."""
        return added(line.balance for line in self.lines)


def added(balances: Iterable[Balance]) -> Balance:
    """Balances added up."""
    total = Balance()
    for balance in balances:
        total += balance
    return total


def group_key(line: LineView, level: Level) -> str:
    """The code under which a line is added up at a level."""
    identity = line.identity
    return {
        Level.SIDE: f"{identity.work[:3]}00",
        Level.PLAN: f"{identity.work[:4]}0",
        Level.WORK: identity.work,
        Level.BUDGET: f"{identity.budget_type[:2]}00000",
        Level.CATEGORY: f"{identity.budget_type[:3]}0000",
        Level.TYPE: identity.budget_type,
        Level.DIVISION: identity.division,
        Level.FUND_SOURCE: identity.fund_source,
        Level.ENTERPRISE: identity.enterprise,
        Level.LINE: line.code,
    }[level]


def grouped(board: Board, *, level: Level, names: dict[str, str]) -> list[BoardGroup]:
    """The board added up at one level, in the order of codes."""
    sums: dict[str, tuple[int, Balance]] = {}
    for each in board.lines:
        key = group_key(each.line, level)
        count, balance = sums.get(key, (0, Balance()))
        sums[key] = (count + 1, balance + each.balance)
    return [BoardGroup(key, names.get(key, key), count, balance) for key, (count, balance) in sorted(sums.items())]


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
