"""What must be true of an ordinance as a whole: balance, personnel ceiling, statutory lines, references to the plan. Pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from khlang.budget.rules.lines import LineDraft, LineFacts, Treatment
from khlang.kernel.money import ZERO, Baht
from khlang.kernel.refusals import Fact, Refusal

# Grants are given for what they are given for: they are no base of the pension contribution (R258).
_GRANTS = "43"
_PENSION_FUND = "5120100"
_HEALTH_FUND = "5111200"


@dataclass(frozen=True, slots=True)
class EstimateDraft:
    """What is expected of one revenue type (baht), in the general budget or an enterprise's."""

    budget_type: str
    amount: Baht
    enterprise: str = ""
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """Parameters of the year: percentages as whole numbers of percent (R14, R84)."""

    personnel_percent: int
    pension_percent: int = 0
    health_fund_percent: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """How an ordinance stands while it is drafted: sums by budget, the personnel ceiling, in baht."""

    expenditure: Mapping[str, Baht]
    revenue: Mapping[str, Baht]
    personnel: Baht
    investment: Baht
    personnel_limit: Baht

    @property
    def total(self) -> Baht:
        """Expenditure of all budgets."""
        return sum(self.expenditure.values(), ZERO)

    @property
    def personnel_room(self) -> Baht:
        """What personnel may still grow by; negative when it is over the ceiling."""
        return self.personnel_limit - self.personnel


def check_estimates(
    estimates: Iterable[EstimateDraft], *, types: Collection[str], enterprises: Collection[str]
) -> Iterator[Refusal]:
    """Yield every reason why an estimate of revenue cannot be kept: an unknown code, a negative amount."""
    for index, each in enumerate(estimates):
        where = f"estimates.{index}"
        if each.budget_type not in types:
            unknown = {"list": "budget_type", "code": each.budget_type or "-"}
            yield Refusal("budget.code_unknown", unknown, f"{where}.budget_type")
        if each.enterprise and each.enterprise not in enterprises:
            yield Refusal("budget.code_unknown", {"list": "enterprise", "code": each.enterprise}, f"{where}.enterprise")
        if each.amount < ZERO:
            yield Refusal("budget.amount_not_right", {"amount": str(each.amount)}, f"{where}.amount")


def share(amount: Baht, percent: int) -> Baht:
    """Whole satang of a percentage, rounded down: a ceiling is never rounded up."""
    return Baht.from_satang(amount.satang * percent // 100)


def standing(
    *, lines: Iterable[LineDraft], estimates: Iterable[EstimateDraft], facts: LineFacts, limits: Limits
) -> Standing:
    """Add up an ordinance (R14, R71, R76)."""
    expenditure: dict[str, Baht] = {"": ZERO}
    revenue: dict[str, Baht] = {"": ZERO}
    personnel = investment = ZERO
    for line in lines:
        budget = line.identity.enterprise
        expenditure[budget] = expenditure.get(budget, ZERO) + line.amount
        treated = facts.treatment(budget_type=line.identity.budget_type, is_project=line.is_project)
        if treated and treated.is_personnel:
            personnel += line.amount
        if treated and treated.is_investment:
            investment += line.amount
    for estimate in estimates:
        revenue[estimate.enterprise] = revenue.get(estimate.enterprise, ZERO) + estimate.amount
    limit = share(sum(expenditure.values(), ZERO), limits.personnel_percent)
    return Standing(expenditure, revenue, personnel, investment, limit)


def check_balance(found: Standing) -> Iterator[Refusal]:
    """Yield budget.not_balanced for each budget whose expenditure is above its revenue (R71)."""
    for budget in sorted({*found.expenditure, *found.revenue}):
        spent, received = found.expenditure.get(budget, ZERO), found.revenue.get(budget, ZERO)
        if spent > received:
            facts = {"budget": budget or "-", "expenditure": str(spent), "revenue": str(received)}
            yield Refusal("budget.not_balanced", {**facts, "difference": str(spent - received)}, "estimates")


def check_personnel(found: Standing, limits: Limits) -> Iterator[Refusal]:
    """Yield budget.personnel_over_cap when personnel takes more than its share (R14)."""
    if found.personnel_room < ZERO:
        facts: dict[str, Fact] = {
            "personnel": str(found.personnel),
            "total": str(found.total),
            "percent": limits.personnel_percent,
        }
        over = {"limit": str(found.personnel_limit), "over": str(-found.personnel_room)}
        yield Refusal("budget.personnel_over_cap", {**facts, **over}, "lines")


def check_ordinance(
    *, lines: Iterable[LineDraft], estimates: Iterable[EstimateDraft], facts: LineFacts, limits: Limits
) -> Iterator[Refusal]:
    """Yield every reason why an ordinance cannot go on: empty, unbalanced, over the ceiling, lines without plan (R71, R78)."""
    drafts = list(lines)
    if not any(line.amount for line in drafts):
        yield Refusal("budget.ordinance_empty", where="lines")
        return
    found = standing(lines=drafts, estimates=estimates, facts=facts, limits=limits)
    yield from check_balance(found)
    yield from check_personnel(found, limits)
    for index, line in enumerate(drafts):
        treated = facts.treatment(budget_type=line.identity.budget_type, is_project=line.is_project)
        if treated and _lacks_plan(line, treated):
            named = line.identity.item or facts.types.get(line.identity.budget_type, line.identity.budget_type)
            yield Refusal("budget.plan_reference_missing", {"line": named}, f"lines.{index}.plan_reference")


def _lacks_plan(line: LineDraft, treated: Treatment) -> bool:
    return bool(line.amount) and treated.needs_plan_reference and not line.explanation.plan_reference


def advise(*, lines: Iterable[LineDraft], estimates: Iterable[EstimateDraft], limits: Limits) -> Iterator[Refusal]:
    """Yield what the law asks of single lines and this ordinance does not show (R84): advice, never a stop.

    The percentages are parameters of doubtful certainty; a person judges.
    """
    by_type: dict[str, Baht] = {}
    for line in lines:
        code = line.identity.budget_type
        by_type[code] = by_type.get(code, ZERO) + line.amount
    base = sum((e.amount for e in estimates if not e.budget_type.startswith(_GRANTS) and not e.enterprise), ZERO)
    wanted, given = share(base, limits.pension_percent), by_type.get(_PENSION_FUND, ZERO)
    if given < wanted:
        facts: dict[str, Fact] = {
            "percent": limits.pension_percent,
            "base": str(base),
            "wanted": str(wanted),
            "given": str(given),
        }
        yield Refusal("budget.pension_share_short", facts, "lines")
    if limits.health_fund_percent and not by_type.get(_HEALTH_FUND, ZERO):
        yield Refusal("budget.health_share_missing", {"percent": limits.health_fund_percent}, "lines")
