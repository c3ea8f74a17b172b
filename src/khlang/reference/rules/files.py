"""Which file holds which list, and what identifies a row."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from khlang.reference.rules import values

LAYOUTS = ("trial-balance", "financial-position", "financial-performance", "receipts-and-payments")
FOLDER_OF_CHART = {values.NATIONAL_CHART: "2564", values.OLD_CHART: "2546"}


@dataclass(frozen=True, slots=True)
class DataFile:
    """One CSV file; `fixed` are the fields that its place says, so that no column repeats them."""

    path: str
    fixed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NationalList:
    """One list: its table, its value, its files, the fields that identify a row.

    `may_shrink`: a row may leave the files. Everywhere else it gets a last year and stays,
    because books refer to it.
    """

    name: str
    value: type
    key: tuple[str, ...]
    files: tuple[DataFile, ...]
    may_shrink: bool = False


def _one(path: str) -> tuple[DataFile, ...]:
    return (DataFile(path),)


LISTS = (
    NationalList("legal_instrument", values.LegalInstrument, ("code",), _one("legal_instruments.csv")),
    NationalList(
        "account",
        values.Account,
        ("code",),
        tuple(
            DataFile(f"chart_of_accounts/{folder}/accounts.csv", {"chart": chart})
            for chart, folder in FOLDER_OF_CHART.items()
        ),
    ),
    NationalList("fund_source", values.FundSource, ("code",), _one("fund_sources.csv")),
    NationalList("budget_type", values.BudgetType, ("code",), _one("budget_structure/budget_types.csv")),
    NationalList("budget_line_kind", values.BudgetLineKind, ("code",), _one("budget_structure/line_kinds.csv")),
    NationalList("grant_kind", values.GrantKind, ("code",), _one("budget_structure/grant_kinds.csv")),
    NationalList("plan", values.Plan, ("code",), _one("budget_structure/plans.csv")),
    NationalList("journal_kind", values.JournalKind, ("code",), _one("journal_kinds.csv")),
    NationalList("province", values.Province, ("code",), _one("provinces.csv")),
    NationalList("entity_kind", values.EntityKind, ("code",), _one("entity_kinds.csv")),
    NationalList("parameter", values.Parameter, ("name", "applies_to", "valid_from"), _one("parameters.csv")),
    NationalList("bank", values.Bank, ("code",), _one("banks.csv")),
    NationalList("holiday", values.Holiday, ("day", "name_th"), _one("holidays.csv"), may_shrink=True),
    NationalList(
        "statement_line",
        values.StatementLine,
        ("layout", "chart", "line_code"),
        tuple(
            DataFile(f"statements/{folder}/{layout}.csv", {"chart": chart, "layout": layout})
            for chart, folder in FOLDER_OF_CHART.items()
            for layout in LAYOUTS
        ),
        may_shrink=True,
    ),
)
PATHS = tuple(file.path for national in LISTS for file in national.files)
