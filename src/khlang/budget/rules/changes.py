"""Transfers and changes of explanation: who must agree is computed from the lines, never chosen (R98-R115). Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from khlang.budget.rules.lines import NO_EXPLANATION, Explanation, LineIdentity, Treatment
from khlang.kernel.fiscal_calendar import year_end, year_start
from khlang.kernel.money import ZERO, Baht
from khlang.kernel.refusals import Refusal


class ChangeKind(StrEnum):
    """A transfer of money, or another wording of what a line is for."""

    TRANSFER = "transfer"
    EXPLANATION = "explanation"


class Route(StrEnum):
    """Who must agree."""

    EXECUTIVE = "executive"
    COUNCIL = "council"


class ChangeState(StrEnum):
    """Where a change stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    ANNOUNCED = "announced"
    REPORTED = "reported"
    REFUSED = "refused"
    CANCELLED = "cancelled"


CHANGE_MOVES: Mapping[ChangeState, frozenset[ChangeState]] = {
    ChangeState.DRAFT: frozenset({ChangeState.SUBMITTED, ChangeState.CANCELLED}),
    ChangeState.SUBMITTED: frozenset(
        {ChangeState.APPROVED, ChangeState.REFUSED, ChangeState.DRAFT, ChangeState.CANCELLED}
    ),
    ChangeState.APPROVED: frozenset({ChangeState.ANNOUNCED}),
    ChangeState.ANNOUNCED: frozenset({ChangeState.REPORTED}),
    ChangeState.REPORTED: frozenset(),
    ChangeState.REFUSED: frozenset(),
    ChangeState.CANCELLED: frozenset(),
}
# Kinds of municipality: their council consents to subsidies, so a new one by transfer is a question of law (R102).
MUNICIPALITIES = frozenset({"city_municipality", "town_municipality", "subdistrict_municipality"})
_DECIDING = ("text", "nature", "quantity", "quality", "place")


@dataclass(frozen=True, slots=True)
class ChangePart:
    """One line of a change as facts: what it is, what it has, what it gives or takes (baht), how it reads before and after.

    `is_new`: the line does not exist yet. `available` is what is free of it now.
    """

    where: str
    label: str
    identity: LineIdentity
    treatment: Treatment
    down: Baht = ZERO
    up: Baht = ZERO
    available: Baht = ZERO
    is_new: bool = False
    before: Explanation = NO_EXPLANATION
    after: Explanation | None = None
    line_id: UUID | None = None

    @property
    def reads_otherwise(self) -> bool:
        """Whether what is bought changes: text, nature, quantity, quality or place (R112, R113)."""
        after = self.after
        return after is not None and any(getattr(after, name) != getattr(self.before, name) for name in _DECIDING)


@dataclass(frozen=True, slots=True)
class ChangeFacts:
    """A whole change as facts, with what surrounds it."""

    kind: ChangeKind
    fiscal_year: int
    on: date
    reason: str
    parts: tuple[ChangePart, ...]
    entity_kind: str = ""
    legal_answer: str = ""


@dataclass(frozen=True, slots=True)
class RouteFound:
    """Who must agree, and why: the clause of the rule and the line that decides."""

    route: Route
    clause: str
    line: str = ""


def route_of(parts: Iterable[ChangePart], *, kind: ChangeKind) -> RouteFound:
    """Who must agree to a change, from the kind of its lines and what changes on them.

    The council: a new item of investment, or investment whose text, nature, quantity, quality or place changes
    (R112, R113). The executive: everything else (R98, R100). A changed printed text of an investment line counts as a
    change: no machine can tell that the same thing is still bought (ADR 38).
    """
    for part in parts:
        if part.treatment.is_investment and part.is_new:
            return RouteFound(Route.COUNCIL, "R112", part.label)
        if part.treatment.is_investment and part.reads_otherwise:
            return RouteFound(Route.COUNCIL, "R112" if kind is ChangeKind.TRANSFER else "R113", part.label)
    return RouteFound(Route.EXECUTIVE, "R98" if kind is ChangeKind.TRANSFER else "R113")


def check_change(facts: ChangeFacts) -> Iterator[Refusal]:
    """Yield every reason why a change cannot be sent or approved, most basic first (R99-R102, R113)."""
    if not facts.parts:
        yield Refusal("budget.change_empty", where="lines")
        return
    if not facts.reason.strip():
        yield Refusal("budget.reason_missing", where="reason")
    if not year_start(facts.fiscal_year) <= facts.on <= year_end(facts.fiscal_year):
        yield Refusal("budget.outside_year", {"date": facts.on.isoformat(), "fiscal_year": facts.fiscal_year}, "on")
    if facts.kind is ChangeKind.TRANSFER:
        yield from _check_transfer(facts)
    else:
        yield from _check_explanation(facts)


def _check_transfer(facts: ChangeFacts) -> Iterator[Refusal]:
    down = sum((part.down for part in facts.parts), ZERO)
    up = sum((part.up for part in facts.parts), ZERO)
    if down != up or not down:
        sums = {"down": str(down), "up": str(up), "difference": str(abs(down - up))}
        yield Refusal("budget.transfer_not_zero_sum", sums, "lines")
    if down == up and not _balanced_by_budget(facts.parts):
        yield Refusal("budget.transfer_between_budgets", where="lines")
    for part in facts.parts:
        if part.down < ZERO or part.up < ZERO or bool(part.down) == bool(part.up):
            amount = str(min(part.down, part.up) if part.down and part.up else part.down or part.up)
            yield Refusal("budget.amount_not_right", {"amount": amount}, part.where)
        elif part.down > part.available:
            short = {"asked": str(part.down), "available": str(part.available)}
            yield Refusal(
                "budget.not_enough", {"line": part.label, **short, "short": str(part.down - part.available)}, part.where
            )
        if part.is_new and part.after is None:
            yield Refusal("budget.explanation_missing", {"line": part.label}, part.where)
        new_subsidy = part.is_new and part.treatment.is_subsidy and facts.entity_kind in MUNICIPALITIES
        if new_subsidy and not facts.legal_answer.strip():
            yield Refusal("budget.legal_answer_missing", {"line": part.label}, "legal_answer")


def _balanced_by_budget(parts: Iterable[ChangePart]) -> bool:
    sums: dict[str, Baht] = {}
    for part in parts:
        budget = part.identity.enterprise
        sums[budget] = sums.get(budget, ZERO) + part.up - part.down
    return not any(sums.values())


def _check_explanation(facts: ChangeFacts) -> Iterator[Refusal]:
    for part in facts.parts:
        if part.after is None or part.after == part.before:
            yield Refusal("budget.explanation_unchanged", {"line": part.label}, part.where)
        if part.down or part.up:
            yield Refusal("budget.amount_not_right", {"amount": str(part.down or part.up)}, part.where)


def check_approval(
    *, state: ChangeState, route: Route, resolution_number: str, resolved_on: date | None, approved_on: date
) -> Iterator[Refusal]:
    """Yield why a change cannot be approved: not sent, or the council's resolution is missing or later (R112, R113)."""
    if ChangeState.APPROVED not in CHANGE_MOVES[state]:
        yield Refusal("budget.step_not_allowed", {"state": state, "step": ChangeState.APPROVED}, "state")
    if route is not Route.COUNCIL:
        return
    if not resolution_number.strip() or resolved_on is None:
        yield Refusal("budget.resolution_missing", where="resolution_number")
    elif resolved_on > approved_on:
        days = {"date": approved_on.isoformat(), "before": resolved_on.isoformat()}
        yield Refusal("budget.step_before_the_last", days, "resolved_on")


def notice_due(*, approved_on: date, days: int) -> date:
    """The last day for telling the supervising officer; the day of approval is not counted (R115)."""
    return approved_on + timedelta(days=days)


@dataclass(frozen=True, slots=True)
class PartDraft:
    """One line of a change as drafted: an existing line, or a new one; its amount (baht); how it reads afterwards."""

    side: str
    amount: Baht
    line_id: UUID | None = None
    new_line: LineIdentity | None = None
    is_project: bool = False
    explanation: Explanation | None = None

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        identity = self.new_line
        new = {name: getattr(identity, name) for name in LineIdentity.__dataclass_fields__} if identity else None
        return {
            "side": self.side,
            "amount": str(self.amount),
            "line_id": str(self.line_id) if self.line_id else None,
            "new_line": new,
            "is_project": self.is_project,
            "explanation": self.explanation.as_json() if self.explanation else None,
        }


@dataclass(frozen=True, slots=True)
class ChangeDraft:
    """A change as drafted."""

    kind: ChangeKind
    fiscal_year: int
    reason: str
    parts: tuple[PartDraft, ...]
    legal_answer: str = ""


@dataclass(frozen=True, slots=True)
class BalanceEffect:
    """What a change did to one line: its code and name, what it had before and after (baht)."""

    line_id: str
    label: str
    before: Baht
    after: Baht


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One change as kept."""

    id: UUID
    draft: ChangeDraft
    state: ChangeState
    revision: int
    number: int | None
    route: str
    resolution_number: str
    resolved_on: date | None
    approved_on: date | None
    approved_by_name: str
    announced_on: date | None
    notified_on: date | None
    notice_due_on: date | None
    entry_no: int | None
    made_by: int
    made_by_name: str
    effects: tuple[BalanceEffect, ...] = ()
    typed: Mapping[str, str] = field(default_factory=dict)
    made_at: datetime | None = None
    saved_at: datetime | None = None
    saved_by_name: str = ""
    submitted_at: datetime | None = None
    close_reason: str = ""

    @property
    def amount(self) -> Baht:
        """What moves (baht): the sum of what the lines give."""
        return sum((part.amount for part in self.draft.parts if part.side == "from"), ZERO)

    @property
    def label(self) -> str:
        """Its number within the year, as people say it; empty before the approval."""
        return f"{self.number}/{self.draft.fiscal_year}" if self.number else ""

    @property
    def is_settled(self) -> bool:
        """Whether the money has moved."""
        return self.entry_no is not None
