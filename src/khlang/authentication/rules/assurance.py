"""How surely a person must have been proved for what she holds. Effective-dated data in `assurance.toml`."""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

from khlang.kernel.refusals import Refusal

ANY_ROLE = "*"
LOWEST: tuple[int, ...] = (0,)


@dataclass(frozen=True, slots=True)
class Requirement:
    """What one role asks for from a day on. `source` says where that comes from, [K] where we chose it."""

    role: str
    starts_on: date
    ial: str
    second_factor: bool
    source: str


def assurance_level(text: str) -> tuple[int, ...]:
    """A level as numbers, so that 2.10 is above 2.9 and 2 is below 2.1. Missing or malformed is the lowest."""
    parts = text.strip().split(".")
    if not all(part.isascii() and part.isdecimal() for part in parts):
        return LOWEST
    return tuple(int(part) for part in parts)


@cache
def requirements() -> tuple[Requirement, ...]:
    """The table of `assurance.toml`."""
    text = (resources.files("khlang.authentication") / "assurance.toml").read_text(encoding="utf-8")
    return tuple(Requirement(**entry) for entry in tomllib.loads(text)["requirements"])


def required(roles: Iterable[str], on_date: date, table: tuple[Requirement, ...] | None = None) -> tuple[str, bool]:
    """The highest level, and whether a second factor, that these roles ask for on a day."""
    held = {ANY_ROLE, *roles}
    latest: dict[str, Requirement] = {}
    for each in sorted(requirements() if table is None else table, key=lambda entry: entry.starts_on):
        if each.role in held and each.starts_on <= on_date:
            latest[each.role] = each
    level = max((each.ial for each in latest.values()), key=assurance_level, default="")
    return level, any(each.second_factor for each in latest.values())


def assurance_refusals(
    *,
    roles: Iterable[str],
    ial: str,
    has_second_factor: bool,
    on_date: date,
    table: tuple[Requirement, ...] | None = None,
) -> Iterator[Refusal]:
    """Refuse authentication.assurance_too_low {given, needed} and authentication.second_factor_needed.

    ThaiD is a second factor by itself: the phone, and what opens it. A caller whose door is ThaiD says so.
    """
    level, second_factor = required(roles, on_date, table)
    if assurance_level(ial) < assurance_level(level):
        yield Refusal("authentication.assurance_too_low", {"given": ial or "-", "needed": level})
    if second_factor and not has_second_factor:
        yield Refusal("authentication.second_factor_needed")
