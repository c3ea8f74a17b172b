"""Sign a review of the list of users: what was marked ends, and the whole of it is kept."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from khlang.audit import commands as audit
from khlang.identity import queries
from khlang.identity.commands.people import let_go
from khlang.identity.commands.staff import lock_people
from khlang.identity.models import PeopleReview
from khlang.identity.permissions import require
from khlang.identity.rules import Judgement, PersonRow, ReviewView, check_review
from khlang.identity.rules.reviews import END
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import refuse_any
from khlang.kernel.thai_text import normalise
from khlang.toolkit.tenancy import entity_transaction


def sign_review(*, actor: Actor, review_id: UUID, judged: Collection[Judgement], at: datetime) -> ReviewView:
    """Keep a review of everybody on the list, and let go whoever was marked to end; sent twice it is done once.

    Ending needs the right to manage people too. Refuses those of `check_review`.
    """
    require(actor, "identity.review_people")
    ending = [each for each in judged if each.verdict == END]
    if ending:
        require(actor, "identity.manage_people")
    elsewhere = {
        each.user_id: [number for number in queries.staff_of(user_id=each.user_id) if number != actor.entity_id]
        for each in ending
    }
    with entity_transaction(actor.entity_id):
        lock_people(actor.entity_id)
        before = queries.review(review_id=review_id)
        if before is not None:
            return before
        listed = {row.user_id: row for row in queries.all_people(at=at) if row.left_at is None}
        refuse_any(check_review(judged, listed=set(listed), reviewer=actor.user_id))
        told = [_told(listed[each.user_id], each) for each in judged]
        PeopleReview.objects.create(
            entity_id=actor.entity_id,
            review_id=review_id,
            reviewed_by=actor.user_id,
            reviewed_by_name=actor.name,
            reviewed_at=at,
            people=told,
        )
        for each in ending:
            reason = normalise(each.reason)
            let_go(actor=actor, user_id=each.user_id, elsewhere=elsewhere[each.user_id], reason=reason, at=at)
        facts = {"people": len(told), "ended": sorted(each.user_id for each in ending)}
        audit.record(actor=actor, act="identity.review_people", document=f"people-review:{review_id}", facts=facts)
        made = queries.review(review_id=review_id)
    if made is None:
        raise AssertionError("the review was written a moment ago")
    return made


def _told(row: PersonRow, judgement: Judgement) -> dict[str, object]:
    return {
        "user_id": row.user_id,
        "name": row.name,
        "title": row.title,
        "hats": sorted(row.worn),
        "last_login": row.last_login.isoformat() if row.last_login else "",
        "verdict": judgement.verdict,
        "reason": normalise(judgement.reason),
    }
