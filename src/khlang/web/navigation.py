"""The way around: places of work, their pages and commands, as far as they exist and the reader may use them."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from django.urls import NoReverseMatch, reverse

from khlang.identity.permissions import MATRIX, may
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Language
from khlang.kernel.thai_text import search_key


@dataclass(frozen=True, slots=True)
class PageLink:
    """One page or command: where it is, what it is called, and by what other names it is found."""

    url: str
    href: str
    label: str
    icon: str
    found_by: str
    key: str = ""
    button: bool = False
    begins: bool = False
    current: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """One area of work with its pages; `href` is its first page."""

    key: str
    label: str
    short: str
    icon: str
    href: str
    pages: tuple[PageLink, ...]
    current: bool
    current_page: bool
    count: int = 0


@cache
def _written() -> dict[str, Any]:
    source = resources.files("khlang.web") / "navigation.toml"
    return tomllib.loads(source.read_text(encoding="utf-8"))


def places(*, actor: Actor, language: Language, fiscal_year: int | None, view_name: str, tasks: int) -> list[Place]:
    """The places of work in their order, each with the pages that exist and that the actor may open."""
    current = _current_page(view_name)
    found = []
    for entry in _written()["places"]:
        pages = tuple(_links(entry["pages"], actor, language, fiscal_year, current, icon=entry["icon"]))
        if not pages:
            continue
        found.append(
            Place(
                key=entry["key"],
                label=entry[language],
                short=entry.get(f"short_{language}", entry[language]),
                icon=entry["icon"],
                href=pages[0].href,
                pages=pages if len(pages) > 1 else (),
                current=any(page["url"] == current for page in entry["pages"]),
                current_page=pages[0].current,
                count=tasks if entry["key"] == "home" else 0,
            ),
        )
    return found


def commands(*, actor: Actor, language: Language) -> list[PageLink]:
    """What the actor may begin from anywhere."""
    return list(_links(_written()["commands"], actor, language, None, "", icon="plus"))


def all_pages(*, actor: Actor, language: Language, fiscal_year: int | None) -> list[PageLink]:
    """Every page the actor may open, for the search box."""
    return [
        page
        for entry in _written()["places"]
        for page in _links(entry["pages"], actor, language, fiscal_year, "", icon=entry["icon"])
    ]


def _current_page(view_name: str) -> str:
    """The page of the menu that stands for the page on the screen; empty when none does."""
    pages = [page for entry in _written()["places"] for page in entry["pages"]]
    area = view_name.split(":", maxsplit=1)[0]
    named = (page for page in pages if view_name == page["url"] or view_name in page.get("also", ()))
    near = (page for page in pages if area and page.get("area") == area)
    found = next(named, None) or next(near, None)
    return str(found["url"]) if found else ""


def _links(
    entries: list[dict[str, Any]],
    actor: Actor,
    language: Language,
    fiscal_year: int | None,
    current: str,
    *,
    icon: str,
) -> Iterator[PageLink]:
    for entry in entries:
        parameters: dict[str, object] = {"entity_code": actor.entity_code}
        if entry.get("year"):
            if fiscal_year is None:
                continue
            parameters["fiscal_year"] = fiscal_year
        if entry["act"] not in MATRIX or not may(actor, entry["act"]):
            continue
        try:
            href = reverse(entry["url"], kwargs=parameters)
        except NoReverseMatch:
            continue
        names = [entry["th"], entry["en"], *entry.get("synonyms", [])]
        yield PageLink(
            url=entry["url"],
            href=href,
            label=entry[language],
            icon=entry.get("icon", icon),
            found_by=" ".join(search_key(name).replace(" ", "") for name in names),
            key=entry.get("key", ""),
            button=entry.get("button", False),
            begins=entry.get("begins", False),
            current=entry["url"] == current,
        )
