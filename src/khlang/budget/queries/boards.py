"""The board: lines of a year added up at any level by the database, or page by page, always with the sum of what is shown."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from khlang.budget.queries.lines import FROM_LINES, LINE, POTS_IN_SATANG, board_line, years
from khlang.budget.rules import (
    POTS,
    Balance,
    Board,
    BoardFilter,
    BoardGroup,
    BoardGroups,
    BoardLine,
    BoardOrder,
    BoardPage,
    Level,
    in_order,
)
from khlang.kernel.fiscal_calendar import fiscal_year_of
from khlang.kernel.money import Baht
from khlang.kernel.thai_text import normalise, search_key
from khlang.toolkit import sql
from khlang.toolkit.tenancy import required_entity_id

_NARROWED = """
 WHERE l.entity_id = %(entity)s AND l.fiscal_year = %(year)s
   AND (%(division)s = '' OR l.division = %(division)s) AND l.work LIKE %(plan)s AND l.budget_type LIKE %(type)s
   AND (%(fund)s = '' OR l.fund_source = %(fund)s) AND (%(enterprise)s::text IS NULL OR l.enterprise = %(enterprise)s)
   AND (l.search_key LIKE ALL (%(words)s) OR (%(explained)s::text[] IS NOT NULL AND EXISTS (
         SELECT FROM budget_explanation x
          WHERE (x.entity_id, x.fiscal_year, x.line_id) = (l.entity_id, l.fiscal_year, l.line_id)
            AND x.content ->> 'text' ILIKE ALL (%(explained)s))))
"""
_IN_CODES = "l.enterprise, l.work, l.budget_type, l.division, l.code"
_SUMS = ", ".join(f"(coalesce(sum(b.{pot}), 0) * 100)::bigint" for pot in POTS)
# The code under which a line is added up at each level; rules.group_key says the same of one line.
_KEYS: Mapping[Level, str] = {
    Level.SIDE: "left(l.work, 3) || '00'",
    Level.PLAN: "left(l.work, 4) || '0'",
    Level.WORK: "l.work",
    Level.BUDGET: "left(l.budget_type, 2) || '00000'",
    Level.CATEGORY: "left(l.budget_type, 3) || '0000'",
    Level.TYPE: "l.budget_type",
    Level.DIVISION: "l.division",
    Level.FUND_SOURCE: "l.fund_source",
    Level.ENTERPRISE: "l.enterprise",
    Level.LINE: "l.code",
}
_HELD = "b.reserved + b.obligated + b.requested + b.advanced + b.carried"
_GIVEN = "b.approved + b.transferred_in - b.transferred_out + b.supplemented"
_NAME = "coalesce(nullif(l.item, ''), l.type_name)"
_ORDERS: Mapping[BoardOrder, str] = {
    BoardOrder.CODE: f"({_IN_CODES})",
    # A vowel written before its consonant is spelled after it, as the dictionary does.
    BoardOrder.NAME: rf"regexp_replace({_NAME}, '([\u0E40-\u0E44])([\u0E01-\u0E2E])', '\2\1', 'g')",
    BoardOrder.APPROPRIATION: _GIVEN,
    BoardOrder.RESERVED: "b.reserved",
    BoardOrder.OBLIGATED: "b.obligated + b.carried",
    BoardOrder.REQUESTED: "b.requested + b.advanced",
    BoardOrder.SPENT: "b.paid - b.refunded",
    BoardOrder.AVAILABLE: "b.available",
    BoardOrder.USED: f"({_HELD} + b.paid - b.refunded) / nullif({_GIVEN}, 0)",
}


def board(*, fiscal_year: int, chosen: BoardFilter | None = None) -> Board:
    """Every line of a fiscal year (B.E.) with what is left of it, in the order of codes; `chosen` narrows them.

    For what needs each line, as a workbook does. Pages read `board_groups` and `board_page`.
    """
    params = _narrowed(fiscal_year, chosen)
    query = f"SELECT {LINE}, {POTS_IN_SATANG} {FROM_LINES} {_NARROWED} ORDER BY {_IN_CODES}"
    return Board(fiscal_year, tuple(board_line(values) for values in sql.rows(query, params)))


def board_groups(
    *, fiscal_year: int, level: Level, names: Mapping[str, str], chosen: BoardFilter | None = None, order: str = "code"
) -> BoardGroups:
    """The lines of a fiscal year (B.E.) added up at a level, and their sum. `names` gives each code its name."""
    query = f"SELECT {_KEYS[level]}, count(*), {_SUMS} {FROM_LINES} {_NARROWED} GROUP BY 1 ORDER BY 1"
    found = sql.rows(query, _narrowed(fiscal_year, chosen))
    groups = [BoardGroup(key, names.get(key, key), lines, _balance(pots)) for key, lines, *pots in found]
    return BoardGroups(fiscal_year, level, tuple(in_order(groups, order)))


def board_page(
    *, fiscal_year: int, chosen: BoardFilter | None = None, order: str = "code", page: int = 1, page_size: int = 50
) -> BoardPage:
    """One page of lines with the count and the sum of all that match. A page beyond the last one is the last one."""
    params = _narrowed(fiscal_year, chosen)
    (count, *pots), *_ = sql.rows(f"SELECT count(*), {_SUMS} {FROM_LINES} {_NARROWED}", params)
    pages = max(1, -(-count // page_size))
    page = min(max(page, 1), pages)
    wanted, is_down = _ORDERS[BoardOrder(order.removeprefix("-"))], order.startswith("-")
    query = (
        f"SELECT {LINE}, {POTS_IN_SATANG} {FROM_LINES} {_NARROWED}"
        f" ORDER BY {wanted} {'DESC NULLS LAST' if is_down else 'NULLS FIRST'}, l.code LIMIT %(size)s OFFSET %(skip)s"
    )
    found = sql.rows(query, {**params, "size": page_size, "skip": (page - 1) * page_size})
    return BoardPage(fiscal_year, tuple(map(board_line, found)), count, _balance(pots), page, pages)


def _balance(satang: list[int]) -> Balance:
    return Balance(*map(Baht.from_satang, satang))


def _narrowed(fiscal_year: int, chosen: BoardFilter | None) -> dict[str, Any]:
    """What the question is filled with. Read in bulk: a year in force since a moment ago is unknown to the planner."""
    sql.read_in_bulk()
    chosen = chosen or BoardFilter()
    words = search_key(chosen.search).replace(",", "").split()
    return {
        "entity": required_entity_id(),
        "year": fiscal_year,
        "division": chosen.division,
        "plan": f"{_literal(chosen.plan_stem)}%",
        "type": f"{_literal(chosen.type_stem)}%",
        "fund": chosen.fund_source,
        "enterprise": chosen.enterprise,
        "words": [f"%{_literal(word)}%" for word in words] or ["%"],
        # Fuel is called so in the explanation of its line, and by its type in the name.
        "explained": [f"%{_literal(word)}%" for word in normalise(chosen.search).split()] or None,
    }


def _literal(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


_CALLED = f"""
SELECT {LINE}, {POTS_IN_SATANG} {FROM_LINES} {_NARROWED}
 ORDER BY coalesce(nullif(strpos(l.search_key, %(first)s), 0), 1000000), b.available DESC, l.code LIMIT %(size)s
"""


def lines_called(*, text: str, today: date, limit: int) -> list[BoardLine]:
    """Lines of the present year, or of the latest that has a budget, found by name or code; best first.

    Best is where the first word stands nearest to the beginning: of the code, then of the name; last what only the
    explanation says.
    """
    words = search_key(text).replace(",", "").split()
    if not words:
        return []
    present, known = fiscal_year_of(today), years()
    if not known:
        return []
    year = present if present in known else known[0]
    params = {**_narrowed(year, BoardFilter(search=text)), "first": words[0], "size": limit}
    return [board_line(values) for values in sql.rows(_CALLED, params)]
