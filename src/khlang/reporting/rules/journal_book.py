"""Journal book (R265): the journals of a period in the order of their days, each with its lines."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from khlang.kernel.money import ZERO
from khlang.kernel.statements import Check, Link, Row, Statement
from khlang.reporting.rules.frame import MONTHLY, both, column, frame, from_to
from khlang.reporting.rules.values import Account, Entry, Scope, account_of
from khlang.reporting.rules.words import word

Journal = tuple[Entry, ...]


def journal_book(
    *,
    scope: Scope,
    accounts: Mapping[str, Account],
    entries: Sequence[Entry],
    left_out: int = 0,
) -> Statement:
    """Build the book; `left_out` counts journals not shown because the page is full."""
    journals = _journals(entries)
    rows = [row for journal in journals for row in _journal_rows(scope, accounts, journal)]
    debit = sum((entry.debit for entry in entries), ZERO)
    credit = sum((entry.credit for entry in entries), ZERO)
    notes = [both("notes.unit")]
    if left_out:
        notes.append(both("notes.shown-of", shown=f"{len(journals):,}", all=f"{len(journals) + left_out:,}"))
    if rows:
        rows.append(Row("total", (None, None, word("rows.total", scope.language), None, debit, credit)))
    return frame(
        code="journal-book",
        scope=scope,
        columns=[
            column("date", "date"),
            column("document", "code"),
            column("description", "text"),
            column("account", "code"),
            column("debit", "money"),
            column("credit", "money"),
        ],
        rows=rows,
        heading=[from_to(scope)],
        checks=_checks(journals),
        offices=MONTHLY,
        notes=notes,
        facts={"journals": str(len(journals))} | ({"left_out": str(left_out)} if left_out else {}),
    )


def _journals(entries: Sequence[Entry]) -> list[Journal]:
    ordered = sorted(entries, key=lambda entry: (entry.day, entry.fiscal_year, entry.sequence_no, entry.line_no))
    heads = groupby(ordered, key=lambda entry: (entry.day, entry.fiscal_year, entry.sequence_no))
    return [tuple(lines) for _, lines in heads]


def _journal_rows(scope: Scope, accounts: Mapping[str, Account], journal: Journal) -> list[Row]:
    head = journal[0]
    link = Link("reporting:journal", {"year": str(head.fiscal_year), "sequence": str(head.sequence_no)})
    rows = [Row("group", (head.day, head.label, head.description, None, None, None), 0, link)]
    for line in journal:
        name = account_of(accounts, line.account).name(scope.language)
        cells = (None, None, name, line.account, line.debit or None, line.credit or None)
        # A credit stands further in than a debit, as the paper book has it.
        rows.append(Row("detail", cells, 1 if line.debit else 2))
    return rows


def _checks(journals: Sequence[Journal]) -> list[Check]:
    debit = sum((line.debit for journal in journals for line in journal), ZERO)
    credit = sum((line.credit for journal in journals for line in journal), ZERO)
    wrong = [journal[0].label for journal in journals if _difference(journal)]
    detail = ", ".join(wrong) if wrong else f"{debit.display()} = {credit.display()}"
    return [Check("debits-equal-credits", not wrong, detail)]


def _difference(journal: Journal) -> bool:
    return bool(sum((line.debit - line.credit for line in journal), ZERO))
