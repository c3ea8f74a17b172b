"""One report: the values it needs, and the builder that makes the statement."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from khlang.kernel.actors import Actor
from khlang.kernel.fiscal_calendar import fiscal_year_of, year_end, year_start
from khlang.kernel.money import Baht
from khlang.kernel.refusals import Refusal, Refused
from khlang.kernel.statements import Column, Statement
from khlang.ledger import queries as ledger
from khlang.reporting.queries import figures
from khlang.reporting.queries.books import book_entries, ledger_books
from khlang.reporting.rules.financial_performance import financial_performance, place_performance
from khlang.reporting.rules.financial_position import financial_position, place_position
from khlang.reporting.rules.frame import column
from khlang.reporting.rules.general_ledger import general_ledger
from khlang.reporting.rules.journal_book import journal_book
from khlang.reporting.rules.line_accounts import line_accounts
from khlang.reporting.rules.receipts_and_payments import place_movements, receipts_and_payments
from khlang.reporting.rules.requests import ReportRequest
from khlang.reporting.rules.trial_balance import Variant, trial_balance
from khlang.reporting.rules.values import Account, LayoutLine, Scope
from khlang.reporting.rules.yearly_lines import YearFigures, year_columns
from khlang.toolkit import sql

Members = list[Mapping[str, Baht]]


def statement(*, actor: Actor, asked: ReportRequest) -> Statement:
    """Build the report asked for from the books of the actor's entity; call inside its transaction.

    Refused: reporting.year_not_open, reporting.account_unknown, reporting.fund_source_unknown.
    """
    sql.read_in_bulk()
    _require_year(asked)
    funds = figures.fund_names(asked)
    scope = figures.scope_of(actor, asked, funds.get(asked.fund_source, ""))
    return _BUILDERS[asked.report](scope, asked, funds)


def _require_year(asked: ReportRequest) -> None:
    if asked.fiscal_year not in ledger.fiscal_years():
        raise Refused(Refusal("reporting.year_not_open", {"fiscal_year": asked.fiscal_year}, "fiscal_year"))


def _trial_balance(scope: Scope, asked: ReportRequest, funds: Mapping[str, str]) -> Statement:
    known: dict[str, Variant] = {"movement": "movement", "fund_source": "fund_source"}
    since = asked.since if asked.variant == "movement" else None
    return trial_balance(
        scope=scope,
        accounts=figures.accounts_of(asked.fiscal_year),
        balances=figures.balances_of(asked, since=since, before_closing=not asked.after_closing),
        variant=known.get(asked.variant, "closing"),
        after_closing=asked.after_closing,
        fund_names=funds,
    )


def _general_ledger(scope: Scope, asked: ReportRequest, _funds: Mapping[str, str]) -> Statement:
    accounts = figures.accounts_of(asked.fiscal_year)
    return general_ledger(scope=scope, accounts=accounts, books=ledger_books(asked, accounts))


def _journal_book(scope: Scope, asked: ReportRequest, _funds: Mapping[str, str]) -> Statement:
    entries, left_out = book_entries(asked)
    accounts = figures.accounts_of(asked.fiscal_year)
    return journal_book(scope=scope, accounts=accounts, entries=entries, left_out=left_out)


def _receipts_and_payments(scope: Scope, asked: ReportRequest, _funds: Mapping[str, str]) -> Statement:
    accounts = figures.accounts_of(asked.fiscal_year)
    return receipts_and_payments(
        scope=replace(scope, since=asked.month_start),
        layout=figures.layout_of(asked.report, asked.fiscal_year),
        accounts=accounts,
        month=figures.cash_column(asked, accounts, since=asked.month_start),
        year_to_date=figures.cash_column(asked, accounts, since=year_start(asked.fiscal_year)),
        estimates=figures.estimates_of(asked),
    )


def _financial_position(scope: Scope, asked: ReportRequest, _funds: Mapping[str, str]) -> Statement:
    return financial_position(scope=scope, years=_years(asked))


def _financial_performance(scope: Scope, asked: ReportRequest, _funds: Mapping[str, str]) -> Statement:
    return financial_performance(scope=scope, years=_years(asked))


_BUILDERS: Mapping[str, Callable[[Scope, ReportRequest, Mapping[str, str]], Statement]] = {
    "trial-balance": _trial_balance,
    "general-ledger": _general_ledger,
    "journal-book": _journal_book,
    "receipts-and-payments": _receipts_and_payments,
    "financial-position": _financial_position,
    "financial-performance": _financial_performance,
}


def _years(asked: ReportRequest) -> list[YearFigures]:
    years = [figures.year_figures(asked)]
    if asked.compare and asked.fiscal_year - 1 in ledger.fiscal_years():
        years.append(figures.year_figures(_a_year_before(asked), layout_year=asked.fiscal_year))
    return years


def _a_year_before(asked: ReportRequest) -> ReportRequest:
    return replace(
        asked,
        fiscal_year=asked.fiscal_year - 1,
        since=_same_day_before(asked.since),
        to=_same_day_before(asked.to),
    )


def _same_day_before(day: date) -> date:
    """The same day a year earlier; the last day of the year stays the last day, 29 February becomes 28."""
    if day == year_end(fiscal_year_of(day)):
        return year_end(fiscal_year_of(day) - 1)
    last_of_february = day.month == 2 and day.day == 29  # noqa: PLR2004
    return day.replace(year=day.year - 1, day=28 if last_of_february else day.day)


def line_statement(*, actor: Actor, asked: ReportRequest) -> Statement:
    """The accounts behind one line of a report.

    Refused: reporting.year_not_open, reporting.line_unknown.
    """
    sql.read_in_bulk()
    _require_year(asked)
    scope = figures.scope_of(actor, asked, figures.fund_names(asked).get(asked.fund_source, ""))
    accounts = figures.accounts_of(asked.fiscal_year)
    layout = figures.layout_of(asked.report, asked.fiscal_year)
    line = next((each for each in layout if each.line_code == asked.line and each.kind == "detail"), None)
    if line is None:
        raise Refused(Refusal("reporting.line_unknown", {"line": asked.line}))
    columns, members = _members(asked, layout, accounts, asked.line)
    return line_accounts(scope=scope, line=line, accounts=accounts, columns=columns, members=members)


def _members(
    asked: ReportRequest,
    layout: list[LayoutLine],
    accounts: Mapping[str, Account],
    line: str,
) -> tuple[list[Column], Members]:
    if asked.report == "receipts-and-payments":
        spans = {"year_to_date": year_start(asked.fiscal_year), "month": asked.month_start}
        found = [
            place_movements(
                layout=layout,
                accounts=accounts,
                movements=figures.cash_column(asked, accounts, since=since).movements,
            )
            for since in spans.values()
        ]
        return [column(name, "money") for name in spans], [each.members.get(line, {}) for each in found]
    place = place_position if asked.report == "financial-position" else place_performance
    years = _years(asked)
    return year_columns(years), [place(year).members.get(line, {}) for year in years]
