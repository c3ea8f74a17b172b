"""Exact values out of cells: money, days, codes and text, each with the reason when it is none."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from khlang.kernel.fiscal_calendar import BUDDHIST_ERA
from khlang.kernel.money import AMOUNT_LIMIT, ZERO, Baht, parse_amount
from khlang.kernel.refusals import Refusal, Refused
from khlang.kernel.thai_dates import parse_date
from khlang.kernel.thai_text import normalise, to_arabic_digits


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A cell that holds no value: a formula never calculated, or a formula whose result is an error."""

    code: str
    text: str


Cell = str | int | float | bool | date | Unreadable | None

_BUDDHIST_FROM = 2400
_EXCEL_DIGITS = 15
_NUMBER_END = re.compile(r"\.0+$")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)


def is_blank(cell: Cell) -> bool:
    """Whether nothing was typed."""
    return cell is None or (isinstance(cell, str) and (cell == "" or not cell.strip()))


def text_of(cell: Cell) -> str:
    """What the cell shows as text, in the one spelling we keep. Refuses a formula without value."""
    if isinstance(cell, str):
        return normalise(cell) if cell else ""
    if cell is None:
        return ""
    if isinstance(cell, Unreadable):
        raise Refused(Refusal(cell.code, {"text": cell.text}))
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return _NUMBER_END.sub("", repr(cell)) if abs(cell) < 10**_EXCEL_DIGITS else repr(cell)
    return str(cell)


def money_of(cell: Cell) -> Baht:
    """The amount in a cell; nothing typed, or a dash, is zero.

    A number of Excel carries fifteen digits, so 107.00000000000001 out of a formula is the 107.00 that Excel shows.
    Refused: kernel.amount_*, continuity.formula_without_value, continuity.amount_is_date, continuity.amount_is_logical.
    """
    if cell is None:
        return ZERO
    if isinstance(cell, float):
        return _money_of_number(cell)
    if isinstance(cell, str):
        text = cell.strip()
        return ZERO if text in _NOTHING else parse_amount(text)
    if isinstance(cell, Unreadable):
        raise Refused(Refusal(cell.code, {"text": cell.text}))
    if isinstance(cell, bool):
        raise Refused(Refusal("continuity.amount_is_logical", {"text": text_of(cell)}))
    if isinstance(cell, date):
        raise Refused(Refusal("continuity.amount_is_date", {"text": cell.isoformat()}))
    return parse_amount(str(cell))


_NOTHING = frozenset({"", "-", "\N{EN DASH}", "\N{EM DASH}"})


def _money_of_number(number: float) -> Baht:
    satang = number * 100
    if abs(satang) < 2**52 and satang == int(satang) and number == int(satang) / 100:
        return Baht.from_satang(int(satang))
    exact = Decimal(repr(number))
    if not exact.is_finite():
        raise Refused(Refusal("kernel.amount_not_a_number", {"text": repr(number)}))
    if abs(exact) > AMOUNT_LIMIT.amount:
        raise Refused(Refusal("kernel.amount_too_large", {"text": f"{exact:f}", "limit": str(AMOUNT_LIMIT)}))
    for candidate in (exact, Decimal(f"{number:.{_EXCEL_DIGITS}g}")):
        if candidate == candidate.quantize(Decimal("0.01")):
            return Baht(candidate.quantize(Decimal("0.01")))
    raise Refused(Refusal("kernel.amount_too_many_decimals", {"text": repr(number)}))


@dataclass(frozen=True, slots=True)
class ReadDay:
    """A day, and the code of the note that says how its year was understood ('' when it was plain)."""

    day: date
    note: str = ""
    typed: str = ""


def day_of(cell: Cell, *, today: date) -> ReadDay:
    """The day in a cell.

    A date cell whose year is above 2400 was typed in the Buddhist era and is moved; a text with a Gregorian year is
    taken as typed. Both are said. ISO text with a Gregorian year is the machine form and needs no note.
    Refused: continuity.date_missing, continuity.date_is_number, continuity.formula_without_value, kernel.date_*.
    """
    if isinstance(cell, str) and cell:
        return _day_of_text(cell, today)
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        return _day_in_excel(cell)
    if isinstance(cell, Unreadable):
        raise Refused(Refusal(cell.code, {"text": cell.text}))
    if cell is None or cell == "":
        raise Refused(Refusal("continuity.date_missing"))
    raise Refused(Refusal("continuity.date_is_number", {"text": text_of(cell)}))


def _day_in_excel(day: date) -> ReadDay:
    if day.year <= _BUDDHIST_FROM:
        return ReadDay(day)
    typed = f"{day.day}/{day.month}/{day.year}"
    try:
        return ReadDay(day.replace(year=day.year - BUDDHIST_ERA), "continuity.date_was_buddhist", typed)
    except ValueError:
        raise Refused(Refusal("kernel.date_not_understood", {"text": typed})) from None


def _day_of_text(text: str, today: date) -> ReadDay:
    if found := _ISO.fullmatch(text):
        year, month, number = (int(part) for part in found.groups())
        if year <= _BUDDHIST_FROM:
            try:
                return ReadDay(date(year, month, number))
            except ValueError:
                raise Refused(Refusal("kernel.date_not_understood", {"text": text})) from None
    if not text.strip():
        raise Refused(Refusal("continuity.date_missing"))
    parsed = parse_date(text, today=today)
    if parsed.was_gregorian:
        return ReadDay(parsed.day, "continuity.date_was_gregorian", normalise(text))
    return ReadDay(parsed.day)


def code_of(cell: Cell) -> str:
    """A code out of a cell: Arabic digits, the name that a drop-down puts after it taken off.

    Refused: continuity.code_became_date {text}, when Excel made a day out of it; continuity.formula_without_value.
    """
    if isinstance(cell, date):
        raise Refused(Refusal("continuity.code_became_date", {"text": cell.isoformat()}))
    text = to_arabic_digits(text_of(cell))
    return text.split(" ", 1)[0] if text else ""


def label_of(cell: Cell) -> str:
    """A word that may be a code, a code with its name, or a name, in the form in which they are compared."""
    return to_arabic_digits(text_of(cell)).lower()
