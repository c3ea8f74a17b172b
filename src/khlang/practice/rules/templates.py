"""The data files read into values. Thai words and amounts live there, never here."""

import tomllib
from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import Any

ALL_PERIODS = tuple(range(1, 13))
EVEN_SEASON = (100,) * 12
SideLine = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class PracticeEntity:
    """One entity to be made, and which books it keeps."""

    code: str
    kind: str
    name_th: str
    name_en: str
    books: str
    province: str = ""
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """An invented person, what she is, and where."""

    username: str
    name: str
    title: str
    role: str
    entities: tuple[str, ...]
    # An invented citizen number, the same as in the ThaiD simulator; no registration office has the number 9999.
    pid: str = ""


@dataclass(frozen=True, slots=True)
class PracticeOrderLine:
    """One person of an order, by user name; a role or duty, or an exception with its reviewer."""

    person: str
    starts_on: date
    ends_on: date
    hat: str = ""
    rule: str = ""
    acting_for: str = ""
    reviewer: str = ""


@dataclass(frozen=True, slots=True)
class PracticeOrder:
    """A written order of one entity; `signed_by` is a user name."""

    entity: str
    number: str
    ordered_on: date
    kind: str
    subject: str
    signed_by: str
    signed_role: str
    lines: tuple[PracticeOrderLine, ...]


@dataclass(frozen=True, slots=True)
class Organization:
    """Everything that is made, in order: parents before units."""

    today: date
    first_year: int
    last_year: int
    entities: tuple[PracticeEntity, ...]
    people: tuple[Person, ...]
    orders: tuple[PracticeOrder, ...] = ()


@dataclass(frozen=True, slots=True)
class Follow:
    """What happens some days after an event, with the same amount."""

    after: tuple[int, int]
    kind: str
    text: str
    lines: tuple[SideLine, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """A thing that happens in an office again and again."""

    name: str
    kind: str
    text: str
    fund: str
    lines: tuple[SideLine, ...]
    amount: tuple[int, int] = (0, 0)
    days: tuple[int, int] = (1, 28)
    times: tuple[int, int] = (1, 1)
    periods: tuple[int, ...] = ALL_PERIODS
    season: tuple[int, ...] = EVEN_SEASON
    settle: tuple[str, ...] = ()
    follow: tuple[Follow, ...] = ()
    cents: bool = False
    last_day: bool = False
    round: int = 1


@dataclass(frozen=True, slots=True)
class Books:
    """The books of one kind of entity."""

    opening_text: str
    carry_text: str
    deposit_text: str
    cash: str
    deposit_to: str
    sub_accounts: dict[str, str]
    opening: dict[str, tuple[tuple[str, str], ...]]
    payees: dict[str, tuple[str, ...]]
    events: tuple[Event, ...]


def organization() -> Organization:
    """The practice organization with its units and people."""
    data = _read("organization")
    return Organization(
        today=data["today"],
        first_year=data["first_year"],
        last_year=data["last_year"],
        entities=tuple(PracticeEntity(**each) for each in data["entities"]),
        people=tuple(Person(**{**each, "entities": tuple(each["entities"])}) for each in data["people"]),
        orders=tuple(
            PracticeOrder(**{**each, "lines": tuple(PracticeOrderLine(**line) for line in each["lines"])})
            for each in data["orders"]
        ),
    )


def books(name: str) -> Books:
    """The books named in an entity."""
    data = _read(name)
    fields = ("opening_text", "carry_text", "deposit_text", "cash", "deposit_to", "sub_accounts")
    return Books(
        **{field: data[field] for field in fields},
        opening={fund: tuple((line[0], line[1]) for line in lines) for fund, lines in data["opening"].items()},
        payees={kind: tuple(names) for kind, names in data["payees"].items()},
        events=tuple(_event(each) for each in data["event"]),
    )


def _read(name: str) -> dict[str, Any]:
    file = resources.files("khlang.practice") / "data" / f"{name}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _event(data: dict[str, Any]) -> Event:
    times = data.get("times", 1)
    changed = {
        "lines": _lines(data),
        "times": (times, times) if isinstance(times, int) else tuple(times),
        "follow": tuple(Follow(tuple(f["after"]), f["kind"], f["text"], _lines(f)) for f in data.get("follow", ())),
    }
    listed = {key: tuple(value) for key, value in data.items() if isinstance(value, list)}
    return Event(**{**data, **listed, **changed})


def _lines(data: dict[str, Any]) -> tuple[SideLine, ...]:
    return tuple((side, account, share) for side, account, share in data["lines"])
