"""A document as the budget knows it, with every line it touched."""

from typing import Any
from uuid import UUID

from khlang.budget.rules import Document, Kind, MovementView, PaperMove, PaperView, Pot
from khlang.kernel.money import Baht
from khlang.toolkit import sql
from khlang.toolkit.tenancy import required_entity_id

_HEAD = """
SELECT e.document_kind, e.document_label, e.moved_on, e.moved_at, e.moved_by_name,
       (SELECT count(*) FROM budget_movement m JOIN budget_entry x USING (entity_id, fiscal_year, entry_no)
         WHERE x.entity_id = e.entity_id AND x.document_id = e.document_id AND x.fiscal_year = e.fiscal_year)
  FROM budget_entry e
 WHERE e.entity_id = %(entity)s AND e.fiscal_year = %(year)s AND e.document_id = %(document)s ORDER BY e.entry_no LIMIT 1
"""
_MOVES = """
SELECT m.line_id, l.code || ' ' || coalesce(nullif(l.item, ''), l.type_name), m.entry_no, m.kind, (m.amount * 100)::bigint,
       m.from_pot, m.to_pot, m.moved_on, e.document_kind, e.document_id, e.document_label, e.moved_by_name, m.hold_id,
       m.from_hold_id, o.document_kind, o.document_id, o.document_label
  FROM budget_entry e
  JOIN budget_movement m USING (entity_id, fiscal_year, entry_no)
  JOIN budget_line l USING (entity_id, fiscal_year, line_id)
  LEFT JOIN budget_hold h ON (h.entity_id, h.fiscal_year, h.hold_id) = (m.entity_id, m.fiscal_year, m.from_hold_id)
  LEFT JOIN budget_entry o ON (o.entity_id, o.fiscal_year, o.entry_no) = (h.entity_id, h.fiscal_year, h.entry_no)
 WHERE e.entity_id = %(entity)s AND e.fiscal_year = %(year)s AND e.document_id = %(document)s
 ORDER BY m.entry_no, m.move_no LIMIT %(limit)s
"""


def paper(*, fiscal_year: int, document_id: UUID, limit: int = 200) -> PaperView | None:
    """A document that moved money in a year, with the first `limit` of its movements; None when it moved nothing."""
    params = {"entity": required_entity_id(), "year": fiscal_year, "document": document_id, "limit": limit}
    head = sql.row(_HEAD, params)
    if head is None:
        return None
    kind, label, moved_on, moved_at, by, count = head
    moves = tuple(_move(values) for values in sql.rows(_MOVES, params))
    return PaperView(Document(kind, document_id, label), moved_on, moved_at, by, count, moves)


def _move(values: tuple[Any, ...]) -> PaperMove:
    line_id, line_label, entry_no, kind, satang, from_pot, to_pot, moved_on, *rest = values
    doc_kind, doc_id, doc_label, by, hold, from_hold, *taken = rest
    movement = MovementView(
        entry_no,
        Kind(kind),
        Baht.from_satang(satang),
        Pot(from_pot),
        Pot(to_pot),
        moved_on,
        Document(doc_kind, doc_id, doc_label),
        by,
        hold,
        from_hold,
    )
    return PaperMove(line_id, line_label, movement, Document(*taken) if taken[1] else None)
