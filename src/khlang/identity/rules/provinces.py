"""The department's offices in the provinces, and who holds which role there."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from khlang.kernel.thai_text import search_key, sort_key

PROVINCE_ORDERS = ("name", "holders")


@dataclass(frozen=True, slots=True)
class ProvinceHolder:
    """Somebody who holds a role in a provincial office, by position."""

    user_id: int
    username: str
    name: str
    title: str
    role: str
    since: datetime


@dataclass(frozen=True, slots=True)
class ProvinceView:
    """One provincial office with those who hold a role there."""

    code: str
    name_th: str
    name_en: str
    province_code: str
    holders: tuple[ProvinceHolder, ...] = ()


@dataclass(frozen=True, slots=True)
class ProvinceFilter:
    """What the list of offices is narrowed by: words of the office or its people, and only those without anybody."""

    search: str = ""
    is_empty: bool = False
    order: str = "name"


def chosen_provinces(rows: Collection[ProvinceView], chosen: ProvinceFilter) -> list[ProvinceView]:
    """The offices that a filter leaves, in its order; a leading "-" turns the order round."""
    words = search_key(chosen.search).split()
    found = [
        row
        for row in rows
        if not (chosen.is_empty and row.holders) and all(word in search_key(_text(row)) for word in words)
    ]
    by_name = sorted(found, key=lambda row: sort_key(row.name_th), reverse=chosen.order == "-name")
    if chosen.order.removeprefix("-") == "holders":
        return sorted(by_name, key=lambda row: len(row.holders), reverse=chosen.order.startswith("-"))
    return by_name


def _text(row: ProvinceView) -> str:
    people = " ".join(f"{each.name} {each.username}" for each in row.holders)
    return f"{row.code} {row.name_th} {row.name_en} {people}"
