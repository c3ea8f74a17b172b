"""Keeps Thai words whole at the end of a printed line: the one place where bad breaks are mended."""

import re
import tomllib
from functools import cache
from importlib import resources

WORD_JOINER = "\N{WORD JOINER}"


@cache
def _kept_words() -> dict[str, str]:
    source = resources.files("khlang.official_forms") / "thai_breaks.toml"
    lists = tomllib.loads(source.read_text(encoding="utf-8"))
    marked = [word for words in lists.values() for word in words]
    return {word.replace("|", ""): word.replace("|", WORD_JOINER) for word in marked}


@cache
def _pattern() -> re.Pattern[str]:
    longest_first = sorted(_kept_words(), key=len, reverse=True)
    return re.compile("|".join(re.escape(word) for word in longest_first))


def keep_words(text: str) -> str:
    """Join the parts of words that a line must not cut; the text looks and reads the same."""
    return _pattern().sub(lambda found: _kept_words()[found[0]], text)


def plain(text: str) -> str:
    """The text without its joiners."""
    return text.replace(WORD_JOINER, "")
