"""Report of cash receipts and payments (R299): every baht that came and went, month and year to date, beside the estimate.

Every journal that touches cash is taken apart: each line that is not cash is money in or money out, gross.
Transfers between bank accounts have no such line and vanish, so receipts less payments is the change in cash, exactly.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from khlang.kernel.money import ZERO, Baht
from khlang.kernel.statements import Cell, Check, Link, Row, Statement
from khlang.reporting.rules.frame import OFFICIAL, both, column, for_month, frame
from khlang.reporting.rules.layouts import Placed, line_values, outside_check
from khlang.reporting.rules.selectors import is_budget_line, line_for, subject
from khlang.reporting.rules.values import Account, CashMovement, LayoutLine, Scope, account_of
from khlang.reporting.rules.yearly_lines import is_shown, row_kind

CODE = "receipts-and-payments"
IN, OUT = "in", "out"
# Types of expenditure begin with this digit, types of revenue with 4.
EXPENDITURE = "5"


@dataclass(frozen=True, slots=True)
class CashColumn:
    """One actual column: cash at its start, what moved, and cash at its end as the ledger's balances have it."""

    opening: Baht
    movements: Sequence[CashMovement]
    closing: Baht


@dataclass(frozen=True, slots=True)
class _Column:
    placed: Placed
    values: Mapping[str, Baht] = field(default_factory=dict)


def receipts_and_payments(
    *,
    scope: Scope,
    layout: Sequence[LayoutLine],
    accounts: Mapping[str, Account],
    month: CashColumn,
    year_to_date: CashColumn,
    estimates: Mapping[str, Baht],
) -> Statement:
    """Build the report; `estimates` are the budget by account, in full codes."""
    actual = [_filled(layout, accounts, one) for one in (year_to_date, month)]
    filled = [_budget(layout, accounts, estimates), *actual]
    rows = [row for line in layout for row in _line_rows(scope, accounts, line, filled)]
    return frame(
        code=CODE,
        scope=scope,
        columns=[
            column("budget", "money"),
            column("year_to_date", "money"),
            column("line", "text"),
            column("code", "code"),
            column("month", "money"),
        ],
        rows=rows,
        heading=[both("headings.fiscal-year", year=str(scope.fiscal_year)), for_month(scope)],
        checks=[
            _cash_check(layout, year_to_date, actual[0]),
            _cash_check(layout, month, actual[1]),
            *(outside_check(one.placed) for one in actual),
        ],
        offices=OFFICIAL,
        notes=[both("notes.unit")],
    )


def place_movements(
    *,
    layout: Sequence[LayoutLine],
    accounts: Mapping[str, Account],
    movements: Sequence[CashMovement],
) -> Placed:
    """Put money in and money out on the lines of their side."""
    placed = Placed()
    for movement in movements:
        chosen = subject(accounts, movement.account, movement.budget_type)
        for side, amount in _sides(movement, chosen.kind):
            line = line_for(layout, chosen, side)
            if line is not None:
                placed.put(line.line_code, movement.account, amount)
            else:
                placed.put_outside(movement.account, amount if side == IN else -amount)
    return placed


def _sides(movement: CashMovement, kind: str) -> list[tuple[str, Baht]]:
    """A refund lowers receipts and a returned expense lowers payments; all else is gross on both sides."""
    if kind == "revenue":
        return [(IN, movement.credit - movement.debit)]
    if kind == "expense":
        return [(OUT, movement.debit - movement.credit)]
    if movement.turned:
        return [(IN, -movement.debit), (OUT, -movement.credit)]
    return [(IN, movement.credit), (OUT, movement.debit)]


def _filled(layout: Sequence[LayoutLine], accounts: Mapping[str, Account], one: CashColumn) -> _Column:
    placed = place_movements(layout=layout, accounts=accounts, movements=one.movements)
    amounts = placed.amounts()
    amounts |= {line.line_code: one.opening for line in layout if line.kind == "opening"}
    return _Column(placed, line_values(layout, amounts))


def _budget(layout: Sequence[LayoutLine], accounts: Mapping[str, Account], estimates: Mapping[str, Baht]) -> _Column:
    placed = Placed()
    for account, amount in estimates.items():
        chosen = subject(accounts, account)
        # An asset bought from the budget (a road, a computer) carries a type of expenditure: money goes out.
        spent = chosen.kind == "expense" or chosen.budget_type.startswith(EXPENDITURE)
        line = line_for(layout, chosen, OUT if spent else IN)
        if line is not None:
            placed.put(line.line_code, account, amount)
    values = line_values(layout, placed.amounts())
    # Only budget lines have an estimate: elsewhere the column stays blank rather than showing a zero.
    kept = {line.line_code for line in layout if line.kind in {"subtotal", "total"} and values[line.line_code]}
    budgeted = {line.line_code for line in layout if estimates and line.kind == "detail" and is_budget_line(line)}
    return _Column(placed, {code: values[code] for code in kept | budgeted | set(placed.members)})


def _line_rows(
    scope: Scope,
    accounts: Mapping[str, Account],
    line: LayoutLine,
    filled: Sequence[_Column],
) -> list[Row]:
    amounts = [one.values.get(line.line_code) for one in filled]
    if line.kind in {"header", "group"}:
        return [Row(row_kind(line), (None, None, line.label(scope.language), None, None))]
    if line.kind != "detail":
        return [_row(line, line.label(scope.language), amounts)]
    if line.detail == "sub_accounts":
        return _sub_account_rows(scope, accounts, line, filled)
    return [_row(line, line.label(scope.language), amounts)] if is_shown(scope, line, amounts) else []


def _sub_account_rows(
    scope: Scope,
    accounts: Mapping[str, Account],
    line: LayoutLine,
    filled: Sequence[_Column],
) -> list[Row]:
    """One row for each sub-account that moved, under its own name; the rest under the line's own label."""
    members = [one.placed.members.get(line.line_code, {}) for one in filled]
    named = sorted({account for found in members for account in found if "-" in account})
    rows = []
    for account in named:
        amounts = [members[0].get(account), *(found.get(account, ZERO) for found in members[1:])]
        if any(amounts) or scope.zero:
            rows.append(_row(line, account_of(accounts, account).name(scope.language), amounts, account))
    sums = [sum((amount for account, amount in found.items() if "-" not in account), ZERO) for found in members]
    own = [sums[0] or None, *sums[1:]]
    if any(own) or scope.zero:
        rows.append(_row(line, line.label(scope.language), own))
    return rows


def _row(line: LayoutLine, label: str, amounts: Sequence[Baht | None], account: str = "") -> Row:
    budget, year_to_date, month = amounts
    cells: tuple[Cell, ...] = (budget, year_to_date, label, line.printed_code or None, month)
    if line.kind != "detail":
        return Row(row_kind(line), cells)
    if account:
        return Row(row_kind(line), cells, 1, Link("reporting:general-ledger", {"account": account}))
    return Row(row_kind(line), cells, 1, Link("reporting:line", {"report": CODE, "line": line.line_code}))


def _cash_check(layout: Sequence[LayoutLine], given: CashColumn, filled: _Column) -> Check:
    stray = sum(filled.placed.outside.values(), ZERO)
    closing = next((filled.values[line.line_code] for line in layout if line.kind == "closing"), ZERO)
    moved = closing - given.opening
    detail = f"{given.opening.display()} + {moved.display()} = {given.closing.display()}"
    return Check("cash-explained", closing == given.closing and not stray, detail)
