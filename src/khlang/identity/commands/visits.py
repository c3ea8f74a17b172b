"""An officer of the department or a province reads an entity's books, for a recorded reason, for some hours (R321)."""

from dataclasses import replace
from datetime import datetime, timedelta

from uuid6 import uuid7

from khlang.audit import commands as audit
from khlang.identity.models import Visit
from khlang.identity.permissions import require
from khlang.identity.queries import entity, visit_of
from khlang.identity.rules import KEEPS_BOOKS, EntityView, Level, VisitView
from khlang.kernel.actors import Actor
from khlang.kernel.fiscal_calendar import THAI_TIME
from khlang.kernel.refusals import Refusal, Refused
from khlang.kernel.thai_text import normalise
from khlang.reference import queries as reference
from khlang.toolkit.tenancy import entity_transaction

REASON_CHARACTERS_MIN = 10


def begin_visit(*, actor: Actor, entity_code: str, reason: str, at: datetime) -> VisitView:
    """Let the officer read the books of an entity from now on, for `visit_hours`; recorded in both records.

    A visit that still lasts is given back as it is. Refuses identity.visit_reason_missing {characters},
    .visit_out_of_reach {entity}: it keeps no books, or lies in another province.
    """
    require(actor, "oversight.visit")
    wanted = entity(code=entity_code)
    _check_reach(entity(code=actor.entity_code), wanted)
    words = normalise(reason).strip()
    if len(words) < REASON_CHARACTERS_MIN:
        facts = {"characters": REASON_CHARACTERS_MIN}
        raise Refused(Refusal("identity.visit_reason_missing", facts, "reason"))
    with entity_transaction(wanted.entity_id):
        known = visit_of(user_id=actor.user_id, at=at)
    if known is not None:
        return known
    # Our own record first: a visit that nobody at home knows of must not exist.
    _record_at_home(actor, "oversight.begin_visit", wanted, reason=words)
    hours = int(reference.parameter(name="visit_hours", on_date=at.astimezone(THAI_TIME).date()).value)
    with entity_transaction(wanted.entity_id):
        Visit.objects.create(
            entity_id=wanted.entity_id,
            visit_id=uuid7(),
            user_id=actor.user_id,
            user_name=actor.name,
            from_entity_id=actor.entity_id,
            reason=words,
            started_at=at,
            ends_at=at + timedelta(hours=hours),
        )
        _record_there(actor, "oversight.begin_visit", wanted, reason=words, hours=hours)
        made = visit_of(user_id=actor.user_id, at=at)
    if made is None:
        raise AssertionError("a visit that has just begun lasts")
    return made


def end_visit(*, actor: Actor, entity_code: str, at: datetime) -> None:
    """End one's own visit before its time; again is harmless."""
    require(actor, "oversight.visit")
    wanted = entity(code=entity_code)
    with entity_transaction(wanted.entity_id):
        rows = Visit.objects.filter(
            entity_id=wanted.entity_id, user_id=actor.user_id, started_at__lt=at, ends_at__gt=at
        )
        if not rows.update(ends_at=at):
            return
        _record_there(actor, "oversight.end_visit", wanted)
    _record_at_home(actor, "oversight.end_visit", wanted)


def _check_reach(home: EntityView, wanted: EntityView) -> None:
    """Refuse an entity without books, and to a province one of another province."""
    near = home.level == Level.DEPARTMENT or home.province_code == wanted.province_code
    if wanted.level not in KEEPS_BOOKS or not near:
        raise Refused(Refusal("identity.visit_out_of_reach", {"entity": wanted.name_th}, "entity"))


def _record_at_home(actor: Actor, act: str, wanted: EntityView, **facts: object) -> None:
    with entity_transaction(actor.entity_id):
        told = {"entity": f"{wanted.code} {wanted.name_th}", **facts}
        audit.record(actor=actor, act=act, document=f"visit:{wanted.code}", facts=told)


def _record_there(actor: Actor, act: str, wanted: EntityView, **facts: object) -> None:
    """In the record of the visited entity, with where the officer comes from."""
    guest = replace(actor, entity_id=wanted.entity_id, entity_code=wanted.code, entity_name=wanted.name_th)
    told = {"from": f"{actor.entity_code} {actor.entity_name}", **facts}
    audit.record(actor=guest, act=act, document=f"visit:{actor.entity_code}", facts=told)
