"""What oversight puts before people: reviews that wait, guests in the books, much personal data read."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from khlang.audit import queries as audit
from khlang.identity import queries as identity
from khlang.identity.permissions import may
from khlang.identity.rules import Role
from khlang.kernel.actors import Actor
from khlang.kernel.statements import Link
from khlang.kernel.tasks import Task, Urgency
from khlang.kernel.thai_dates import english_date, thai_date
from khlang.oversight.rules import is_overdue, review_due
from khlang.reference import queries as reference

NOTICE_DAYS = 7
_LOCAL_HEADS = frozenset({Role.CLERK, Role.EXECUTIVE})


# For whoever collects work (parameters: entity, user, today, now): one of the three that `tasks` tells about.
OVERSIGHT_WAITS = f"""
    (EXISTS (SELECT FROM identity_exception_use u WHERE u.entity_id = %(entity)s AND u.user_id <> %(user)s AND NOT EXISTS
        (SELECT FROM identity_exception_review r WHERE r.entity_id = u.entity_id AND r.use_id = u.use_id))
    OR EXISTS (SELECT FROM identity_visit WHERE entity_id = %(entity)s AND ends_at >= %(now)s - interval '{NOTICE_DAYS} days')
    OR EXISTS (SELECT FROM audit_act WHERE entity_id = %(entity)s AND act = 'audit.read_personal'
        AND acted_at >= (%(today)s::timestamp AT TIME ZONE 'Asia/Bangkok')))
"""


def tasks(*, actor: Actor, today: date, now: datetime) -> Iterator[Task]:
    """What waits for this actor: reviews (R333); for the local heads who came to read; for the administrator, who reads much."""
    if may(actor, "oversight.review_exceptions"):
        yield from _reviews(actor, today)
    if actor.roles & _LOCAL_HEADS:
        yield from _guests(now)
    if Role.LOCAL_ADMINISTRATOR in actor.roles:
        yield from _great_readers(today)


def _both(say: Callable[[], str]) -> tuple[str, str]:
    """The same sentence in Thai and in English."""
    said = []
    for language in ("th", "en"):
        with override(language):
            said.append(say())
    return said[0], said[1]


def _reviews(actor: Actor, today: date) -> Iterator[Task]:
    waiting = [use for use in identity.exception_uses(reviewed=False) if use.user_id != actor.user_id]
    if not waiting:
        return
    count, oldest = len(waiting), localdate(waiting[-1].used_at)

    def say() -> str:
        words = ngettext("Review %(count)d act done in two hats", "Review %(count)d acts done in two hats", count)
        return words % {"count": count}

    thai, english = _both(say)
    names = ", ".join(dict.fromkeys(use.user_name for use in waiting))
    urgency: Urgency = "overdue" if is_overdue(used_on=oldest, today=today) else "due"
    due = review_due(used_on=oldest)
    link = Link("oversight:exceptions")
    yield Task("exceptions", urgency, thai, english, link, names, names, due=due, icon="shield-check")


def _guests(now: datetime) -> Iterator[Task]:
    """A quiet notice, with the work of others: who reads the books now, or did within the last days."""
    for visit in identity.visits(limit=20):
        if now - visit.ends_at > timedelta(days=NOTICE_DAYS):
            continue
        facts = {"name": visit.user_name, "office": visit.from_name}
        reads = visit.lasts(now)

        def say(facts: dict[str, str] = facts, *, reads: bool = reads) -> str:
            words = (
                _("%(name)s of %(office)s is reading your books")
                if reads
                else _("%(name)s of %(office)s read your books")
            )
            return words % facts

        thai, english = _both(say)
        day = localdate(visit.started_at)
        details = (f"{thai_date(day)}: {visit.reason}", f"{english_date(day)}: {visit.reason}")
        yield Task(f"visit:{visit.visit_id}", "waiting", thai, english, Link("oversight:visits"), *details, icon="eye")


def _great_readers(today: date) -> Iterator[Task]:
    limit = int(reference.parameter(name="personal_rows_per_day", on_date=today).value)
    for number, (name, rows) in audit.rows_read_since(at=today).items():
        if rows <= limit:
            continue
        facts = {"name": name, "rows": rows}

        def say(facts: dict[str, object] = facts) -> str:
            return _("%(name)s read %(rows)d rows of personal data today") % facts

        thai, english = _both(say)
        yield Task(f"readings:{number}", "due", thai, english, Link("oversight:readings"), icon="eye")
