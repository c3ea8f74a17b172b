"""The accounts an entity may see: the national chart and its own leaves."""

from collections.abc import Iterable
from typing import Any

from khlang.kernel.thai_text import normalise
from khlang.ledger.rules import AccountFact, AccountView, LedgerFacts, YearFact, split_account
from khlang.toolkit import sql
from khlang.toolkit.tenancy import required_entity_id

_ACCOUNTS = """
SELECT a.code, '' AS sub_account, a.name_th, a.name_en, a.kind, a.normal_side, a.chart, a.parent_code, a.is_postable, true,
       a.is_cash, a.statement_line, a.budget_type, a.mapped_code, a.printed_code, a.valid_from_year, a.valid_to_year
  FROM reference_account a
 WHERE (%(year)s::int IS NULL OR %(year)s BETWEEN a.valid_from_year AND coalesce(a.valid_to_year, 9999))
UNION ALL
SELECT a.code, s.sub_account, s.name_th, s.name_th, a.kind, a.normal_side, a.chart, a.code, true, s.is_open,
       a.is_cash, a.statement_line, a.budget_type, a.mapped_code, a.printed_code, a.valid_from_year, a.valid_to_year
  FROM ledger_sub_account s JOIN reference_account a ON a.code = s.account_code
 WHERE s.entity_id = %(entity)s
   AND (%(year)s::int IS NULL OR %(year)s BETWEEN a.valid_from_year AND coalesce(a.valid_to_year, 9999))
"""


def accounts(
    *,
    fiscal_year: int | None = None,
    search: str = "",
    kind: str = "",
    postable_only: bool = False,
    limit: int | None = None,
) -> list[AccountView]:
    """Accounts valid in a fiscal year (B.E.; every year when None) in code order; `search` looks in code and name."""
    found = sql.rows(
        f"SELECT * FROM ({_ACCOUNTS}) AS x WHERE (%(kind)s = '' OR x.kind = %(kind)s)"
        " AND (NOT %(postable)s OR x.is_postable)"
        " AND (%(search)s = '' OR x.name_th LIKE %(like)s OR lower(x.name_en) LIKE lower(%(like)s)"
        "      OR x.code || '-' || x.sub_account LIKE %(prefix)s)"
        " ORDER BY x.chart DESC, x.code, x.sub_account LIMIT %(limit)s",
        {
            "entity": required_entity_id(),
            "year": fiscal_year,
            "kind": kind,
            "postable": postable_only,
            "search": search,
            "like": f"%{normalise(search)}%",
            "prefix": f"{search}%",
            "limit": limit,
        },
    )
    return [AccountView(*values) for values in found]


def account(*, account: str) -> AccountView | None:
    """One account by the code people write ("1101030102-01"), or None."""
    found = sql.row(
        f"SELECT * FROM ({_ACCOUNTS}) AS x WHERE concat_ws('-', x.code, nullif(x.sub_account, '')) = %(account)s",
        {"entity": required_entity_id(), "year": None, "account": account},
    )
    return AccountView(*found) if found else None


def account_kinds() -> dict[str, str]:
    """Kind (asset, liability, net_assets, revenue, expense) of every national account."""
    return dict(sql.rows("SELECT code, kind FROM reference_account"))


def facts(
    *,
    fiscal_years: Iterable[int] | None = None,
    only_accounts: Iterable[str] | None = None,
) -> LedgerFacts:
    """Everything journals of these fiscal years (B.E.; all opened ones when None) are checked against.

    `only_accounts` leaves out what a single journal does not name.
    """
    chosen = None if fiscal_years is None else list(fiscal_years)
    views = accounts() if only_accounts is None else _named(only_accounts)
    known = {view.account: _fact(view) for view in views}
    years: dict[int, dict[int, str]] = {}
    charts: dict[int, str] = {}
    for year, chart, period, state in sql.rows(
        "SELECT y.fiscal_year, y.chart, p.period, p.state FROM ledger_fiscal_year y"
        " JOIN ledger_period p USING (entity_id, fiscal_year)"
        " WHERE y.entity_id = %(entity)s AND (%(years)s::int[] IS NULL OR y.fiscal_year = ANY (%(years)s))",
        {"entity": required_entity_id(), "years": chosen},
    ):
        charts[year] = chart
        years.setdefault(year, {})[period] = state
    return LedgerFacts(
        accounts=known,
        fund_sources=_codes("reference_fund_source"),
        budget_types=_codes("reference_budget_type"),
        kinds=_codes("reference_journal_kind"),
        years={year: YearFact(charts[year], states) for year, states in years.items()},
    )


def _named(wanted: Iterable[str]) -> list[AccountView]:
    codes = sorted({split_account(account)[0] for account in wanted})
    found = sql.rows(
        f"SELECT * FROM ({_ACCOUNTS}) AS x WHERE x.code = ANY (%(codes)s)",
        {"entity": required_entity_id(), "year": None, "codes": codes},
    )
    return [AccountView(*values) for values in found]


def _codes(table: str) -> frozenset[str]:
    return frozenset(values[0] for values in sql.rows(f"SELECT code FROM {table}"))


def _fact(view: AccountView) -> AccountFact:
    fields: dict[str, Any] = {
        "code": view.account,
        "name_th": view.name_th,
        "is_postable": view.is_postable,
        "valid_from_year": view.valid_from_year,
        "valid_to_year": view.valid_to_year,
        "mapped_code": view.mapped_code,
        "is_open": view.is_open,
    }
    return AccountFact(**fields)
