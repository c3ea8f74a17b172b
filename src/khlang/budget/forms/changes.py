"""What the pages of changes send: the filter of the list, the form of a change, the answers of its dialogs."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from khlang.budget.rules import ChangeFilter, ChangeKind, ChangeState
from khlang.kernel.refusals import Refusal, Refused
from khlang.kernel.thai_dates import parse_date

_FIELD = re.compile(r"(reason|legal_answer|(from|to|new|line)\.\d{1,3}\.[a-z_]{1,20})")
_LONGEST = 4000


def change_filter(fields: Mapping[str, str]) -> ChangeFilter:
    """Read the filter of the list; a choice that does not exist narrows nothing."""
    kind, state = fields.get("kind", ""), fields.get("state", "")
    return ChangeFilter(
        fields.get("search", "").strip()[:100],
        kind if kind in set(ChangeKind) else "",
        state if state in set(ChangeState) else "",
        fields.get("order", "") or "number",
    )


def kind_of(text: str) -> ChangeKind:
    """A transfer unless told otherwise."""
    return ChangeKind.EXPLANATION if text == ChangeKind.EXPLANATION else ChangeKind.TRANSFER


def typed_fields(fields: Mapping[str, str]) -> dict[str, str]:
    """The fields of a change as typed, and nothing else of the request."""
    return {name: text.replace("\0", "")[:_LONGEST] for name, text in sorted(fields.items()) if _FIELD.fullmatch(name)}


def whole_number(text: str) -> int:
    """A whole number from 0, or 0."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < len("1000000000") else 0


@dataclass(frozen=True, slots=True)
class Days:
    """Dates of a form by field name, with what could not be read."""

    days: Mapping[str, date]
    refusals: tuple[Refusal, ...]

    def day(self, name: str) -> date:
        """A day that must be there. Refuses everything that could not be read."""
        if name not in self.days:
            raise Refused(*self.refusals)
        return self.days[name]


def days_of(fields: Mapping[str, str], *names: str, today: date, optional: tuple[str, ...] = ()) -> Days:
    """Read dates; an optional one may be empty."""
    days: dict[str, date] = {}
    refusals: list[Refusal] = []
    for name in (*names, *optional):
        text = fields.get(name, "").strip()
        if not text and name in optional:
            continue
        try:
            days[name] = parse_date(text, today=today).day
        except Refused as refused:
            refusals += [each.at(name) for each in refused.refusals]
    return Days(days, tuple(refusals))
