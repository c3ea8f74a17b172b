"""Review a table of balances that others made: read it, say what is wrong, compare it with the books; post nothing."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from khlang.continuity import queries
from khlang.continuity.commands import rows
from khlang.continuity.readers.texts import csv_rows, text_file
from khlang.continuity.readers.workbooks import Workbook
from khlang.continuity.rules import layouts
from khlang.continuity.rules.balance_comparison import Booked, differences
from khlang.continuity.rules.balances import BalanceTable, best_code_position, own_findings, read_table
from khlang.continuity.rules.findings import Findings, Weight
from khlang.continuity.rules.journals import Row
from khlang.continuity.rules.layouts import Column, HeaderMatch
from khlang.continuity.rules.states import ImportState
from khlang.continuity.rules.values import is_blank
from khlang.continuity.rules.views import ImportView
from khlang.identity.permissions import require
from khlang.kernel.actors import Actor
from khlang.kernel.fiscal_calendar import fiscal_year_of
from khlang.kernel.money import ZERO
from khlang.kernel.refusals import Refusal, Refused
from khlang.ledger import queries as ledger
from khlang.toolkit.tenancy import entity_transaction

_ROWS_MAX = 20_000


def review_balances(*, actor: Actor, import_id: UUID) -> ImportView:
    """Say exactly what is wrong with a table of balances, and where it differs from the books on its day.

    Refuses continuity.wrong_state. What is wrong with the table is kept as findings.
    """
    require(actor, "continuity.import")
    view = rows.load(actor=actor, import_id=import_id)
    view = rows.move(actor=actor, view=view, to=ImportState.CHECKING)
    findings = Findings()
    try:
        state, summary = ImportState.CHECKED, _reviewed(actor, view, findings)
    except Refused as refused:
        findings.add_all(Weight.ERROR, refused.refusals, row=0)
        state, summary = ImportState.REFUSED, {}
    summary = {**summary, "findings": sum(findings.counts.values()), "by_code": findings.by_code}
    return rows.move(actor=actor, view=view, to=state, summary=summary, **rows.kept_findings(findings))


def _reviewed(actor: Actor, view: ImportView, findings: Findings) -> dict[str, Any]:
    header, match, below = _header(_all_rows(view))
    with entity_transaction(actor.entity_id):
        known = frozenset(account.account for account in ledger.accounts())
        wanted = _code_words()
        position, hits = best_code_position(header=header, rows=below, wanted=wanted, known=known)
        booked = _booked(view.compare_to) if view.compare_to else None
    if position >= 0:
        facts: dict[str, str | int] = {"column": str(header[position]), "known": hits, "rows": len(below)}
        findings.add(Weight.NOTE, Refusal("continuity.codes_read_from", facts), row=match.row)
    table = read_table(rows=below, match=match, code_position=position, findings=findings)
    for weight, row, refusal in own_findings(table, is_compared=booked is not None):
        findings.add(weight, refusal, row=row)
    if booked is not None and position >= 0:
        _compare(table, booked, view.compare_to, findings)
    return {
        "lines": len(table.details),
        "debit": str(sum((line.debit for line in table.details), ZERO)),
        "credit": str(sum((line.credit for line in table.details), ZERO)),
        "has_sides": table.has_sides,
    }


def _compare(table: BalanceTable, booked: Booked, day: date | None, findings: Findings) -> None:
    for weight, row, refusal in differences(table=table, booked=booked, summary_codes=layouts.summary_codes()):
        dated = Refusal(refusal.code, {**refusal.facts, "date": day.isoformat() if day else ""}, refusal.where)
        findings.add(weight, dated, row=row)


def _all_rows(view: ImportView) -> list[Row]:
    path = Path(queries.stored_path(view))
    if not path.is_file():
        raise Refused(Refusal("continuity.file_lost"))
    found: Iterable[Row]
    if view.file_name.lower().endswith((".xlsx", ".xlsm")):
        book = Workbook(path)
        found = book.rows(book.names[0])
    else:
        found = csv_rows(text_file(path))
    kept: list[Row] = []
    for row in found:
        if len(kept) >= _ROWS_MAX:
            raise Refused(Refusal("continuity.too_many_rows", {"found": len(kept) + 1, "limit": _ROWS_MAX}))
        kept.append(row)
    return kept


def _header(table: list[Row]) -> tuple[tuple[Any, ...], HeaderMatch, list[Row]]:
    columns: tuple[Column, ...] = layouts.balance_columns()
    searched = table[: layouts.limit("check", "header_rows_searched")]
    best: tuple[tuple[Any, ...], HeaderMatch] | None = None
    for number, cells in searched:
        match = layouts.match_header(columns=columns, cells=cells, sheet_name="", row=number)
        if not all(map(is_blank, cells)) and (best is None or len(match.positions) > len(best[1].positions)):
            best = (cells, match)
    if best is None or not {"debit", "credit", "amount"} & best[1].positions.keys():
        raise Refused(Refusal("continuity.balance_no_amounts"))
    return best[0], best[1], [row for row in table if row[0] > best[1].row]


def _code_words() -> list[str]:
    column = next(column for column in layouts.balance_columns() if column.field == "code")
    return [word.lower() for word in (column.header, *column.aliases)]


def _booked(day: date) -> Booked:
    booked = Booked(kinds=ledger.account_kinds())
    year = fiscal_year_of(day)
    for row in ledger.balances(fiscal_year=year, to=day):
        booked.accounts[row.account] = booked.accounts.get(row.account, ZERO) + row.balance
    accounts = ledger.accounts(fiscal_year=year)
    booked.names = {view.account: view.name_th for view in accounts}
    booked.printed = {view.code: view.printed_code for view in accounts if view.printed_code}
    return booked
