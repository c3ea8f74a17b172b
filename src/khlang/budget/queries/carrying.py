"""What outlives its year: carry-overs with what is left of them, commitments over several years."""

from datetime import date
from uuid import UUID

from khlang.budget.models import CarryExtension, CarryOver, Commitment
from khlang.budget.queries.lines import board_lines
from khlang.budget.rules import CarryKind, CarryView, CommitmentDraft, CommitmentView, ExtensionView
from khlang.kernel.money import ZERO, Baht
from khlang.toolkit import sql
from khlang.toolkit.tenancy import required_entity_id

_HELD = "SELECT hold_id, amount, open_amount FROM budget_hold WHERE entity_id = %s AND hold_id = ANY (%s)"


def carry_overs(*, fiscal_year: int, state: str = "") -> list[CarryView]:
    """Money of a fiscal year (B.E.) that goes on after it, or is proposed to (R187, R197), oldest first."""
    found = CarryOver.objects.filter(entity_id=required_entity_id(), fiscal_year=fiscal_year)
    return _views(list((found.filter(state=state) if state else found).order_by("made_at")))


def carry_over(*, carry_id: UUID) -> CarryView | None:
    """One carry-over, or None."""
    return next(iter(_views(list(CarryOver.objects.filter(entity_id=required_entity_id(), id=carry_id)))), None)


def carry_overs_open() -> list[CarryView]:
    """What is proposed, and what is active with money left, of every year; soonest end first."""
    rows = CarryOver.objects.filter(entity_id=required_entity_id(), state__in=["proposed", "active"]).order_by(
        "made_at"
    )
    wanted = [view for view in _views(list(rows)) if view.state == "proposed" or view.left]
    return sorted(wanted, key=lambda view: view.ends_on or date.max)


def _views(rows: list[CarryOver]) -> list[CarryView]:
    if not rows:
        return []
    entity_id, ids = required_entity_id(), [row.id for row in rows]
    extensions: dict[UUID, list[ExtensionView]] = {}
    for each in CarryExtension.objects.filter(entity_id=entity_id, carry_id__in=ids).order_by("place"):
        view = ExtensionView(each.approval_number, each.decided_on, each.expires_on, each.reason, each.made_by_name)
        extensions.setdefault(each.carry_id, []).append(view)
    held = {hold: (Baht(amount), Baht(left)) for hold, amount, left in sql.rows(_HELD, (entity_id, ids))}
    labels = _labels({(row.fiscal_year, row.line_id) for row in rows})
    return [_view(row, labels, held.get(row.id, (ZERO, ZERO)), tuple(extensions.get(row.id, ()))) for row in rows]


def _labels(wanted: set[tuple[int, UUID]]) -> dict[UUID, str]:
    """Line to code and name, over several years."""
    found: dict[UUID, str] = {}
    for year in {year for year, _ in wanted}:
        ids = [line_id for of_year, line_id in wanted if of_year == year]
        found |= {line_id: each.line.label for line_id, each in board_lines(fiscal_year=year, line_ids=ids).items()}
    return found


def _view(
    row: CarryOver, labels: dict[UUID, str], held: tuple[Baht, Baht], extensions: tuple[ExtensionView, ...]
) -> CarryView:
    return CarryView(
        row.id,
        row.fiscal_year,
        row.line_id,
        labels[row.line_id],
        CarryKind(row.kind),
        Baht(row.amount),
        row.state,
        row.reason,
        row.approval_number,
        row.approved_on,
        row.expires_on,
        row.entry_no,
        row.made_by_name,
        held[1],
        held[0],
        extensions,
    )


def commitments(*, fiscal_year: int) -> list[CommitmentView]:
    """Commitments over several years that began in a fiscal year (B.E.) or claim a share of it (R117), oldest first."""
    found = Commitment.objects.filter(entity_id=required_entity_id(), line_year__lte=fiscal_year).order_by("made_at")
    rows = [row for row in found if str(fiscal_year) in row.years]
    labels = _labels({(row.line_year, row.line_id) for row in rows})
    return [
        CommitmentView(
            row.id,
            row.line_year,
            row.line_id,
            labels[row.line_id],
            CommitmentDraft(
                row.title,
                row.why_not_split,
                row.resolution_number,
                row.resolved_on,
                {int(year): Baht(amount) for year, amount in sorted(row.years.items())},
            ),
            row.made_by_name,
        )
        for row in rows
    ]
