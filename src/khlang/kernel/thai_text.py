"""Thai text: digits, normal form, keys for sorting and searching, amounts in words."""

import re
import unicodedata

from khlang.kernel.money import Baht
from khlang.kernel.thai_words import word, word_list

_DIGIT_ZERO = ord("\N{THAI DIGIT ZERO}")
_TO_ARABIC = {_DIGIT_ZERO + digit: str(digit) for digit in range(10)}
_TO_THAI = {ord(str(digit)): chr(_DIGIT_ZERO + digit) for digit in range(10)}

_SARA_E, _SARA_AE = "\N{THAI CHARACTER SARA E}", "\N{THAI CHARACTER SARA AE}"
_SARA_AA, _SARA_AM = "\N{THAI CHARACTER SARA AA}", "\N{THAI CHARACTER SARA AM}"
_NIKHAHIT = "\N{THAI CHARACTER NIKHAHIT}"
_TONES = "\N{THAI CHARACTER MAI EK}-\N{THAI CHARACTER MAI CHATTAWA}"
# Maitaikhu, the four tones and thanthakhat: a dictionary looks at them only when all letters are equal.
_MARKS = (
    "\N{THAI CHARACTER MAITAIKHU}\N{THAI CHARACTER MAI EK}\N{THAI CHARACTER MAI THO}"
    "\N{THAI CHARACTER MAI TRI}\N{THAI CHARACTER MAI CHATTAWA}\N{THAI CHARACTER THANTHAKHAT}"
)
_WITHOUT_MARKS = dict.fromkeys(map(ord, _MARKS))
_INVISIBLE = "\N{ZERO WIDTH SPACE}\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}\N{WORD JOINER}\N{SOFT HYPHEN}\ufeff"
_WITHOUT_INVISIBLE = dict.fromkeys(map(ord, _INVISIBLE))
_TWO_PART_AM = re.compile(f"{_NIKHAHIT}([{_TONES}]?){_SARA_AA}")
_AM_BEFORE_TONE = re.compile(f"{_SARA_AM}([{_TONES}])")
# Anything that normalise would change, besides composition.
_UNUSUAL = re.compile(f"[{_INVISIBLE}{_NIKHAHIT}]|{_SARA_E}{_SARA_E}|{_SARA_AM}[{_TONES}]|[^\\S ]|  |^ | $")
_LEADING_VOWEL = re.compile(
    "([\N{THAI CHARACTER SARA E}-\N{THAI CHARACTER SARA AI MAIMALAI}])"
    "([\N{THAI CHARACTER KO KAI}-\N{THAI CHARACTER HO NOKHUK}])"
)
# Letters of the Latin alphabet sort after Thai, as they do in Thai dictionaries and in ICU.
_LATIN_LAST = {code: chr(code + 0xFEE0) for code in range(ord("a"), ord("z") + 1)}


def to_arabic_digits(text: str) -> str:
    """Write Thai digits as 0-9; leave everything else."""
    return text.translate(_TO_ARABIC)


def to_thai_digits(text: str) -> str:
    """Write 0-9 as Thai digits; leave everything else."""
    return text.translate(_TO_THAI)


def normalise(text: str) -> str:
    """Return the one spelling we keep: NFC, no invisible signs, single spaces, vowels typed in two parts made one."""
    if not _UNUSUAL.search(text) and unicodedata.is_normalized("NFC", text):
        return text  # nearly every text of an import, in a tenth of the time
    text = unicodedata.normalize("NFC", text).translate(_WITHOUT_INVISIBLE)
    text = text.replace(_SARA_E + _SARA_E, _SARA_AE)
    text = _TWO_PART_AM.sub(rf"\1{_SARA_AM}", text)
    text = _AM_BEFORE_TONE.sub(rf"\1{_SARA_AM}", text)
    return " ".join(text.split())


def search_key(text: str) -> str:
    """Return what a search compares: normal form, lower case, Arabic digits, without tone marks."""
    return normalise(text).lower().translate(_WITHOUT_MARKS).translate(_TO_ARABIC)


def sort_key(text: str) -> str:
    """Return a text whose plain code-point order is dictionary order; the database keeps it beside the name."""
    spelled = _LEADING_VOWEL.sub(r"\2\1", normalise(text).lower().translate(_TO_ARABIC))
    letters = spelled.translate(_WITHOUT_MARKS).translate(_LATIN_LAST)
    marks = "".join(str(_MARKS.index(sign) + 1) if sign in _MARKS else "." for sign in spelled)
    # The separator is below every letter, so that a shorter word comes before the longer one it begins.
    return f"{letters}\t{marks.rstrip('.')}"


def baht_words(amount: Baht) -> str:
    """Write an amount in Thai words, as vouchers and cheques carry it. ValueError for a negative amount."""
    if amount.satang < 0:
        raise ValueError(f"{amount} is negative and has no words")
    whole, rest = divmod(amount.satang, 100)
    if not rest:
        return number_words(whole) + word("baht") + word("exactly")
    satang = number_words(rest) + word("satang")
    return number_words(whole) + word("baht") + satang if whole else satang


def number_words(number: int) -> str:
    """Write a whole number that is not negative in Thai words."""
    if number == 0:
        return word_list("digits")[0]
    millions, rest = divmod(number, 1_000_000)
    head = number_words(millions) + word("million") if millions else ""
    return head + _words_below_a_million(rest, alone=not millions)


def _words_below_a_million(number: int, *, alone: bool) -> str:
    """Write 0-999,999; `alone` when no million stands before it, for a last one is another word after any digit."""
    digits, places = word_list("digits"), word_list("places")
    text = str(number)
    parts: list[str] = []
    for position, letter in enumerate(text):
        digit, place = int(letter), len(text) - position - 1
        if digit == 0:
            continue
        if place == 0 and digit == 1 and not (alone and number == 1):
            parts.append(word("one_at_the_end"))
        elif place == 1 and digit <= 2:
            parts.append((word("two_of_tens") if digit == 2 else "") + places[1])
        else:
            parts.append(digits[digit] + places[place])
    return "".join(parts)
