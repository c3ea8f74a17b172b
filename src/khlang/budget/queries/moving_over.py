"""Workbooks of the old system on their way, and the row of one from which a line came."""

from pathlib import Path
from uuid import UUID

from django.conf import settings

from khlang.budget.models import MovingOver
from khlang.budget.rules import MovingOverView
from khlang.toolkit import sql
from khlang.toolkit.tenancy import required_entity_id

_ROWS = """
SELECT d.source_row, d.amount, d.item, o.id, coalesce(m.file_name, '')
  FROM budget_line l
  JOIN budget_ordinance o ON o.entity_id = l.entity_id AND o.fiscal_year = l.fiscal_year AND o.kind = 'opening'
  JOIN budget_draft_line d ON d.entity_id = o.entity_id AND d.ordinance_id = o.id AND d.source_row <> ''
   AND (d.enterprise, d.division, d.work, d.budget_type, d.fund_source) = (l.enterprise, l.division, l.work, l.budget_type, l.fund_source)
   AND (l.item = '' OR d.item = l.item)
  LEFT JOIN budget_moving_over m ON m.entity_id = o.entity_id AND m.id = o.id
 WHERE l.entity_id = %s AND l.fiscal_year = %s AND l.line_id = %s ORDER BY d.source_row::int
"""


def moving_over(*, moving_id: UUID) -> MovingOverView | None:
    """One workbook, or None."""
    row = MovingOver.objects.filter(entity_id=required_entity_id(), id=moving_id).first()
    return None if row is None else _view(row)


def moving_overs() -> list[MovingOverView]:
    """Every workbook sent, latest first."""
    return [_view(row) for row in MovingOver.objects.filter(entity_id=required_entity_id()).order_by("-made_at")]


def _view(row: MovingOver) -> MovingOverView:
    return MovingOverView(
        row.id,
        row.file_name,
        row.file_size,
        row.file_path,
        row.divisions,
        row.ordinance_id,
        row.made_by_name,
        row.made_at,
    )


def workbook_path(view: MovingOverView) -> Path:
    """Where the bytes of a kept workbook lie, outside everything the web server serves by itself."""
    return Path(settings.KHLANG_HOME) / view.file_path


def source_rows(*, fiscal_year: int, line_id: UUID) -> list[tuple[str, str, UUID]]:
    """The rows of the old system's workbook from which a line was opened: row, file, workbook; none for other lines."""
    found = sql.rows(_ROWS, (required_entity_id(), fiscal_year, line_id))
    return [(row, file, workbook) for row, _amount, _item, workbook, file in found]
