"""Ledger rows as the plain values of the builders."""

from collections.abc import Iterable, Mapping
from datetime import date

from khlang.identity.queries import entity
from khlang.kernel.actors import Actor
from khlang.kernel.fiscal_calendar import year_start
from khlang.kernel.money import ZERO, Baht
from khlang.kernel.refusals import Refusal, Refused
from khlang.ledger import queries as ledger
from khlang.ledger.rules import BalanceRow
from khlang.reference import queries as reference
from khlang.reference.rules import chart_of_year
from khlang.reporting.rules.receipts_and_payments import CashColumn
from khlang.reporting.rules.requests import ReportRequest
from khlang.reporting.rules.values import Account, Balance, CashMovement, LayoutLine, Scope
from khlang.reporting.rules.yearly_lines import YearFigures


def scope_of(actor: Actor, asked: ReportRequest, fund_name: str = "") -> Scope:
    """Whose books, which days, in which words."""
    return Scope(
        entity_code=actor.entity_code,
        entity_name=actor.entity_name,
        fiscal_year=asked.fiscal_year,
        since=asked.since,
        to=asked.to,
        entity_kind=entity(code=actor.entity_code).kind,
        known_at=asked.known_at,
        fund_source=fund_name or asked.fund_source,
        language=asked.language,
        zero=asked.zero,
    )


def fund_names(asked: ReportRequest) -> dict[str, str]:
    """Fund sources by code. Refused: reporting.fund_source_unknown when the one asked for is none of them."""
    names = {
        fund.code: fund.name_th if asked.language == "th" else fund.name_en or fund.name_th
        for fund in reference.fund_sources()
    }
    if asked.fund_source and asked.fund_source not in names:
        raise Refused(Refusal("reporting.fund_source_unknown", {"fund_source": asked.fund_source}, "fund_source"))
    return names


def accounts_of(fiscal_year: int) -> dict[str, Account]:
    """The chart of a year and the entity's own sub-accounts, by full code."""
    return {
        view.account: Account(view.account, view.name_th, view.kind, view.name_en, view.is_cash, view.budget_type)
        for view in ledger.accounts(fiscal_year=fiscal_year)
    }


def layout_of(report: str, fiscal_year: int) -> list[LayoutLine]:
    """The lines of a report as they were in force in a year."""
    chart = chart_of_year(fiscal_year)
    return [
        LayoutLine(
            line_code=line.line_code,
            label_th=line.label_th,
            kind=line.kind,
            label_en=line.label_en,
            side=line.side,
            selector=line.selector,
            detail=line.detail,
            printed_code=line.printed_code,
            sign=line.sign,
            subtotal_of=line.subtotal_of,
            formula=line.formula,
            must_equal=line.must_equal,
        )
        for line in reference.statement_lines(layout=report, chart=chart, fiscal_year=fiscal_year)
    ]


def balances_of(asked: ReportRequest, *, since: date | None = None, before_closing: bool = False) -> list[Balance]:
    """Balances of the year asked for, from `since` (the first day when none) to its last day."""
    found = ledger.balances(
        fiscal_year=asked.fiscal_year,
        start=since or year_start(asked.fiscal_year),
        to=asked.to,
        known_at=asked.known_at,
        fund_source=asked.fund_source,
        before_closing=before_closing,
    )
    return [_balance(row) for row in found]


def _balance(row: BalanceRow) -> Balance:
    return Balance(row.account, row.fund_source, row.opening_debit - row.opening_credit, row.debit, row.credit)


def movement_only(balances: Iterable[Balance]) -> list[Balance]:
    """Balances without what was brought forward: a performance report of part of a year."""
    return [Balance(row.account, row.fund_source, ZERO, row.debit, row.credit) for row in balances]


def year_figures(asked: ReportRequest, *, layout_year: int | None = None) -> YearFigures:
    """One column of a yearly statement. Old books shown beside new ones are put on the layout of the new chart."""
    is_performance = asked.report == "financial-performance"
    balances = balances_of(asked, since=asked.since if is_performance else None, before_closing=is_performance)
    if is_performance and asked.since > year_start(asked.fiscal_year):
        balances = movement_only(balances)
    accounts = accounts_of(asked.fiscal_year)
    layout_year = layout_year or asked.fiscal_year
    if chart_of_year(layout_year) != chart_of_year(asked.fiscal_year):
        mapped = {view.account: view.mapped_code for view in ledger.accounts(fiscal_year=asked.fiscal_year)}
        balances = [_moved(row, mapped) for row in balances]
        accounts |= accounts_of(layout_year)
    return YearFigures(asked.fiscal_year, asked.to, layout_of(asked.report, layout_year), accounts, balances)


def _moved(row: Balance, mapped: Mapping[str, str]) -> Balance:
    return Balance(mapped.get(row.account) or row.account, row.fund_source, row.opening, row.debit, row.credit)


def cash_column(asked: ReportRequest, accounts: Mapping[str, Account], *, since: date) -> CashColumn:
    """Cash at the start, what moved, and cash at the end, from `since` to the last day asked for."""
    cash = [row for row in balances_of(asked, since=since) if accounts[row.account].is_cash]
    moved = ledger.cash_movements(
        fiscal_year=asked.fiscal_year,
        start=since,
        to=asked.to,
        known_at=asked.known_at,
        fund_source=asked.fund_source,
    )
    return CashColumn(
        opening=sum((row.opening for row in cash), ZERO),
        movements=[
            CashMovement(
                account=_full(row.account_code, row.sub_account),
                debit=row.debit,
                credit=row.credit,
                budget_type=row.budget_type,
                turned=row.turned,
            )
            for row in moved
        ],
        closing=sum((row.closing for row in cash), ZERO),
    )


def estimates_of(asked: ReportRequest) -> dict[str, Baht]:
    """The budget by account, in full codes."""
    found = ledger.estimates(fiscal_year=asked.fiscal_year)
    return {_full(row.account_code, row.sub_account): row.amount for row in found}


def _full(account_code: str, sub_account: str) -> str:
    return f"{account_code}-{sub_account}" if sub_account else account_code
