"""Ordinances: the way they came, their lines as drafted, what they expect to receive."""

from collections.abc import Mapping
from uuid import UUID

from khlang.budget.models import DraftLine, Ordinance, OrdinanceStep, RevenueEstimate
from khlang.budget.rules import (
    DraftLineView,
    EstimateDraft,
    EstimateView,
    LineDraft,
    LineIdentity,
    OrdinanceKind,
    OrdinanceState,
    OrdinanceView,
    StepView,
    explanation_of,
)
from khlang.kernel.fiscal_calendar import year_end, year_start
from khlang.kernel.money import Baht
from khlang.ledger import queries as ledger
from khlang.reference import queries as reference
from khlang.toolkit.tenancy import required_entity_id

YEARS_OF_ACTUALS = 3
_REVENUE = "4"


def ordinances(*, fiscal_year: int | None = None) -> list[OrdinanceView]:
    """Ordinances of a fiscal year (B.E.), or of all, newest year first."""
    found = Ordinance.objects.filter(entity_id=required_entity_id()).order_by("-fiscal_year", "kind", "number")
    chosen = found if fiscal_year is None else found.filter(fiscal_year=fiscal_year)
    return [_ordinance(row, ()) for row in chosen]


def ordinance(*, ordinance_id: UUID) -> OrdinanceView | None:
    """One ordinance with the way it came, or None."""
    row = Ordinance.objects.filter(entity_id=required_entity_id(), id=ordinance_id).first()
    return None if row is None else _ordinance(row, steps(ordinance_id=ordinance_id))


def steps(*, ordinance_id: UUID) -> tuple[StepView, ...]:
    """The steps of an ordinance, oldest first."""
    found = OrdinanceStep.objects.filter(entity_id=required_entity_id(), ordinance_id=ordinance_id).order_by("place")
    return tuple(
        StepView(OrdinanceState(s.state), s.happened_on, s.document_number, s.note, s.actor_name) for s in found
    )


def _ordinance(row: Ordinance, way: tuple[StepView, ...]) -> OrdinanceView:
    return OrdinanceView(
        row.id,
        row.fiscal_year,
        OrdinanceKind(row.kind),
        row.number,
        OrdinanceState(row.state),
        row.revision,
        row.statement,
        row.principle,
        row.reason,
        row.money_source,
        row.made_by_name,
        row.entry_no,
        way,
    )


def draft_lines(*, ordinance_id: UUID, division: str = "") -> list[DraftLineView]:
    """The lines of an ordinance as drafted, in the order in which they are printed; `division` narrows them."""
    found = DraftLine.objects.filter(entity_id=required_entity_id(), ordinance_id=ordinance_id, is_removed=False)
    if division:
        found = found.filter(division=division)
    order = ("enterprise", "work", "budget_type", "division", "item", "fund_source")
    return [draft_line_view(row) for row in found.order_by(*order)]


def draft_line_view(row: DraftLine) -> DraftLineView:
    """A line as others see it; for the commands of this area, which have locked the row."""
    identity = LineIdentity(row.division, row.work, row.budget_type, row.fund_source, row.item, row.enterprise)
    draft = LineDraft(identity, Baht(row.amount), explanation_of(row.explanation), row.is_project)
    return DraftLineView(row.id, row.ordinance_id, row.revision, draft, row.saved_by_name, row.source_row)


def estimate_drafts(*, ordinance_id: UUID) -> list[EstimateDraft]:
    """What an ordinance expects to receive, by type."""
    found = RevenueEstimate.objects.filter(entity_id=required_entity_id(), ordinance_id=ordinance_id)
    rows = found.order_by("enterprise", "budget_type")
    return [EstimateDraft(r.budget_type, Baht(r.amount), r.enterprise, r.explanation) for r in rows]


def estimates(*, ordinance_id: UUID, fiscal_year: int, years: int = YEARS_OF_ACTUALS) -> list[EstimateView]:
    """Estimates with what came in during up to three years before (R83); types that only have actuals stand there too."""
    found = RevenueEstimate.objects.filter(entity_id=required_entity_id(), ordinance_id=ordinance_id)
    kept = {(row.enterprise, row.budget_type): row for row in found}
    past = actuals(fiscal_years=range(fiscal_year - years, fiscal_year))
    names = {each.code: each.name_th for each in reference.budget_types(side="revenue")}
    seen = {code for _, code in kept}
    keys = sorted({*kept, *(("", code) for amounts in past.values() for code in amounts if code not in seen)})
    views = []
    for enterprise, code in keys:
        row = kept.get((enterprise, code))
        amounts = {year: by_type.get(code, Baht(0)) for year, by_type in past.items()}
        amount, words, revision = (Baht(row.amount), row.explanation, row.revision) if row else (Baht(0), "", 0)
        views.append(EstimateView(code, names.get(code, code), enterprise, amount, words, revision, amounts))
    return views


def actuals(*, fiscal_years: range) -> Mapping[int, dict[str, Baht]]:
    """What came in of each revenue type in past years, from the ledger (baht); only years with books are given."""
    types = {a.code: a.budget_type for a in reference.accounts() if a.budget_type.startswith(_REVENUE)}
    opened = set(ledger.fiscal_years())
    return {year: _received(year, types) for year in fiscal_years if year in opened}


def _received(fiscal_year: int, types: Mapping[str, str]) -> dict[str, Baht]:
    moved = ledger.cash_movements(fiscal_year=fiscal_year, start=year_start(fiscal_year), to=year_end(fiscal_year))
    found: dict[str, Baht] = {}
    for each in moved:
        code = each.budget_type or types.get(each.account_code, "")
        if code.startswith(_REVENUE):
            found[code] = found.get(code, Baht(0)) + each.credit - each.debit
    return found
