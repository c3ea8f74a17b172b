"""Which hands must differ within one transaction (R327-R333), and the written exceptions to it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from khlang.kernel.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Pair:
    """Two steps of one transaction that one person must not both take."""

    rule: str
    first: str
    second: str


PAIRS: tuple[Pair, ...] = (
    Pair("R327", "request_made", "request_checked"),
    Pair("R327", "request_made", "request_approved"),
    Pair("R327", "request_checked", "request_approved"),
    Pair("R328", "cash_received", "day_checked"),
    Pair("R328", "cash_received", "bank_reconciled"),
    Pair("R328", "payment_made", "bank_reconciled"),
    Pair("R329", "transfer_made", "transfer_checked"),
    Pair("R329", "transfer_made", "transfer_approved"),
    Pair("R329", "transfer_checked", "transfer_approved"),
    Pair("R329", "payee_changed", "transfer_made"),
    Pair("R330", "purchase_arranged", "goods_inspected"),
    Pair("R330", "goods_inspected", "payment_made"),
    Pair("R331", "journal_prepared", "journal_approved"),
    Pair("R331", "reopening_asked", "reopening_agreed"),
    Pair("R332", "users_administered", "money_handled"),
    Pair("R333", "advance_borrowed", "advance_approved"),
)
"""Steps are named here before their area exists, so that the table is read as a whole; an area says which of its acts is which step."""


STEP_OF: dict[str, str] = {
    "journal_vouchers.post": "journal_approved",
    "continuity.post": "journal_approved",
    "ledger.reopen_period": "reopening_agreed",
}
"""Act → the step of a transaction that it takes, for acts which the other step of the same document may close."""

NEVER_JOINED = frozenset({"reopening_agreed"})
"""Steps that no written exception gives to whoever took the other one."""


@dataclass(frozen=True, slots=True)
class ExceptionView:
    """A written exception (R12, R333): until when one person may take both steps of a rule, and who reviews it."""

    order_id: str
    order_number: str
    rule: str
    user_id: int
    user_name: str
    reviewer_id: int
    reviewer_name: str
    approved_by: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class UseView:
    """One act done in two hats under a written exception: rule, act, document, person, order, reviewer, what was found.

    `finding` is "in_order", "questioned", or empty while nobody has reviewed it.
    """

    use_id: str
    rule: str
    step: str
    act: str
    document: str
    user_id: int
    user_name: str
    order_id: str
    order_number: str
    ordered_on: date
    reviewer_id: int
    reviewer_name: str
    used_at: datetime
    finding: str = ""
    note: str = ""
    reviewed_by_name: str = ""
    reviewed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Separated:
    """What a step of a transaction found: nobody in conflict, or an exception that must be recorded as used."""

    used: tuple[ExceptionView, ...] = ()

    @property
    def facts(self) -> dict[str, list[dict[str, str]]]:
        """What the record of acts says about the exceptions used; empty when the hands differed."""
        told = [{"rule": each.rule, "order": each.order_number, "reviewer": each.reviewer_name} for each in self.used]
        return {"exceptions": told} if told else {}


def pair_of(first: str, second: str) -> Pair:
    """The pair of two steps, in either order; a bug when the table has none."""
    found = next((pair for pair in PAIRS if {pair.first, pair.second} == {first, second}), None)
    if found is None:
        raise KeyError(f"{first} / {second}")
    return found


def pairs_of(step: str) -> tuple[Pair, ...]:
    """Every pair in which the step stands."""
    return tuple(pair for pair in PAIRS if step in (pair.first, pair.second))


def _covering(pair: Pair, user_id: int, exceptions: Collection[ExceptionView], day: date) -> ExceptionView | None:
    return next(
        (
            each
            for each in exceptions
            if each.rule == pair.rule
            and each.user_id == user_id
            and each.reviewer_id != user_id
            and each.starts_on <= day <= each.ends_on
        ),
        None,
    )


def check_separation(
    *,
    step: str,
    user_id: int,
    taken: Mapping[str, Collection[int]],
    exceptions: Collection[ExceptionView],
    day: date,
    others: str = "",
) -> tuple[Separated, tuple[Refusal, ...]]:
    """Whether a person may take `step` of a transaction in which `taken` says who took which steps before (R327-R333).

    Refuses identity.same_person {rule, first, second, who}; `others` names who could act instead. A written exception
    that is valid on `day` and reviewed by somebody else lets it pass, and is returned so that its use is recorded.
    """
    used: list[ExceptionView] = []
    refusals: list[Refusal] = []
    for earlier, people in taken.items():
        if user_id not in people:
            continue
        pair = pair_of(earlier, step)
        covering = None if step in NEVER_JOINED else _covering(pair, user_id, exceptions, day)
        if covering is not None:
            used.append(covering)
        else:
            facts = {"rule": pair.rule, "first": earlier, "second": step, "who": others or "-"}
            refusals.append(Refusal("identity.same_person", facts))
    return Separated(tuple(used)), tuple(refusals)
