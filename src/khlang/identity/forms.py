"""Read what the pages of people send: filters, the form of a person, reasons. Nothing is judged here."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.http import QueryDict

from khlang.identity.rules import Duty, PersonDraft, PersonFilter, Role
from khlang.identity.rules.people import PEOPLE_ORDERS
from khlang.kernel.thai_text import normalise, to_arabic_digits

_PAGE_MAX = 10_000
_TEXT_MAX = 200


def text_of(fields: Mapping[str, str], name: str) -> str:
    """One field in our one spelling, cut to a sensible length."""
    return normalise(fields.get(name, "")[: _TEXT_MAX * 4])[:_TEXT_MAX]


def key_of(fields: Mapping[str, str]) -> UUID:
    """The idempotency key the page was made with; a new one when it was tampered away."""
    return uuid_of(fields.get("idempotency_key", "")) or uuid4()


def uuid_of(text: str) -> UUID | None:
    """A number made by the page, or None when it is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


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


def username_of(text: str) -> str:
    """A user name as it is kept: small letters, Arabic digits, nothing around it."""
    return to_arabic_digits(normalise(text)).lower()[:60]


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
