"""Reads the form of a change as typed: rows that give, rows that take, new lines, new wording. Pure.

Fields are called `from.0.line`, `to.1.amount`, `new.0.budget_type`, `line.2.place`. What cannot be read is said at its field
and left out of the draft; the typed text itself is kept by whoever calls.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from uuid import UUID

from khlang.budget.rules.changes import ChangeDraft, ChangeKind, PartDraft
from khlang.budget.rules.lines import Explanation, LineDraft, LineFacts, LineIdentity, check_line, explanation_of
from khlang.kernel.money import ZERO, Baht, parse_amount
from khlang.kernel.refusals import Refusal, Refused
from khlang.kernel.thai_text import normalise, to_arabic_digits

_CELL = re.compile(r"(from|to|new|line)\.(\d{1,3})\.([a-z_]+)")
WORDING = ("text", "nature", "quantity", "quality", "place", "unit_price", "legal_basis", "plan_reference")
IDENTITY = ("division", "work", "budget_type", "item", "fund_source", "enterprise")
# Filled by themselves: a new line with nothing else is a blank row.
_GIVEN = frozenset({"division", "work", "fund_source", "enterprise", "is_project"})
CLEARED = "-"


@dataclass(frozen=True, slots=True)
class KnownLine:
    """A line that can be named in a form: its id and how it reads now."""

    line_id: UUID
    explanation: Explanation


@dataclass(frozen=True, slots=True)
class ChangeReading:
    """What could be read: the draft, the row of the form behind each of its parts, and why the rest could not."""

    draft: ChangeDraft
    places: tuple[str, ...]
    refusals: tuple[Refusal, ...]

    def placed(self, refusal: Refusal) -> Refusal:
        """A refusal of the rules (`lines.2`) at the field of the form that it is about."""
        head, _, number = refusal.where.partition(".")
        if head != "lines" or not number.isdigit() or int(number) >= len(self.places):
            return refusal
        place = self.places[int(number)]
        worded = refusal.code in ("budget.explanation_missing", "budget.explanation_unchanged")
        return refusal.at(f"{place}.{'text' if worded else 'line' if place.startswith('line') else 'amount'}")


def rows_of(fields: Mapping[str, str], group: str) -> dict[int, dict[str, str]]:
    """The rows of one group of a form, by their number."""
    rows: dict[int, dict[str, str]] = {}
    for name, text in fields.items():
        cell = _CELL.fullmatch(name)
        if cell and cell[1] == group:
            rows.setdefault(int(cell[2]), {})[cell[3]] = text
    return dict(sorted(rows.items()))


def read_change(
    fields: Mapping[str, str],
    *,
    kind: ChangeKind,
    fiscal_year: int,
    lines: Mapping[str, KnownLine],
    facts: LineFacts,
) -> ChangeReading:
    """Read a form; `lines` are those of the year by their printed code."""
    groups = ("from", "to", "new") if kind is ChangeKind.TRANSFER else ("line",)
    parts: list[PartDraft] = []
    places: list[str] = []
    refusals: list[Refusal] = []
    for group in groups:
        for number, cells in rows_of(fields, group).items():
            place = f"{group}.{number}"
            if _is_blank(cells):
                continue
            part = _new(cells, place, facts, refusals) if group == "new" else _known(cells, place, lines, refusals)
            if part is not None:
                parts.append(part)
                places.append(place)
    reason, legal = (normalise(fields.get(name, "")) for name in ("reason", "legal_answer"))
    return ChangeReading(ChangeDraft(kind, fiscal_year, reason, tuple(parts), legal), tuple(places), tuple(refusals))


def _is_blank(cells: Mapping[str, str]) -> bool:
    return not any(text.strip() for name, text in cells.items() if name not in _GIVEN)


def _known(
    cells: Mapping[str, str], place: str, lines: Mapping[str, KnownLine], refusals: list[Refusal]
) -> PartDraft | None:
    code = to_arabic_digits(cells.get("line", "")).replace(" ", "")
    found = lines.get(code)
    if found is None:
        refusals.append(Refusal("budget.line_unknown", {"line": code or "-"}, f"{place}.line"))
    wordless = place.startswith("line")
    amount = ZERO if wordless else _amount(cells.get("amount", ""), f"{place}.amount", refusals)
    if found is None or amount is None:
        return None
    side = "from" if place.startswith("from") else "to"
    return PartDraft(side, amount, found.line_id, explanation=_reworded(found.explanation, cells, always=wordless))


def _reworded(before: Explanation, cells: Mapping[str, str], *, always: bool) -> Explanation | None:
    """The wording afterwards: a blank field stays as it was, a dash clears it; None where nothing was typed."""
    given = {name: cells.get(name, "").strip() for name in WORDING if cells.get(name, "").strip()}
    if not given and not always:
        return None
    cleared = {name: "" if text == CLEARED else text for name, text in given.items()}
    return explanation_of({**asdict(before), **cleared})


def _new(cells: Mapping[str, str], place: str, facts: LineFacts, refusals: list[Refusal]) -> PartDraft | None:
    amount = _amount(cells.get("amount", ""), f"{place}.amount", refusals)
    identity = LineIdentity(**{name: normalise(cells.get(name, "")) for name in IDENTITY})
    wording = explanation_of({name: cells.get(name, "") for name in WORDING})
    is_project = bool(cells.get("is_project"))
    draft = LineDraft(identity, amount or ZERO, wording, is_project)
    wrong = list(check_line(draft, facts, where=place))
    refusals += wrong
    if wrong or amount is None:
        return None
    explanation = wording if wording != Explanation() else None
    return PartDraft("to", amount, new_line=identity, is_project=is_project, explanation=explanation)


def _amount(text: str, where: str, refusals: list[Refusal]) -> Baht | None:
    try:
        return parse_amount(text)
    except Refused as refused:
        refusals += [each.at(where) for each in refused.refusals]
        return None


def fields_of(draft: ChangeDraft, codes: Mapping[UUID, str]) -> dict[str, str]:
    """A draft that did not come from a form, under the names of the form's fields."""
    fields = {"reason": draft.reason, "legal_answer": draft.legal_answer}
    counts: dict[str, int] = {}
    for part in draft.parts:
        group = "line" if draft.kind is ChangeKind.EXPLANATION else "new" if part.new_line else part.side
        number = counts.get(group, 0)
        counts[group] = number + 1
        fields |= dict(_cells(part, f"{group}.{number}", codes))
    return fields


def _cells(part: PartDraft, place: str, codes: Mapping[UUID, str]) -> Iterator[tuple[str, str]]:
    if part.new_line is not None:
        yield from ((f"{place}.{name}", getattr(part.new_line, name)) for name in IDENTITY)
        yield f"{place}.is_project", "1" if part.is_project else ""
    elif part.line_id is not None:
        yield f"{place}.line", codes.get(part.line_id, "")
    if part.amount:
        yield f"{place}.amount", part.amount.display()
    if part.explanation is not None:
        yield from ((f"{place}.{name}", text) for name, text in asdict(part.explanation).items() if text)


def without_row(fields: Mapping[str, str], group: str, number: int) -> dict[str, str]:
    """The form without one row; those behind it move up."""
    kept = {name: text for name, text in fields.items() if not name.startswith(f"{group}.")}
    rows = [cells for at, cells in rows_of(fields, group).items() if at != number]
    for at, cells in enumerate(rows):
        kept |= {f"{group}.{at}.{name}": text for name, text in cells.items()}
    return kept
