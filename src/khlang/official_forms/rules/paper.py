"""What every form carries besides its own content: who printed it when, its check code, digits and watermark."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from khlang.kernel.thai_dates import english_date, thai_date
from khlang.kernel.thai_text import to_thai_digits
from khlang.official_forms.rules.thai_breaks import keep_words
from khlang.official_forms.rules.words import Language, word

FINGERPRINT_SHOWN = 16
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Printing:
    """The circumstances of one print. `printed_at` is local time; `watermark` is empty on real papers."""

    printed_at: datetime
    printed_by: str = ""
    language: Language = "th"
    thai_digits: bool = False
    watermark: str = ""
    signatures: bool = True

    def in_language(self, language: Language) -> "Printing":
        """The same print in another language."""
        return replace(self, language=language)


def moment_words(moment: datetime, language: Language) -> str:
    """A day and a time as they are printed."""
    day = thai_date(moment.date(), "short") if language == "th" else english_date(moment.date(), "short")
    return f"{day} {moment:%H:%M}"


def text_for(printing: Printing, text: str) -> str:
    """Text as it goes to the typesetter: words kept whole, digits as wished."""
    return keep_words(to_thai_digits(text) if printing.thai_digits else text)


def check_code(fingerprint: str) -> str:
    """The first digits of a fingerprint in groups of four, short enough to read aloud."""
    shown = fingerprint[:FINGERPRINT_SHOWN]
    return " ".join(shown[at : at + 4] for at in range(0, len(shown), 4))


def circumstances(printing: Printing, fingerprint: str) -> dict[str, object]:
    """The footer and switches that every template reads."""
    language = printing.language
    printed = word("printed", language, moment=moment_words(printing.printed_at, language))
    if printing.printed_by:
        printed = f"{printed} {word('printed_by', language, name=printing.printed_by)}"
    return {
        "printed": text_for(printing, printed),
        "fingerprint": check_code(fingerprint),
        "hash": fingerprint,
        "watermark": printing.watermark,
        "thai_digits": printing.thai_digits,
        "words": {"page": word("page", language), "hash": word("fingerprint", language)},
    }
