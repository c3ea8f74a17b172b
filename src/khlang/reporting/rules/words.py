"""The words printed on statements, kept in words.toml in both languages."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, Literal

Language = Literal["th", "en"]


@cache
def _tables() -> Mapping[str, Any]:
    source = resources.files("khlang.reporting") / "words.toml"
    return tomllib.loads(source.read_text(encoding="utf-8"))


def word(path: str, language: Language, /, **facts: str) -> str:
    """Return a printed phrase, such as `columns.debit`, with its facts filled in."""
    table, name = path.split(".", 1)
    phrase: str = _tables()[table][name][language]
    return phrase.format(**facts) if facts else phrase


def position(office: str, entity_kind: str) -> str:
    """Return the official's title for this kind of entity, or nothing when the kind has no fixed title."""
    found: str = _tables()["positions"].get(office, {}).get(entity_kind, "")
    return found


def check_label(name: str, language: Language) -> str:
    """Return a check's sentence; an unknown name is shown as it is."""
    sentences: Mapping[str, Mapping[str, str]] = _tables()["checks"]
    return sentences[name][language] if name in sentences else name
