"""Refusals: what the system will not do, why, and what to do next, as values with facts."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from typing import Literal

Language = Literal["th", "en"]
Fact = str | int

_AMOUNT = re.compile(r"(-?)(\d+)(\.\d\d)")
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)( \d\d:\d\d)?")
_BUDDHIST_ERA = 543
_HAT_FACTS = frozenset({"role", "roles", "other", "hat"})


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason. `code` is `area.clause`; `where` is a field path (`lines.2.debit`) or a cell (`Journal!D7`)."""

    code: str
    facts: Mapping[str, Fact] = field(default_factory=dict)
    where: str = ""

    def at(self, where: str) -> "Refusal":
        """Return the same reason, found at another place."""
        return replace(self, where=where)


class Refused(Exception):  # noqa: N818  (a refusal is expected; "error" is the word for bugs)
    """The act is not done, for every reason in `refusals`, most basic first."""

    def __init__(self, *refusals: Refusal) -> None:
        if not refusals:
            raise ValueError("Refused needs at least one refusal")
        super().__init__(*refusals)
        self.refusals: tuple[Refusal, ...] = refusals

    def __str__(self) -> str:
        return "; ".join(f"{refusal.code} {dict(refusal.facts)} {refusal.where}".rstrip() for refusal in self.refusals)


def refuse_any(refusals: Iterable[Refusal]) -> None:
    """Raise `Refused` with every reason given; do nothing when there is none."""
    found = tuple(refusals)
    if found:
        raise Refused(*found)


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Every refusal of every area: code → its `en`, `th`, `next_en`, `next_th`."""
    merged: dict[str, Mapping[str, str]] = {}
    for area in sorted(resources.files("khlang").iterdir(), key=lambda entry: entry.name):
        source = area / "refusals.toml"
        if source.is_file():
            merged.update(tomllib.loads(source.read_text(encoding="utf-8")))
    return merged


def message(refusal: Refusal, language: Language = "th") -> str:
    """Say what was refused and why, with the facts filled in."""
    return _sentence(refusal, key=language, language=language)


def next_step(refusal: Refusal, language: Language = "th") -> str:
    """Say what the reader can do about it."""
    return _sentence(refusal, key=f"next_{language}", language=language)


def fact_words() -> Mapping[str, Mapping[str, str]]:
    """Names in code that a fact may hold (a step of a transaction, say), of every area: name → its `en` and `th`."""
    return _words("fact_words.toml")


@cache
def _words(file: str) -> Mapping[str, Mapping[str, str]]:
    merged: dict[str, Mapping[str, str]] = {}
    for area in sorted(resources.files("khlang").iterdir(), key=lambda entry: entry.name):
        source = area / file
        if source.is_file():
            merged.update(tomllib.loads(source.read_text(encoding="utf-8")))
    return merged


class _Facts(dict[str, str]):
    """A fact the message asks for and the refusal lacks stays visible as `{name}`: showing the reason comes first."""

    def __missing__(self, name: str) -> str:
        return "{" + name + "}"


def _sentence(refusal: Refusal, *, key: str, language: Language) -> str:
    entry = catalogue().get(refusal.code)
    if entry is None:
        return refusal.code
    return entry[key].format_map(_Facts({name: _shown(name, fact, language) for name, fact in refusal.facts.items()}))


def _shown(name: str, fact: Fact, language: Language) -> str:
    """A role is told by its fact's name: a person may have "auditor" as her user name."""
    hats, words = _words("hats.toml"), str(fact).split(", ")
    if name not in _HAT_FACTS or hats.keys().isdisjoint(words):
        return shown_fact(fact, language)
    return ", ".join(hats[word][language] if word in hats else word for word in words)


def shown_fact(fact: Fact, language: Language = "th") -> str:
    """Show a fact as people read it: amounts with commas, days and times in the Buddhist era for Thai, names in code as words."""
    text = str(fact)
    if named := fact_words().get(text):
        return named[language]
    if amount := _AMOUNT.fullmatch(text):
        sign, whole, decimals = amount.groups()
        grouped = f"{int(whole):,}{decimals}"
        return f"({grouped})" if sign else grouped
    if language == "th" and (day := _DAY.fullmatch(text)):
        year, month, number, clock = day.groups()
        return f"{int(number)}/{int(month)}/{int(year) + _BUDDHIST_ERA}{clock or ''}"
    return text
