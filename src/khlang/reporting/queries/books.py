"""Entries for the two books: the general ledger and the journal book."""

from collections import defaultdict
from itertools import islice

from khlang.kernel.fiscal_calendar import OPENING_PERIOD
from khlang.kernel.refusals import Refusal, Refused
from khlang.ledger import queries as ledger
from khlang.ledger.rules import JournalFilter, JournalView, LedgerLine
from khlang.reporting.queries.figures import balances_of
from khlang.reporting.rules.general_ledger import LedgerAccount
from khlang.reporting.rules.requests import ReportRequest
from khlang.reporting.rules.values import Account, Balance, Entry, main_account, summed


def ledger_books(asked: ReportRequest, accounts: dict[str, Account]) -> list[LedgerAccount]:
    """The books of the account asked for (with its sub-accounts), or of every account when none is named.

    Refused: reporting.account_unknown.
    """
    balances = summed(balances_of(asked, since=asked.since))
    if not asked.account:
        entries = _all_entries(asked)
        return [_book(code, balances, entries.get(code, []), None) for code in sorted({*balances, *entries})]
    if main_account(asked.account) not in accounts:
        facts: dict[str, str | int] = {"account": asked.account, "fiscal_year": asked.fiscal_year}
        raise Refused(Refusal("reporting.account_unknown", facts, "account"))
    entries = _account_entries(asked)
    codes = {code for code in {*balances, *entries} if code == asked.account or main_account(code) == asked.account}
    # One book when the account has no sub-accounts, even when nothing was ever posted to it.
    wanted = sorted(codes) or [asked.account]
    return [_book(code, balances, entries.get(code, []), asked.limit) for code in wanted]


def _book(code: str, balances: dict[str, Balance], entries: list[Entry], limit: int | None) -> LedgerAccount:
    kept = balances.get(code, Balance(code))
    shown = entries if limit is None else entries[:limit]
    return LedgerAccount(code, kept.opening, tuple(shown), kept.closing, len(entries) - len(shown))


def _account_entries(asked: ReportRequest) -> dict[str, list[Entry]]:
    found = ledger.account_lines(
        fiscal_year=asked.fiscal_year,
        account=asked.account,
        start=asked.since,
        end=asked.to,
        known_at=asked.known_at,
        fund_source=asked.fund_source,
    )
    entries: dict[str, list[Entry]] = defaultdict(list)
    for number, line in enumerate(found):
        if line.period != OPENING_PERIOD:
            entry = _of_line(line, number)
            entries[entry.account].append(entry)
    return entries


def _of_line(line: LedgerLine, number: int) -> Entry:
    account = f"{line.account_code}-{line.sub_account}" if line.sub_account else line.account_code
    return Entry(
        fiscal_year=line.fiscal_year,
        sequence_no=line.sequence_no,
        label=line.label,
        day=line.date,
        description=line.description,
        account=account,
        debit=line.debit,
        credit=line.credit,
        fund_source=line.fund_source,
        line_no=number,
        kind=line.kind,
    )


def _all_entries(asked: ReportRequest) -> dict[str, list[Entry]]:
    entries: dict[str, list[Entry]] = defaultdict(list)
    journals = ledger.stream_journals(
        fiscal_year=asked.fiscal_year,
        start=asked.since,
        end=asked.to,
        known_at=asked.known_at,
        by_date=True,
    )
    for journal in journals:
        if journal.period == OPENING_PERIOD:
            continue
        for entry in _of_journal(journal):
            if not asked.fund_source or entry.fund_source == asked.fund_source:
                entries[entry.account].append(entry)
    return entries


def _of_journal(journal: JournalView) -> list[Entry]:
    return [
        Entry(
            fiscal_year=journal.fiscal_year,
            sequence_no=journal.sequence_no,
            label=journal.label,
            day=journal.date,
            description=line.description or journal.description,
            account=line.account,
            debit=line.debit,
            credit=line.credit,
            fund_source=line.fund_source,
            line_no=line.line_no,
            kind=journal.kind,
        )
        for line in journal.lines
    ]


def book_entries(asked: ReportRequest) -> tuple[list[Entry], int]:
    """Lines of the journals of the days asked for, and how many journals the page leaves out."""
    journals = ledger.stream_journals(
        fiscal_year=asked.fiscal_year,
        start=asked.since,
        end=asked.to,
        known_at=asked.known_at,
        by_date=True,
    )
    taken = list(islice(journals, asked.limit))
    left_out = 0
    if asked.limit is not None and len(taken) == asked.limit:
        chosen = JournalFilter(asked.fiscal_year, start=asked.since, end=asked.to, page_size=1)
        left_out = max(0, ledger.journals(chosen).count - len(taken))
    return [entry for journal in taken for entry in _of_journal(journal)], left_out
