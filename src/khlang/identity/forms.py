"""Read what the pages of people and orders send: filters, forms, reasons. Nothing is judged here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict

from khlang.identity.rules import (
    EXCEPTION_RULES,
    Duty,
    Judgement,
    LineText,
    OrderFilter,
    OrderKind,
    OrderText,
    PersonDraft,
    PersonFilter,
    ProvinceFilter,
    Role,
    order_text,
    username_of,
)
from khlang.identity.rules.people import PEOPLE_ORDERS
from khlang.identity.rules.provinces import PROVINCE_ORDERS
from khlang.kernel.refusals import Refusal, Refused
from khlang.kernel.thai_text import normalise, to_arabic_digits
from khlang.toolkit import uploads

_PAGE_MAX = 10_000
_TEXT_MAX = 200
_LINES_MAX = 200
_NAME_MAX = 120
_NUMBER_DIGITS = 15
_CELL = re.compile(r"lines\.(\d{1,3})\.([a-z_]+)")
ORDER_STATES = ("valid", "coming", "ended", "all")


def text_of(fields: Mapping[str, str], name: str) -> str:
    """One field in our one spelling, cut to a sensible length."""
    return normalise(fields.get(name, "")[: _TEXT_MAX * 4])[:_TEXT_MAX]


def sent_file(sent: "UploadedFile[Any] | None", *, limit: int) -> tuple[str, bytes]:
    """Name and bytes of a sent file, after a look for viruses. Refuses identity.file_missing, toolkit.file_infected {name}."""
    if sent is None:
        raise Refused(Refusal("identity.file_missing", where="file"))
    name = normalise(str(sent.name or "-"))[-_NAME_MAX:]
    content = uploads.read(sent, limit=limit)
    uploads.scan_bytes(content, name=name)
    return name, content


def page_of(fields: Mapping[str, str]) -> int:
    """The page of a list that is asked for; the first when that is no number."""
    text = fields.get("page", "")
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(_PAGE_MAX))
    return min(max(int(text), 1), _PAGE_MAX) if is_number else 1


@dataclass(frozen=True, slots=True)
class PeopleListForm:
    """The filter of the list of people."""

    chosen: PersonFilter

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but those who left is kept out of the list."""
        return bool(self.chosen.search or self.chosen.hat or self.chosen.state != "working")


def people_list_form(fields: Mapping[str, str]) -> PeopleListForm:
    """Read the filter from the address; what is not understood narrows nothing."""
    hat, state, order = fields.get("hat", ""), fields.get("state", ""), fields.get("order", "")
    return PeopleListForm(
        PersonFilter(
            search=text_of(fields, "search"),
            hat=hat if hat in {*Role, *Duty} else "",
            state=state if state in {"left", "all"} else "working",
            order=order if order.removeprefix("-") in PEOPLE_ORDERS else "name",
            page=page_of(fields),
        ),
    )


def person_draft(posted: QueryDict) -> PersonDraft:
    """Read the form of a new person."""
    fields = {name: str(text) for name, text in posted.items()}
    return PersonDraft(
        username=username_of(fields.get("username", "")),
        full_name=text_of(fields, "full_name"),
        title=text_of(fields, "title"),
        phone=to_arabic_digits(text_of(fields, "phone")),
        email=text_of(fields, "email"),
        roles=tuple(dict.fromkeys(posted.getlist("roles"))),
        known=fields.get("known") == "yes",
    )


@dataclass(frozen=True, slots=True)
class OrderListForm:
    """The filter of the list of orders."""

    chosen: OrderFilter

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is left out of the list."""
        return bool(self.chosen.search or self.chosen.kind or self.chosen.hat or self.chosen.state != "all")


def person_number(text: str) -> int:
    """The number of a person out of a form; 0, whom nobody is, when it is none."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= _NUMBER_DIGITS
    return int(text) if is_number else 0


def province_filter(fields: Mapping[str, str]) -> ProvinceFilter:
    """Read the filter of the offices from the address; what is not understood narrows nothing."""
    order = fields.get("order", "")
    return ProvinceFilter(
        search=text_of(fields, "search"),
        is_empty=fields.get("empty") == "yes",
        order=order if order.removeprefix("-") in PROVINCE_ORDERS else "name",
    )


def order_list_form(fields: Mapping[str, str]) -> OrderListForm:
    """Read the filter from the address; what is not understood narrows nothing."""
    kind, hat, state = fields.get("kind", ""), fields.get("hat", ""), fields.get("state", "")
    order = fields.get("order", "")
    return OrderListForm(
        OrderFilter(
            search=text_of(fields, "search"),
            kind=kind if kind in set(OrderKind) else "",
            hat=hat if hat in {*Role, *Duty, *EXCEPTION_RULES} else "",
            state=state if state in ORDER_STATES else "all",
            order=order if order.removeprefix("-") in {"day", "number", "subject"} else "-day",
            page=page_of(fields),
        ),
    )


def order_form(fields: Mapping[str, str]) -> OrderText:
    """The order as typed, its rows in the order of the page."""
    rows: dict[int, dict[str, str]] = {}
    for name, text in fields.items():
        cell = _CELL.fullmatch(name)
        if cell and cell[2] in LineText.__dataclass_fields__ and len(rows) < _LINES_MAX:
            rows.setdefault(int(cell[1]), {})[cell[2]] = text[:_TEXT_MAX]
    return order_text(
        {name: text[: _TEXT_MAX * 2] for name, text in fields.items()},
        tuple(LineText(**rows[number]) for number in sorted(rows)),
    )


def judgements(fields: Mapping[str, str]) -> tuple[Judgement, ...]:
    """The answers of a review: `verdict.7` and `reason.7` for person number 7."""
    found = []
    for name, text in fields.items():
        head, _dot, number = name.partition(".")
        if head == "verdict" and number.isascii() and number.isdecimal():
            found.append(Judgement(int(number), text, text_of(fields, f"reason.{number}")))
    return tuple(found)
