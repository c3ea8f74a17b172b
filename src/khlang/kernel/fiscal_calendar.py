"""The fiscal year of Thai government: 1 October to 30 September, named by the Buddhist year in which it ends."""

from datetime import date, timedelta, timezone
from typing import Final

BUDDHIST_ERA: Final = 543
OPENING_PERIOD: Final = 0  # balances brought forward, on the first day of the year
CLOSING_PERIOD: Final = 13  # entries of the year end, on the last day
THAI_TIME: Final = timezone(timedelta(hours=7), "Asia/Bangkok")
"""The clock of every Thai office: no summer time since 1920."""
_FIRST_MONTH = 10


def fiscal_year_of(day: date) -> int:
    """Return the fiscal year of a day, in the Buddhist era: 1 October 2024 is in 2568."""
    return day.year + BUDDHIST_ERA + (day.month >= _FIRST_MONTH)


def period_of(day: date) -> int:
    """Return the period of a day: 1 is October, 12 is September."""
    return (day.month - _FIRST_MONTH) % 12 + 1


def quarter_of(day: date) -> int:
    """Return the quarter of the fiscal year: 1 is October to December."""
    return (period_of(day) - 1) // 3 + 1


def year_start(fiscal_year: int) -> date:
    """Return 1 October with which the fiscal year begins."""
    return date(fiscal_year - BUDDHIST_ERA - 1, _FIRST_MONTH, 1)


def year_end(fiscal_year: int) -> date:
    """Return 30 September with which the fiscal year ends."""
    return date(fiscal_year - BUDDHIST_ERA, _FIRST_MONTH - 1, 30)


def period_start(fiscal_year: int, period: int) -> date:
    """Return the first day of a period; of the opening period the first, of the closing period the last day."""
    if period == OPENING_PERIOD:
        return year_start(fiscal_year)
    if period == CLOSING_PERIOD:
        return year_end(fiscal_year)
    if not OPENING_PERIOD < period < CLOSING_PERIOD:
        raise ValueError(f"there is no period {period}")
    years, month = divmod(_FIRST_MONTH - 1 + period - 1, 12)
    return date(fiscal_year - BUDDHIST_ERA - 1 + years, month + 1, 1)


def period_end(fiscal_year: int, period: int) -> date:
    """Return the last day of a period; of the opening period the first, of the closing period the last day."""
    start = period_start(fiscal_year, period)
    if period in (OPENING_PERIOD, CLOSING_PERIOD):
        return start
    if period == CLOSING_PERIOD - 1:
        return year_end(fiscal_year)
    return period_start(fiscal_year, period + 1) - timedelta(days=1)
