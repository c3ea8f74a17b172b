"""Which line of a layout an amount stands on. The grammar is described in the reference area's README."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from khlang.reporting.rules.values import Account, LayoutLine, account_of, main_account

SURPLUS = "surplus:"
DETAIL = "detail"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a selector looks at: the account, its kind, and the budget type that the line or the account carries."""

    account: str
    kind: str
    is_cash: bool
    budget_type: str


def subject(accounts: Mapping[str, Account], account: str, budget_type: str = "") -> Subject:
    """Describe one amount: a line's own budget type goes before the account's usual one."""
    found = account_of(accounts, account)
    return Subject(account, found.kind, found.is_cash, budget_type or found.budget_type)


def terms(selector: str) -> Iterator[str]:
    """Split a selector into its terms."""
    return (term.strip() for term in selector.split(";") if term.strip())


def matches(selector: str, chosen: Subject) -> bool:
    """Whether any term of the selector takes this subject. `rest:` and `surplus:` are decided by the layout."""
    return any(_term_matches(term, chosen) for term in terms(selector))


def _term_matches(term: str, chosen: Subject) -> bool:
    word, colon, value = term.partition(":")
    if not colon:
        exact = term.startswith("=")
        code = term.removeprefix("=")
        return code in (chosen.account, main_account(chosen.account)) if exact else chosen.account.startswith(code)
    match word:
        case "rev" | "exp":
            # Revenue types begin with 4 and expenditure types with 5, so a prefix cannot meet the other side.
            return bool(chosen.budget_type) and chosen.budget_type.startswith(value)
        case "cash":
            return chosen.is_cash
        case "kind":
            return chosen.kind == value
        case _:
            return False


def is_budget_line(line: LayoutLine) -> bool:
    """Whether the line is one of the budget: it takes amounts by revenue or expenditure type."""
    return any(term.startswith(("rev:", "exp:")) for term in terms(line.selector))


def line_for(layout: Sequence[LayoutLine], chosen: Subject, side: str = "") -> LayoutLine | None:
    """The first detail line of the side that takes the subject, else the side's catch-all, else nothing."""
    lines = [line for line in layout if line.kind == DETAIL and (not side or line.side == side)]
    for line in lines:
        if matches(line.selector, chosen):
            return line
    return next((line for line in lines if "rest:" in terms(line.selector)), None)
