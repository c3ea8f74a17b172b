"""What letters of an office share: the day as it is written in them, and the place where the head of the office signs."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date

from khlang.kernel.thai_dates import thai_date
from khlang.official_forms.rules.paper import Printing, text_for
from khlang.official_forms.rules.phrases import phrase

MANY_LINES = 300
"""Lines up to which a letter is tagged for screen readers."""


def letter_day(day: date) -> str:
    """A day as official letters write it, with the era before the year."""
    rest, year = thai_date(day, "long").rsplit(" ", 1)
    return phrase("letters", "days", "day", rest=rest, year=year)


def sitting(number: str) -> str:
    """Which sitting of a council: a bare number gets its word, what is written out stays as it is."""
    return phrase("letters", "days", "sitting", number=number) if number[:1].isdecimal() else number


def letter_signature(*, name: str, title: str, printing: Printing) -> dict[str, object]:
    """The place where the head of the office signs: no day, for the day stands above it."""
    return {
        "role": text_for(printing, phrase("letters", "days", "signed")),
        "name": text_for(printing, name),
        "title": text_for(printing, title),
    }


def data_fingerprint(data: Mapping[str, object]) -> str:
    """The SHA-256 of what a paper says."""
    canonical = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
