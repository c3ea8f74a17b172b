"""People as colleagues see them, and what may be written about one."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar

from khlang.kernel.actors import Authority
from khlang.kernel.refusals import Refusal
from khlang.kernel.thai_text import normalise, search_key, sort_key, to_arabic_digits

PEOPLE_A_PAGE = 50
NAME_LETTERS_MAX = 120
T = TypeVar("T")
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}", re.ASCII)
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_PHONE = re.compile(r"[0-9+*#()., extx-]{6,40}")


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person as colleagues see her: number, name, and her title in the entity where it was asked for."""

    user_id: int
    name: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class HeldHat:
    """One hat of a person over time: on what it rests, from when, until when; an order's days are whole days."""

    hat: str
    basis: str
    since: datetime | date
    until: datetime | date | None = None
    order_id: str = ""
    order_number: str = ""
    acting_for: str = ""
    reason: str = ""
    ended_reason: str = ""


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person on the list of an entity. `hats` are those of the moment asked for, `past` and `coming` all others.

    `is_ours`: her account (name, citizen number, password) is kept by this entity and no other.
    """

    user_id: int
    username: str
    name: str
    title: str
    phone: str
    email: str
    added_at: datetime
    left_at: datetime | None
    last_login: datetime | None
    must_change_password: bool
    has_citizen_number: bool
    is_ours: bool
    hats: tuple[HeldHat, ...] = ()
    coming: tuple[HeldHat, ...] = ()
    past: tuple[HeldHat, ...] = ()

    @property
    def worn(self) -> frozenset[str]:
        """The hats by name."""
        return frozenset(held.hat for held in self.hats)


@dataclass(frozen=True, slots=True)
class PersonFilter:
    """What the list of people is narrowed by; `state` is working, left or all."""

    search: str = ""
    hat: str = ""
    state: str = "working"
    order: str = "name"
    page: int = 1


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """One page of a list, with the count of the whole."""

    rows: tuple[T, ...]
    count: int
    page: int = 1
    page_size: int = PEOPLE_A_PAGE

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return max(1, -(-self.count // self.page_size))


@dataclass(frozen=True, slots=True)
class PersonDraft:
    """A person to be put on the list; `known` says that she uses the system elsewhere and keeps her account."""

    username: str
    full_name: str = ""
    title: str = ""
    phone: str = ""
    email: str = ""
    roles: tuple[str, ...] = ()
    known: bool = False


PEOPLE_ORDERS = ("name", "title", "login", "added")


def chosen_people(rows: Collection[PersonRow], chosen: PersonFilter) -> list[PersonRow]:
    """The people that a filter leaves, in its order; a leading "-" turns the order round."""
    words = search_key(chosen.search).split()
    found = [
        row
        for row in rows
        if _in_state(row, chosen.state)
        and (not chosen.hat or chosen.hat in row.worn)
        and all(word in search_key(f"{row.name} {row.title} {row.username}") for word in words)
    ]
    name = chosen.order.removeprefix("-")
    keys = {
        "title": lambda row: (sort_key(row.title), sort_key(row.name)),
        "login": lambda row: (int(row.last_login.timestamp()) if row.last_login else 0, sort_key(row.name)),
        "added": lambda row: (row.added_at, sort_key(row.name)),
    }
    usual = lambda row: (sort_key(row.name), sort_key(row.title), row.username)  # noqa: E731
    return sorted(found, key=keys.get(name, usual), reverse=chosen.order.startswith("-"))


def _in_state(row: PersonRow, state: str) -> bool:
    return state == "all" or (row.left_at is not None) is (state == "left")


def check_name(name: str, *, where: str = "full_name") -> Iterator[Refusal]:
    """A name is not empty and holds letters only: yield identity.name_missing, .name_malformed {name}."""
    spelled = normalise(name)
    if not spelled:
        yield Refusal("identity.name_missing", where=where)
    elif len(spelled) > NAME_LETTERS_MAX or any(_is_no_letter(sign) for sign in spelled):
        yield Refusal("identity.name_malformed", {"name": spelled[:NAME_LETTERS_MAX]}, where)


def _is_no_letter(sign: str) -> bool:
    # Control signs, private ones and those that turn the direction of writing: two names could look the same.
    return unicodedata.category(sign)[0] in "CZ" and sign != " "


def check_person(draft: PersonDraft, *, colleagues: Collection[PersonView]) -> Iterator[Refusal]:
    """Everything wrong with a person to be added, before the database is asked.

    identity.username_malformed {username}, .name_missing, .name_malformed, .email_malformed, .phone_malformed,
    .person_same_name {name}: a colleague has this name and this title.
    """
    if not _USERNAME.fullmatch(draft.username):
        yield Refusal("identity.username_malformed", {"username": draft.username[:40] or "-"}, "username")
    if not draft.known:
        yield from check_name(draft.full_name)
    yield from check_contact(title=draft.title, phone=draft.phone, email=draft.email)
    if not draft.known:
        yield from check_namesakes(name=draft.full_name, title=draft.title, colleagues=colleagues)


def username_of(text: str) -> str:
    """A user name as it is kept: small letters, Arabic digits, nothing around it."""
    return to_arabic_digits(normalise(text)).lower()[:60]


def check_account(
    draft: PersonDraft, *, account: str | None, is_here: bool, roles: Collection[str]
) -> Iterator[Refusal]:
    """What the accounts of the whole system say to a draft.

    `account` is the name of who has its user name, `is_here` whether she is on the list, `roles` those that may be given.
    identity.username_unknown {username}, .username_used {username}, .person_on_list {name}, .role_unknown {role}.
    """
    if draft.known and account is None:
        yield Refusal("identity.username_unknown", {"username": draft.username}, "username")
    if not draft.known and account is not None:
        yield Refusal("identity.username_used", {"username": draft.username}, "username")
    if draft.known and is_here:
        yield Refusal("identity.person_on_list", {"name": account or draft.username}, "username")
    for role in draft.roles:
        if role not in roles:
            yield Refusal("identity.role_unknown", {"role": role}, "roles")


def check_contact(*, title: str, phone: str, email: str) -> Iterator[Refusal]:
    """A telephone number and an address of e-mail look like ones: .title_malformed, .phone_malformed, .email_malformed."""
    if len(title) > NAME_LETTERS_MAX or any(_is_no_letter(sign) for sign in normalise(title)):
        yield Refusal("identity.title_malformed", {"title": title[:NAME_LETTERS_MAX]}, "title")
    if phone and not _PHONE.fullmatch(phone):
        yield Refusal("identity.phone_malformed", {"phone": phone[:40]}, "phone")
    if email and not _EMAIL.fullmatch(email):
        yield Refusal("identity.email_malformed", {"email": email[:80]}, "email")


class Namesakes:
    """The people of a list by name, so that one is compared with those of her name and not with three hundred others."""

    def __init__(self, people: Iterable[PersonView]) -> None:
        """Put everybody of a list in."""
        self._by_name: dict[str, list[PersonView]] = {}
        for person in people:
            self.add(person)

    def add(self, person: PersonView) -> None:
        """Put one more in."""
        self._by_name.setdefault(search_key(person.name), []).append(person)

    def of(self, name: str) -> list[PersonView]:
        """Those of this name."""
        return self._by_name.get(search_key(name), [])


def check_namesakes(*, name: str, title: str, colleagues: Collection[PersonView]) -> Iterator[Refusal]:
    """Two people with one name are told apart by their titles: yield identity.person_same_name {name, title}."""
    key = (search_key(name), search_key(title))
    if key[0] and any((search_key(each.name), search_key(each.title)) == key for each in colleagues):
        facts = {"name": normalise(name), "title": normalise(title) or "-"}
        yield Refusal("identity.person_same_name", facts, "title")


def read_authority(entry: Mapping[str, str]) -> Authority:
    """One hat as identity_hats() tells it, and as the record of acts keeps it."""
    return Authority(
        hat=entry["hat"],
        basis=entry["basis"],
        order_number=entry.get("order", ""),
        ordered_on=_day(entry.get("ordered_on")),
        starts_on=_day(entry.get("starts_on")),
        ends_on=_day(entry.get("ends_on")),
        acting_for=entry.get("acting_for", ""),
        reason=entry.get("reason", ""),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
