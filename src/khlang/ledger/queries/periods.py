"""Fiscal years and their periods."""

from khlang.ledger.rules import PeriodChange, PeriodState, PeriodView
from khlang.toolkit import sql
from khlang.toolkit.tenancy import once, required_entity_id

# For whoever collects work (parameters: entity, today): a month that ended is still open.
MONTHS_WAIT = """EXISTS (SELECT FROM ledger_period WHERE entity_id = %(entity)s AND state = 'open' AND period BETWEEN 1 AND 12
    AND make_date(fiscal_year - 544, 10, 1) + make_interval(months => period) <= %(today)s)"""


def fiscal_years() -> list[int]:
    """The fiscal years (B.E.) the entity has opened, latest first."""
    return list(once("fiscal years", _fiscal_years))


def _fiscal_years() -> list[int]:
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


def open_periods(*, fiscal_year: int) -> list[int]:
    """The periods of a fiscal year (B.E.) in which everybody may post, in order; without counting their journals."""
    found = sql.rows(
        "SELECT period FROM ledger_period WHERE entity_id = %s AND fiscal_year = %s AND state = %s ORDER BY period",
        (required_entity_id(), fiscal_year, str(PeriodState.OPEN)),
    )
    return [values[0] for values in found]


def period_changes(*, fiscal_year: int) -> list[PeriodChange]:
    """Every opening and closing of a period of the year, newest first."""
    found = sql.rows(
        "SELECT fiscal_year, period, state_before, state_after, reason, changed_at, changed_by_name"
        " FROM ledger_period_change WHERE entity_id = %s AND fiscal_year = %s ORDER BY change_no DESC",
        (required_entity_id(), fiscal_year),
    )
    return [PeriodChange(*values) for values in found]
