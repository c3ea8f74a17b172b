"""Money given for a stated purpose, outside the ordinance: its letter, its two clocks, its money, what is left (R199-R206). Pure."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from khlang.budget.rules.lines import Explanation, LineFacts
from khlang.budget.rules.movements import Balance
from khlang.kernel.fiscal_calendar import year_end, year_start
from khlang.kernel.money import ZERO, Baht
from khlang.kernel.refusals import Fact, Refusal
from khlang.reference.rules import GrantKind


class GrantState(StrEnum):
    """Where a grant stands."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Place(StrEnum):
    """Where the money of a grant is spent from: the treasury of the state (direct units, R6), or the own bank."""

    STATE = "state"
    OWN = "own"


class MoneyKind(StrEnum):
    """What happened to the cash of a grant: it came, savings lent it ahead (R201), the loan was cleared, the rest went back."""

    RECEIVED = "received"
    LENT = "lent"
    CLEARED = "cleared"
    RETURNED = "returned"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Clock:
    """The last days for obligating and for spending, in one of the two layers (R203)."""

    obligate_by: date
    spend_by: date


@dataclass(frozen=True, slots=True)
class GrantLineDraft:
    """One line of a grant as the letter gives it: item and amount (baht), with the codes under which it is reported (R199)."""

    line_id: UUID
    division: str
    work: str
    budget_type: str
    item: str
    amount: Baht
    explanation: Explanation = field(default_factory=Explanation)

    def as_json(self) -> dict[str, Any]:
        """As it is kept while it is drafted."""
        texts = {name: getattr(self, name) for name in ("division", "work", "budget_type", "item")}
        ids = {"line_id": str(self.line_id), "amount": str(self.amount)}
        return {**ids, **texts, "explanation": self.explanation.as_json()}


@dataclass(frozen=True, slots=True)
class GrantDraft:
    """A grant as its letter says: purpose, giver, number and day, amount (baht), conditions, the first deadlines."""

    fiscal_year: int
    kind: str
    title: str
    agency: str
    letter_number: str
    letter_on: date
    notified_on: date
    amount: Baht
    place: Place
    clock: Clock
    lines: tuple[GrantLineDraft, ...] = ()
    returns_left_over: bool = True
    conditions: Mapping[str, str] = field(default_factory=dict)


CONDITIONS = ("match_share", "site", "design", "interest", "channel")
"""What a letter may ask for: a share of one's own, a place, a design, where interest and the rest go (R199, R202)."""


@dataclass(frozen=True, slots=True)
class GrantFacts:
    """What a grant is judged by: what its codes mean, its kind in its year, today."""

    lines: LineFacts
    kinds: Mapping[str, GrantKind]
    today: date


def check_grant(draft: GrantDraft, facts: GrantFacts) -> Iterator[Refusal]:
    """Yield every reason why a grant cannot be opened, most basic first (R80, R199, R204)."""
    kind = facts.kinds.get(draft.kind)
    if kind is None:
        yield Refusal("budget.code_unknown", {"list": "grant_kind", "code": draft.kind or "-"}, "kind")
    elif kind.in_ordinance:
        yield Refusal("budget.grant_belongs_in_ordinance", {"kind": kind.name_th}, "kind")
    for name in ("title", "agency", "letter_number"):
        if not getattr(draft, name).strip():
            yield Refusal("budget.grant_letter_incomplete", where=name)
    if draft.amount <= ZERO:
        yield Refusal("budget.amount_not_right", {"amount": str(draft.amount)}, "amount")
    yield from _check_days(draft, facts.today)
    yield from _check_lines(draft, facts.lines)


def _check_days(draft: GrantDraft, today: date) -> Iterator[Refusal]:
    first, last = year_start(draft.fiscal_year), year_end(draft.fiscal_year)
    if not first <= draft.notified_on <= last:
        told: dict[str, Fact] = {"date": draft.notified_on.isoformat(), "fiscal_year": draft.fiscal_year}
        yield Refusal("budget.outside_year", told, "notified_on")
    if draft.notified_on > today:
        yield Refusal("budget.step_in_future", {"date": draft.notified_on.isoformat()}, "notified_on")
    if draft.letter_on > draft.notified_on:
        days = {"date": draft.notified_on.isoformat(), "before": draft.letter_on.isoformat()}
        yield Refusal("budget.step_before_the_last", days, "letter_on")
    yield from check_clock(draft.clock, after=draft.notified_on)


def check_clock(clock: Clock, *, after: date) -> Iterator[Refusal]:
    """Yield why two deadlines cannot be: obligating comes before spending, and neither lies in the past of the grant."""
    if not after <= clock.obligate_by <= clock.spend_by:
        days = {"obligate_by": clock.obligate_by.isoformat(), "spend_by": clock.spend_by.isoformat()}
        yield Refusal("budget.grant_clock_not_right", days, "obligate_by")


def _check_lines(draft: GrantDraft, facts: LineFacts) -> Iterator[Refusal]:
    names: set[tuple[str, ...]] = set()
    for number, line in enumerate(draft.lines):
        at = f"lines.{number}"
        known: tuple[tuple[str, str, Collection[str]], ...] = (
            ("division", line.division, facts.divisions),
            ("work", line.work, facts.works),
            ("budget_type", line.budget_type, facts.types),
        )
        for name, code, codes in known:
            if code not in codes:
                yield Refusal("budget.code_unknown", {"list": name, "code": code or "-"}, f"{at}.{name}")
        if not line.item.strip():
            yield Refusal("budget.item_missing", {"type": facts.types.get(line.budget_type, "-")}, f"{at}.item")
        if line.amount <= ZERO:
            yield Refusal("budget.amount_not_right", {"amount": str(line.amount)}, f"{at}.amount")
        identity = (line.division, line.work, line.budget_type, line.item.strip())
        if identity in names:
            yield Refusal("budget.line_exists", {"line": line.item}, at)
        names.add(identity)
    lines = sum((line.amount for line in draft.lines), ZERO)
    if lines != draft.amount or not draft.lines:
        sums = {"lines": str(lines), "amount": str(draft.amount), "difference": str(abs(draft.amount - lines))}
        yield Refusal("budget.grant_does_not_add_up", sums, "lines")


@dataclass(frozen=True, slots=True)
class GrantMoney:
    """The cash of a grant, in baht: what came, what savings lent ahead, what was paid back to them, what went back or was kept."""

    received: Baht = ZERO
    lent: Baht = ZERO
    cleared: Baht = ZERO
    returned: Baht = ZERO
    kept: Baht = ZERO

    @property
    def in_hand(self) -> Baht:
        """Cash that payments may rest on (R201): what came and what is lent, less what left again."""
        return self.received + self.lent - self.cleared - self.returned - self.kept

    @property
    def owed(self) -> Baht:
        """What is still owed to savings (R216)."""
        return self.lent - self.cleared


def drawn(balance: Balance) -> Baht:
    """What documents ask of the cash or have paid of it."""
    return balance.requested + balance.advanced + balance.spent


def binding_clock(*, place: Place, given: Baht, money: GrantMoney, state: Clock, own: Clock) -> Clock:
    """Which days bind now (R203): the state's clock until all of it came, the own one for what came; the earlier of both between.

    `given` is what the lines have in all. The twin in the database is budget_grant_deadline().
    """
    if place is Place.STATE or not money.received:
        return state
    if money.received >= given:
        return own
    return Clock(min(state.obligate_by, own.obligate_by), min(state.spend_by, own.spend_by))


@dataclass(frozen=True, slots=True)
class MoneyFacts:
    """What a movement of cash is judged by: where the money is spent from, what was given (baht), what moved so far."""

    place: Place
    amount: Baht
    money: GrantMoney
    drawn: Baht
    notified_on: date
    today: date


def check_money(kind: MoneyKind, amount: Baht, on: date, document_number: str, facts: MoneyFacts) -> Iterator[Refusal]:
    """Yield why cash cannot be recorded: more than was notified, more than is owed, more than is free (R201, R202)."""
    if amount <= ZERO:
        yield Refusal("budget.amount_not_right", {"amount": str(amount)}, "amount")
    if not document_number.strip():
        yield Refusal("budget.grant_paper_missing", where="document_number")
    if on > facts.today:
        yield Refusal("budget.step_in_future", {"date": on.isoformat()}, "happened_on")
    if on < facts.notified_on:
        days = {"date": on.isoformat(), "before": facts.notified_on.isoformat()}
        yield Refusal("budget.step_before_the_last", days, "happened_on")
    if facts.place is Place.STATE:
        yield Refusal("budget.grant_money_stays_with_state", where="kind")
        return
    room = _room(kind, facts)
    if amount > room:
        told = {"asked": str(amount), "room": str(room), "over": str(amount - room)}
        yield Refusal("budget.grant_money_too_much", told, "amount")


def _room(kind: MoneyKind, facts: MoneyFacts) -> Baht:
    money = facts.money
    if kind is MoneyKind.RECEIVED:
        return facts.amount - money.received
    if kind is MoneyKind.LENT:
        # Savings lend what was notified and has not come: never the same baht twice.
        return facts.amount - money.received - money.owed
    free = money.in_hand - facts.drawn
    return min(money.owed, free) if kind is MoneyKind.CLEARED else free


@dataclass(frozen=True, slots=True)
class ExtensionLimits:
    """Parameters of the year: how far each clock may be extended (R203)."""

    state_months: int
    own_years: int


def last_day(layer: Place, *, fiscal_year: int, before: Clock, limits: ExtensionLimits) -> date:
    """The last day to which a clock may be set: the state's by months from the year's end, the own one year by year."""
    if layer is Place.STATE:
        months = year_end(fiscal_year).month - 1 + limits.state_months
        # The last day of the month so many months on: the day before the first of the one after.
        end = year_end(fiscal_year)
        return date.fromordinal(date(end.year + (months + 1) // 12, (months + 1) % 12 + 1, 1).toordinal() - 1)
    base = max(before.spend_by, year_end(fiscal_year))
    # 29 February of a year that has none is the day before.
    day = 28 if (base.month, base.day) == (2, 29) else base.day
    return base.replace(year=base.year + limits.own_years, day=day)


@dataclass(frozen=True, slots=True)
class Extension:
    """A recorded paper that sets one clock anew: both days, its number and day, why, the contract it follows if any."""

    layer: Place
    clock: Clock
    document_number: str
    document_on: date
    reason: str
    contract: str = ""


def check_extension(
    extension: Extension, *, before: Clock, fiscal_year: int, limits: ExtensionLimits, today: date
) -> Iterator[Refusal]:
    """Yield why a clock cannot be extended (R198a, R203): no paper, decided too late, not later, further than the law goes.

    In the own layer a contract may bind longer than the year (R188); the state's clock has no such way.
    """
    if not extension.document_number.strip():
        yield Refusal("budget.grant_paper_missing", where="document_number")
    if not extension.reason.strip():
        yield Refusal("budget.reason_missing", where="reason")
    if extension.document_on > today:
        yield Refusal("budget.step_in_future", {"date": extension.document_on.isoformat()}, "document_on")
    if extension.document_on > before.spend_by:
        days = {"date": extension.document_on.isoformat(), "deadline": before.spend_by.isoformat()}
        yield Refusal("budget.grant_extended_too_late", days, "document_on")
    clock = extension.clock
    later = clock.spend_by > before.spend_by or clock.obligate_by > before.obligate_by
    if not later or clock.spend_by < before.spend_by or not before.obligate_by <= clock.obligate_by <= clock.spend_by:
        days = {"obligate_by": clock.obligate_by.isoformat(), "spend_by": clock.spend_by.isoformat()}
        yield Refusal("budget.grant_clock_not_right", days, "spend_by")
    limit = last_day(extension.layer, fiscal_year=fiscal_year, before=before, limits=limits)
    by_contract = extension.layer is Place.OWN and extension.contract.strip()
    if clock.spend_by > limit and not by_contract:
        told = {"date": clock.spend_by.isoformat(), "limit": limit.isoformat()}
        yield Refusal("budget.grant_extended_too_far", told, "spend_by")
