"""Read what the page of one drafted line and the list of them send. Nothing is judged here."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

from khlang.budget.forms.ordinances import amount_or_refusal, whole
from khlang.budget.queries import DraftFilter
from khlang.budget.rules import Explanation, LineDraft, LineIdentity, explanation_of
from khlang.kernel.refusals import Refusal
from khlang.kernel.thai_text import normalise

EXPLAINED = tuple(each.name for each in fields(Explanation))
IDENTITY = ("enterprise", "division", "work", "budget_type", "item", "fund_source")
_SEARCH_MAX = 100


@dataclass(frozen=True, slots=True)
class LineForm:
    """A line as typed, over which revision, and what of it could not be read."""

    draft: LineDraft
    revision: int
    typed: Mapping[str, str]
    refusals: tuple[Refusal, ...]


def line_form(typed: Mapping[str, str]) -> LineForm:
    """Read the form of one line."""
    amount, reasons = amount_or_refusal(typed.get("amount", ""), "amount")
    identity = LineIdentity(**{name: normalise(typed.get(name, "")) for name in IDENTITY})
    draft = LineDraft(identity, amount, explanation_of(typed), bool(typed.get("is_project")))
    return LineForm(draft, whole(typed.get("revision", "")), typed, tuple(reasons))


def fields_of(draft: LineDraft) -> dict[str, str]:
    """A line under the names of the form's fields."""
    found = {**asdict(draft.identity), **asdict(draft.explanation), "amount": draft.amount.display()}
    return {**found, **({"is_project": "1"} if draft.is_project else {})}


def filter_form(query: Mapping[str, str]) -> DraftFilter:
    """Which lines the list shows, from the address."""
    enterprise = query.get("enterprise")
    return DraftFilter(
        search=query.get("search", "").strip()[:_SEARCH_MAX],
        division=query.get("division", ""),
        plan=query.get("plan", ""),
        budget_type=query.get("budget_type", ""),
        enterprise=None if enterprise in (None, "") else "" if enterprise == "-" else enterprise,
        page=whole(query.get("page", "")) or 1,
    )


CELLS = ("work", "budget_type", "item", "fund_source", "amount", "plan_reference", "text")
"""Columns of the grid on which many new lines are typed."""

_TYPED = frozenset(CELLS) - {"work", "fund_source"}
_CELL = re.compile(r"lines\.(\d{1,4})\.([a-z_]+)")
ROWS_MAX = 200


@dataclass(frozen=True, slots=True)
class ManyForm:
    """Many new lines as typed: the cells of every row, and the lines of those that are not blank, by row number."""

    rows: tuple[Mapping[str, str], ...]
    drafts: Mapping[int, LineDraft]
    refusals: tuple[Refusal, ...]


def many_form(typed: Mapping[str, str]) -> ManyForm:
    """Read the grid: division and budget of the head hold for every row; rows with nothing typed are passed over."""
    cells: dict[int, dict[str, str]] = {}
    for name, text in typed.items():
        found = _CELL.fullmatch(name)
        if found and found[2] in CELLS:
            cells.setdefault(int(found[1]), {})[found[2]] = text
    rows = tuple(cells[number] for number in sorted(cells))[:ROWS_MAX]
    drafts: dict[int, LineDraft] = {}
    reasons: list[Refusal] = []
    head = {name: typed.get(name, "") for name in ("division", "enterprise")}
    for number, row in enumerate(rows):
        if not any(row.get(name, "").strip() for name in _TYPED):
            continue
        form = line_form({**row, **head})
        drafts[number] = form.draft
        reasons += [each.at(f"lines.{number}.{each.where}") for each in form.refusals]
    return ManyForm(rows, drafts, tuple(reasons))
