"""The door of the password."""

from datetime import datetime
from typing import Any

from django.contrib.auth import authenticate
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from khlang.authentication.commands.attempts import Try, begin_try, note_change
from khlang.authentication.queries import Account, account_named, limits, seen
from khlang.authentication.rules import Door, Origin, check_try, tries_left
from khlang.identity import commands as identity
from khlang.kernel.refusals import Refusal, Refused, refuse_any


def try_password(*, username: str, password: str, origin: Origin, at: datetime) -> Try:
    """Check a name and a password; what comes next (a second step, or in) is for the caller.

    Refuses authentication.log_in_failed {left, minutes} for an unknown name as for a wrong password, after the same
    work; and the pauses of `begin_try`.
    """
    account = account_named(username=username)
    attempt = begin_try(account=account, door=Door.PASSWORD, origin=origin, at=at)
    if not is_password_of(account, password):
        refuse_wrong(attempt, at=at)
    return attempt


def is_password_of(account: Account, password: str) -> bool:
    """Whether the password is right. For a name that nobody has, the hasher works as long as for one that somebody has."""
    name = account.user.get_username() if account.user is not None else ""
    found: AbstractBaseUser | None = authenticate(username=name, password=password)
    return found is not None and account.user is not None and found.pk == account.user.pk


def refuse_wrong(attempt: Try, *, at: datetime, clause: str = "log_in_failed") -> None:
    """Say that it was wrong and how many tries are left, or from when it works again when none is."""
    found = seen(account=attempt.account, device_id=attempt.device_id, address=attempt.origin.address, at=at)
    borne = limits(day=timezone.localdate(at))
    refuse_any(check_try(seen=found, limits=borne))
    facts = {"left": tries_left(seen=found, limits=borne), "minutes": int(borne.window.total_seconds() // 60)}
    raise Refused(Refusal(f"authentication.{clause}", facts))


def give_up_password(*, user: Any, origin: Origin, at: datetime) -> None:
    """Let no password open the account any more: the person has a passkey."""
    with transaction.atomic():
        user.set_unusable_password()
        user.must_change_password = False
        user.save(update_fields=["password", "must_change_password"])
        note_change(user=user, origin=origin, at=at, what="password_changed")


def change_password(*, user: Any, password: str, origin: Origin, at: datetime) -> None:
    """Give a person the password she chose; her other sessions end. Refuses identity.password_too_weak, .password_same."""
    if user.check_password(password):
        raise Refused(Refusal("authentication.password_same", where="new_password"))
    try:
        identity.check_password(user, password)
    except Refused as weak:
        raise Refused(*(each.at("new_password") for each in weak.refusals)) from weak
    with transaction.atomic():
        user.set_password(password)
        user.must_change_password = False
        user.save(update_fields=["password", "must_change_password"])
        note_change(user=user, origin=origin, at=at, what="password_changed")
