"""The compensating review of what was done in two hats under a written exception (R333)."""

from datetime import datetime

from khlang.audit import commands as audit
from khlang.identity.models import ExceptionReview, ExceptionUse
from khlang.identity.permissions import require
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refusal, Refused
from khlang.toolkit.tenancy import entity_transaction

IN_ORDER, QUESTIONED = "in_order", "questioned"


def review_exception(*, actor: Actor, use_id: str, finding: str, note: str, at: datetime) -> None:
    """Keep what the reviewer found about one use: in order, or questioned with a note. Once; the same again is harmless.

    Refuses identity.exception_use_unknown, .own_exception (nobody reviews herself), .reviewed_already {who},
    .question_missing (a question without words).
    """
    require(actor, "oversight.review_exceptions")
    with entity_transaction(actor.entity_id):
        use = ExceptionUse.objects.filter(entity_id=actor.entity_id, use_id=use_id).first()
        if use is None or finding not in (IN_ORDER, QUESTIONED):
            raise Refused(Refusal("identity.exception_use_unknown"))
        if use.user_id == actor.user_id:
            raise Refused(Refusal("identity.own_exception"))
        known = ExceptionReview.objects.filter(entity_id=actor.entity_id, use_id=use_id).first()
        if known is not None:
            if (known.reviewed_by, known.finding) == (actor.user_id, finding):
                return
            raise Refused(Refusal("identity.reviewed_already", {"who": known.reviewed_by_name}))
        if finding == QUESTIONED and not note.strip():
            raise Refused(Refusal("identity.question_missing", where="note"))
        ExceptionReview.objects.create(
            entity_id=actor.entity_id,
            use_id=use_id,
            finding=finding,
            note=note.strip(),
            reviewed_by=actor.user_id,
            reviewed_by_name=actor.name,
            reviewed_at=at,
        )
        facts = {"use": str(use_id), "finding": finding, "note": note.strip(), "person": use.user_name}
        audit.record(actor=actor, act="identity.review_exception", document=use.document, facts=facts)
