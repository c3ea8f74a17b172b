"""Reviews of the list of users, inside the entity's transaction, and when the next is due."""

from datetime import date, timedelta
from functools import lru_cache
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import override

from khlang.identity.models import PeopleReview
from khlang.identity.permissions import may
from khlang.identity.rules import ReviewView, review_due_on
from khlang.kernel.actors import Actor
from khlang.kernel.fiscal_calendar import THAI_TIME
from khlang.kernel.statements import Link
from khlang.kernel.tasks import Task
from khlang.reference import queries as reference
from khlang.toolkit import sql
from khlang.toolkit.tenancy import required_entity_id

# The task appears so long before the day.
_AHEAD = timedelta(days=30)

_LAST_AND_FIRST = """
    SELECT (SELECT max(reviewed_at) FROM identity_people_review WHERE entity_id = %(entity)s),
           (SELECT min(added_at) FROM identity_staff WHERE entity_id = %(entity)s)
"""


@lru_cache(maxsize=4)
def _months(day: date) -> int:
    """Months between two reviews on a day; a national parameter, read once a day and process."""
    return int(reference.parameter(name="people_review_months", on_date=day).value)


def reviews() -> list[ReviewView]:
    """The reviews that were signed, newest first."""
    return [_view(row) for row in PeopleReview.objects.filter(entity_id=required_entity_id()).order_by("-reviewed_at")]


def review(*, review_id: UUID) -> ReviewView | None:
    """One review, or None."""
    row = PeopleReview.objects.filter(entity_id=required_entity_id(), review_id=review_id).first()
    return None if row is None else _view(row)


def _view(row: PeopleReview) -> ReviewView:
    return ReviewView(str(row.review_id), row.reviewed_by_name, row.reviewed_at, tuple(row.people))


def review_due(*, today: date) -> date | None:
    """The day by which the list of users is to be reviewed next; None while nobody is on it (R16)."""
    last, began = sql.row(_LAST_AND_FIRST, {"entity": required_entity_id()}) or (None, None)
    return review_due_on(
        last=last.astimezone(THAI_TIME).date() if last else None,
        months=_months(today),
        first_person_on=began.astimezone(THAI_TIME).date() if began else None,
    )


def tasks(*, actor: Actor, today: date) -> list[Task]:
    """What is left to do with people: the half-yearly review, a month before its day and after."""
    if not may(actor, "identity.review_people"):
        return []
    due = review_due(today=today)
    if due is None or today < due - _AHEAD:
        return []
    titles, details = [], []
    for language in ("th", "en"):
        with override(language):
            titles.append(_("Review the list of users"))
            details.append(_("Everybody who may log in, kept or ended, every half year"))
    return [
        Task(
            key="people:review",
            urgency="overdue" if due < today else "due",
            title_th=titles[0],
            title_en=titles[1],
            detail_th=details[0],
            detail_en=details[1],
            link=Link("identity:review"),
            due=due,
            icon="users",
        ),
    ]
