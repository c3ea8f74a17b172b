"""What the pages of drafted lines are filled with: groups, choices, differences of two versions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from khlang.budget import queries
from khlang.budget.rules import DraftLineView
from khlang.budget.views.ordinance_showing import Choice, PartRow, names_of
from khlang.budget.views.ordinance_words import FIELDS
from khlang.identity.access import allowed
from khlang.kernel.actors import Actor
from khlang.kernel.money import ZERO, Baht
from khlang.kernel.thai_text import search_key
from khlang.reference import queries as reference

HITS_MAX = 12


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line of the list with the names of its codes."""

    line: DraftLineView
    type_name: str
    category: str
    division: str


@dataclass(slots=True)
class LineGroup:
    """The lines of one work, under the names of its budget, side and plan."""

    enterprise: str
    plan: str
    work: str
    rows: list[LineRow] = field(default_factory=list)

    @property
    def total(self) -> Baht:
        """Of the lines shown, in baht."""
        return sum((row.line.draft.amount for row in self.rows), ZERO)


def grouped_lines(found: Sequence[DraftLineView], fiscal_year: int) -> list[LineGroup]:
    """Lines in their order under side, plan and work (R72)."""
    names, enterprises = names_of(fiscal_year), queries.enterprises()
    groups: dict[tuple[str, str], LineGroup] = {}
    for each in found:
        identity = each.draft.identity
        key = (identity.enterprise, identity.work)
        if key not in groups:
            side, plan = (names.get(code, code) for code in (f"{identity.work[:3]}00", f"{identity.work[:4]}0"))
            budget = enterprises.get(identity.enterprise, "")
            groups[key] = LineGroup(budget, f"{side} › {plan}", f"{identity.work} {names.get(identity.work, '')}")
        code = identity.budget_type
        category = " › ".join(
            names.get(each, each) for each in (f"{code[:2]}00000", f"{code[:3]}0000") if each in names
        )
        groups[key].rows.append(
            LineRow(each, names.get(code, code), category, names.get(identity.division, identity.division))
        )
    return list(groups.values())


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A plan with the sum of its lines."""

    code: str
    sum: PartRow


def plan_sums(sums: Sequence[queries.DraftSum], fiscal_year: int) -> list[PlanRow]:
    """What each plan gets, in the order of codes."""
    names = names_of(fiscal_year)
    found: dict[str, tuple[int, Baht]] = {}
    for each in sums:
        code = f"{each.work[:4]}0"
        count, amount = found.get(code, (0, ZERO))
        found[code] = (count + each.lines, amount + each.amount)
    return [PlanRow(code, PartRow(names.get(code, code), *values)) for code, values in sorted(found.items())]


def division_choices(only: frozenset[str] | None = None) -> list[Choice]:
    """Divisions for a drop-down list."""
    return [
        Choice(each.division, f"{each.division} {each.name_th}")
        for each in queries.divisions()
        if only is None or each.division in only
    ]


@dataclass(frozen=True, slots=True)
class LineChoices:
    """The drop-down lists of one line."""

    divisions: Sequence[Choice]
    works: Sequence[Choice]
    funds: Sequence[Choice]
    enterprises: Sequence[Choice]


def line_choices(actor: Actor, fiscal_year: int, at: datetime) -> LineChoices:
    """The code lists of the year: divisions of hers only, works under their plans, sources inside the ordinance."""
    own = None if allowed(actor, "budget.draft_all") else queries.divisions_of(user_id=actor.user_id, at=at)
    return LineChoices(
        division_choices(own),
        list(_works(fiscal_year)),
        [
            Choice(f.code, f"{f.code} {f.name_th}")
            for f in reference.fund_sources(fiscal_year=fiscal_year)
            if f.in_budget
        ],
        [Choice(code, name) for code, name in queries.enterprises().items()],
    )


def _works(fiscal_year: int) -> Iterator[Choice]:
    plans = reference.plans(fiscal_year=fiscal_year)
    names = {plan.code: plan.name_th for plan in plans}
    for plan in plans:
        if plan.level == "work":
            head = f"{plan.code[:4]}0"
            yield Choice(plan.code, f"{plan.code} {plan.name_th}", f"{head} {names.get(head, '')}")


def type_name(code: str, fiscal_year: int) -> str:
    """The name of a type of expenditure with the budget and category it stands under; empty when unknown."""
    names = names_of(fiscal_year)
    return f"{names[code]} · {_above(code, names)}" if code in names else ""


def _above(code: str, names: Mapping[str, str]) -> str:
    return " › ".join(names[each] for each in (f"{code[:2]}00000", f"{code[:3]}0000") if each in names)


def type_hits(text: str, fiscal_year: int) -> list[dict[str, str]]:
    """Types of expenditure whose code begins with the text or whose names have its words."""
    types = reference.budget_types(side="expenditure", fiscal_year=fiscal_year)
    names = {each.code: each.name_th for each in types}
    asked = search_key(text).split()
    found = []
    for each in types:
        if each.level != "type":
            continue
        above = _above(each.code, names)
        key = search_key(f"{each.code} {each.name_th} {above}")
        if each.code.startswith(text.strip()) or (asked and all(word in key for word in asked)) or not asked:
            found.append({"value": each.code, "label": each.name_th, "detail": above})
    return found[:HITS_MAX]


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that two people wrote differently."""

    name: str
    mine: str
    theirs: str


def differences(mine: Mapping[str, str], theirs: Mapping[str, str]) -> list[Difference]:
    """The fields in which what was typed is not what stands."""
    return [
        Difference(str(label), mine.get(name, ""), theirs.get(name, ""))
        for name, label in FIELDS.items()
        if mine.get(name, "") != theirs.get(name, "")
    ]
