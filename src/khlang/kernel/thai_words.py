"""The Thai words the kernel needs, kept as data in thai_words.toml."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources


@cache
def _tables() -> Mapping[str, object]:
    source = resources.files("khlang.kernel") / "thai_words.toml"
    return tomllib.loads(source.read_text(encoding="utf-8"))


@cache
def word_list(name: str) -> tuple[str, ...]:
    """Return the words of one list, in their order."""
    words = _tables()[name]
    if not isinstance(words, list):
        raise TypeError(f"{name} is not a list of words")
    return tuple(str(word) for word in words)


@cache
def word(name: str) -> str:
    """Return one word by its name in the table `words`."""
    words = _tables()["words"]
    if not isinstance(words, dict):
        raise TypeError("words is not a table")
    return str(words[name])
