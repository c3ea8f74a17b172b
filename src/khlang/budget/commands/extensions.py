"""Money carried over when its time runs out: a later end, or its rest falls into savings."""

from datetime import date, datetime
from uuid import UUID

from khlang.audit import commands as audit
from khlang.budget import queries
from khlang.budget.commands.movements import move
from khlang.budget.models import CarryExtension
from khlang.budget.rules import (
    CarryKind,
    CarryView,
    Document,
    Kind,
    Move,
    Moved,
    check_carry_extension,
    check_lapse,
)
from khlang.identity.permissions import require
from khlang.kernel.actors import Actor
from khlang.kernel.fiscal_calendar import THAI_TIME
from khlang.kernel.refusals import Refusal, Refused, refuse_any
from khlang.toolkit import sql
from khlang.toolkit.tenancy import entity_transaction


def extend_carry(
    *,
    actor: Actor,
    extension_id: UUID,
    carry_id: UUID,
    approval_number: str,
    decided_on: date,
    expires_on: date,
    reason: str,
    at: datetime,
) -> CarryView:
    """Give carried money a later end (R188, R195); sent twice with one id it is extended once.

    Investment not yet obligated: by the council, once, a year at most. What is owed: by the executive, as the contract
    binds. Refuses what check_carry_extension yields, budget.step_in_future, budget.change_unknown.
    """
    require(actor, "budget.read")
    with entity_transaction(actor.entity_id):
        view = _locked(actor, carry_id)
        of_council = view.kind is CarryKind.UNOBLIGATED_INVESTMENT
        require(actor, "budget.record_council" if of_council else "budget.approve_carry")
        if CarryExtension.objects.filter(entity_id=actor.entity_id, id=extension_id).exists():
            return view
        refuse_any(
            check_carry_extension(
                view.facts,
                approval_number=approval_number,
                decided_on=decided_on,
                expires_on=expires_on,
                reason=reason,
                today=at.astimezone(THAI_TIME).date(),
            )
        )
        kept = {"approval_number": approval_number.strip(), "reason": reason.strip(), "made_at": at}
        kept |= {"decided_on": decided_on, "expires_on": expires_on, "made_by_name": actor.name}
        ids = {"entity_id": actor.entity_id, "id": extension_id, "carry_id": carry_id, "made_by": actor.user_id}
        CarryExtension.objects.create(**ids, **kept, place=len(view.extensions) + 1)
        told = {"until": expires_on.isoformat(), "number": approval_number.strip()}
        audit.record(actor=actor, act="budget.extend_carry", document=f"carry_over:{carry_id}", facts=told)
        return _locked(actor, carry_id)


def lapse_carry(*, actor: Actor, carry_id: UUID, idempotency_key: UUID, at: datetime) -> Moved:
    """Let what is left after the last day fall into savings (R195, R198). Refuses what check_lapse yields."""
    require(actor, "budget.carry")
    on = at.astimezone(THAI_TIME).date()
    with entity_transaction(actor.entity_id):
        view = _locked(actor, carry_id)
        refuse_any(check_lapse(view.facts, on=on))
        return move(
            actor=actor,
            act="budget.lapse_carry",
            document=Document("carry_over", carry_id, view.reason[:100]),
            fiscal_year=view.fiscal_year,
            on=on,
            moves=[Move(view.line_id, Kind.RELEASE, view.left, from_hold_id=carry_id)],
            idempotency_key=idempotency_key,
        )


def _locked(actor: Actor, carry_id: UUID) -> CarryView:
    """A carry-over under the tenant's lock, so that nobody draws on it meanwhile."""
    sql.rows("SELECT budget_lock(%s)", (actor.entity_id,))
    found = queries.carry_over(carry_id=carry_id)
    if found is None:
        raise Refused(Refusal("budget.change_unknown", {"change": str(carry_id)}))
    return found
