"""The address of the board: what is shown, at which level, in what order. A choice that does not exist narrows nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

from khlang.budget.rules import BoardFilter, BoardOrder, Level

PAGE_SIZE = 50
ALL_LINES = 20_000
_LONGEST = 100
_Choice = TypeVar("_Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class BoardForm:
    """The board as its address asks for it; `whole` puts all lines on one page, to be printed."""

    chosen: BoardFilter
    level: Level
    order: str
    page: int
    whole: bool

    @property
    def page_size(self) -> int:
        """How many lines stand on a page."""
        return ALL_LINES if self.whole else PAGE_SIZE


def board_form(fields: Mapping[str, str]) -> BoardForm:
    """Read the address of the board."""
    order = fields.get("order", "")
    name = one_of(order.removeprefix("-"), BoardOrder, BoardOrder.CODE)
    return BoardForm(
        filter_form(fields),
        one_of(fields.get("by", ""), Level, Level.PLAN),
        f"-{name}" if order.startswith("-") else str(name),
        page_number(fields.get("page", "")),
        whole=fields.get("whole", "") == "1",
    )


def filter_form(fields: Mapping[str, str]) -> BoardFilter:
    """Read which lines are chosen."""

    def typed(name: str) -> str:
        return fields.get(name, "").strip().replace("\0", "")[:_LONGEST]

    enterprise = typed("enterprise")
    return BoardFilter(
        search=typed("search"),
        division=typed("division"),
        plan=typed("plan"),
        budget_type=typed("type"),
        fund_source=typed("fund"),
        # "-" is the general budget, which has no enterprise; nothing is all of them.
        enterprise=None if not enterprise else enterprise.removeprefix("-"),
    )


def filter_query(chosen: BoardFilter, **more: str) -> str:
    """The same choice as the query of an address."""
    fields = {
        "search": chosen.search,
        "division": chosen.division,
        "plan": chosen.plan,
        "type": chosen.budget_type,
        "fund": chosen.fund_source,
        "enterprise": chosen.enterprise_choice,
        **more,
    }
    return "?" + urlencode({name: value for name, value in fields.items() if value})


def one_of(text: str, known: type[_Choice], otherwise: _Choice) -> _Choice:
    """The choice of this name, or the usual one."""
    return known(text) if text in set(known) else otherwise


def page_number(text: str) -> int:
    """The number of a page, 1 when it is none."""
    return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < 7 else 1  # noqa: PLR2004
