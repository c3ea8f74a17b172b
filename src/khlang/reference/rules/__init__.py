"""The national lists: what their rows are, how files become rows, what must be true of all of them. Pure."""

from khlang.kernel.refusals import refuse_any
from khlang.reference.rules.checks import check
from khlang.reference.rules.files import LAYOUTS, LISTS, PATHS, NationalList
from khlang.reference.rules.reading import Placed, ReferenceSet, parse
from khlang.reference.rules.selectors import selects, terms
from khlang.reference.rules.values import (
    CHARTS,
    NATIONAL_CHART,
    NATIONAL_CHART_FIRST_YEAR,
    OLD_CHART,
    Account,
    Bank,
    BudgetLineKind,
    BudgetType,
    EntityKind,
    FundSource,
    GrantKind,
    Holiday,
    JournalKind,
    LegalInstrument,
    Parameter,
    Plan,
    Province,
    StatementLine,
    chart_of_year,
)

__all__ = [
    "CHARTS",
    "LAYOUTS",
    "LISTS",
    "NATIONAL_CHART",
    "NATIONAL_CHART_FIRST_YEAR",
    "OLD_CHART",
    "PATHS",
    "Account",
    "Bank",
    "BudgetLineKind",
    "BudgetType",
    "EntityKind",
    "FundSource",
    "GrantKind",
    "Holiday",
    "JournalKind",
    "LegalInstrument",
    "NationalList",
    "Parameter",
    "Placed",
    "Plan",
    "Province",
    "ReferenceSet",
    "StatementLine",
    "chart_of_year",
    "check",
    "parse",
    "read",
    "selects",
    "terms",
]


def read(texts: dict[str, bytes]) -> ReferenceSet:
    """The whole set from the content of its files; refuses with every fault at once, each at its file and row."""
    found = parse(texts)
    refuse_any([*found.refusals, *check(found)])
    return found
