"""The selector grammar of statement lines, as far as an account alone decides."""

import re
from collections.abc import Iterator, Sequence

from khlang.reference.rules.values import Account, StatementLine

_TERM = re.compile(
    r"\d{1,10}|=\d{1,10}|(rev|exp):\d{1,7}|kind:(asset|liability|net_assets|revenue|expense)|cash:|surplus:|rest:"
)
_FORMULA = re.compile(r"[A-Z][A-Z0-9_]*( [+-] [A-Z][A-Z0-9_]*)*")
_NAME = re.compile(r"[A-Z][A-Z0-9_]*")


def terms(selector: str) -> list[str]:
    """The terms of a selector, which are joined by ";"."""
    return [term.strip() for term in selector.split(";") if term.strip()]


def is_understood(selector: str) -> bool:
    """Whether every term follows the grammar."""
    return all(_TERM.fullmatch(term) for term in terms(selector))


def formula_is_understood(formula: str) -> bool:
    """Whether a formula reads `A + B - C`."""
    return _FORMULA.fullmatch(formula) is not None


def formula_lines(formula: str) -> list[str]:
    """The line codes that a formula names."""
    return _NAME.findall(formula)


def selects(selector: str, account: Account) -> bool:
    """Whether a selector takes the account itself, without a ledger line's own budget type."""
    return any(_selects(term, account) for term in terms(selector))


def _selects(term: str, account: Account) -> bool:
    word, colon, value = term.partition(":")
    if not colon:
        return account.code == term[1:] if term.startswith("=") else account.code.startswith(term)
    if word in ("rev", "exp"):
        return bool(account.budget_type) and account.budget_type.startswith(value)
    if word == "kind":
        return account.kind == value
    return word == "cash" and account.is_cash


def detail_lines(lines: Sequence[StatementLine], *, layout: str, chart: str) -> list[StatementLine]:
    """The detail lines of one layout, in order."""
    found = [each for each in lines if each.layout == layout and each.chart == chart and each.kind == "detail"]
    return sorted(found, key=lambda each: each.line_no)


def lines_of(account: Account, lines: Sequence[StatementLine]) -> Iterator[StatementLine]:
    """Every line of the account's own chart that selects it."""
    return (line for line in lines if line.chart == account.chart and selects(line.selector, account))
