"""Acts, documents, facts and authority in the reader's words."""

import json
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from khlang.identity import queries as identity
from khlang.identity.rules import hat_words, read_authority
from khlang.kernel.actors import Authority
from khlang.kernel.refusals import Language, shown_fact
from khlang.kernel.thai_dates import english_date, thai_date

_SHORT = 8


@cache
def _words() -> dict[str, dict[str, dict[str, str]]]:
    return tomllib.loads((resources.files("khlang.oversight") / "acts.toml").read_text(encoding="utf-8"))


def _language() -> Language:
    return "en" if get_language() == "en" else "th"


def _said(table: str, name: str) -> str:
    entry = _words()[table].get(name)
    return entry[_language()] if entry else name


def step_words(step: str) -> str:
    """A step of a transaction ("journal_approved") as a page says it."""
    return shown_fact(step, _language())


def act_words(act: str) -> str:
    """An act's name ("ledger.post") as a page says it."""
    return _said("acts", act)


def names_in(documents: Iterable[str]) -> dict[int, str]:
    """The names of the people whose numbers are keys of documents ("person:7")."""
    numbers = {
        int(key) for kind, _, key in (each.partition(":") for each in documents) if kind == "person" and key.isdecimal()
    }
    return identity.names_of(user_ids=numbers) if numbers else {}


def document_words(document: str, names: Mapping[int, str] | None = None) -> str:
    """A document's key ("journal:2570:12") as a page says it; long numbers are cut, people are named by `names`."""
    kind, _colon, key = document.partition(":")
    if kind == "person" and names and key.isdecimal() and int(key) in names:
        return f"{_said('documents', kind)} {names[int(key)]}"
    parts = [part if len(part) <= _SHORT * 2 else part[:_SHORT] for part in key.split(":")]
    return f"{_said('documents', kind)} {' / '.join(parts)}"


def fact_label(name: str) -> str:
    """The name of a fact ("reason") as a page says it."""
    return _said("facts", name)


def fact_value(value: object) -> str:
    """The value of a fact as text: names of hats and states in words, lists with commas, tables as name: value."""
    if isinstance(value, Mapping):
        return "; ".join(f"{fact_label(str(name))}: {fact_value(each)}" for name, each in value.items())
    if isinstance(value, list):
        return ", ".join(fact_value(each) for each in value) or "–"
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    text = str(value)
    return _said("values", text) if text in _words()["values"] else _hat(text) or shown_fact(text, _language())


def _hat(name: str) -> str:
    try:
        words = hat_words(name)
    except KeyError:
        return ""
    return words.en if _language() == "en" else words.th


def _day(day: Any) -> str:
    return english_date(day) if _language() == "en" else thai_date(day)


def authority_words(authority: str) -> list[tuple[str, str]]:
    """Each hat the person wore, as kept in the record: (hat, its words with order number, days, for whom)."""
    found = [read_authority(entry) for entry in json.loads(authority or "[]")]
    return [(each.hat, _sentence(each)) for each in found]


def _sentence(each: Authority) -> str:
    facts = {"hat": _hat(each.hat) or each.hat, "order": each.order_number, "for": each.acting_for}
    pattern = {
        "position": _("%(hat)s, by position"),
        "appointment": _("%(hat)s, by order %(order)s"),
        "acting": _("acting %(hat)s for %(for)s, by order %(order)s"),
        "delegation": _("%(hat)s by delegation of %(for)s, order %(order)s"),
        "visit": _("visitor with a recorded reason"),
        "server": _("on the server itself"),
    }.get(each.basis, "%(hat)s")
    said = pattern % facts
    if each.ordered_on:
        said += " " + _("of %(day)s") % {"day": _day(each.ordered_on)}
    if each.starts_on and each.ends_on:
        said += " " + _("(from %(start)s to %(end)s)") % {"start": _day(each.starts_on), "end": _day(each.ends_on)}
    elif each.starts_on:
        said += " " + _("(from %(start)s)") % {"start": _day(each.starts_on)}
    return f"{said}: {each.reason}" if each.reason else said
