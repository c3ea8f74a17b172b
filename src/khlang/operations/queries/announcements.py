"""Reads of announcements: what is shown now, what a person has read, how far it has come."""

import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from khlang.identity import queries as identity
from khlang.identity.permissions import may
from khlang.identity.rules import KEEPS_BOOKS, EntityView
from khlang.kernel.actors import Actor
from khlang.kernel.statements import Link
from khlang.kernel.tasks import Task
from khlang.operations.queries.modes import NANOSECONDS
from khlang.operations.rules.announcements import (
    AnnouncementView,
    Audience,
    Reach,
    Reader,
    Received,
    in_reading_order,
    reaches,
)
from khlang.reference import queries as reference
from khlang.toolkit import sql
from khlang.toolkit.tenancy import entity_transaction, once, required_entity_id

_SECONDS_KEPT = 10
_ACT = "operations.read_announcements"
_ROWS = """
    SELECT a.number, a.audience, a.audience_code, a.title_th, a.title_en, a.body_th, a.body_en, a.shown_from, a.shown_until,
           a.is_important, a.is_acknowledged, a.recorded_by_name, a.recorded_at, a.replaces, c.number
      FROM operations_announcement a LEFT JOIN operations_announcement c ON c.replaces = a.number
"""


class _Live:
    """Announcements that readers see now or soon, and until when they stand (nanoseconds of the monotonic clock)."""

    rows: tuple[AnnouncementView, ...] = ()
    until = 0


def announcements(*, limit: int = 200) -> list[AnnouncementView]:
    """Everything ever published, the newest first."""
    return [AnnouncementView(*row) for row in sql.rows(f"{_ROWS} ORDER BY a.number DESC LIMIT %s", (limit,))]


def announcement(*, number: int) -> AnnouncementView | None:
    """One announcement."""
    found = sql.row(f"{_ROWS} WHERE a.number = %s", (number,))
    return None if found is None else AnnouncementView(*found)


def announcement_by_key(*, key: UUID) -> int | None:
    """The number under which this form was published before."""
    number: int | None = sql.scalar("SELECT number FROM operations_announcement WHERE key = %s", (key,))
    return number


def received(*, actor: Actor, at: datetime) -> list[Received]:
    """What is shown to this person now, unread first; inside her entity's transaction."""
    shown = list(_shown_to(actor, at))
    if not shown:
        return []
    numbers = [view.number for view in shown]
    kinds = defaultdict(set)
    for number, kind in once(("receipts", actor.user_id, *numbers), lambda: _receipts(actor.user_id, numbers)):
        kinds[number].add(kind)
    rows = (Received(view, bool(kinds[view.number]), "acknowledged" in kinds[view.number]) for view in shown)
    return in_reading_order(rows)


def _receipts(user_id: int, numbers: list[int]) -> list[tuple[Any, ...]]:
    return sql.rows(
        "SELECT announcement, kind FROM operations_receipt"
        " WHERE entity_id = %s AND user_id = %s AND announcement = ANY(%s)",
        (required_entity_id(), user_id, numbers),
    )


def received_one(*, actor: Actor, number: int, at: datetime) -> Received | None:
    """One announcement as this person has it; None when it is not shown to her."""
    return next((each for each in received(actor=actor, at=at) if each.announcement.number == number), None)


def unread_count(*, actor: Actor, at: datetime) -> int:
    """How many announcements this person has not read or still owes; opens a transaction only when there is any."""
    if not may(actor, _ACT) or not any(view.is_shown(at) for view in _live()):
        return 0
    with entity_transaction(actor.entity_id, read_only=True):
        return sum(not each.is_read or each.is_owed for each in received(actor=actor, at=at))


def announcement_tasks(*, actor: Actor, at: datetime) -> Iterator[Task]:
    """Announcements to acknowledge, and important ones not yet read, as work to do."""
    if not may(actor, _ACT):
        return
    for each in received(actor=actor, at=at):
        view = each.announcement
        if each.is_owed or (view.is_important and not each.is_read):
            yield Task(
                key=f"announcement:{view.number}",
                urgency="due" if each.is_owed else "todo",
                title_th=view.title_th,
                title_en=view.title_en or view.title_th,
                link=Link("operations:announcement", {"number": str(view.number)}),
                detail_th=view.recorded_by_name,
                detail_en=view.recorded_by_name,
                icon="message-circle",
            )


def forget_announcements() -> None:
    """Ask the database again: something was published here a moment ago."""
    _Live.until = 0


def keep_no_announcements() -> None:
    """Hold that nothing is announced, without asking, for as long as this process lives or until it is told to forget."""
    _Live.rows, _Live.until = (), sys.maxsize


def _live() -> tuple[AnnouncementView, ...]:
    if time.monotonic_ns() >= _Live.until:
        rows = sql.rows(f"{_ROWS} WHERE c.number IS NULL AND a.shown_until > %s", (timezone.now(),))
        _Live.rows = tuple(AnnouncementView(*row) for row in rows)
        _Live.until = time.monotonic_ns() + _SECONDS_KEPT * NANOSECONDS
    return _Live.rows


def _shown_to(actor: Actor, at: datetime) -> Iterator[AnnouncementView]:
    shown = [view for view in _live() if view.is_shown(at)]
    if not shown:
        return
    by_place = any(view.audience in (Audience.PROVINCE, Audience.KIND) for view in shown)
    reader = _reader(identity.entity(code=actor.entity_code)) if by_place else Reader(actor.entity_code, "", "")
    yield from (view for view in shown if reaches(view, reader))


def _reader(entity: EntityView) -> Reader:
    return Reader(entity.code, entity.province_code, entity.kind)


def receipts(*, view: AnnouncementView) -> list[tuple[EntityView, int, int]]:
    """Each entity that keeps books and that the announcement reaches, with how many people read and acknowledged.

    Inside the department's transaction; from anywhere else the database refuses operations.not_the_department.
    """
    counts: dict[int, tuple[int, int]] = {
        entity: (readers, acknowledgers)
        for entity, readers, acknowledgers in sql.rows("SELECT * FROM operations_receipt_counts(%s)", (view.number,))
    }
    reached = (each for each in identity.entities() if each.level in KEEPS_BOOKS and reaches(view, _reader(each)))
    return [(each, *counts.get(each.entity_id, (0, 0))) for each in reached]


def reach(found: list[tuple[EntityView, int, int]]) -> list[Reach]:
    """The same by province, in the order of their codes."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for entity, readers, acknowledgers in found:
        here = sums[entity.province_code]
        here[0] += 1
        here[1] += readers > 0
        here[2] += acknowledgers > 0
    return [Reach(province, *here) for province, here in sorted(sums.items())]


def audience_codes(audience: str) -> list[Any]:
    """Codes and names one can choose for an audience of this kind; entities are typed, not chosen."""
    if audience == Audience.PROVINCE:
        return list(reference.provinces())
    return [kind for kind in reference.entity_kinds() if kind.level in KEEPS_BOOKS] if audience == Audience.KIND else []
