"""General ledger (R265): every entry of an account with its running balance, from balance to balance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from khlang.kernel.money import ZERO, Baht
from khlang.kernel.statements import Check, Column, Link, Row, Statement
from khlang.kernel.thai_dates import english_date, thai_date
from khlang.reporting.rules.frame import MONTHLY, both, column, frame, from_to
from khlang.reporting.rules.values import Account, Entry, Scope, account_of
from khlang.reporting.rules.words import Language, word

DEBIT_NATURE = frozenset({"asset", "expense"})


@dataclass(frozen=True, slots=True)
class LedgerAccount:
    """One account of the book: the balance before the first day, its entries, and the balance on the last day.

    `closing` comes from the stored balances, `entries` from the lines: the book proves one by the other.
    `left_out` counts entries that are not shown because the page is full.
    """

    account: str
    opening: Baht
    entries: tuple[Entry, ...]
    closing: Baht
    left_out: int = 0


def general_ledger(
    *,
    scope: Scope,
    accounts: Mapping[str, Account],
    books: Sequence[LedgerAccount],
    month_totals: bool = True,
) -> Statement:
    """Build the general ledger of one account or of many, each under its own heading, in code order."""
    rows: list[Row] = []
    ordered = sorted(books, key=lambda book: book.account)
    for book in ordered:
        if scope.zero or book.entries or book.opening or book.closing:
            rows.extend(_account(scope, accounts, book, month_totals=month_totals))
    only = len(ordered) == 1
    heading = [from_to(scope)]
    if only:
        account = account_of(accounts, ordered[0].account)
        heading.insert(0, _title_line(ordered[0].account, account))
    shown = sum(len(book.entries) for book in books)
    left_out = sum(book.left_out for book in books)
    notes = [both("notes.unit")]
    if left_out:
        notes.append(both("notes.shown-of", shown=f"{shown:,}", all=f"{shown + left_out:,}"))
    return frame(
        code="general-ledger",
        scope=scope,
        columns=_columns(),
        rows=rows,
        heading=heading,
        checks=[_check(book) for book in ordered if not book.left_out],
        offices=MONTHLY,
        notes=notes,
        facts=_facts(ordered, left_out),
    )


def _columns() -> list[Column]:
    texts = [column("date", "date"), column("document", "code"), column("description", "text")]
    return texts + [column(side, "money") for side in ("debit", "credit", "balance")]


def _facts(books: Sequence[LedgerAccount], left_out: int) -> dict[str, str]:
    facts = {"account": books[0].account} if len(books) == 1 else {}
    return facts | ({"left_out": str(left_out)} if left_out else {})


def _title_line(code: str, account: Account) -> tuple[str, str]:
    return (
        word("headings.account", "th", code=code, name=account.name("th")),
        word("headings.account", "en", code=code, name=account.name("en")),
    )


def _account(scope: Scope, accounts: Mapping[str, Account], book: LedgerAccount, *, month_totals: bool) -> list[Row]:
    account = account_of(accounts, book.account)
    sign = 1 if account.kind in DEBIT_NATURE else -1
    balance = book.opening
    title = f"{book.account} {account.name(scope.language)}"
    rows = [
        Row("group", (None, None, title, None, None, None)),
        Row("opening", (scope.since, None, word("rows.opening", scope.language), None, None, balance * sign)),
    ]
    debit = credit = ZERO
    months: list[Entry] = []
    for entry in sorted(book.entries, key=_order):
        if month_totals and months and _month(months[-1].day) != _month(entry.day):
            rows.append(_month_row(months, scope.language))
            months = []
        balance += entry.debit - entry.credit
        debit, credit = debit + entry.debit, credit + entry.credit
        months.append(entry)
        rows.append(_entry_row(entry, balance * sign))
    if month_totals and months and len(months) < len(book.entries):
        rows.append(_month_row(months, scope.language))
    if book.left_out == 0:
        rows.append(Row("subtotal", (None, None, word("rows.movement", scope.language), debit, credit, None)))
    rows.append(Row("closing", (scope.to, None, word("rows.closing", scope.language), None, None, book.closing * sign)))
    return rows


def _order(entry: Entry) -> tuple[date, int, int, int]:
    return entry.day, entry.fiscal_year, entry.sequence_no, entry.line_no


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month


def _entry_row(entry: Entry, balance: Baht) -> Row:
    link = Link("reporting:journal", {"year": str(entry.fiscal_year), "sequence": str(entry.sequence_no)})
    cells = (entry.day, entry.label, entry.description, entry.debit or None, entry.credit or None, balance)
    return Row("detail", cells, 1, link)


def _month_row(entries: Sequence[Entry], language: Language) -> Row:
    day = entries[-1].day
    month = thai_date(day, "month") if language == "th" else english_date(day, "month")
    debit = sum((entry.debit for entry in entries), ZERO)
    credit = sum((entry.credit for entry in entries), ZERO)
    return Row("subtotal", (None, None, word("rows.month-total", language, month=month), debit, credit, None), 1)


def _check(book: LedgerAccount) -> Check:
    moved = sum((entry.debit - entry.credit for entry in book.entries), ZERO)
    holds = book.opening + moved == book.closing
    detail = f"{book.account}: {book.opening.display()} + {moved.display()} = {book.closing.display()}"
    return Check("lines-explain-balance", holds, detail)
