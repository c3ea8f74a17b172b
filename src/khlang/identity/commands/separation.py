"""Keep two steps of one transaction in two hands, or keep the exception that joined them (R327-R333)."""

from collections.abc import Collection, Mapping
from datetime import datetime

from uuid6 import uuid7

from khlang.identity.models import ExceptionUse
from khlang.identity.queries import separated
from khlang.identity.rules import ExceptionView, Separated
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import refuse_any
from khlang.toolkit.tenancy import required_entity_id


def separate(
    *,
    actor: Actor,
    step: str,
    taken: Mapping[str, Collection[int]],
    act: str,
    document: str,
    at: datetime,
) -> Separated:
    """Let the actor take `step` of a transaction in which `taken` says who took which steps before.

    Call it inside the transaction of the act, before anything is locked that comes after the document. Refuses
    identity.same_person {rule, first, second, who} unless a written exception covers her on this day; then its use is
    kept with the document for the reviewer and the auditor (R333), and returned: put its `facts` into the record.
    The operator of the server is nobody of the office: he is kept apart from nothing, and the record names him.
    """
    found, refusals = separated(actor=actor, step=step, taken=taken, act=act, at=at)
    refuse_any(refusals)
    for exception in found.used:
        _keep_use(actor, exception, step=step, act=act, document=document, at=at)
    return found


def _keep_use(actor: Actor, exception: ExceptionView, *, step: str, act: str, document: str, at: datetime) -> None:
    ExceptionUse.objects.create(
        entity_id=required_entity_id(),
        use_id=uuid7(),
        order_id=exception.order_id,
        rule=exception.rule,
        step=step,
        act=act,
        document=document,
        user_id=actor.user_id,
        user_name=actor.name,
        reviewer_id=exception.reviewer_id,
        used_at=at,
    )
