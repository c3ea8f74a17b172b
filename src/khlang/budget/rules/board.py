"""The board: which lines are shown, at which level they add up, in what order. Frozen values, pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from khlang.budget.rules.movements import Balance
from khlang.budget.rules.views import BoardLine, LineView
from khlang.kernel.money import ZERO
from khlang.kernel.thai_text import sort_key


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


class BoardOrder(StrEnum):
    """What the board is sorted by; "-" before it turns the order round."""

    CODE = "code"
    NAME = "name"
    APPROPRIATION = "appropriation"
    RESERVED = "reserved"
    OBLIGATED = "obligated"
    REQUESTED = "requested"
    SPENT = "spent"
    AVAILABLE = "available"
    USED = "used"


@dataclass(frozen=True, slots=True)
class BoardFilter:
    """Which lines the board shows; an empty choice takes all.

    `plan` and `budget_type` are codes of any level: a side 00100 takes the work 00111, a category 5330000 the type 5330800.
    """

    search: str = ""
    division: str = ""
    plan: str = ""
    budget_type: str = ""
    fund_source: str = ""
    enterprise: str | None = None

    @property
    def plan_stem(self) -> str:
        """What the codes of works below the chosen plan begin with."""
        return _stem(self.plan, (3, 4))

    @property
    def type_stem(self) -> str:
        """What the codes of types below the chosen budget or category begin with; 5111000 is a type and not above 5111100."""
        return _stem(self.budget_type, (2, 3))

    @property
    def enterprise_choice(self) -> str:
        """The enterprise as the address writes it: "-" is the general budget, nothing is all."""
        return "" if self.enterprise is None else self.enterprise or "-"

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is left out."""
        return self != BoardFilter()


def _stem(code: str, widths: Sequence[int]) -> str:
    if not code.strip("0"):
        return ""
    return next((code[:width] for width in widths if not code[width:].strip("0")), code)


def below(chosen: BoardFilter, level: Level, key: str) -> BoardFilter | None:
    """The filter narrowed to one group of a level; None for a single line, below which there is nothing."""
    if level in (Level.SIDE, Level.PLAN, Level.WORK):
        return replace(chosen, plan=key)
    if level in (Level.BUDGET, Level.CATEGORY, Level.TYPE):
        return replace(chosen, budget_type=key)
    return None if level is Level.LINE else replace(chosen, **{str(level): key})


NEXT_LEVEL: Mapping[Level, Level] = {
    Level.SIDE: Level.PLAN,
    Level.PLAN: Level.WORK,
    Level.WORK: Level.LINE,
    Level.BUDGET: Level.CATEGORY,
    Level.CATEGORY: Level.TYPE,
    Level.TYPE: Level.LINE,
    Level.DIVISION: Level.PLAN,
    Level.FUND_SOURCE: Level.PLAN,
    Level.ENTERPRISE: Level.PLAN,
}
"""What a group opens into."""


@dataclass(frozen=True, slots=True)
class BoardGroup:
    """Lines added up at one level: the code of the group, its name, how many lines, their sum."""

    key: str
    name: str
    lines: int
    balance: Balance


@dataclass(frozen=True, slots=True)
class Board:
    """Every line of a year that was asked for, and their sum."""

    fiscal_year: int
    lines: tuple[BoardLine, ...]

    @property
    def total(self) -> Balance:
        """The sum of the lines shown."""
        return added(line.balance for line in self.lines)


@dataclass(frozen=True, slots=True)
class BoardGroups:
    """The board added up at one level."""

    fiscal_year: int
    level: Level
    rows: tuple[BoardGroup, ...]

    @property
    def total(self) -> Balance:
        """The sum of the groups shown."""
        return added(row.balance for row in self.rows)

    @property
    def count(self) -> int:
        """How many lines were added up."""
        return sum(row.lines for row in self.rows)


@dataclass(frozen=True, slots=True)
class BoardPage:
    """One page of lines; `count` and `total` are of all lines that match, on whichever page they stand."""

    fiscal_year: int
    rows: tuple[BoardLine, ...]
    count: int
    total: Balance
    page: int
    pages: int


def added(balances: Iterable[Balance]) -> Balance:
    """Balances added up."""
    total = Balance()
    for balance in balances:
        total += balance
    return total


def used_percent(balance: Balance) -> int:
    """How many percent of an appropriation is held or spent, rounded down; 100 only when nothing is left."""
    given = balance.appropriation
    return (balance.held + balance.spent).satang * 100 // given.satang if given > ZERO else 0


_KEYS: Mapping[BoardOrder, Callable[[BoardGroup], object]] = {
    BoardOrder.CODE: lambda group: group.key,
    BoardOrder.NAME: lambda group: sort_key(group.name),
    BoardOrder.APPROPRIATION: lambda group: group.balance.appropriation,
    BoardOrder.RESERVED: lambda group: group.balance.reserved,
    BoardOrder.OBLIGATED: lambda group: group.balance.obligated + group.balance.carried,
    BoardOrder.REQUESTED: lambda group: group.balance.requested + group.balance.advanced,
    BoardOrder.SPENT: lambda group: group.balance.spent,
    BoardOrder.AVAILABLE: lambda group: group.balance.available,
    BoardOrder.USED: lambda group: _used(group.balance),
}


def _used(balance: Balance) -> Decimal:
    given = balance.appropriation.amount
    return (balance.held + balance.spent).amount / given if given else Decimal(0)


def in_order(groups: Sequence[BoardGroup], order: str) -> list[BoardGroup]:
    """Groups sorted as asked ("available", or "-available" for downwards); equal ones by their codes."""
    by_code = sorted(groups, key=lambda group: group.key)
    key = _KEYS[BoardOrder(order.removeprefix("-"))]
    return sorted(by_code, key=key, reverse=order.startswith("-"))  # type: ignore[arg-type]


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


def grouped(board: Board, *, level: Level, names: Mapping[str, str]) -> list[BoardGroup]:
    """Lines in memory added up at one level, in the order of codes; the twin of what the database adds up."""
    sums: dict[str, tuple[int, Balance]] = {}
    for each in board.lines:
        key = group_key(each.line, level)
        count, balance = sums.get(key, (0, Balance()))
        sums[key] = (count + 1, balance + each.balance)
    return [BoardGroup(key, names.get(key, key), count, balance) for key, (count, balance) in sorted(sums.items())]


@dataclass(frozen=True, slots=True)
class CodesInUse:
    """Codes that lines of a year have; plans and types with the wider codes above them and how deep each lies."""

    divisions: tuple[str, ...] = ()
    plans: tuple[tuple[str, int], ...] = ()
    budget_types: tuple[tuple[str, int], ...] = ()
    fund_sources: tuple[str, ...] = ()
    enterprises: tuple[str, ...] = ()


def with_wider(codes: Sequence[str], *, lengths: Sequence[int], width: int) -> tuple[tuple[str, int], ...]:
    """Codes in order with the wider ones they stand under, each once, with how deep it lies: 00111 after 00110 after 00100."""
    found: dict[str, int] = {}
    for code in sorted(codes):
        for depth, length in enumerate(lengths):
            found.setdefault(code[:length].ljust(width, "0"), depth)
        found.setdefault(code, len(lengths))
    return tuple(found.items())
