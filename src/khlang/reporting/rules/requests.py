"""What a reader asks for: which report, of which days, as known when. Read once from an address or a command line."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, tzinfo
from typing import Final

from khlang.kernel.fiscal_calendar import period_end, period_of, period_start, year_end, year_start
from khlang.kernel.refusals import Refusal, Refused, refuse_any
from khlang.kernel.thai_dates import parse_date
from khlang.reporting.rules.words import Language

REPORTS: Final = (
    "trial-balance",
    "receipts-and-payments",
    "financial-position",
    "financial-performance",
    "general-ledger",
    "journal-book",
)
COMPARED: Final = frozenset({"financial-position", "financial-performance"})
FORMATS: Final = ("json", "csv", "xlsx", "pdf")
YES: Final = frozenset({"1", "true", "on", "yes"})


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """One report asked for. `limit` is the number of lines a page can carry; None is all of them."""

    report: str
    fiscal_year: int
    since: date
    to: date
    known_at: datetime | None = None
    fund_source: str = ""
    account: str = ""
    variant: str = "closing"
    after_closing: bool = False
    compare: bool = False
    zero: bool | None = None
    line: str = ""
    language: Language = "th"
    limit: int | None = None

    @property
    def month_start(self) -> date:
        """The first day of the month in which the report ends."""
        return period_start(self.fiscal_year, period_of(self.to))

    @property
    def is_whole_month(self) -> bool:
        """Whether the report ends with the last day of a month."""
        return self.to == period_end(self.fiscal_year, period_of(self.to))

    def of(self, report: str) -> "ReportRequest":
        """The same days and choices for another report."""
        return replace(self, report=report)


def read_request(
    *,
    report: str,
    fiscal_year: int,
    given: Mapping[str, str],
    today: date,
    zone: tzinfo,
    language: Language = "th",
    limit: int | None = None,
) -> ReportRequest:
    """Read the choices of an address or a command line.

    Without days a report runs from the first day of the year to today, or to the year's end when that has passed.
    Refused: reporting.report_unknown, reporting.day_outside_year, reporting.days_turned, and kernel.date_… codes.
    """
    unread: list[Refusal] = []
    days = {name: _day(given, name, today, unread) for name in ("since", "to")}
    known_at = _moment(given.get("known_at", "").strip(), today, zone, unread)
    refuse_any(unread)
    asked = ReportRequest(
        report=report,
        fiscal_year=fiscal_year,
        since=days["since"] or year_start(fiscal_year),
        to=days["to"] or _last_day(fiscal_year, today),
        known_at=known_at,
        fund_source=given.get("fund_source", "").strip(),
        account=given.get("account", "").strip(),
        variant=given.get("variant", "") or "closing",
        after_closing=given.get("after_closing", "") in YES,
        compare=report in COMPARED and given.get("compare", "1") in YES,
        zero=_choice(given.get("zero", "")),
        line=given.get("line", "").strip(),
        language=language,
        limit=None if given.get("all", "") in YES else limit,
    )
    refuse_any(_faults(asked))
    return asked


def _faults(asked: ReportRequest) -> Iterator[Refusal]:
    if asked.report not in REPORTS:
        yield Refusal("reporting.report_unknown", {"report": asked.report})
    for name, day in (("since", asked.since), ("to", asked.to)):
        if not year_start(asked.fiscal_year) <= day <= year_end(asked.fiscal_year):
            facts: Mapping[str, str | int] = {"day": day.isoformat(), "fiscal_year": asked.fiscal_year}
            yield Refusal("reporting.day_outside_year", facts, name)
    if asked.since > asked.to:
        yield Refusal("reporting.days_turned", {"since": asked.since.isoformat(), "to": asked.to.isoformat()}, "since")


def _day(given: Mapping[str, str], name: str, today: date, unread: list[Refusal]) -> date | None:
    text = given.get(name, "").strip()
    try:
        return parse_date(text, today=today).day if text else None
    except Refused as refused:
        unread += [refusal.at(name) for refusal in refused.refusals]
        return None


def _last_day(fiscal_year: int, today: date) -> date:
    last = year_end(fiscal_year)
    return today if year_start(fiscal_year) <= today <= last else last


def _moment(text: str, today: date, zone: tzinfo, unread: list[Refusal]) -> datetime | None:
    """A day means its last moment: what was posted that day was known that day."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        day = _day({"known_at": text}, "known_at", today, unread)
        return datetime.combine(day, time.max, zone) if day else None
    if len(text) <= len("2024-12-31"):
        return datetime.combine(moment.date(), time.max, zone)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _choice(text: str) -> bool | None:
    return None if text == "" else text in YES
