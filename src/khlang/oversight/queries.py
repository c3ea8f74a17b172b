"""What oversight asks of others to do: reviews that wait."""

from collections.abc import Iterator
from datetime import date

from django.utils.timezone import localdate
from django.utils.translation import ngettext, override

from khlang.identity import queries as identity
from khlang.identity.permissions import may
from khlang.kernel.actors import Actor
from khlang.kernel.statements import Link
from khlang.kernel.tasks import Task
from khlang.oversight.rules import is_overdue, review_due


def tasks(*, actor: Actor, today: date) -> Iterator[Task]:
    """What waits for this actor: uses of exceptions she is to review, the oldest saying how urgent (R333)."""
    if may(actor, "oversight.review_exceptions"):
        yield from _reviews(actor, today)


def _reviews(actor: Actor, today: date) -> Iterator[Task]:
    waiting = [use for use in identity.exception_uses(reviewed=False) if use.user_id != actor.user_id]
    if not waiting:
        return
    oldest = localdate(waiting[-1].used_at)
    said = []
    for language in ("th", "en"):
        with override(language):
            count = len(waiting)
            words = ngettext("Review %(count)d act done in two hats", "Review %(count)d acts done in two hats", count)
            said.append(words % {"count": count})
    names = ", ".join(dict.fromkeys(use.user_name for use in waiting))
    yield Task(
        key="exceptions",
        urgency="overdue" if is_overdue(used_on=oldest, today=today) else "due",
        title_th=said[0],
        title_en=said[1],
        link=Link("oversight:exceptions"),
        detail_th=names,
        detail_en=names,
        due=review_due(used_on=oldest),
        icon="shield-check",
    )
