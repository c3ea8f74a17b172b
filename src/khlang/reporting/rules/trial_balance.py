"""Trial balance (R265, R277): closing balances one side each, or opening, movement and closing, or by fund source."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Literal

from khlang.kernel.money import ZERO, Baht
from khlang.kernel.statements import Cell, Check, Column, Link, Row, Statement
from khlang.reporting.rules.frame import MONTHLY, as_at, both, column, frame, from_to
from khlang.reporting.rules.values import KINDS, Account, Balance, Scope, account_of, summed
from khlang.reporting.rules.words import word

Variant = Literal["closing", "movement", "fund_source"]
Sides = tuple[Baht, ...]


def trial_balance(
    *,
    scope: Scope,
    accounts: Mapping[str, Account],
    balances: Sequence[Balance],
    variant: Variant = "closing",
    after_closing: bool = False,
    fund_names: Mapping[str, str] | None = None,
) -> Statement:
    """Build the trial balance; `balances` may hold one row per account and fund source, in any order.

    An account whose figures are all zero is left out unless the scope keeps zero lines.
    """
    columns = _columns(variant)
    if variant == "fund_source":
        rows = _by_fund_source(scope, accounts, balances, fund_names or {})
    else:
        rows = _account_rows(scope, accounts, summed(balances).values(), variant)
    totals = _total(balances if variant == "fund_source" else summed(balances).values(), variant)
    if rows:
        rows.append(_money_row("total", word("rows.total", scope.language), totals))
    return frame(
        code="trial-balance",
        title=_title(variant, after_closing=after_closing),
        scope=scope,
        columns=columns,
        rows=rows,
        heading=[from_to(scope) if variant == "movement" else as_at(scope)],
        checks=[_check(totals)],
        offices=MONTHLY,
        notes=[both("notes.unit")],
        facts={"variant": variant, "stage": "after-closing" if after_closing else "before-closing"},
    )


def _title(variant: Variant, *, after_closing: bool) -> str:
    if after_closing:
        return "trial-balance-closed"
    return {"closing": "trial-balance", "movement": "trial-balance-movement"}.get(variant, "trial-balance-fund-source")


def _columns(variant: Variant) -> list[Column]:
    keys: tuple[str, ...] = ("debit", "credit")
    if variant == "movement":
        keys = tuple(f"{part}_{side}" for part in ("opening", "movement", "closing") for side in keys)
    return [column("account", "code"), column("account_name", "text"), *(column(key, "money") for key in keys)]


def _by_fund_source(
    scope: Scope,
    accounts: Mapping[str, Account],
    balances: Sequence[Balance],
    fund_names: Mapping[str, str],
) -> list[Row]:
    rows: list[Row] = []
    ordered = sorted(balances, key=lambda row: row.fund_source)
    for fund_source, group in groupby(ordered, key=lambda row: row.fund_source):
        members = list(summed(group).values())
        details = _account_rows(scope, accounts, members, "fund_source", fund_source)
        if not details:
            continue
        name = fund_names.get(fund_source, fund_source)
        rows.append(Row("group", (fund_source, name, None, None)))
        rows.extend(Row("detail", row.cells, 1, row.link) for row in details)
        label = word("rows.total-of", scope.language, name=name)
        rows.append(_money_row("subtotal", label, _total(members, "fund_source")))
    return rows


def _account_rows(
    scope: Scope,
    accounts: Mapping[str, Account],
    balances: Iterable[Balance],
    variant: Variant,
    fund_source: str = "",
) -> list[Row]:
    fund = {"fund_source": fund_source} if fund_source else {}
    known = [(account_of(accounts, row.account), row) for row in balances]
    known.sort(key=lambda pair: (KINDS.index(pair[0].kind), pair[1].account))
    rows = []
    for account, row in known:
        sides = _sides(row, variant)
        if scope.zero or any(sides) or (variant == "movement" and (row.debit or row.credit)):
            cells: tuple[Cell, ...] = (row.account, account.name(scope.language), *_shown(sides))
            rows.append(Row("detail", cells, 0, Link("reporting:general-ledger", {"account": row.account, **fund})))
    return rows


def _sides(row: Balance, variant: Variant) -> Sides:
    closing = _split(row.closing)
    if variant != "movement":
        return closing
    return (*_split(row.opening), row.debit, row.credit, *closing)


def _split(amount: Baht) -> tuple[Baht, Baht]:
    return (amount, ZERO) if amount >= ZERO else (ZERO, -amount)


def _pairs(sides: Sides) -> list[tuple[Baht, Baht]]:
    return list(zip(sides[::2], sides[1::2], strict=True))


def _shown(sides: Sides) -> tuple[Cell, ...]:
    """Leave the empty side blank; an account at zero shows one zero, on the debit side."""
    cells: list[Cell] = []
    for debit, credit in _pairs(sides):
        cells += [debit if debit or not credit else None, credit or None]
    return tuple(cells)


def _total(balances: Iterable[Balance], variant: Variant) -> Sides:
    width = 6 if variant == "movement" else 2
    totals = [ZERO] * width
    for row in balances:
        for at, side in enumerate(_sides(row, variant)):
            totals[at] += side
    return tuple(totals)


def _money_row(kind: Literal["subtotal", "total"], label: str, totals: Sides) -> Row:
    return Row(kind, (None, label, *totals))


def _check(totals: Sides) -> Check:
    shown = [
        f"{debit.display()} = {credit.display()}"
        if debit == credit
        else f"{debit.display()} - {credit.display()} = {(debit - credit).display()}"
        for debit, credit in _pairs(totals)
    ]
    return Check("debits-equal-credits", all(debit == credit for debit, credit in _pairs(totals)), "; ".join(shown))
