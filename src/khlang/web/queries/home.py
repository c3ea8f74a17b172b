"""Figures of the home page, put together from what the areas answer."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from khlang.identity.permissions import may
from khlang.kernel.actors import Actor
from khlang.kernel.fiscal_calendar import period_end, period_of, period_start, year_end
from khlang.kernel.money import ZERO, Baht
from khlang.kernel.refusals import Language
from khlang.kernel.statements import Link
from khlang.kernel.tasks import Task
from khlang.ledger import queries as ledger
from khlang.ledger.rules import AccountView, BalanceRow, JournalFilter, PeriodState, PeriodView
from khlang.web.queries.calendar import Deadline, deadlines, month_name

_RECENT = 6
_MONEY_LINES = 6
_MONTHS = range(1, 13)


@dataclass(frozen=True, slots=True)
class Figure:
    """One key figure: an amount in baht, or a word, with a line of explanation."""

    label: str
    detail: str
    amount: Baht | None = None
    word: str = ""


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """The balance of one cash or bank account (baht)."""

    name: str
    amount: Baht


@dataclass(frozen=True, slots=True)
class Mark:
    """One month in the row of closing: d closed, h soft-closed, n next to close, empty not yet."""

    mark: str


@dataclass(frozen=True, slots=True)
class YearState:
    """How far the closing of a fiscal year is."""

    fiscal_year: int
    periods: tuple[Mark, ...]
    summary: str
    next: str


@dataclass(frozen=True, slots=True)
class Recent:
    """A journal lately posted."""

    label: str
    date: date
    description: str
    amount: Baht
    link: Link


@dataclass(frozen=True, slots=True)
class Home:
    """Everything the home page shows."""

    to_do: tuple[Task, ...]
    waiting: tuple[Task, ...]
    counts: tuple[tuple[str, str], ...]
    is_new: bool
    figures: tuple[Figure, ...] = ()
    recent: tuple[Recent, ...] = ()
    year: YearState | None = None
    money: tuple[MoneyLine, ...] = ()
    money_total: Baht = ZERO
    deadlines: tuple[Deadline, ...] = ()


def home(*, actor: Actor, found: list[Task], fiscal_year: int | None, today: date, language: Language) -> Home:
    """The home page of an actor in the entity whose transaction is open, on a day."""
    to_do = tuple(task for task in found if task.urgency != "waiting")
    waiting = tuple(task for task in found if task.urgency == "waiting")
    counted = Counter(task.urgency for task in to_do if task.urgency != "todo")
    counts = tuple((state, _chip_words(state, count)) for state, count in counted.items())
    if fiscal_year is None or not may(actor, "ledger.read"):
        return Home(to_do, waiting, counts, is_new=fiscal_year is None and may(actor, "ledger.read"))
    last_day = min(today, year_end(fiscal_year))
    balances = ledger.balances(fiscal_year=fiscal_year)
    accounts = {view.account: view for view in ledger.accounts(fiscal_year=fiscal_year) if view.is_cash}
    money = _money(balances, accounts)
    total = sum((line.amount for line in money), ZERO)
    month = _month_shown(fiscal_year, last_day)
    return Home(
        to_do,
        waiting,
        counts,
        is_new=False,
        figures=_figures(balances, total, fiscal_year, month, language),
        recent=_recent(fiscal_year, month),
        year=_year(ledger.periods(fiscal_year=fiscal_year), fiscal_year, today, language),
        money=tuple(money[:_MONEY_LINES]),
        money_total=total,
        deadlines=deadlines(today=today, language=language),
    )


def _chip_words(state: str, count: int) -> str:
    words = {"returned": _("Sent back"), "overdue": _("Overdue"), "due": _("Due soon")}
    return f"{words[state]} {count}"


def _month_shown(fiscal_year: int, last_day: date) -> int:
    """The period of today, or the last one with journals where the year is over or quiet since."""
    present = period_of(last_day)
    busy = [view.period for view in ledger.periods(fiscal_year=fiscal_year) if view.journals and view.period in _MONTHS]
    return min(present, max(busy, default=present))


def _figures(
    balances: list[BalanceRow],
    money_total: Baht,
    fiscal_year: int,
    period: int,
    language: Language,
) -> tuple[Figure, ...]:
    start, end = period_start(fiscal_year, period), period_end(fiscal_year, period)
    received, paid = _received_and_paid(fiscal_year, start, end)
    debit = sum((row.opening_debit + row.debit for row in balances), ZERO)
    credit = sum((row.opening_credit + row.credit for row in balances), ZERO)
    month = month_name(end, language)
    holds = debit == credit
    return (
        Figure(_("Cash and bank"), _("From the books of fiscal year %(year)s") % {"year": fiscal_year}, money_total),
        Figure(_("Received in the month"), month, received),
        Figure(_("Paid in the month"), month, paid),
        Figure(
            _("Trial balance"),
            _("Both sides %(amount)s") % {"amount": debit.display()} if holds else _("Sides differ"),
            word=_("Balanced") if holds else _("Not balanced"),
        ),
    )


def _received_and_paid(fiscal_year: int, start: date, end: date) -> tuple[Baht, Baht]:
    """Money in and out between two days (baht); a reversed receipt makes receipts smaller, not payments greater."""
    received = paid = ZERO
    for movement in ledger.cash_movements(fiscal_year=fiscal_year, start=start, to=end):
        if getattr(movement, "turned", False):
            received, paid = received - movement.debit, paid - movement.credit
        else:
            received, paid = received + movement.credit, paid + movement.debit
    return received, paid


def _money(balances: list[BalanceRow], accounts: dict[str, AccountView]) -> list[MoneyLine]:
    sums: dict[str, Baht] = {}
    for row in balances:
        if row.account in accounts:
            sums[row.account] = sums.get(row.account, ZERO) + row.balance
    lines = [MoneyLine(accounts[account].name_th, amount) for account, amount in sums.items() if amount]
    return sorted(lines, key=lambda line: line.amount, reverse=True)


def _recent(fiscal_year: int, period: int) -> tuple[Recent, ...]:
    asked = JournalFilter(fiscal_year=fiscal_year, start=period_start(fiscal_year, period), page_size=_RECENT)
    return tuple(
        Recent(
            view.label,
            view.date,
            view.description,
            view.total,
            Link("reporting:journal", {"fiscal_year": str(view.fiscal_year), "sequence_no": str(view.sequence_no)}),
        )
        for view in ledger.journals(asked).rows
    )


def _year(periods: list[PeriodView], fiscal_year: int, today: date, language: Language) -> YearState:
    months = [view for view in periods if view.period in _MONTHS]
    closed = sum(view.state is not PeriodState.OPEN for view in months)
    ended = [
        view.period
        for view in months
        if view.state is PeriodState.OPEN and period_end(fiscal_year, view.period) < today
    ]
    following = min(ended, default=0)
    marks = {PeriodState.CLOSED: "d", PeriodState.SOFT_CLOSED: "h", PeriodState.OPEN: ""}
    return YearState(
        fiscal_year,
        tuple(Mark("n" if view.period == following else marks[view.state]) for view in months),
        _("%(closed)s of 12 months closed") % {"closed": closed},
        month_name(period_end(fiscal_year, following), language) if following else "",
    )
