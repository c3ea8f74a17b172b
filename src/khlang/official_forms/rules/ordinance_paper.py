"""A budget ordinance as it is printed: frozen facts, and how each kind of local government calls its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from khlang.budget.rules import DraftLineView, EstimateView, OrdinanceKind, OrdinanceState, OrdinanceView
from khlang.kernel.money import ZERO, Baht
from khlang.official_forms.rules.phrases import phrases

Key = tuple[str, str, str]
"""Work, expenditure type, item."""
_MUNICIPAL = "_municipality"
_LAW = frozenset({OrdinanceKind.ANNUAL, OrdinanceKind.SUPPLEMENTARY})


@dataclass(frozen=True, slots=True)
class Office:
    """A local government in the words of its law: its name, province, council, head, ordinance, supervising officer."""

    name: str
    kind: str
    province: str
    law: str
    supervisor: str

    @property
    def council(self) -> str:
        """The council by its name."""
        return f"{phrases('volume')['office']['council']}{self.name}"

    @property
    def head(self) -> str:
        """The head of the office by his title: of a municipality the mayor, of others the chief executive."""
        words = phrases("volume")["office"]
        if self.kind.endswith(_MUNICIPAL):
            return f"{words['mayor']}{self.name.removeprefix(words['municipality'])}"
        return f"{words['chief']}{self.name}"

    @property
    def act(self) -> str:
        """The act by whose power it makes ordinances; empty when the kind makes none."""
        found: str = phrases("volume")["acts"].get(self.kind, "")
        return found


@dataclass(frozen=True, slots=True)
class OrdinancePaper:
    """What is printed of an ordinance.

    `spent`: by fiscal year, what was paid of each line of an enterprise ('' for the general budget); `approved`: the same
    for what this year's ordinance gives. `expected`: what this year's ordinance expects of each revenue type.
    """

    office: Office
    ordinance: OrdinanceView
    lines: tuple[DraftLineView, ...]
    estimates: tuple[EstimateView, ...]
    names: Mapping[str, str]
    revenue_names: Mapping[str, str]
    effective_on: date | None = None
    spent: Mapping[int, Mapping[tuple[str, Key], Baht]] = field(default_factory=dict)
    approved: Mapping[tuple[str, Key], Baht] = field(default_factory=dict)
    expected: Mapping[tuple[str, str], Baht] = field(default_factory=dict)

    @property
    def fiscal_year(self) -> int:
        """The year of the ordinance (B.E.)."""
        return self.ordinance.fiscal_year

    @property
    def past_years(self) -> tuple[int, ...]:
        """Three years that are over when the ordinance is drafted (R83)."""
        return tuple(range(self.fiscal_year - 4, self.fiscal_year - 1))

    @property
    def is_law(self) -> bool:
        """Whether it is an ordinance with articles; the budget used for the time being and one moved over are none."""
        return self.ordinance.kind in _LAW

    @property
    def is_in_force(self) -> bool:
        """Whether it came into force, now or once."""
        return self.ordinance.state in (OrdinanceState.IN_FORCE, OrdinanceState.REPLACED)

    @property
    def enterprises(self) -> tuple[str, ...]:
        """The enterprises with a budget of their own in it."""
        return tuple(sorted({e for e in (*self._of_lines(), *(e.enterprise for e in self.estimates)) if e}))

    def _of_lines(self) -> list[str]:
        return [line.draft.identity.enterprise for line in self.lines]

    def total(self, enterprise: str | None = None) -> Baht:
        """Expenditure of one budget ('' the general one), or of all, in baht."""
        chosen = (line.draft for line in self.lines if enterprise in (None, line.draft.identity.enterprise))
        return sum((draft.amount for draft in chosen), ZERO)

    def revenue(self, enterprise: str | None = None) -> Baht:
        """Revenue expected for one budget, or for all, in baht."""
        return sum((e.amount for e in self.estimates if enterprise in (None, e.enterprise)), ZERO)


def ordinance_document(paper: OrdinancePaper) -> dict[str, object]:
    """The ordinance as plain JSON values, as it is attached to its PDF."""
    return {
        "ordinance": str(paper.ordinance.id),
        "kind": str(paper.ordinance.kind),
        "number": paper.ordinance.number,
        "state": str(paper.ordinance.state),
        "fiscal_year": paper.fiscal_year,
        "entity_name": paper.office.name,
        "expenditure": str(paper.total()),
        "revenue": str(paper.revenue()),
        "lines": [_line(line) for line in paper.lines],
        "estimates": [
            {"budget_type": e.budget_type, "enterprise": e.enterprise, "amount": str(e.amount)} for e in paper.estimates
        ],
    }


def _line(line: DraftLineView) -> dict[str, object]:
    identity = line.draft.identity
    return {
        "work": identity.work,
        "budget_type": identity.budget_type,
        "item": identity.item,
        "division": identity.division,
        "fund_source": identity.fund_source,
        "enterprise": identity.enterprise,
        "amount": str(line.draft.amount),
    }
