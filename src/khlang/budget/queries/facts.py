"""What codes mean in a year, and who owns which lines."""

from datetime import datetime

from khlang.budget.models import Division, DivisionMember, Enterprise
from khlang.budget.rules import CodesInUse, DivisionView, Limits, LineFacts, with_wider
from khlang.kernel.fiscal_calendar import year_start
from khlang.kernel.refusals import Refused
from khlang.reference import queries as reference
from khlang.reference.rules import BudgetType, FundSource, Plan
from khlang.toolkit import sql
from khlang.toolkit.tenancy import required_entity_id


def divisions(*, with_closed: bool = False) -> list[DivisionView]:
    """The divisions of the entity, in the order of their codes."""
    found = Division.objects.filter(entity_id=required_entity_id()).order_by("division")
    return [DivisionView(d.division, d.name_th, d.is_open) for d in found if d.is_open or with_closed]


def divisions_of(*, user_id: int, at: datetime) -> frozenset[str]:
    """The divisions whose lines a person drafts at a moment."""
    found = DivisionMember.objects.filter(entity_id=required_entity_id(), user_id=user_id, since__lte=at)
    return frozenset(m.division for m in found if m.until is None or m.until > at)


def division_members(*, at: datetime) -> dict[str, list[int]]:
    """Who drafts for each division at a moment: division → people, by number."""
    found = DivisionMember.objects.filter(entity_id=required_entity_id(), since__lte=at).order_by("since")
    members: dict[str, list[int]] = {}
    for row in found:
        if row.until is None or row.until > at:
            members.setdefault(row.division, []).append(row.user_id)
    return members


def enterprises() -> dict[str, str]:
    """The enterprises with budgets of their own (R70): code → name."""
    found = Enterprise.objects.filter(entity_id=required_entity_id()).order_by("enterprise")
    return dict(found.values_list("enterprise", "name_th"))


def line_facts(*, fiscal_year: int) -> LineFacts:
    """What the codes of lines mean in a fiscal year (B.E.)."""
    types = reference.budget_types(side="expenditure", fiscal_year=fiscal_year)
    return LineFacts(
        works={plan.code: plan.name_th for plan in reference.plans(fiscal_year=fiscal_year) if plan.level == "work"},
        types={each.code: each.name_th for each in types if each.level == "type"},
        fund_sources=frozenset(f.code for f in reference.fund_sources(fiscal_year=fiscal_year) if f.in_budget),
        divisions=frozenset(division.division for division in divisions()),
        enterprises=frozenset(enterprises()),
        kinds=tuple(reference.budget_line_kinds(fiscal_year=fiscal_year)),
    )


def limits(*, fiscal_year: int, entity_kind: str) -> Limits:
    """Percentages that hold on the first day of a fiscal year (R2, R14, R84)."""

    def percent(name: str) -> int:
        try:
            value = reference.parameter(name=name, on_date=year_start(fiscal_year), applies_to=entity_kind)
        except Refused:
            return 0
        return int(value.value)

    return Limits(percent("personnel_cap"), percent("pension_rate"), percent("health_fund_share"))


def names(*, fiscal_year: int, english: bool = False) -> dict[str, str]:
    """Every code of the board with its name: plans, types, divisions, sources, enterprises; Thai where no English is known."""

    def name(found: Plan | BudgetType | FundSource) -> str:
        return (english and found.name_en) or found.name_th

    found = {plan.code: name(plan) for plan in reference.plans(fiscal_year=fiscal_year)}
    found |= {each.code: name(each) for each in reference.budget_types(side="expenditure", fiscal_year=fiscal_year)}
    found |= {source.code: name(source) for source in reference.fund_sources()}
    found |= {division.division: division.name_th for division in divisions(with_closed=True)}
    return found | enterprises()


def codes_in_use(*, fiscal_year: int) -> CodesInUse:
    """The codes that the lines of a fiscal year (B.E.) have, for choosing among them."""
    found = sql.row(
        "SELECT array_agg(DISTINCT division), array_agg(DISTINCT work), array_agg(DISTINCT budget_type),"
        " array_agg(DISTINCT fund_source), array_agg(DISTINCT enterprise)"
        "  FROM budget_line WHERE entity_id = %s AND fiscal_year = %s",
        (required_entity_id(), fiscal_year),
    )
    divisions_used, works, types, funds, enterprises_used = (sorted(codes or ()) for codes in found or ((),) * 5)
    return CodesInUse(
        tuple(divisions_used),
        with_wider(works, lengths=(3, 4), width=5),
        with_wider(types, lengths=(2, 3), width=7),
        tuple(funds),
        tuple(enterprises_used),
    )
