"""The home page of an office that keeps no books: the department, or a province."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from khlang.identity import queries as identity
from khlang.identity.permissions import may
from khlang.identity.rules import KEEPS_BOOKS, EntityView, Level, VisitView
from khlang.kernel.actors import Actor
from khlang.kernel.statements import Link
from khlang.kernel.tasks import Task
from khlang.operations import queries as operations
from khlang.operations.rules import Situation
from khlang.operations.rules.announcements import AnnouncementView
from khlang.web.queries.home import Figure

_VISITS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Above:
    """What is theirs to do: open tasks, entities, the mode, announcements, visits."""

    office: EntityView
    to_do: tuple[Task, ...]
    waiting: tuple[Task, ...]
    figures: tuple[Figure, ...]
    situation: Situation
    announcements: tuple[tuple[AnnouncementView, Link], ...]
    visits: tuple[tuple[VisitView, int], ...]
    may: frozenset[str]


_ACTS = ("operations.set_mode", "operations.announce", "oversight.visit", "identity.manage_entities")


def above(*, actor: Actor, found: list[Task], at: datetime) -> Above | None:
    """The page for an office above at a moment, in its transaction; None where books are kept."""
    office = identity.entity(code=actor.entity_code)
    if office.level in KEEPS_BOOKS:
        return None
    visits = [each for each in identity.visits_by(user_id=actor.user_id, limit=_VISITS_SHOWN) if each.lasts(at)]
    return Above(
        office=office,
        to_do=tuple(task for task in found if task.urgency != "waiting"),
        waiting=tuple(task for task in found if task.urgency == "waiting"),
        figures=_entities(office),
        situation=operations.situation(at=at),
        announcements=tuple(_announced(actor, at)),
        visits=tuple((each, each.minutes_left(at)) for each in visits),
        may=frozenset(act for act in _ACTS if may(actor, act)),
    )


def _entities(office: EntityView) -> tuple[Figure, ...]:
    """How many entities stand under the office."""
    counts = identity.entity_counts(province_code=office.province_code)
    return (
        Figure(_("Local governments"), office.name_th, word=f"{counts.get(Level.LOCAL_GOVERNMENT, 0):,}"),
        Figure(_("Schools and other units"), office.name_th, word=f"{counts.get(Level.UNIT, 0):,}"),
    )


def _announced(actor: Actor, at: datetime) -> list[tuple[AnnouncementView, Link]]:
    """What is shown now: everything, with who has read it, for whoever announces; else what reaches the office."""
    if may(actor, "operations.announce"):
        shown = [each for each in operations.announcements() if each.is_shown(at)]
        return [(each, Link("operations:receipts", {"number": str(each.number)})) for each in shown]
    received = [each.announcement for each in operations.received(actor=actor, at=at)]
    return [(each, Link("operations:announcement", {"number": str(each.number)})) for each in received]
