"""Days by which something must leave the office: parameters of regulations (deadlines.toml) put on the calendar."""

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from khlang.kernel.fiscal_calendar import BUDDHIST_ERA, fiscal_year_of, year_end
from khlang.kernel.refusals import Language
from khlang.kernel.thai_words import word_list

_HOT_DAYS = 7
_SHOWN_DAYS = 150
_A_WEEK_INTO_NEXT_MONTH = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day by which something must leave the office; `hot` when it is within a week."""

    day: date
    month: str
    title: str
    detail: str
    hot: bool


@cache
def _parameters() -> dict[str, list[dict[str, Any]]]:
    source = resources.files("khlang.web") / "deadlines.toml"
    return tomllib.loads(source.read_text(encoding="utf-8"))


def month_name(day: date, language: Language) -> str:
    """Month and year of a day in the language of the page."""
    name = word_list(f"months_long_{language}")[day.month - 1]
    return f"{name} {day.year + BUDDHIST_ERA if language == 'th' else day.year}"


def monthly_day(*, month_end: date) -> date:
    """The day by which the statements of a month are due (R299)."""
    return _day_after_month(month_end, _parameters()["monthly"][0]["day"])


def _day_after_month(month_end: date, day: int) -> date:
    return (month_end + timedelta(days=1)).replace(day=day)


def _month_end(day: date) -> date:
    return (day.replace(day=28) + _A_WEEK_INTO_NEXT_MONTH).replace(day=1) - timedelta(days=1)


def closing_task_words(*, month_end: date, months: int) -> tuple[str, str, str, str]:
    """Title and detail, Thai and English, of the task to close a month when so many months wait."""
    said: list[str] = []
    for language in ("th", "en"):
        with override(language):
            said.append(_("Close %(month)s") % {"month": month_name(month_end, "th" if language == "th" else "en")})
            waiting = _("%(months)s months have ended and are still open") % {"months": months}
            said.append(waiting if months > 1 else _("The month has ended and is still open"))
    return said[0], said[2], said[1], said[3]


def deadlines(*, today: date, language: Language) -> tuple[Deadline, ...]:
    """The next day of each duty, the nearest first; duties far away are left out."""
    found = []
    for entry in _parameters()["monthly"]:
        ended = today.replace(day=1) - timedelta(days=1) if today.day <= entry["day"] else _month_end(today)
        day = _day_after_month(ended, entry["day"])
        found.append(_deadline(entry, day, today, language, month=month_name(ended, language)))
    for entry in _parameters()["yearly"]:
        year = fiscal_year_of(today) - 1
        day = year_end(year) + timedelta(days=entry["days_after_year_end"])
        if day < today:
            year, day = year + 1, year_end(year + 1) + timedelta(days=entry["days_after_year_end"])
        found.append(_deadline(entry, day, today, language, year=year if language == "th" else year - BUDDHIST_ERA))
    near = (one for one in found if (one.day - today).days <= _SHOWN_DAYS)
    return tuple(sorted(near, key=lambda one: one.day))


def _deadline(entry: dict[str, Any], day: date, today: date, language: Language, **facts: object) -> Deadline:
    days = (day - today).days
    left = _("in %(days)s days") % {"days": days} if days else _("today")
    return Deadline(
        day,
        word_list(f"months_short_{language}")[day.month - 1],
        entry[language].format(**facts),
        f"{left} · {entry[f'detail_{language}']}",
        days <= _HOT_DAYS,
    )
