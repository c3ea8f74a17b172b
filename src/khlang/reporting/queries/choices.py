"""What a reader of reports may choose from."""

from dataclasses import dataclass

from khlang.ledger import queries as ledger
from khlang.reference import queries as reference
from khlang.reference.rules import FundSource


@dataclass(frozen=True, slots=True)
class ReportChoices:
    """Open fiscal years, latest first, and the sources of money."""

    fiscal_years: tuple[int, ...]
    fund_sources: tuple[FundSource, ...]


def choices() -> ReportChoices:
    """The choices of the entity whose transaction is open."""
    return ReportChoices(tuple(ledger.fiscal_years()), tuple(reference.fund_sources()))
