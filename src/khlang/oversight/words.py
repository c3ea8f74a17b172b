"""Acts and documents in the reader's words."""

import tomllib
from functools import cache
from importlib import resources

from django.utils.translation import get_language

from khlang.kernel.refusals import shown_fact

_SHORT = 8


@cache
def _words() -> dict[str, dict[str, dict[str, str]]]:
    return tomllib.loads((resources.files("khlang.oversight") / "acts.toml").read_text(encoding="utf-8"))


def _said(table: str, name: str) -> str:
    entry = _words()[table].get(name)
    return entry["en" if get_language() == "en" else "th"] if entry else name


def step_words(step: str) -> str:
    """A step of a transaction ("journal_approved") as a page says it."""
    return shown_fact(step, "en" if get_language() == "en" else "th")


def act_words(act: str) -> str:
    """An act's name ("ledger.post") as a page says it."""
    return _said("acts", act)


def document_words(document: str) -> str:
    """A document's key ("journal:2570:12") as a page says it; long numbers are cut to their beginning."""
    kind, _, key = document.partition(":")
    parts = [part if len(part) <= _SHORT * 2 else part[:_SHORT] for part in key.split(":")]
    return f"{_said('documents', kind)} {' / '.join(parts)}"
