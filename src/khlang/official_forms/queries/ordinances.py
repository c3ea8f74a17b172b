"""An ordinance as it is printed, with what earlier years spent and received."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from khlang.budget import queries as budget
from khlang.budget.rules import OrdinanceKind, OrdinanceState, OrdinanceView, effective_day
from khlang.identity import queries as identity
from khlang.kernel.actors import Actor
from khlang.kernel.money import ZERO, Baht
from khlang.kernel.refusals import Refusal, Refused
from khlang.official_forms.printing import ordinance_pdf
from khlang.official_forms.rules.ordinance_form import WHOLE, parts_of
from khlang.official_forms.rules.ordinance_paper import Key, Office, OrdinancePaper
from khlang.official_forms.rules.paper import Printing
from khlang.reference import queries as reference

YEARS_OF_ACTUALS = 4
"""The three years that are printed lie one year behind the ordinance: the current one is not over when it is drafted."""


def printed_ordinance(*, paper: OrdinancePaper, document: str, printing: Printing) -> bytes:
    """The volume or one part of it, as PDF/A-3 with its data attached."""
    return ordinance_pdf(paper=paper, document=document, printing=printing)


def ordinance_paper(*, actor: Actor, ordinance_id: UUID, document: str) -> OrdinancePaper:
    """An ordinance of the entity. `document`: the whole volume, or a part that this ordinance has.

    Refused: official_forms.ordinance_unknown {ordinance}, official_forms.part_unknown {part}.
    """
    found = budget.ordinance(ordinance_id=ordinance_id)
    if found is None:
        raise Refused(Refusal("official_forms.ordinance_unknown", {"ordinance": str(ordinance_id)}))
    year = found.fiscal_year
    paper = OrdinancePaper(
        office=office_of(actor),
        ordinance=found,
        lines=tuple(budget.draft_lines(ordinance_id=ordinance_id)),
        estimates=tuple(budget.estimates(ordinance_id=ordinance_id, fiscal_year=year, years=YEARS_OF_ACTUALS)),
        names=budget.names(fiscal_year=year),
        revenue_names={each.code: each.name_th for each in reference.budget_types(side="revenue")},
        effective_on=_effective_on(found),
        spent=_spent(year),
        approved=_lines(year - 1, "approved"),
        expected=_expected(year - 1),
    )
    if document != WHOLE and document not in parts_of(paper):
        raise Refused(Refusal("official_forms.part_unknown", {"part": document}))
    return paper


def office_of(actor: Actor) -> Office:
    """The entity of the actor in the words of its law."""
    entity = identity.entity(code=actor.entity_code)
    kinds = {kind.code: kind for kind in reference.entity_kinds()}
    provinces = {province.code: province.name_th for province in reference.provinces()}
    kind = kinds.get(entity.kind)
    return Office(
        name=entity.name_th,
        kind=entity.kind,
        province=provinces.get(entity.province_code, ""),
        law=kind.budget_law_th if kind else "",
        supervisor=kind.supervisor_th if kind else "",
    )


def _effective_on(ordinance: OrdinanceView) -> date | None:
    announced = ordinance.step(OrdinanceState.ANNOUNCED)
    return effective_day(fiscal_year=ordinance.fiscal_year, announced_on=announced.happened_on) if announced else None


def _spent(year: int) -> Mapping[int, Mapping[tuple[str, Key], Baht]]:
    """What was paid of each line in the years before the current one, as far as the system kept them."""
    kept = set(budget.years())
    return {past: _lines(past, "spent") for past in range(year - YEARS_OF_ACTUALS, year - 1) if past in kept}


def _lines(year: int, figure: str) -> dict[tuple[str, Key], Baht]:
    found: dict[tuple[str, Key], Baht] = {}
    for each in budget.board(fiscal_year=year).lines:
        if each.line.grant_id is not None:
            # Grants stand outside the ordinance (R199).
            continue
        identity_ = each.line.identity
        key = (identity_.enterprise, (identity_.work, identity_.budget_type, identity_.item))
        found[key] = found.get(key, ZERO) + getattr(each.balance, figure)
    return found


def _expected(year: int) -> dict[tuple[str, str], Baht]:
    """What the annual ordinance in force in a year expected of each revenue type."""
    for each in budget.ordinances(fiscal_year=year):
        if each.kind is OrdinanceKind.ANNUAL and each.state is OrdinanceState.IN_FORCE:
            drafts = budget.estimate_drafts(ordinance_id=each.id)
            return {(draft.enterprise, draft.budget_type): draft.amount for draft in drafts}
    return {}
