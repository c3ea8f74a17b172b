"""Words of paper, kept in paper.toml in both languages."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, Literal

Language = Literal["th", "en"]


@cache
def _tables() -> Mapping[str, Any]:
    source = resources.files("khlang.official_forms") / "paper.toml"
    return tomllib.loads(source.read_text(encoding="utf-8"))


def word(name: str, language: Language, /, **facts: str) -> str:
    """Return one phrase with its facts filled in."""
    phrase: str = _tables()[language][name]
    return phrase.format(**facts) if facts else phrase


def voucher_title(kind: str, language: Language) -> str:
    """The title of a posting voucher; a kind without one of its own takes the general title."""
    titles: Mapping[str, Mapping[str, str]] = _tables()["titles"]
    return titles.get(kind, titles["general"])[language]
