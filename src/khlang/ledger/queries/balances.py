"""Balances and movements of money. From kept balances where whole months are asked, from lines where not."""

from datetime import date, datetime
from typing import Any

from khlang.kernel.fiscal_calendar import CLOSING_PERIOD, period_end, period_of, period_start, year_end, year_start
from khlang.kernel.money import Baht
from khlang.ledger.rules import BalanceRow, CashMovement, Estimate
from khlang.toolkit import sql
from khlang.toolkit.tenancy import required_entity_id

_SUMS = """
SELECT account_code, sub_account, fund_source,
       coalesce(sum(debit) FILTER (WHERE before), 0), coalesce(sum(credit) FILTER (WHERE before), 0),
       coalesce(sum(debit) FILTER (WHERE NOT before), 0), coalesce(sum(credit) FILTER (WHERE NOT before), 0)
  FROM ({source}) AS x GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
_FROM_BALANCES = """
SELECT account_code, sub_account, fund_source, debit, credit, period < %(first)s AS before
  FROM ledger_account_balance
 WHERE entity_id = %(entity)s AND fiscal_year = %(year)s AND period <= %(last)s
   AND (%(fund)s = '' OR fund_source = %(fund)s)
"""
_FROM_LINES = """
SELECT l.account_code, l.sub_account, l.fund_source, l.debit, l.credit,
       (l.period = 0 OR l.journal_date < %(start)s) AS before
  FROM ledger_journal_line l JOIN ledger_journal j USING (entity_id, fiscal_year, sequence_no)
 WHERE l.entity_id = %(entity)s AND l.fiscal_year = %(year)s AND l.period > %(after)s AND l.journal_date <= %(to)s
   AND (%(fund)s = '' OR l.fund_source = %(fund)s)
   AND (%(known_at)s::timestamptz IS NULL OR j.posted_at <= %(known_at)s)
   AND (NOT %(unclosed)s OR j.kind <> 'closing')
"""

# A reversal turns what it reverses; a reversal of a reversal turns it back: the depth of the chain decides.
_CASH_MOVEMENTS = """
WITH RECURSIVE cash AS MATERIALIZED (SELECT code FROM reference_account WHERE is_cash),
touching AS MATERIALIZED (
  SELECT DISTINCT l.sequence_no FROM ledger_journal_line l
   WHERE l.entity_id = %(entity)s AND l.fiscal_year = %(year)s AND l.period > 0
     AND l.journal_date BETWEEN %(start)s AND %(to)s AND l.account_code IN (SELECT code FROM cash)),
heads AS MATERIALIZED (
  SELECT j.sequence_no, j.reverses_year, j.reverses_no
    FROM touching t JOIN ledger_journal j ON j.entity_id = %(entity)s AND j.fiscal_year = %(year)s
     AND j.sequence_no = t.sequence_no AND j.kind NOT IN ('opening', 'closing')
     AND (%(known_at)s::timestamptz IS NULL OR j.posted_at <= %(known_at)s)),
chain AS (
  SELECT sequence_no AS first, reverses_year, reverses_no, 1 AS depth FROM heads WHERE reverses_no IS NOT NULL
  UNION ALL
  SELECT c.first, j.reverses_year, j.reverses_no, c.depth + 1
    FROM chain c JOIN ledger_journal j ON j.entity_id = %(entity)s AND j.fiscal_year = c.reverses_year
     AND j.sequence_no = c.reverses_no AND j.reverses_no IS NOT NULL),
turned AS (SELECT first FROM chain GROUP BY first HAVING max(depth) %% 2 = 1)
SELECT l.account_code, l.sub_account, l.fund_source, coalesce(l.budget_type, ''),
       h.sequence_no IN (SELECT first FROM turned) AS turned, sum(l.debit), sum(l.credit)
  FROM heads h JOIN ledger_journal_line l ON l.entity_id = %(entity)s AND l.fiscal_year = %(year)s
   AND l.sequence_no = h.sequence_no
 WHERE l.account_code NOT IN (SELECT code FROM cash) AND (%(fund)s = '' OR l.fund_source = %(fund)s)
 GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
"""


def balances(
    *,
    fiscal_year: int,
    start: date | None = None,
    to: date | None = None,
    known_at: datetime | None = None,
    fund_source: str = "",
    before_closing: bool = False,
) -> list[BalanceRow]:
    """Debits and credits by account and fund source of a fiscal year (B.E.), from `start` up to and with `to`.

    What lies before `start`, and the opening entries, is "opening". `known_at` leaves out what was posted later: the
    books as they stood then. `before_closing` leaves out closing entries. Whole months come from kept balances.
    """
    first_day, last_day = year_start(fiscal_year), year_end(fiscal_year)
    start, to = max(start or first_day, first_day), min(to or last_day, last_day)
    first = period_of(start)
    last = CLOSING_PERIOD if to == last_day else period_of(to)
    whole_start = start == period_start(fiscal_year, first) and known_at is None
    # The last period that can be taken whole; later days come line by line.
    whole_last = last if to == period_end(fiscal_year, last) else last - 1
    if before_closing:
        whole_last = min(whole_last, CLOSING_PERIOD - 1)
    params = {
        "entity": required_entity_id(),
        "year": fiscal_year,
        "first": first,
        "last": whole_last,
        "start": start,
        "to": to,
        "fund": fund_source,
        "known_at": known_at,
        "unclosed": before_closing,
        "after": whole_last if whole_start else -1,
    }
    source = _source(whole_start=whole_start, whole_end=whole_last == last)
    return [_balance(values) for values in sql.rows(_SUMS.format(source=source), params)]


def _source(*, whole_start: bool, whole_end: bool) -> str:
    """Kept balances where periods are whole, lines where they are not."""
    if not whole_start:
        return _FROM_LINES
    return _FROM_BALANCES if whole_end else f"{_FROM_BALANCES} UNION ALL {_FROM_LINES}"


def _balance(values: tuple[Any, ...]) -> BalanceRow:
    account, sub_account, fund, *amounts = values
    return BalanceRow(account, sub_account, fund, *(Baht(amount) for amount in amounts))


def cash_balance(*, fiscal_year: int, to: date | None = None, known_at: datetime | None = None) -> Baht:
    """Cash and bank together at the end of a day of the fiscal year (baht)."""
    cash = {code for (code,) in sql.rows("SELECT code FROM reference_account WHERE is_cash")}
    rows = balances(fiscal_year=fiscal_year, to=to, known_at=known_at)
    return sum((row.balance for row in rows if row.account_code in cash), Baht(0))


def cash_movements(
    *,
    fiscal_year: int,
    start: date,
    to: date,
    known_at: datetime | None = None,
    fund_source: str = "",
) -> list[CashMovement]:
    """Non-cash lines of the journals that touch cash between two days, summed by account and type.

    Opening and closing entries are no receipts or payments. Credits less debits equal the change in cash, exactly.
    """
    found = sql.rows(
        _CASH_MOVEMENTS,
        {
            "entity": required_entity_id(),
            "year": fiscal_year,
            "start": start,
            "to": to,
            "known_at": known_at,
            "fund": fund_source,
        },
    )
    return [_movement(values) for values in found]


def _movement(values: tuple[Any, ...]) -> CashMovement:
    fields: tuple[Any, ...] = (*values[:4], Baht(values[5]), Baht(values[6]), values[4])
    return CashMovement(*fields)


def estimates(*, fiscal_year: int) -> list[Estimate]:
    """The budget figures of a fiscal year (B.E.), by account (baht)."""
    found = sql.rows(
        "SELECT account_code, sub_account, amount FROM ledger_estimate WHERE entity_id = %s AND fiscal_year = %s"
        " ORDER BY 1, 2",
        (required_entity_id(), fiscal_year),
    )
    return [Estimate(account, sub_account, Baht(amount)) for account, sub_account, amount in found]
