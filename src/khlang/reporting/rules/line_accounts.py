"""The accounts behind one line of a statement: the step between a printed figure and its journals."""

from collections.abc import Mapping, Sequence

from khlang.kernel.money import ZERO, Baht
from khlang.kernel.statements import Cell, Check, Column, Link, Row, Statement
from khlang.reporting.rules.frame import MONTHLY, both, column, frame, from_to
from khlang.reporting.rules.values import Account, LayoutLine, Scope, account_of
from khlang.reporting.rules.words import word


def line_accounts(
    *,
    scope: Scope,
    line: LayoutLine,
    accounts: Mapping[str, Account],
    columns: Sequence[Column],
    members: Sequence[Mapping[str, Baht]],
) -> Statement:
    """List the accounts of a line; `members` holds, for each money column, the amount of each account."""
    codes = sorted({account for found in members for account, amount in found.items() if amount or scope.zero})
    rows = [_row(scope, accounts, code, members) for code in codes]
    totals: tuple[Cell, ...] = tuple(sum(found.values(), ZERO) for found in members)
    if rows:
        rows.append(Row("total", (None, word("rows.total", scope.language), *totals)))
    return frame(
        code="line",
        scope=scope,
        columns=[column("account", "code"), column("account_name", "text"), *columns],
        rows=rows,
        heading=[(line.label("th"), line.label("en")), from_to(scope)],
        checks=list[Check](),
        offices=MONTHLY,
        notes=[both("notes.unit")],
        facts={"line": line.line_code},
    )


def _row(scope: Scope, accounts: Mapping[str, Account], code: str, members: Sequence[Mapping[str, Baht]]) -> Row:
    amounts: tuple[Cell, ...] = tuple(found.get(code, ZERO) for found in members)
    name = account_of(accounts, code).name(scope.language)
    return Row("detail", (code, name, *amounts), 0, Link("reporting:general-ledger", {"account": code}))
