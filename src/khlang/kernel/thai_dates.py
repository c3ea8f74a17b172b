"""Dates: shown in the Buddhist era, and read the way people type them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Literal

from khlang.kernel.fiscal_calendar import BUDDHIST_ERA
from khlang.kernel.refusals import Refusal, Refused
from khlang.kernel.thai_text import normalise, to_arabic_digits
from khlang.kernel.thai_words import word_list

DateStyle = Literal["short", "long", "table", "month"]

# From the first year that began on 1 January, as every year has since, to a century we need not think about.
_GREGORIAN_YEARS = range(1941, 2158)
_BUDDHIST_YEARS = range(1941 + BUDDHIST_ERA, 2158 + BUDDHIST_ERA)
_NEAR_YEARS = 10
_DAYS_FROM_TODAY = re.compile(r"([+-])(\d{1,4})")
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DIGITS_ONLY = re.compile(r"(\d{2})(\d{2})(\d{2}|\d{4})?")
_NUMBERS = re.compile(r"(\d{1,2})[/. -](\d{1,2})(?:[/. -](\D*)(\d+))?")
_ABBREVIATION_DOT = re.compile(r"(?<=[^\d\s./-])\.")
_NAMED = re.compile(r"(\d{1,2})[/. -]*([^\d/. -]+)[/ -]*(?:([^\d/. -]+)[/ -]*)?(\d+)?")


@dataclass(frozen=True, slots=True)
class ParsedDate:
    """The day meant; `was_gregorian` when its year was typed in the Gregorian era, so that the page can say so."""

    day: date
    was_gregorian: bool = False


def thai_date(day: date, style: DateStyle = "short") -> str:
    """Show a day in the Buddhist era: short with an abbreviated month, long, table `23/11/69`, or month only."""
    year = day.year + BUDDHIST_ERA
    match style:
        case "short":
            return f"{day.day} {word_list('months_short_th')[day.month - 1]} {year}"
        case "long":
            return f"{day.day} {word_list('months_long_th')[day.month - 1]} {year}"
        case "table":
            return f"{day.day:02d}/{day.month:02d}/{year % 100:02d}"
        case "month":
            return f"{word_list('months_long_th')[day.month - 1]} {year}"


def english_date(day: date, style: DateStyle = "short") -> str:
    """Show a day in English with its Gregorian year."""
    match style:
        case "short":
            return f"{day.day} {word_list('months_short_en')[day.month - 1]} {day.year}"
        case "long":
            return f"{day.day} {word_list('months_long_en')[day.month - 1]} {day.year}"
        case "table":
            return day.isoformat()
        case "month":
            return f"{word_list('months_long_en')[day.month - 1]} {day.year}"


def parse_date(text: str, *, today: date) -> ParsedDate:
    """Read a day as people type it, relative to `today`.

    Two digits of a year mean the Buddhist era. A day without a year is the nearest such day to today.
    Refused: kernel.date_not_understood, kernel.date_year_ambiguous.
    """
    typed = to_arabic_digits(normalise(text)).lower()
    for prefix in word_list("day_prefixes"):
        typed = typed.removeprefix(prefix).lstrip()
    for read in (_near_today, _year_first, _digits, _numbers, _named_month):
        found = read(typed, text, today)
        if found is not None:
            return found
    raise _not_understood(text)


def _near_today(typed: str, _text: str, today: date) -> ParsedDate | None:
    for name, days in (("today", 0), ("tomorrow", 1), ("yesterday", -1)):
        if typed in word_list(name):
            return ParsedDate(today + timedelta(days=days))
    if found := _DAYS_FROM_TODAY.fullmatch(typed.replace(" ", "")):
        return ParsedDate(today + timedelta(days=int(found[1] + found[2])))
    return None


def _year_first(typed: str, text: str, today: date) -> ParsedDate | None:
    if found := _YEAR_FIRST.fullmatch(typed):
        return _dated(text, today, day=found[3], month=int(found[2]), year=found[1])
    return None


def _digits(typed: str, text: str, today: date) -> ParsedDate | None:
    if found := _DIGITS_ONLY.fullmatch(typed):
        return _dated(text, today, day=found[1], month=int(found[2]), year=found[3])
    return None


def _numbers(typed: str, text: str, today: date) -> ParsedDate | None:
    if found := _NUMBERS.fullmatch(typed):
        return _dated(text, today, day=found[1], month=int(found[2]), era=found[3] or "", year=found[4])
    return None


def _named_month(typed: str, text: str, today: date) -> ParsedDate | None:
    found = _NAMED.fullmatch(_ABBREVIATION_DOT.sub("", typed))
    if found is None:
        return None
    month = _months().get(found[2])
    if month is None:
        return None
    return _dated(text, today, day=found[1], month=month, era=found[3] or "", year=found[4])


@cache
def _months() -> dict[str, int]:
    """Every way to write a month, without dots, in lower case."""
    lists = ("months_long_th", "months_short_th", "months_long_en", "months_short_en")
    return {
        name.replace(".", "").lower(): number
        for names in lists
        for number, name in enumerate(word_list(names), start=1)
    }


def _dated(text: str, today: date, *, day: str, month: int, year: str | None, era: str = "") -> ParsedDate:
    """Put day, month and year together; `text` is what was typed, for the refusal."""
    if year is None and not era:
        return _nearest(text, today, day=int(day), month=month)
    gregorian_year, was_gregorian = _gregorian_year(text, today, year=year or "", era=era.replace(".", "").strip())
    try:
        return ParsedDate(date(gregorian_year, month, int(day)), was_gregorian)
    except ValueError:
        raise _not_understood(text) from None


def _nearest(text: str, today: date, *, day: int, month: int) -> ParsedDate:
    def candidates() -> Iterator[date]:
        for year in (today.year, today.year - 1, today.year + 1):
            try:
                yield date(year, month, day)
            except ValueError:
                continue

    nearest = min(candidates(), key=lambda candidate: abs(candidate - today), default=None)
    if nearest is None:
        raise _not_understood(text)
    return ParsedDate(nearest)


def _gregorian_year(text: str, today: date, *, year: str, era: str) -> tuple[int, bool]:
    """Return the Gregorian year, and whether it was typed so."""
    said_buddhist, said_gregorian = era in word_list("buddhist_prefixes"), era in word_list("gregorian_prefixes")
    if not year or (era and not said_buddhist and not said_gregorian):
        raise _not_understood(text)
    number = int(year)
    if len(year) == 2 and not said_gregorian:
        buddhist, gregorian = 2500 + number, 2000 + number
        if not said_buddhist and _is_near(gregorian, today) and not _is_near(buddhist - BUDDHIST_ERA, today):
            raise _ambiguous(text, year)
        return buddhist - BUDDHIST_ERA, False
    if number in _BUDDHIST_YEARS and not said_gregorian:
        return number - BUDDHIST_ERA, False
    if number in _GREGORIAN_YEARS and not said_buddhist:
        return number, True
    raise _ambiguous(text, year)


def _is_near(gregorian_year: int, today: date) -> bool:
    return abs(gregorian_year - today.year) <= _NEAR_YEARS


def _not_understood(text: str) -> Refused:
    return Refused(Refusal("kernel.date_not_understood", {"text": text}))


def _ambiguous(text: str, year: str) -> Refused:
    return Refused(Refusal("kernel.date_year_ambiguous", {"text": text, "year": year}))
