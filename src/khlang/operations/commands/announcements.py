"""Publish an announcement, and keep who has read and acknowledged it."""

from datetime import datetime
from uuid import UUID

from khlang.audit import commands as audit
from khlang.identity import queries as identity
from khlang.identity.permissions import require
from khlang.identity.rules import Role
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refusal, Refused, refuse_any
from khlang.operations import queries
from khlang.operations.commands.modes import require_department
from khlang.operations.rules import AnnouncementDraft, Audience, check_announcement
from khlang.toolkit import sql
from khlang.toolkit.tenancy import entity_transaction

_INSERT = """
    INSERT INTO operations_announcement (key, replaces, audience, audience_code, title_th, title_en, body_th, body_en,
                                         shown_from, shown_until, is_important, is_acknowledged,
                                         recorded_by, recorded_by_name, recorded_at)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING number
"""
_RECEIVE = """
    INSERT INTO operations_receipt (entity_id, announcement, user_id, kind, received_at)
    VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING RETURNING 1
"""


def announce(*, actor: Actor, draft: AnnouncementDraft, at: datetime, key: UUID) -> int:
    """Publish to the audience; returns its number. The same key again gives the first number.

    Refuses operations.not_the_department and what `check_announcement` yields.
    """
    require(actor, "operations.announce")
    require_department(actor)
    if (known := queries.announcement_by_key(key=key)) is not None:
        return known
    check_draft(draft=draft, at=at)
    texts = tuple(text.strip() for text in (draft.title_th, draft.title_en, draft.body_th, draft.body_en))
    shown = (draft.shown_from or at, draft.shown_until, draft.is_important, draft.is_acknowledged)
    who = (actor.user_id, actor.name, at)
    values = (key, draft.replaces, draft.audience, draft.audience_code, *texts, *shown, *who)
    facts = {"audience": draft.audience, "code": draft.audience_code, "title": texts[0], "replaces": draft.replaces}
    with sql.named_refusals(), entity_transaction(actor.entity_id):
        number: int = sql.scalar(_INSERT, values)
        audit.record(actor=actor, act="operations.announce", document=f"announcement:{number}", facts=facts)
    queries.forget_announcements()
    return number


def check_draft(*, draft: AnnouncementDraft, at: datetime) -> None:
    """Refuse what `check_announcement` yields, as publishing would: the preview asks it too."""
    replaced = queries.announcement(number=draft.replaces) if draft.replaces is not None else None
    refuse_any(check_announcement(draft, at=at, codes=_codes(draft), replaced=replaced))


def _codes(draft: AnnouncementDraft) -> set[str]:
    if draft.audience != Audience.ENTITY:
        return {each.code for each in queries.audience_codes(draft.audience)}
    try:
        return {identity.entity(code=draft.audience_code).code}
    except Refused:
        return set()


def read_announcement(*, actor: Actor, number: int, at: datetime) -> None:
    """Note that the actor has opened an announcement; again is harmless. A visitor reads without leaving a mark.

    Refuses operations.announcement_unknown {number} when it is not shown to the actor.
    """
    require(actor, "operations.read_announcements")
    _receive(actor, number, at, ("read",))


def acknowledge(*, actor: Actor, number: int, at: datetime) -> None:
    """Note that the actor has understood an announcement; again is harmless. It stands in the entity's record.

    Refuses operations.announcement_unknown {number}.
    """
    require(actor, "operations.read_announcements")
    _receive(actor, number, at, ("read", "acknowledged"))


def _receive(actor: Actor, number: int, at: datetime, kinds: tuple[str, ...]) -> None:
    with entity_transaction(actor.entity_id):
        if queries.received_one(actor=actor, number=number, at=at) is None:
            raise Refused(Refusal("operations.announcement_unknown", {"number": number}))
        if actor.roles == {Role.VISITOR}:
            return
        new = [kind for kind in kinds if sql.scalar(_RECEIVE, (actor.entity_id, number, actor.user_id, kind, at))]
        if "acknowledged" in new:
            audit.record(actor=actor, act="operations.acknowledge", document=f"announcement:{number}")
