"""Written orders (R17, R20, R12): what one may give, to whom, for how long; and what is wrong with one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from khlang.identity.rules.hats import GRANTABLE_ROLES, Duty, Role, check_combination, roles_at
from khlang.kernel.money import ZERO, Baht
from khlang.kernel.refusals import Refusal
from khlang.kernel.thai_text import normalise, search_key


class OrderKind(StrEnum):
    """What an order does: names people for a duty, lets one act for another, delegates, or makes an exception."""

    APPOINTMENT = "appointment"
    ACTING = "acting"
    DELEGATION = "delegation"
    EXCEPTION = "exception"


EXCEPTION_RULES = ("R327", "R328", "R329", "R330", "R331", "R332", "R333")
"""The rules of separation that a written exception may set aside for one person and some days."""

# Whoever examines from outside is appointed by nobody here, and nobody acts for him.
_NEVER_BY_ORDER = frozenset({Role.AUDITOR})


@dataclass(frozen=True, slots=True)
class OrderLineDraft:
    """One person of an order: a role or duty (`hat`), or an exception to `rule` with its reviewer; whole days."""

    user_id: int
    starts_on: date
    ends_on: date | None = None
    hat: str = ""
    rule: str = ""
    position: str = ""
    acting_for: str = ""
    reviewer_id: int | None = None
    amount_max: Baht | None = None


@dataclass(frozen=True, slots=True)
class OrderDraft:
    """An order as it stands on paper. `signed_role` is the role of the signer, `signed_by_id` her number when on the list."""

    number: str
    ordered_on: date
    kind: str
    subject: str
    signed_by: str
    signed_as: str
    signed_role: str = ""
    signed_by_id: int | None = None
    note: str = ""
    lines: tuple[OrderLineDraft, ...] = ()


@dataclass(frozen=True, slots=True)
class OrderLineView:
    """One line of a recorded order. `ended_on` is the last day of one that was taken back early."""

    line_no: int
    user_id: int
    name: str
    hat: str
    rule: str
    position: str
    acting_for: str
    reviewer_id: int | None
    reviewer_name: str
    amount_max: Baht | None
    starts_on: date
    ends_on: date | None
    ended_on: date | None
    ended_reason: str

    @property
    def last_day(self) -> date | None:
        """The last day on which it holds; None without an end."""
        return min((day for day in (self.ends_on, self.ended_on) if day), default=None)

    def state(self, day: date) -> str:
        """valid, coming, ended or taken_back on a day."""
        if self.last_day is not None and self.last_day < day:
            return "taken_back" if self.ended_on is not None and self.ended_on == self.last_day else "ended"
        return "coming" if self.starts_on > day else "valid"


@dataclass(frozen=True, slots=True)
class OrderView:
    """One recorded order with its lines."""

    order_id: str
    number: str
    ordered_on: date
    kind: str
    subject: str
    signed_by: str
    signed_as: str
    signed_role: str
    signed_by_id: int | None
    note: str
    recorded_by: int
    recorded_by_name: str
    recorded_at: datetime
    lines: tuple[OrderLineView, ...]

    def state(self, day: date) -> str:
        """The state of the line that lasts longest: valid before coming before ended."""
        states = {line.state(day) for line in self.lines}
        return next((state for state in ("valid", "coming", "ended") if state in states), "taken_back")


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """What the list of orders is narrowed by; `state` is valid, coming, ended (by itself or taken back) or all."""

    search: str = ""
    kind: str = ""
    hat: str = ""
    state: str = "all"
    order: str = "-day"
    page: int = 1


@dataclass(frozen=True, slots=True)
class StaffFacts:
    """A person of the list as the rules of orders need her: roles by position, and those she holds by acting only."""

    name: str
    positions: frozenset[str] = frozenset()
    acting: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class RunningLine:
    """A line of a recorded order that is not over."""

    user_id: int
    gives: str
    number: str
    starts_on: date
    last_day: date | None


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """What must be known of an entity to judge an order."""

    level: str
    today: date
    recorded_by: int
    staff: Mapping[int, StaffFacts]
    running: tuple[RunningLine, ...] = ()
    numbers: Mapping[str, str] = field(default_factory=dict)


def hats_by_order(kind: str, level: str) -> tuple[str, ...]:
    """The roles and duties that an order of this kind may give in an entity of this level, in the order of the table."""
    roles = tuple(role for role in roles_at(level) if role not in _NEVER_BY_ORDER)
    match kind:
        case OrderKind.APPOINTMENT:
            return tuple(Duty)
        case OrderKind.ACTING:
            return roles
        case OrderKind.DELEGATION:
            return (*roles, *Duty)
        case _:
            return ()


def check_order(draft: OrderDraft, facts: OrderFacts) -> Iterator[Refusal]:
    """Everything wrong with an order, each at its field (`lines.0.hat`), the head first (R12, R17, R20, R332)."""
    yield from _check_head(draft, facts)
    if not draft.lines:
        yield Refusal("identity.order_without_lines", where="lines")
    for index, line in enumerate(draft.lines):
        found = [
            *_check_people(line, facts),
            *_check_days(line),
            *_check_gift(draft, line, facts),
            *_check_overlap(draft, index, facts),
        ]
        yield from (refusal.at(f"lines.{index}.{refusal.where}") for refusal in found)


def _check_head(draft: OrderDraft, facts: OrderFacts) -> Iterator[Refusal]:
    number = normalise(draft.number)
    if not number:
        yield Refusal("identity.order_number_missing", where="number")
    elif number in facts.numbers:
        yield Refusal("identity.order_number_used", {"number": number, "subject": facts.numbers[number]}, "number")
    if draft.ordered_on > facts.today:
        yield Refusal("identity.order_in_future", {"day": draft.ordered_on.isoformat()}, "ordered_on")
    empty = (name for name in ("subject", "signed_by", "signed_as") if not normalise(getattr(draft, name)))
    yield from (Refusal("identity.order_text_missing", where=name) for name in empty)
    yield from _check_kind(draft, facts)


def _check_kind(draft: OrderDraft, facts: OrderFacts) -> Iterator[Refusal]:
    if draft.kind not in set(OrderKind):
        yield Refusal("identity.order_kind_unknown", {"kind": draft.kind or "-"}, "kind")
    if draft.kind == OrderKind.EXCEPTION and draft.signed_role != Role.EXECUTIVE:
        yield Refusal("identity.exception_needs_executive", where="signed_role")
    if draft.kind == OrderKind.DELEGATION and draft.signed_by_id not in facts.staff:
        yield Refusal("identity.delegation_needs_giver", where="signed_by_id")


def _check_people(line: OrderLineDraft, facts: OrderFacts) -> Iterator[Refusal]:
    if line.user_id not in facts.staff:
        yield Refusal("identity.order_person_unknown", where="user_id")
    if line.reviewer_id is not None and line.reviewer_id not in facts.staff:
        yield Refusal("identity.order_person_unknown", where="reviewer_id")


def _check_days(line: OrderLineDraft) -> Iterator[Refusal]:
    if line.ends_on is not None and line.ends_on < line.starts_on:
        days = {"start": line.starts_on.isoformat(), "end": line.ends_on.isoformat()}
        yield Refusal("identity.order_ends_before_start", days, "ends_on")
    if line.amount_max is not None and line.amount_max <= ZERO:
        yield Refusal("identity.limit_not_positive", {"amount": str(line.amount_max)}, "amount_max")


def _check_gift(draft: OrderDraft, line: OrderLineDraft, facts: OrderFacts) -> Iterator[Refusal]:
    if draft.kind == OrderKind.EXCEPTION:
        yield from _check_exception(line)
        return
    if line.hat not in hats_by_order(draft.kind, facts.level):
        yield Refusal("identity.hat_not_by_order", {"hat": line.hat or "-"}, "hat")
        return
    if draft.kind == OrderKind.ACTING and not normalise(line.acting_for):
        yield Refusal("identity.acting_for_missing", where="acting_for")
    if draft.kind == OrderKind.DELEGATION and draft.signed_by_id in facts.staff:
        yield from _check_delegation(draft, line, facts)
    person = facts.staff.get(line.user_id)
    if person is not None and line.hat in GRANTABLE_ROLES:
        clashes = check_combination(role=line.hat, held=person.positions, excepted=_is_excepted(line, facts))
        yield from (refusal.at("hat") for refusal in clashes)


def _check_exception(line: OrderLineDraft) -> Iterator[Refusal]:
    if line.rule not in EXCEPTION_RULES:
        yield Refusal("identity.exception_rule_unknown", {"rule": line.rule or "-"}, "rule")
    if line.reviewer_id is None:
        yield Refusal("identity.reviewer_missing", where="reviewer_id")
    elif line.reviewer_id == line.user_id:
        yield Refusal("identity.reviewer_is_person", where="reviewer_id")
    if line.ends_on is None:
        yield Refusal("identity.exception_needs_end", where="ends_on")


def _check_delegation(draft: OrderDraft, line: OrderLineDraft, facts: OrderFacts) -> Iterator[Refusal]:
    """One gives only what is one's own by position: who acts for another does not delegate further (R20)."""
    giver = facts.staff[draft.signed_by_id or 0]
    if line.user_id == draft.signed_by_id:
        yield Refusal("identity.delegation_to_oneself", where="user_id")
    if line.hat in giver.positions:
        return
    clause = "identity.acting_cannot_delegate" if line.hat in giver.acting else "identity.delegation_beyond_giver"
    yield Refusal(clause, {"hat": line.hat, "name": giver.name}, "hat")


def _is_excepted(line: OrderLineDraft, facts: OrderFacts) -> bool:
    """Whether an exception for R332 covers the person on every day of the line."""
    return any(
        each.user_id == line.user_id
        and each.gives == "R332"
        and each.starts_on <= line.starts_on
        and (each.last_day is None or (line.ends_on is not None and line.ends_on <= each.last_day))
        for each in facts.running
    )


def _check_overlap(draft: OrderDraft, index: int, facts: OrderFacts) -> Iterator[Refusal]:
    """Nobody is given the same thing twice for one day: yield identity.order_overlaps {gives, order}."""
    line = draft.lines[index]
    gives = line.hat or line.rule
    earlier = (
        RunningLine(each.user_id, each.hat or each.rule, draft.number, each.starts_on, each.ends_on)
        for each in draft.lines[:index]
    )
    for other in (*facts.running, *earlier):
        if (other.user_id, other.gives) == (line.user_id, gives) and gives and overlaps(line, other):
            yield Refusal("identity.order_overlaps", {"gives": gives, "order": other.number or "-"}, "starts_on")
            return


def overlaps(line: OrderLineDraft, other: RunningLine) -> bool:
    """Whether both hold on at least one same day."""
    begins_in_time = other.last_day is None or line.starts_on <= other.last_day
    return begins_in_time and (line.ends_on is None or other.starts_on <= line.ends_on)


def order_warnings(draft: OrderDraft, facts: OrderFacts) -> Iterator[Refusal]:
    """What is allowed and yet should be looked at before an order is recorded.

    identity.order_after_start {day}: signed after its first day; what was done before is not covered.
    identity.order_is_over {day}: nothing comes of it today. identity.order_for_oneself: the recorder gives to herself.
    """
    for index, line in enumerate(draft.lines):
        place = f"lines.{index}"
        if draft.ordered_on > line.starts_on:
            yield Refusal("identity.order_after_start", {"day": line.starts_on.isoformat()}, f"{place}.starts_on")
        if line.ends_on is not None and line.starts_on <= line.ends_on < facts.today:
            yield Refusal("identity.order_is_over", {"day": line.ends_on.isoformat()}, f"{place}.ends_on")
        if line.user_id == facts.recorded_by:
            yield Refusal("identity.order_for_oneself", where=f"{place}.user_id")


def check_last_day(*, line: OrderLineView, last_day: date, today: date) -> Iterator[Refusal]:
    """An order is taken back from tomorrow, from today, or later; the past stays as it was.

    identity.already_ended; identity.last_day_in_past {day}: before yesterday; identity.last_day_after_end {day}.
    """
    if line.ended_on is not None or (line.ends_on is not None and line.ends_on < today):
        yield Refusal("identity.already_ended", where="last_day")
        return
    if (today - last_day).days > 1:
        yield Refusal("identity.last_day_in_past", {"day": last_day.isoformat()}, "last_day")
    if line.ends_on is not None and last_day >= line.ends_on:
        yield Refusal("identity.last_day_after_end", {"day": line.ends_on.isoformat()}, "last_day")


def chosen_orders(found: list[OrderView], chosen: OrderFilter, *, day: date) -> list[OrderView]:
    """The orders that a filter leaves, in its order; a leading "-" turns the order round."""
    words = search_key(chosen.search).split()
    kept = [
        each
        for each in found
        if (not chosen.kind or each.kind == chosen.kind)
        and (not chosen.hat or any(chosen.hat in {line.hat, line.rule} for line in each.lines))
        and _in_state(each, chosen.state, day)
        and all(word in _searched(each) for word in words)
    ]
    keys = {
        "number": lambda each: (each.number, each.ordered_on),
        "subject": lambda each: (search_key(each.subject), each.ordered_on),
    }
    usual = lambda each: (each.ordered_on, each.recorded_at)  # noqa: E731  (one expression, used once)
    key = keys.get(chosen.order.removeprefix("-"), usual)
    return sorted(kept, key=key, reverse=chosen.order.startswith("-"))


def _in_state(order: OrderView, wanted: str, day: date) -> bool:
    state = order.state(day)
    return wanted in {"all", state} or (wanted == "ended" and state == "taken_back")


def _searched(order: OrderView) -> str:
    people = " ".join(f"{line.name} {line.position} {line.acting_for} {line.reviewer_name}" for line in order.lines)
    return search_key(f"{order.number} {order.subject} {order.signed_by} {people}")
