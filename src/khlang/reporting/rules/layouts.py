"""The working of an official layout: amounts onto lines, lines into totals, and what must equal what."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from khlang.kernel.money import ZERO, Baht
from khlang.kernel.statements import Check
from khlang.reporting.rules.selectors import SURPLUS, line_for, subject, terms
from khlang.reporting.rules.values import Account, Balance, LayoutLine

TOTALS = frozenset({"subtotal", "total", "closing"})
_FORMULA_TERM = re.compile(r"([+-]?)\s*([A-Za-z0-9_]+)")


@dataclass(slots=True)
class Placed:
    """Amounts on lines: by line, and by account within a line. Amounts already carry the side of their line."""

    members: dict[str, dict[str, Baht]] = field(default_factory=dict)
    outside: dict[str, Baht] = field(default_factory=dict)

    def put(self, line_code: str, account: str, amount: Baht) -> None:
        """Add an amount of an account to a line."""
        of_line = self.members.setdefault(line_code, {})
        of_line[account] = of_line.get(account, ZERO) + amount

    def put_outside(self, account: str, amount: Baht) -> None:
        """Keep an amount that no line takes, so that the statement can say so."""
        self.outside[account] = self.outside.get(account, ZERO) + amount

    def amounts(self) -> dict[str, Baht]:
        """The amount of every detail line that took something."""
        return {code: sum(found.values(), ZERO) for code, found in self.members.items()}


def place_balances(
    *,
    layout: Sequence[LayoutLine],
    accounts: Mapping[str, Account],
    balances: Iterable[Balance],
    kinds: frozenset[str],
) -> Placed:
    """Put the closing balances of accounts of these kinds on the lines of a position or performance layout."""
    placed = Placed()
    for row in balances:
        chosen = subject(accounts, row.account)
        if chosen.kind not in kinds:
            continue
        line = line_for(layout, chosen)
        if line is None:
            placed.put_outside(row.account, row.closing)
        else:
            placed.put(line.line_code, row.account, row.closing if line.side == "debit" else -row.closing)
    return placed


def surplus_line(layout: Iterable[LayoutLine]) -> LayoutLine | None:
    """The line that takes revenue less expenses of a year not yet closed."""
    return next((line for line in layout if SURPLUS in terms(line.selector)), None)


def line_values(layout: Sequence[LayoutLine], amounts: Mapping[str, Baht]) -> dict[str, Baht]:
    """The value of every line: details as given, totals by their formula or by the lines that name them."""
    by_code = {line.line_code: line for line in layout}
    children: dict[str, list[LayoutLine]] = {}
    for line in layout:
        children.setdefault(line.subtotal_of, []).append(line)
    values: dict[str, Baht] = {}

    def value(code: str) -> Baht:
        if code not in values:
            values[code] = ZERO  # a formula that leads back to itself counts as nothing
            line = by_code[code]
            if line.kind not in TOTALS:
                values[code] = amounts.get(code, ZERO)
            elif line.formula:
                values[code] = sum((value(name) * sign for sign, name in formula_terms(line.formula)), ZERO)
            else:
                values[code] = sum((value(child.line_code) * child.sign for child in children.get(code, ())), ZERO)
        return values[code]

    return {line.line_code: value(line.line_code) for line in layout}


def formula_terms(formula: str) -> list[tuple[int, str]]:
    """Read `A + B - C` as signed line codes."""
    return [(-1 if sign == "-" else 1, code) for sign, code in _FORMULA_TERM.findall(formula)]


def equality_checks(layout: Sequence[LayoutLine], values: Mapping[str, Baht], name: str) -> list[Check]:
    """One check for every line that must equal another."""
    checks = []
    for line in layout:
        if line.must_equal:
            left, right = values[line.must_equal], values[line.line_code]
            detail = f"{left.display()} = {right.display()}"
            if left != right:
                detail = f"{left.display()} - {right.display()} = {(left - right).display()}"
            checks.append(Check(name, left == right, detail))
    return checks


def outside_check(placed: Placed) -> Check:
    """Whether every amount found its line; names the accounts that did not."""
    stray = {account: amount for account, amount in sorted(placed.outside.items()) if amount}
    detail = ", ".join(f"{account} {amount.display()}" for account, amount in stray.items())
    return Check("all-accounts-placed", not stray, detail)
