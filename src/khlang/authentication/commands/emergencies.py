"""Two officers let a third in for a quarter of an hour: each holds one half of a code, and neither is she."""

import hmac
import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import uuid6
from django.utils import timezone
from django.utils.crypto import salted_hmac

from khlang.audit import commands as audit
from khlang.authentication.commands.attempts import Try, begin_try
from khlang.authentication.models import Emergency
from khlang.authentication.queries import account_named, person, view_of
from khlang.authentication.rules import (
    ALPHABET,
    HALF_CHARACTERS,
    Door,
    EmergencyState,
    Origin,
    check_first,
    check_second,
    read_half,
)
from khlang.identity import queries as identity
from khlang.identity.permissions import require
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refusal, Refused, refuse_any
from khlang.kernel.thai_text import normalise
from khlang.reference import queries as reference
from khlang.toolkit.tenancy import entity_transaction, person_transaction

ACT = "authentication.vouch"
_REASON_CHARACTERS_MAX = 500


def ask_emergency(*, actor: Actor, user_id: int, reason: str, at: datetime) -> tuple[UUID, str]:
    """The first officer asks for somebody of her entity; gives the number of the request and the first half.

    Refuses authentication.emergency_for_oneself, .emergency_stranger, .emergency_open, .emergency_reason_missing.
    """
    require(actor, ACT)
    half, said, third = _half(), normalise(reason)[:_REASON_CHARACTERS_MAX], person(user_id=user_id)
    is_staff = third is not None and actor.entity_id in identity.staff_of(user_id=user_id)
    with entity_transaction(actor.entity_id):
        rows = Emergency.objects.select_for_update().filter(entity_id=actor.entity_id, user_id=user_id)
        still_open = rows.filter(used_at__isnull=True, cancelled_at__isnull=True)
        still_open.filter(expires_at__lte=at).update(cancelled_at=at)
        refusals = list(
            check_first(officer=actor.user_id, third=user_id, is_staff=is_staff, open_already=still_open.exists())
        )
        if not said:
            refusals.append(Refusal("authentication.emergency_reason_missing", where="reason"))
        refuse_any(refusals)
        number = uuid6.uuid7()
        Emergency.objects.create(
            entity_id=actor.entity_id,
            emergency_id=number,
            user_id=user_id,
            user_name=getattr(third, "full_name", ""),
            reason=said,
            first_id=actor.user_id,
            first_name=actor.name,
            first_half=_hash(number, half),
            asked_at=at,
            expires_at=at + _lifetime(at),
        )
        _record(actor, "emergency_asked", user_id, {"emergency": str(number), "reason": said})
    return number, half


def second_emergency(*, actor: Actor, emergency_id: UUID, at: datetime) -> str:
    """Another officer agrees; gives the second half. The quarter of an hour begins now.

    Refuses authentication.emergency_over, .emergency_for_oneself, .emergency_same_officer.
    """
    require(actor, ACT)
    half = _half()
    with entity_transaction(actor.entity_id):
        row = _locked(actor, emergency_id)
        state = view_of(row, at).state
        refuse_any(check_second(officer=actor.user_id, first=row.first_id, third=row.user_id, state=state))
        row.second_id, row.second_name, row.second_half = actor.user_id, actor.name, _hash(row.emergency_id, half)
        row.seconded_at, row.expires_at = at, at + _lifetime(at)
        row.save(update_fields=["second_id", "second_name", "second_half", "seconded_at", "expires_at"])
        _record(actor, "emergency_seconded", row.user_id, {"emergency": str(emergency_id)})
    return half


def cancel_emergency(*, actor: Actor, emergency_id: UUID, at: datetime) -> None:
    """Any officer who might have asked takes a request back; one that is over stays. Refuses .emergency_over."""
    require(actor, ACT)
    with entity_transaction(actor.entity_id):
        row = _locked(actor, emergency_id)
        if view_of(row, at).state not in {EmergencyState.ASKED, EmergencyState.READY}:
            raise Refused(Refusal("authentication.emergency_over"))
        row.cancelled_at = at
        row.save(update_fields=["cancelled_at"])
        _record(actor, "emergency_cancelled", row.user_id, {"emergency": str(emergency_id)})


def try_emergency(*, username: str, halves: tuple[str, str], origin: Origin, at: datetime) -> Try:
    """The third gives her name and both halves, in either order. She must then set a password or make a passkey.

    Refuses authentication.emergency_wrong, for whatever is wrong. A failure is recorded in the entity whose request it was.
    """
    account = account_named(username=username)
    # Nobody guesses eighty bits; and whoever pauses an account from outside must not close its last door.
    attempt = begin_try(account=account, door=Door.BREAK_GLASS, origin=origin, at=at, paused=False)
    row = _ready(account.user_id, at) if account.user_id is not None else None
    given = {_hash(row.emergency_id if row else UUID(int=0), read_half(half)) for half in halves}
    if row is None or not _fits(row, given) or not _use(row, at):
        if row is not None:
            _record_for(row, "emergency_failed", {"emergency": str(row.emergency_id)})
        raise Refused(Refusal("authentication.emergency_wrong"))
    _record_for(row, "emergency_used", {"emergency": str(row.emergency_id)})
    return attempt


def _fits(row: Emergency, given: set[str]) -> bool:
    kept = (row.first_half, row.second_half)
    return all(any(hmac.compare_digest(half, each) for each in given) for half in kept)


def _ready(user_id: int, at: datetime) -> Emergency | None:
    with person_transaction(user_id):
        found = Emergency.objects.filter(user_id=user_id, used_at__isnull=True, cancelled_at__isnull=True)
        return found.filter(second_id__isnull=False, expires_at__gt=at).order_by("-asked_at").first()


def _use(row: Emergency, at: datetime) -> bool:
    """Take the code once: of two at the same moment, one."""
    with person_transaction(row.user_id):
        found = Emergency.objects.filter(entity_id=row.entity_id, emergency_id=row.emergency_id)
        used = found.filter(used_at__isnull=True, cancelled_at__isnull=True).update(used_at=at)
    if used:
        user: Any = person(user_id=row.user_id)
        user.must_change_password = True
        user.save(update_fields=["must_change_password"])
    return bool(used)


def _locked(actor: Actor, emergency_id: UUID) -> Emergency:
    found = Emergency.objects.select_for_update().filter(entity_id=actor.entity_id, emergency_id=emergency_id).first()
    if found is None:
        raise Refused(Refusal("authentication.emergency_over"))
    return found


def _half() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(HALF_CHARACTERS))


def _hash(number: UUID, half: str) -> str:
    return salted_hmac(f"khlang.authentication.emergency:{number}", half, algorithm="sha256").hexdigest()


def _lifetime(at: datetime) -> timedelta:
    found = reference.parameter(name="break_glass_minutes", on_date=timezone.localdate(at))
    return timedelta(minutes=int(found.value))


def _record(actor: Actor, act: str, user_id: int, facts: dict[str, str]) -> None:
    audit.record(actor=actor, act=f"authentication.{act}", document=f"person:{user_id}", facts=facts)


def _record_for(row: Emergency, act: str, facts: dict[str, str]) -> None:
    """In the record of the entity, by the person who is not logged in yet."""
    actor = Actor(row.user_id, row.user_name, row.entity_id, "", "", frozenset())
    with entity_transaction(row.entity_id):
        _record(actor, act, row.user_id, facts)
