"""Read what the pages of grants send: the letter, cash, an extension, what goes back. Nothing is judged here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID, uuid5

from khlang.budget.rules import (
    CONDITIONS,
    Clock,
    Explanation,
    Extension,
    GrantDraft,
    GrantLineDraft,
    GrantView,
    MoneyKind,
    Place,
)
from khlang.kernel.money import ZERO, Baht, parse_amount
from khlang.kernel.refusals import Refusal, Refused
from khlang.kernel.thai_dates import parse_date
from khlang.kernel.thai_text import normalise, to_arabic_digits
from khlang.toolkit.page_keys import key_of

_CELL = re.compile(r"lines\.(\d{1,3})\.([a-z_]+)")
_TEXT_MAX = 500
LINE_FIELDS = ("item", "division", "work", "budget_type", "amount")
HEAD_FIELDS = (
    *("kind", "title", "agency", "letter_number", "letter_on", "notified_on", "amount"),
    *("place", "obligate_by", "spend_by", "left_over"),
)


def text_of(fields: Mapping[str, str], name: str) -> str:
    """One field in our one spelling, cut to a sensible length."""
    return normalise(fields.get(name, "").replace("\0", "")[: _TEXT_MAX * 4])[:_TEXT_MAX]


@dataclass(frozen=True, slots=True)
class GrantTyped:
    """A letter as typed: its fields, its rows."""

    head: Mapping[str, str]
    rows: tuple[Mapping[str, str], ...] = ()


def typed_grant(fields: Mapping[str, str]) -> GrantTyped:
    """The form as it was sent; rows without a word are left out."""
    head = {name: text_of(fields, name) for name in (*HEAD_FIELDS, *CONDITIONS, "revision")}
    found: dict[int, dict[str, str]] = {}
    for name in fields:
        cell = _CELL.fullmatch(name)
        if cell and cell[2] in LINE_FIELDS:
            found.setdefault(int(cell[1]), {})[cell[2]] = text_of(fields, name)
    rows = [row for _, row in sorted(found.items()) if row.get("item") or row.get("amount")]
    return GrantTyped(head, tuple(rows))


def typed_of(view: GrantView) -> GrantTyped:
    """A kept letter as the form shows it."""
    draft = view.draft
    head: dict[str, str] = {name: str(getattr(draft, name)) for name in ("kind", "title", "agency", "letter_number")}
    head |= {"amount": draft.amount.display(), "place": str(draft.place), "revision": str(view.revision)}
    head["left_over"] = "return" if draft.returns_left_over else "keep"
    rows = [
        {name: getattr(line, name) for name in LINE_FIELDS if name != "amount"} | {"amount": line.amount.display()}
        for line in draft.lines
    ]
    return GrantTyped({**head, **draft.conditions}, tuple(rows))


@dataclass(slots=True)
class Reading:
    """What was read and what could not be, field by field."""

    today: date
    refusals: list[Refusal] = field(default_factory=list)

    def day(self, fields: Mapping[str, str], name: str) -> date:
        """A day as people type it; today when it cannot be read, and the reason is kept."""
        try:
            return parse_date(fields.get(name, ""), today=self.today).day
        except Refused as refused:
            self.refusals += [refusal.at(name) for refusal in refused.refusals]
            return self.today

    def amount(self, text: str, where: str) -> Baht:
        """An amount as people type it; zero when it cannot be read, and the reason is kept."""
        try:
            return parse_amount(to_arabic_digits(text))
        except Refused as refused:
            self.refusals += [refusal.at(where) for refusal in refused.refusals]
            return ZERO


def read_grant(typed: GrantTyped, *, grant_id: UUID, fiscal_year: int, today: date) -> tuple[GrantDraft, list[Refusal]]:
    """The letter as a value, and what could not be read."""
    reading, head = Reading(today), typed.head
    lines = tuple(_line(reading, grant_id, number, row) for number, row in enumerate(typed.rows))
    draft = GrantDraft(
        fiscal_year=fiscal_year,
        kind=head["kind"],
        title=head["title"],
        agency=head["agency"],
        letter_number=head["letter_number"],
        letter_on=reading.day(head, "letter_on"),
        notified_on=reading.day(head, "notified_on"),
        amount=reading.amount(head["amount"], "amount"),
        place=Place.STATE if head["place"] == Place.STATE else Place.OWN,
        clock=Clock(reading.day(head, "obligate_by"), reading.day(head, "spend_by")),
        lines=lines,
        returns_left_over=head["left_over"] != "keep",
        conditions={name: head[name] for name in CONDITIONS if head[name]},
    )
    return draft, reading.refusals


def _line(reading: Reading, grant_id: UUID, number: int, row: Mapping[str, str]) -> GrantLineDraft:
    codes = (row.get("division", ""), row.get("work", ""), row.get("budget_type", ""))
    amount = reading.amount(row.get("amount", ""), f"lines.{number}.amount")
    # A line keeps its place in the letter: the same row is the same line whenever the form is sent.
    line_id = uuid5(grant_id, f"line {number}")
    return GrantLineDraft(line_id, *codes, row.get("item", ""), amount, Explanation(text=row.get("item", "")))


@dataclass(frozen=True, slots=True)
class MoneyTyped:
    """A movement of cash as typed and read."""

    key: UUID
    kind: MoneyKind
    amount: Baht
    happened_on: date
    document_number: str
    note: str


def read_money(fields: Mapping[str, str], *, today: date) -> tuple[MoneyTyped, list[Refusal]]:
    """Cash that came, was lent ahead, or was cleared."""
    reading, kind = Reading(today), fields.get("kind", "")
    known = MoneyKind(kind) if kind in {MoneyKind.LENT, MoneyKind.CLEARED} else MoneyKind.RECEIVED
    amount = reading.amount(fields.get("amount", ""), "amount")
    day = reading.day(fields, "happened_on")
    texts = (text_of(fields, "document_number"), text_of(fields, "note"))
    return MoneyTyped(key_of(fields), known, amount, day, *texts), reading.refusals


def read_extension(fields: Mapping[str, str], *, today: date) -> tuple[Extension, list[Refusal]]:
    """A paper that sets one clock anew."""
    reading = Reading(today)
    layer = Place.STATE if fields.get("layer") == Place.STATE else Place.OWN
    clock = Clock(reading.day(fields, "obligate_by"), reading.day(fields, "spend_by"))
    day = reading.day(fields, "document_on")
    texts = (text_of(fields, "reason"), text_of(fields, "contract"))
    return Extension(layer, clock, text_of(fields, "document_number"), day, *texts), reading.refusals


def read_return(fields: Mapping[str, str], *, today: date) -> tuple[date, str, str, list[Refusal]]:
    """The day, the paper and the note of what goes back."""
    reading = Reading(today)
    day = reading.day(fields, "returned_on")
    return day, text_of(fields, "document_number"), text_of(fields, "note"), reading.refusals
