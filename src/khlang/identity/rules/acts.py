"""What the acts of the permission table are called, in both languages."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class ActWords:
    """An act in words that fit after "may"."""

    th: str
    en: str


@cache
def act_table() -> Mapping[str, ActWords]:
    """Every act that has words (identity/acts.toml)."""
    source = resources.files("khlang.identity") / "acts.toml"
    return {act: ActWords(**words) for act, words in tomllib.loads(source.read_text(encoding="utf-8")).items()}


def act_words(act: str) -> ActWords:
    """The words of an act; its name in code for one that has none."""
    return act_table().get(act, ActWords(act, act))
