"""Lines in force: one line with its documents, what is left, the register."""

import json
from typing import Any
from uuid import UUID

from khlang.budget.rules import (
    POTS,
    Balance,
    BoardLine,
    Document,
    ExplanationVersion,
    HoldView,
    Kind,
    LineDetail,
    LineIdentity,
    LineView,
    MovementView,
    Pot,
    RegisterRow,
    register_of,
)
from khlang.kernel.money import Baht
from khlang.toolkit import sql
from khlang.toolkit.tenancy import required_entity_id

LINE = (
    "l.fiscal_year, l.line_id, l.code, l.division, l.work, l.budget_type, l.fund_source, l.item, l.enterprise,"
    " l.is_project, l.control_level, l.nature, l.work_name, l.type_name, l.grant_id"
)
_LINE_COLUMNS = 15
# Whole satang: three thousand lines of eleven amounts are read in the time that a hundred decimals take.
POTS_IN_SATANG = ", ".join(f"(b.{pot} * 100)::bigint" for pot in POTS)
FROM_LINES = " FROM budget_line l JOIN budget_balance b USING (entity_id, fiscal_year, line_id)"
_MOVEMENTS = """
SELECT m.entry_no, m.kind, (m.amount * 100)::bigint, m.from_pot, m.to_pot, m.moved_on, e.document_kind, e.document_id,
       e.document_label, e.moved_by_name, m.hold_id, m.from_hold_id
  FROM budget_movement m JOIN budget_entry e USING (entity_id, fiscal_year, entry_no)
 WHERE m.entity_id = %s AND m.fiscal_year = %s AND m.line_id = %s ORDER BY m.entry_no, m.move_no
"""
_MOVEMENTS_OF_MANY = _MOVEMENTS.replace("SELECT ", "SELECT m.line_id, ", 1).replace(
    "m.line_id = %s", "m.line_id = ANY (%s)"
)
_HOLDS = """
SELECT h.hold_id, h.stage, h.amount, h.open_amount, e.document_kind, e.document_id, e.document_label
  FROM budget_hold h JOIN budget_entry e USING (entity_id, fiscal_year, entry_no)
 WHERE h.entity_id = %s AND h.fiscal_year = %s AND h.line_id = %s AND (h.open_amount > 0 OR %s) ORDER BY h.entry_no, h.hold_id
"""


def board_line(values: tuple[Any, ...]) -> BoardLine:
    """A row of LINE and POTS_IN_SATANG as a line with its balance."""
    return BoardLine(_line(values[:_LINE_COLUMNS]), Balance(*map(Baht.from_satang, values[_LINE_COLUMNS:])))


def _line(values: tuple[Any, ...]) -> LineView:
    fiscal_year, line_id, code, division, work, budget_type, fund, item, enterprise, *rest = values
    identity = LineIdentity(division, work, budget_type, fund, item, enterprise)
    return LineView(fiscal_year, line_id, code, identity, *rest)


def line(*, fiscal_year: int, line_id: UUID) -> LineDetail | None:
    """A line with its explanations, every movement with its document, and what documents hold of it; None when unknown."""
    key = (required_entity_id(), fiscal_year, line_id)
    found = board_lines(fiscal_year=fiscal_year, line_ids=[line_id])
    if not found:
        return None
    each = found[line_id]
    holds = tuple(_hold(values) for values in sql.rows(_HOLDS, (*key, False)))
    return LineDetail(
        each.line, each.balance, explanations(fiscal_year=fiscal_year, line_id=line_id), movements(*key), holds
    )


def ordinance_lines(*, fiscal_year: int) -> dict[LineIdentity, BoardLine]:
    """The lines that ordinances gave, by what makes them; those of grants are left out (R199)."""
    found = board_lines(fiscal_year=fiscal_year).values()
    return {each.line.identity: each for each in found if each.line.grant_id is None}


def board_lines(*, fiscal_year: int, line_ids: list[UUID] | None = None) -> dict[UUID, BoardLine]:
    """Some lines with their balances, or all of the year, by id."""
    query = f"SELECT {LINE}, {POTS_IN_SATANG} {FROM_LINES} WHERE l.entity_id = %s AND l.fiscal_year = %s"
    params: list[Any] = [required_entity_id(), fiscal_year]
    if line_ids is not None:
        query, params = f"{query} AND l.line_id = ANY (%s)", [*params, line_ids]
    return {each.line.line_id: each for each in map(board_line, sql.rows(query, params))}


def movements(entity_id: int, fiscal_year: int, line_id: UUID) -> tuple[MovementView, ...]:
    """Every movement of a line, oldest first."""
    return tuple(_movement(values) for values in sql.rows(_MOVEMENTS, (entity_id, fiscal_year, line_id)))


def _movement(values: tuple[Any, ...]) -> MovementView:
    entry_no, kind, satang, from_pot, to_pot, moved_on, document_kind, document_id, label, by, hold, from_hold = values
    document = Document(document_kind, document_id, label)
    pots = (Pot(from_pot), Pot(to_pot))
    return MovementView(entry_no, Kind(kind), Baht.from_satang(satang), *pots, moved_on, document, by, hold, from_hold)


def _hold(values: tuple[Any, ...]) -> HoldView:
    hold_id, stage, amount, open_amount, kind, document_id, label = values
    return HoldView(hold_id, Pot(stage), Baht(amount), Baht(open_amount), kind, document_id, label)


def holds(*, fiscal_year: int, line_id: UUID, with_spent: bool = False) -> dict[UUID, HoldView]:
    """What documents hold of a line, by hold; `with_spent` also those that passed everything on."""
    found = sql.rows(_HOLDS, (required_entity_id(), fiscal_year, line_id, with_spent))
    return {each.hold_id: each for each in map(_hold, found)}


def explanations(*, fiscal_year: int, line_id: UUID) -> tuple[ExplanationVersion, ...]:
    """How a line has read, oldest first; the last one binds (R77)."""
    found = sql.rows(
        "SELECT x.version_no, x.content, e.moved_on, e.document_label"
        "  FROM budget_explanation x JOIN budget_entry e USING (entity_id, fiscal_year, entry_no)"
        " WHERE x.entity_id = %s AND x.fiscal_year = %s AND x.line_id = %s ORDER BY x.version_no",
        (required_entity_id(), fiscal_year, line_id),
    )
    return tuple(ExplanationVersion(no, _read(content), since, label) for no, content, since, label in found)


def _read(content: Any) -> dict[str, object]:
    return dict(content) if isinstance(content, dict) else dict(json.loads(content))


def available(*, fiscal_year: int, line_id: UUID) -> Baht | None:
    """What is left of a line now (R118); None when there is no such line."""
    found = sql.scalar(
        "SELECT available FROM budget_balance WHERE entity_id = %s AND fiscal_year = %s AND line_id = %s",
        (required_entity_id(), fiscal_year, line_id),
    )
    return None if found is None else Baht(found)


def register(*, fiscal_year: int, line_id: UUID) -> list[RegisterRow]:
    """The register of a line: each movement with what was left after it, oldest first."""
    return register_of(movements(required_entity_id(), fiscal_year, line_id))


def registers(*, fiscal_year: int, line_ids: list[UUID]) -> dict[UUID, list[RegisterRow]]:
    """The registers of many lines, read at once."""
    found: dict[UUID, list[MovementView]] = {}
    for line_id, *values in sql.rows(_MOVEMENTS_OF_MANY, (required_entity_id(), fiscal_year, line_ids)):
        found.setdefault(line_id, []).append(_movement(tuple(values)))
    return {line_id: register_of(moved) for line_id, moved in found.items()}


def years() -> list[int]:
    """Fiscal years (B.E.) with lines in force, newest first."""
    found = sql.rows(
        "SELECT DISTINCT fiscal_year FROM budget_entry WHERE entity_id = %s ORDER BY 1 DESC", (required_entity_id(),)
    )
    return [year for (year,) in found]


def codes(*, fiscal_year: int) -> list[str]:
    """Printed codes in use in a year."""
    query = "SELECT code FROM budget_line WHERE entity_id = %s AND fiscal_year = %s"
    return [code for (code,) in sql.rows(query, (required_entity_id(), fiscal_year))]


def faults(*, fiscal_year: int) -> list[tuple[str, UUID]]:
    """Lines whose balance is not the sum of their movements, or whose pots are not the sum of what documents hold.

    Empty on sound books: the function keeps all three. For checks and tests.
    """
    found = sql.rows(_FAULTS, {"entity": required_entity_id(), "year": fiscal_year})
    return [(fault, line_id) for fault, line_id in found]


_SUM_OF = ", ".join(f"coalesce(sum(m.amount) FILTER (WHERE m.pot = '{pot}'), 0) AS {pot}" for pot in POTS)
_DIFFERS = " OR ".join(f"b.{pot} <> coalesce(s.{pot}, 0)" for pot in POTS)
_STAGES = ("reserved", "obligated", "requested", "advanced", "carried")
_HELD_DIFFERS = " OR ".join(f"b.{stage} <> coalesce(h.{stage}, 0)" for stage in _STAGES)
_HELD = ", ".join(f"sum(open_amount) FILTER (WHERE stage = '{stage}') AS {stage}" for stage in (*_STAGES, "paid"))
_FAULTS = f"""
WITH m AS (
  SELECT line_id, to_pot AS pot, amount FROM budget_movement WHERE entity_id = %(entity)s AND fiscal_year = %(year)s
  UNION ALL
  SELECT line_id, from_pot, -amount FROM budget_movement WHERE entity_id = %(entity)s AND fiscal_year = %(year)s),
s AS (SELECT m.line_id, {_SUM_OF} FROM m GROUP BY 1),
h AS (SELECT line_id, {_HELD} FROM budget_hold WHERE entity_id = %(entity)s AND fiscal_year = %(year)s GROUP BY 1),
b AS (SELECT * FROM budget_balance WHERE entity_id = %(entity)s AND fiscal_year = %(year)s)
SELECT 'movements', b.line_id FROM b LEFT JOIN s USING (line_id) WHERE {_DIFFERS}
UNION ALL
SELECT 'holds', b.line_id FROM b LEFT JOIN h USING (line_id)
 WHERE {_HELD_DIFFERS} OR b.paid - b.refunded <> coalesce(h.paid, 0)
UNION ALL
SELECT 'overspent', b.line_id FROM b WHERE b.available < 0
"""
