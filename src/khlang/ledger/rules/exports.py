"""A fiscal year of an entity as plain text that other people's programs check: Beancount, hledger and ledger, JSON lines.

Accounts are `Root:fund source:code`, the code in the leaf and Latin letters only; Thai names are metadata. Every text is
made piece by piece, so that memory follows the number of accounts and not of journals.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from khlang.kernel.fiscal_calendar import CLOSING_PERIOD, period_end, year_start
from khlang.kernel.money import ZERO, Baht
from khlang.ledger.rules.views import JournalView, LineView

ROOTS = {
    "asset": "Assets",
    "liability": "Liabilities",
    "net_assets": "Equity",
    "revenue": "Income",
    "expense": "Expenses",
}
CURRENCY = "THB"


@dataclass(frozen=True, slots=True)
class ExportedAccount:
    """One account with one source of money, as it is named outside."""

    account: str
    fund_source: str
    kind: str
    name_th: str

    @property
    def path(self) -> str:
        """The name in the file."""
        return f"{ROOTS[self.kind]}:{self.fund_source}:{self.account}"


@dataclass(frozen=True, slots=True)
class ExportedBooks:
    """Whose books, of which fiscal year (B.E.), with every account that moved in it."""

    entity_id: int
    entity_code: str
    entity_name: str
    fiscal_year: int
    accounts: tuple[ExportedAccount, ...]

    def paths(self) -> dict[tuple[str, str], str]:
        """From account and fund source to the name in the file."""
        return {(each.account, each.fund_source): each.path for each in self.accounts}


Sums = dict[str, Baht]


@dataclass(frozen=True, slots=True)
class Style:
    """How one program wants it: head of the file, one journal, the balances after the last day of a period."""

    head: Callable[[ExportedBooks], Iterator[str]]
    journal: Callable[[ExportedBooks, dict[tuple[str, str], str], JournalView], Iterator[str]]
    balances: Callable[[date, Sums], Iterator[str]]


def export(*, style: str, books: ExportedBooks, journals: Iterable[JournalView]) -> Iterator[str]:
    """Pieces of the text; `journals` come by day, and balances are stated at the end of each month."""
    chosen, paths = STYLES[style], books.paths()
    sums: Sums = {each.path: ZERO for each in books.accounts}
    ends = [period_end(books.fiscal_year, period) for period in range(1, CLOSING_PERIOD)]
    yield from chosen.head(books)
    for journal in journals:
        while ends and journal.date > ends[0]:
            yield from chosen.balances(ends.pop(0), sums)
        yield from chosen.journal(books, paths, journal)
        for line in journal.lines:
            path = paths[line.account, line.fund_source]
            sums[path] += line.debit - line.credit
    for day in ends[-1:]:
        yield from chosen.balances(day, sums)


def _signed(line: LineView) -> Baht:
    return line.debit - line.credit


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _beancount_head(books: ExportedBooks) -> Iterator[str]:
    yield f"option {_quoted('title')} {_quoted(f'{books.entity_code} {books.entity_name} {books.fiscal_year}')}\n"
    yield f'option "operating_currency" "{CURRENCY}"\n'
    # Balance alone never proves that an entry stands there once.
    yield 'plugin "beancount.plugins.noduplicates"\n\n'
    opened = year_start(books.fiscal_year).isoformat()
    for each in books.accounts:
        yield f"{opened} open {each.path} {CURRENCY}\n  name-th: {_quoted(each.name_th)}\n"


def _beancount_journal(books: ExportedBooks, paths: dict[tuple[str, str], str], journal: JournalView) -> Iterator[str]:
    known = {
        "id": f"{books.entity_code}-{journal.fiscal_year}-{journal.sequence_no}",
        "request": str(journal.idempotency_key),
        "posted-by": journal.posted_by_name,
        "hash": journal.hash.hex(),
    }
    name = f"{journal.series}/{journal.number}"
    yield f"\n{journal.date.isoformat()} * {_quoted(name)} {_quoted(journal.description)}\n"
    yield from (f"  {key}: {_quoted(value)}\n" for key, value in known.items())
    for line in journal.lines:
        yield f"  {paths[line.account, line.fund_source]}  {_signed(line)} {CURRENCY}\n"


def _beancount_balances(day: date, sums: Sums) -> Iterator[str]:
    # Beancount looks at the beginning of a day.
    after = (day + timedelta(days=1)).isoformat()
    yield "\n"
    yield from (f"{after} balance {path}  {amount} {CURRENCY}\n" for path, amount in sums.items())


def _hledger_head(books: ExportedBooks) -> Iterator[str]:
    yield f"; {books.entity_code} {books.entity_name} {books.fiscal_year}\n\n"
    yield f"commodity {CURRENCY}\n  format 1000.00 {CURRENCY}\n\n"
    for each in books.accounts:
        yield f"; {each.name_th}\naccount {each.path}\n"


def _hledger_journal(books: ExportedBooks, paths: dict[tuple[str, str], str], journal: JournalView) -> Iterator[str]:
    # A semicolon would begin a comment, a bar would divide payee from note.
    words = journal.description.replace(";", ",").replace("|", "/")
    yield f"\n{journal.date.isoformat()} * ({journal.series}/{journal.number}) {words}\n"
    yield f"  ; id: {books.entity_code}-{journal.fiscal_year}-{journal.sequence_no}\n"
    yield f"  ; request: {journal.idempotency_key}\n  ; hash: {journal.hash.hex()}\n"
    for line in journal.lines:
        yield f"  {paths[line.account, line.fund_source]}  {_signed(line)} {CURRENCY}\n"


def _hledger_balances(day: date, sums: Sums) -> Iterator[str]:
    yield f"\n{day.isoformat()} * (BAL) balances of the day\n"
    yield from (f"  {path}  0.00 {CURRENCY} = {amount} {CURRENCY}\n" for path, amount in sums.items())


def _json_journal(books: ExportedBooks, _paths: dict[tuple[str, str], str], journal: JournalView) -> Iterator[str]:
    value = {
        "entity_id": books.entity_id,
        "entity": books.entity_code,
        "fiscal_year": journal.fiscal_year,
        "sequence_no": journal.sequence_no,
        "series": journal.series,
        "number": journal.number,
        "kind": journal.kind,
        "period": journal.period,
        "date": journal.date.isoformat(),
        "description": journal.description,
        "source_area": journal.source_area,
        "source_id": str(journal.source_id) if journal.source_id else None,
        "batch_id": str(journal.batch_id) if journal.batch_id else None,
        "reverses": list(journal.reverses) if journal.reverses else None,
        "posted_at": journal.posted_at.isoformat(),
        "posted_by": journal.posted_by,
        "posted_by_name": journal.posted_by_name,
        "idempotency_key": str(journal.idempotency_key),
        "previous_hash": journal.previous_hash.hex(),
        "hash": journal.hash.hex(),
        "lines": [_json_line(line) for line in journal.lines],
    }
    yield json.dumps(value, ensure_ascii=False) + "\n"


def _json_line(line: LineView) -> dict[str, str]:
    value = {"account": line.account, "fund_source": line.fund_source}
    if line.budget_type:
        value["budget_type"] = line.budget_type
    value |= {"debit": str(line.debit)} if line.debit else {"credit": str(line.credit)}
    if line.description:
        value["description"] = line.description
    return value


def _nothing(*_: object) -> Iterator[str]:
    return iter(())


STYLES = {
    "beancount": Style(_beancount_head, _beancount_journal, _beancount_balances),
    "hledger": Style(_hledger_head, _hledger_journal, _hledger_balances),
    "jsonl": Style(_nothing, _json_journal, _nothing),
}
