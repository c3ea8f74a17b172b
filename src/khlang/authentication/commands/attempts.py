"""Write down each try to prove who one is, before it is looked at, so that many at once are all counted."""

import logging
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import uuid6
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from khlang.authentication.models import Attempt, Device
from khlang.authentication.queries import Account, account_of, known_device, limits, person, seen
from khlang.authentication.rules import Door, Origin, check_try, device_label, network_of
from khlang.kernel.refusals import Refused
from khlang.toolkit import sql

# A log server counts these lines and wakes somebody; whose they are stands in the record of sign-ins alone.
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Try:
    """One try under way: its row, whose account, and from which known device."""

    attempt_id: UUID
    account: Account
    door: Door
    device_id: UUID | None
    origin: Origin


def begin_try(*, account: Account, door: Door, origin: Origin, at: datetime, paused: bool = True) -> Try:
    """Count one try; refuses authentication.account_paused_here, .account_paused, .address_paused {until}.

    Without `paused` it is written down only: nobody guesses a passkey.
    """
    offered = origin.devices.get(account.user_id) if account.user_id is not None else None
    device_id = known_device(user_id=account.user_id, device_id=offered)
    attempt = Try(uuid6.uuid7(), account, door, device_id, origin)
    with transaction.atomic():
        found = seen(account=account, device_id=device_id, address=origin.address, at=at)
        refusals = tuple(check_try(seen=found, limits=limits(day=timezone.localdate(at)))) if paused else ()
        if not refusals:
            _write(attempt, attempt_id=attempt.attempt_id, outcome="tried", at=at)
    if refusals:
        _write(attempt, attempt_id=attempt.attempt_id, outcome="refused", at=at, reason=refusals[0].code)
        logger.warning("log-in paused", extra={"facts": {"reason": refusals[0].code}})
        raise Refused(*refusals)
    return attempt


def pass_try(*, attempt: Try, at: datetime) -> None:
    """The first of two steps was right; the account is not open yet."""
    _write(attempt, attempt_id=uuid6.uuid7(), outcome="passed", at=at, of_attempt=attempt.attempt_id)


def succeed(*, attempt: Try, at: datetime, remember: bool = True) -> UUID:
    """Somebody proved who she is; gives the number of her device, which is remembered from now on."""
    device_id = attempt.device_id or uuid6.uuid7()
    user_id = attempt.account.user_id
    with transaction.atomic():
        _write(
            attempt,
            attempt_id=uuid6.uuid7(),
            outcome="succeeded",
            at=at,
            of_attempt=attempt.attempt_id,
            device_id=device_id if remember else attempt.device_id,
        )
        if remember and user_id is not None:
            label = device_label(attempt.origin.agent)
            Device.objects.update_or_create(
                device_id=device_id,
                defaults={"last_used_at": at, "label": label},
                create_defaults={"user_id": user_id, "label": label, "first_used_at": at, "last_used_at": at},
            )
    return device_id


def refuse_try(*, attempt: Try, at: datetime, reason: str) -> None:
    """Somebody proved who she is and is not let in all the same, for a reason of the record; it was no wrong try."""
    _write(attempt, attempt_id=uuid6.uuid7(), outcome="refused", at=at, of_attempt=attempt.attempt_id, reason=reason)


def note_stolen(*, user_id: int, origin: Origin, at: datetime) -> None:
    """Write down that another kind of browser showed the cookie of somebody's session."""
    user = person(user_id=user_id)
    if user is not None:
        attempt = Try(uuid6.uuid7(), account_of(user=user), Door.PASSWORD, None, origin)
        reason = "authentication.session_elsewhere"
        _write(attempt, attempt_id=attempt.attempt_id, outcome="refused", at=at, reason=reason)
        logger.warning("session shown by another browser", extra={"facts": {"reason": reason}})


def note_change(*, user: AbstractBaseUser, origin: Origin, at: datetime, what: str) -> None:
    """Write down that a person changed how she proves who she is."""
    attempt = Try(uuid6.uuid7(), account_of(user=user), Door.PASSWORD, None, origin)
    _write(attempt, attempt_id=attempt.attempt_id, outcome="changed", at=at, reason=f"authentication.{what}")


def forgive_tries(*, user: AbstractBaseUser, origin: Origin, at: datetime) -> int:
    """Let the wrong tries of a person count no more; gives how many. The tries themselves stay in the record."""
    account = account_of(user=user)
    since = at - limits(day=timezone.localdate(at)).long_window
    tried = Attempt.objects.filter(account_key=account.key, outcome="tried", at__gt=since)
    answered = Attempt.objects.filter(account_key=account.key, of_attempt__isnull=False).values("of_attempt")
    failed = list(tried.exclude(attempt_id__in=answered))
    for each in failed:
        forgiven = Try(each.attempt_id, account, Door(each.door), None, origin)
        _write(forgiven, attempt_id=uuid6.uuid7(), outcome="ended", at=at, of_attempt=each.attempt_id)
    note_change(user=user, origin=origin, at=at, what="unlocked")
    return len(failed)


def prune_attempts(*, days: int) -> int:
    """Delete tries older than so many days, at least 90; gives how many."""
    found: int = sql.scalar("SELECT authentication_prune(%s)", (days,))
    return found


def _write(
    attempt: Try,
    *,
    attempt_id: UUID,
    outcome: str,
    at: datetime,
    of_attempt: UUID | None = None,
    reason: str = "",
    device_id: UUID | None = None,
) -> None:
    Attempt.objects.create(
        attempt_id=attempt_id,
        of_attempt=of_attempt,
        at=at,
        door=attempt.door.value,
        outcome=outcome,
        account_key=attempt.account.key,
        user_id=attempt.account.user_id,
        network=network_of(attempt.origin.address),
        address=attempt.origin.address,
        device=device_label(attempt.origin.agent),
        device_id=device_id or attempt.device_id,
        reason=reason,
    )
