"""Open a soft-closed period again by two hands: one asks with a reason, the other agrees (R331)."""

from datetime import datetime
from uuid import UUID

from khlang.audit import commands as audit
from khlang.identity import queries as identity
from khlang.identity.permissions import require
from khlang.identity.rules import check_separation
from khlang.kernel.actors import Actor
from khlang.kernel.fiscal_calendar import THAI_TIME
from khlang.kernel.refusals import Refusal, Refused, refuse_any
from khlang.ledger import queries
from khlang.ledger.rules import ReopeningView
from khlang.toolkit import sql
from khlang.toolkit.tenancy import entity_transaction

ACT = "ledger.reopen_period"


def ask_reopening(*, actor: Actor, request_id: UUID, fiscal_year: int, period: int, reason: str) -> ReopeningView:
    """Ask to open a soft-closed period of a fiscal year (B.E.) again. The same `request_id` again changes nothing.

    Refuses ledger.reason_missing, .period_is_open, .period_closed_for_good, .year_not_open, .reopening_asked_already
    {who}, .reopening_needs_two_hands (she is neither head of treasury nor clerk).
    """
    require(actor, ACT)
    with sql.named_refusals(), entity_transaction(actor.entity_id):
        made = sql.scalar(
            "SELECT ledger_ask_reopening(%s, %s, %s, %s, %s, %s, %s)",
            (actor.entity_id, request_id, fiscal_year, period, reason.strip(), actor.user_id, actor.name),
        )
        found = _wanted(request_id)
        if made:
            _record(actor, "ledger.ask_reopening", found, reason=found.reason)
        return found


def agree_reopening(*, actor: Actor, request_id: UUID, at: datetime) -> ReopeningView:
    """Agree as the other hand; the period opens in the same moment. Agreed again by the same person changes nothing.

    Refuses identity.same_person {who}: no exception joins these two hands. Also ledger.reopening_unknown,
    .reopening_answered, .reopening_needs_two_hands (she wears the same hat as who asked).
    """
    require(actor, ACT)
    with sql.named_refusals(), entity_transaction(actor.entity_id):
        found = _wanted(request_id)
        _check_hands(actor, found, at)
        answered = _answer(actor, request_id, agrees=True, note="")
        if answered:
            facts = {"before": "soft_closed", "after": "open", "asked_by": found.asked_by_name}
            _record(actor, "ledger.agree_reopening", found, reason=found.reason, **facts)
        return _wanted(request_id)


def decline_reopening(*, actor: Actor, request_id: UUID, note: str) -> ReopeningView:
    """Refuse a request with a note, or take back one's own; the period stays as it is.

    Refuses ledger.reason_missing, .reopening_unknown, .reopening_answered.
    """
    require(actor, ACT)
    with sql.named_refusals(), entity_transaction(actor.entity_id):
        answered = _answer(actor, request_id, agrees=False, note=note)
        found = _wanted(request_id)
        if answered:
            act = "ledger.withdraw_reopening" if answered == "withdrawn" else "ledger.refuse_reopening"
            _record(actor, act, found, reason=found.note)
        return found


def _check_hands(actor: Actor, found: ReopeningView, at: datetime) -> None:
    people = identity.people_who_may(act=ACT, at=at)
    _, refusals = check_separation(
        step="reopening_agreed",
        user_id=actor.user_id,
        taken={"reopening_asked": [found.asked_by]},
        exceptions=(),
        day=at.astimezone(THAI_TIME).date(),
        others=", ".join(person.name for person in people if person.user_id != found.asked_by),
    )
    refuse_any(refusals)


def _answer(actor: Actor, request_id: UUID, *, agrees: bool, note: str) -> str | None:
    answered: str | None = sql.scalar(
        "SELECT ledger_answer_reopening(%s, %s, %s, %s, %s, %s)",
        (actor.entity_id, request_id, agrees, note.strip(), actor.user_id, actor.name),
    )
    return answered


def _wanted(request_id: UUID) -> ReopeningView:
    found = queries.reopening(request_id=request_id)
    if found is None:
        raise Refused(Refusal("ledger.reopening_unknown"))
    return found


def _record(actor: Actor, act: str, found: ReopeningView, **facts: str) -> None:
    document = f"period:{found.fiscal_year}:{found.period}"
    audit.record(actor=actor, act=act, document=document, facts={"request": str(found.request_id), **facts})
