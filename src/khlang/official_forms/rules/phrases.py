"""Words of papers that exist in Thai only, because the law asks for them in Thai; kept in letters.toml and volume.toml."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any


@cache
def phrases(file: str) -> Mapping[str, Any]:
    """One file of words."""
    source = resources.files("khlang.official_forms") / f"{file}.toml"
    return tomllib.loads(source.read_text(encoding="utf-8"))


def phrase(file: str, table: str, name: str, /, **facts: object) -> str:
    """One phrase with its facts filled in."""
    found: str = phrases(file)[table][name]
    return found.format(**facts) if facts else found
