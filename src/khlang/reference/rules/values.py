"""The values of the national lists. A field without a default must be filled in the file."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Kind = Literal["asset", "liability", "net_assets", "revenue", "expense"]
Side = Literal["debit", "credit"]
Confidence = Literal["high", "medium", "low"]
Certainty = Literal["yes", "fairly", "no"]
LineKind = Literal["header", "group", "detail", "subtotal", "total", "opening", "closing"]
LineSide = Literal["", "in", "out", "debit", "credit"]
LineDetail = Literal["", "used", "sub_accounts"]
Level = Literal["department", "province", "local_government", "unit"]
Region = Literal["north", "northeast", "central", "east", "west", "south"]

NATIONAL_CHART = "national-2564"
OLD_CHART = "elaas-2546"
CHARTS = (NATIONAL_CHART, OLD_CHART)
NATIONAL_CHART_FIRST_YEAR = 2564


def chart_of_year(fiscal_year: int) -> str:
    """The chart in which the books of a fiscal year (B.E.) are kept."""
    return NATIONAL_CHART if fiscal_year >= NATIONAL_CHART_FIRST_YEAR else OLD_CHART


@dataclass(frozen=True, slots=True, kw_only=True)
class Sourced:
    """What every row says about itself: the fiscal years (B.E.) it holds in, where it was seen, how sure we are."""

    valid_from_year: int
    valid_to_year: int | None = None
    source: str
    confidence: Confidence

    def holds_in(self, fiscal_year: int) -> bool:
        """Whether the row holds in a fiscal year."""
        return self.valid_from_year <= fiscal_year and (self.valid_to_year is None or fiscal_year <= self.valid_to_year)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account(Sourced):
    """An account of a chart. `mapped_code`: today's code of an old one. `printed_code`: what reports print."""

    code: str
    chart: str
    name_th: str
    name_en: str
    kind: Kind
    normal_side: Side
    parent_code: str = ""
    is_postable: bool
    statement_line: str = ""
    mapped_code: str = ""
    printed_code: str = ""
    budget_type: str = ""
    is_cash: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FundSource(Sourced):
    """A source of money (R7)."""

    code: str
    name_th: str
    name_en: str
    fund_group: Literal["budget", "grant", "accumulated", "loan", "off_budget", "unit", "enterprise", "fund"]
    in_budget: bool
    restricted: bool
    exchange_label_th: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetType(Sourced):
    """A revenue type (six digits) or an expenditure type (seven), with the account it usually meets."""

    code: str
    side: Literal["revenue", "expenditure"]
    level: Literal["root", "group", "budget", "category", "type"]
    parent_code: str = ""
    name_th: str
    name_en: str
    account_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetLineKind(Sourced):
    """How lines whose expenditure type begins with `selector` are treated (R14, R76, R78, R102, R118).

    `control_level`: money is counted by item or by type. `for_projects`: the row holds for projects on top of their type's.
    """

    code: str
    selector: str
    for_projects: bool
    control_level: Literal["item", "type"]
    nature: Literal["recurrent", "investment"]
    is_personnel: bool
    is_subsidy: bool
    needs_plan_reference: bool
    name_th: str
    name_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantKind(Sourced):
    """A kind of money given for a stated purpose, as it is classed in its years (R80, R199, R204).

    `in_ordinance`: it is revenue of the ordinance and no grant with an account of its own. `returns_left_over`: what is
    left goes back to the giver unless the letter says otherwise (R202).
    """

    code: str
    fund_source: str
    in_ordinance: bool
    returns_left_over: bool
    name_th: str
    name_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan(Sourced):
    """A side, plan or work of the budget."""

    code: str
    level: Literal["side", "plan", "work"]
    parent_code: str = ""
    name_th: str
    name_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLine(Sourced):
    """One line of a statement; see the README of this area for selectors."""

    layout: str
    chart: str
    line_no: int
    line_code: str
    label_th: str
    label_en: str
    kind: LineKind
    side: LineSide = ""
    selector: str = ""
    detail: LineDetail = ""
    printed_code: str = ""
    sign: int = 1
    subtotal_of: str = ""
    formula: str = ""
    must_equal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalKind(Sourced):
    """A kind of journal and the series that numbers it (R10)."""

    code: str
    series: str
    prefix_th: str
    label_th: str
    label_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Province(Sourced):
    """A province; two-digit code of ISO 3166-2:TH."""

    code: str
    name_th: str
    name_en: str
    region: Region


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityKind(Sourced):
    """A kind of local government or unit (R4), with its supervising officer (R5)."""

    code: str
    level: Level
    parent_kind: str = ""
    name_th: str
    name_en: str
    abbreviation_th: str = ""
    supervisor_th: str = ""
    supervisor_en: str = ""
    budget_law_th: str = ""
    budget_law_en: str = ""
    keeps_books: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalInstrument(Sourced):
    """A law, regulation, announcement or circular (R1)."""

    code: str
    name_th: str
    name_en: str
    kind: Literal["act", "regulation", "announcement", "circular"]
    status: Literal["in_force", "replaced"]
    replaced_by: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A percentage, limit or day count from one day on (R2). `applies_to` is an entity kind; empty means every kind."""

    name: str
    applies_to: str = ""
    valid_from: date
    valid_to: date | None = None
    value: str
    unit: Literal[
        "percent", "months", "years", "days", "working_days", "hours", "minutes", "baht", "count", "month_day", "choice"
    ]
    label_th: str
    label_en: str
    instrument: str = ""
    article: str = ""
    rule: str
    certainty: Certainty
    source: str
    confidence: Confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Bank(Sourced):
    """A bank; three-digit code of the Bank of Thailand."""

    code: str
    abbreviation: str
    name_th: str
    name_en: str
    swift: str = ""
    used_by_local_governments: bool
    status: Literal["active", "merged", "central_bank"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Holiday:
    """A public holiday (R11)."""

    day: date
    name_th: str
    name_en: str
    scope: str
    source: str
    confidence: Confidence
