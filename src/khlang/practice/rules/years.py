"""The journals of an entity's years, drawn from its templates: month by month, cash banked, deductions paid over."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from khlang.kernel.fiscal_calendar import CLOSING_PERIOD, period_end, period_start, year_start
from khlang.kernel.money import ZERO, Baht, baht
from khlang.kernel.thai_dates import thai_date
from khlang.ledger.rules import JournalDraft, LineDraft
from khlang.practice.rules.amounts import drafted_lines
from khlang.practice.rules.templates import Books, Event

NAMESPACE = uuid5(NAMESPACE_URL, "https://khlang.example/practice")
WEEKDAYS = 5
# Days of the year on which the office is closed, whatever the weekday.
HOLIDAYS = frozenset(
    {
        (1, 1),
        (4, 6),
        (4, 13),
        (4, 14),
        (4, 15),
        (5, 4),
        (7, 28),
        (8, 12),
        (10, 13),
        (10, 23),
        (12, 5),
        (12, 10),
        (12, 31),
    }
)


@dataclass(frozen=True, slots=True)
class YearOfBooks:
    """One fiscal year (B.E.): the journals in the order in which they are posted; the first year begins with an opening."""

    fiscal_year: int
    journals: tuple[JournalDraft, ...]


@dataclass(slots=True)
class _Office:
    """What is carried from month to month."""

    code: str
    books: Books
    until: date
    balances: dict[tuple[str, str], Baht] = field(default_factory=dict)
    waiting: list[JournalDraft] = field(default_factory=list)

    def key(self, *words: object) -> UUID:
        return uuid5(NAMESPACE, " ".join(str(word) for word in (self.code, *words)))


def working_day(day: date) -> date:
    """The day itself when the office is open, else the next open day of its month, else the last one before."""
    later = day
    while not _is_open(later):
        later += timedelta(days=1)
    if later.month == day.month:
        return later
    while not _is_open(day):
        day -= timedelta(days=1)
    return day


def _is_open(day: date) -> bool:
    return day.weekday() < WEEKDAYS and (day.month, day.day) not in HOLIDAYS


def _next_working_day(day: date) -> date:
    day += timedelta(days=1)
    while not _is_open(day):
        day += timedelta(days=1)
    return day


def years_of(*, code: str, books: Books, first_year: int, last_year: int, until: date) -> Iterator[YearOfBooks]:
    """Every year from the first to the last (B.E.), the last one up to the day `until`."""
    office = _Office(code, books, until)
    for year in range(first_year, last_year + 1):
        journals = [_opening(office, year)] if year == first_year else []
        for journal in journals:
            _take_in(office, journal)
        for period in range(1, CLOSING_PERIOD):
            journals += _month(office, year, period)
        yield YearOfBooks(year, tuple(journals))


def _opening(office: _Office, year: int) -> JournalDraft:
    lines: list[LineDraft] = []
    for fund, rows in office.books.opening.items():
        known = sum((baht(amount) for _, amount in rows if amount != "rest"), ZERO)
        for account, amount in rows:
            value = -known if amount == "rest" else baht(amount)
            lines.append(
                LineDraft(account, fund, debit=value) if value > ZERO else LineDraft(account, fund, credit=-value)
            )
    key = office.key("opening", year)
    return JournalDraft(key, year_start(year), "opening", office.books.opening_text, tuple(lines))


def _month(office: _Office, year: int, period: int) -> list[JournalDraft]:
    start, end = period_start(year, period), period_end(year, period)
    made = [draft for event in office.books.events for draft in _happenings(office, event, year, period)]
    office.waiting += made
    office.waiting += _deposits(office, [draft for draft in office.waiting if start <= draft.date <= end])
    due = sorted((draft for draft in office.waiting if draft.date <= end), key=lambda draft: draft.date)
    office.waiting = [draft for draft in office.waiting if draft.date > end]
    journals = [draft for draft in due if draft.date <= office.until]
    for draft in journals:
        _take_in(office, draft)
    return journals


def _take_in(office: _Office, draft: JournalDraft) -> None:
    for line in draft.lines:
        place = (line.account, line.fund_source)
        office.balances[place] = office.balances.get(place, ZERO) + line.debit - line.credit


def _happenings(office: _Office, event: Event, year: int, period: int) -> Iterator[JournalDraft]:
    if period not in event.periods:
        return
    chance = random.Random(f"{office.code} {event.name} {year} {period}")  # noqa: S311  (books to practise on)
    for number in range(chance.randint(*event.times)):
        day = _day(event, chance, year, period)
        key = office.key(event.name, year, period, number)
        if event.settle:
            draft = _settlement(office, event, day, key)
            if draft is not None:
                yield draft
            continue
        amount = _amount(event, chance, period)
        words = _words(office.books, chance, day)
        lines = drafted_lines(event.lines, amount=amount, fund=event.fund)
        yield JournalDraft(key, day, event.kind, event.text.format_map(words), lines)
        for place, follow in enumerate(event.follow):
            later = _next_working_day(day + timedelta(days=chance.randint(*follow.after) - 1))
            following = office.key(event.name, year, period, number, place)
            lines = drafted_lines(follow.lines, amount=amount, fund=event.fund)
            yield JournalDraft(following, later, follow.kind, follow.text.format_map(words), lines)


def _settlement(office: _Office, event: Event, day: date, key: UUID) -> JournalDraft | None:
    """Pay over what stood on the accounts when the month began."""
    owed = {account: -office.balances.get((account, event.fund), ZERO) for account in event.settle}
    lines = [LineDraft(account, event.fund, debit=amount) for account, amount in owed.items() if amount > ZERO]
    total = sum((line.debit for line in lines), ZERO)
    if not lines:
        return None
    paid = drafted_lines(event.lines, amount=total, fund=event.fund)
    return JournalDraft(key, day, event.kind, event.text, (*lines, *paid))


def _deposits(office: _Office, journals: list[JournalDraft]) -> Iterator[JournalDraft]:
    """Cash taken in on a day goes to the bank on the next working day, by fund source."""
    taken: dict[tuple[date, str], Baht] = {}
    for draft in journals:
        for line in draft.lines:
            if line.account == office.books.cash and line.debit:
                place = (draft.date, line.fund_source)
                taken[place] = taken.get(place, ZERO) + line.debit
    for (day, fund), amount in sorted(taken.items()):
        bank, cash = office.books.deposit_to, office.books.cash
        lines = (LineDraft(bank, fund, debit=amount), LineDraft(cash, fund, credit=amount))
        key = office.key("deposit", day, fund)
        yield JournalDraft(key, _next_working_day(day), "general", office.books.deposit_text, lines)


def _day(event: Event, chance: random.Random, year: int, period: int) -> date:
    if event.last_day:
        return period_end(year, period)
    first, last = event.days
    end = period_end(year, period)
    return working_day(period_start(year, period).replace(day=min(chance.randint(first, last), end.day)))


def _amount(event: Event, chance: random.Random, period: int) -> Baht:
    low, high = event.amount
    unit = 1 if event.cents else event.round * 100
    satang = chance.randint(low * 100 // unit, high * 100 // unit) * event.season[period - 1] // 100
    return Baht.from_satang(satang * unit)


def _words(books: Books, chance: random.Random, day: date) -> dict[str, str]:
    picked = {kind: chance.choice(names) for kind, names in books.payees.items()}
    return {**picked, "month": thai_date(day, style="month")}
