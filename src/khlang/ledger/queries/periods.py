"""Fiscal years and their periods."""

from khlang.ledger.rules import PeriodChange, PeriodState, PeriodView
from khlang.toolkit import sql
from khlang.toolkit.tenancy import required_entity_id


def fiscal_years() -> list[int]:
    """The fiscal years (B.E.) the entity has opened, latest first."""
    found = sql.rows(
        "SELECT fiscal_year FROM ledger_fiscal_year WHERE entity_id = %s ORDER BY fiscal_year DESC",
        (required_entity_id(),),
    )
    return [values[0] for values in found]


def periods(*, fiscal_year: int) -> list[PeriodView]:
    """The 14 periods of a fiscal year (B.E.) with their state and number of journals; empty when it is not opened."""
    found = sql.rows(
        "SELECT p.period, p.state, (SELECT count(*) FROM ledger_journal j WHERE j.entity_id = p.entity_id"
        "   AND j.fiscal_year = p.fiscal_year AND j.period = p.period)"
        " FROM ledger_period p WHERE p.entity_id = %s AND p.fiscal_year = %s ORDER BY p.period",
        (required_entity_id(), fiscal_year),
    )
    return [PeriodView(fiscal_year, period, PeriodState(state), count) for period, state, count in found]


def period_changes(*, fiscal_year: int) -> list[PeriodChange]:
    """Every opening and closing of a period of the year, newest first."""
    found = sql.rows(
        "SELECT fiscal_year, period, state_before, state_after, reason, changed_at, changed_by_name"
        " FROM ledger_period_change WHERE entity_id = %s AND fiscal_year = %s ORDER BY change_no DESC",
        (required_entity_id(), fiscal_year),
    )
    return [PeriodChange(*values) for values in found]
