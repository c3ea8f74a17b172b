"""Reads about tries, devices and sessions; all return frozen values."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from uuid import UUID

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils import timezone
from django.utils.crypto import salted_hmac

from khlang.authentication.models import Device, Session
from khlang.authentication.rules import Limits, Seen, SessionView, network_of
from khlang.identity import queries as identity
from khlang.kernel.thai_text import normalise
from khlang.reference import queries as reference
from khlang.toolkit import sql


@dataclass(frozen=True, slots=True)
class Account:
    """Whom a typed name means: a keyed hash to count by, and the person when there is one."""

    key: str
    user: AbstractBaseUser | None = None

    @property
    def user_id(self) -> int | None:
        """The number of the person."""
        return int(self.user.pk) if self.user is not None else None


def account_named(*, username: str) -> Account:
    """The account that is meant by what was typed; Thai letters are taken in one normal form."""
    name = normalise(username)
    user = identity.user_named(username=name) or identity.user_named(username=username.strip())
    return account_of(user=user) if user is not None else Account(_key(f"name:{name.casefold()}"))


def account_of(*, user: AbstractBaseUser) -> Account:
    """The account of a person who is known already."""
    return Account(_key(f"user:{user.pk}"), user)


def account_of_citizen(*, pid_hash: str) -> Account:
    """The account of somebody whom ThaiD proved and nobody registered."""
    return Account(_key(f"citizen:{pid_hash}"))


def _key(text: str) -> str:
    return salted_hmac("khlang.authentication.account", text, algorithm="sha256").hexdigest()


def person(*, user_id: int) -> AbstractBaseUser | None:
    """The person of this number, while she may log in at all."""
    return get_user_model()._default_manager.filter(pk=user_id, is_active=True).first()  # noqa: SLF001  (Django's name)


def roles_of(*, user_id: int, at: datetime) -> frozenset[str]:
    """Every hat of a person in any entity: what her doors must be fit for."""
    found = identity.entities_of(user_id=user_id, at=at)
    hats = (identity.authorities_of(entity_id=each.entity_id, user_id=user_id, at=at) for each in found)
    return frozenset(each.hat for held in hats for each in held)


@lru_cache(maxsize=4)
def limits(*, day: date) -> Limits:
    """How many wrong tries are borne on a day; read once a day and process."""

    def number(name: str) -> int:
        return int(reference.parameter(name=f"login_{name}", on_date=day).value)

    return Limits(
        account_here=number("account_here_failures"),
        device=number("device_failures"),
        account=number("account_failures"),
        address_accounts=number("address_accounts"),
        window=timedelta(minutes=number("window_minutes")),
        long_window=timedelta(minutes=number("long_window_minutes")),
    )


_FAILED = "a.outcome = 'tried' AND NOT EXISTS (SELECT FROM authentication_attempt f WHERE f.of_attempt = a.attempt_id)"
_SEEN = f"""
SELECT
  ARRAY(SELECT a.at FROM authentication_attempt a WHERE a.account_key = %(account)s AND a.device_id = %(device)s
        AND a.at > %(window)s AND {_FAILED}
        AND a.at > coalesce((SELECT max(s.at) FROM authentication_attempt s WHERE s.account_key = %(account)s
                             AND s.device_id = %(device)s AND s.outcome = 'succeeded'), '-infinity')
        ORDER BY a.at DESC LIMIT %(many)s),
  ARRAY(SELECT a.at FROM authentication_attempt a WHERE a.account_key = %(account)s AND a.network = %(network)s
        AND a.device_id IS NULL AND a.at > %(window)s AND {_FAILED}
        AND a.at > coalesce((SELECT max(s.at) FROM authentication_attempt s WHERE s.account_key = %(account)s
                             AND s.network = %(network)s AND s.outcome = 'succeeded'), '-infinity')
        ORDER BY a.at DESC LIMIT %(many)s),
  ARRAY(SELECT a.at FROM authentication_attempt a WHERE a.account_key = %(account)s AND a.device_id IS NULL
        AND a.at > %(long_window)s AND {_FAILED} ORDER BY a.at DESC LIMIT %(many)s),
  ARRAY(SELECT max(a.at) FROM authentication_attempt a WHERE a.network = %(network)s AND a.device_id IS NULL
        AND a.at > %(long_window)s AND {_FAILED}
        AND NOT EXISTS (SELECT FROM authentication_attempt s WHERE s.account_key = a.account_key
                        AND s.network = a.network AND s.outcome = 'succeeded' AND s.at > %(known)s)
        GROUP BY a.account_key ORDER BY 1 DESC LIMIT %(many)s),
  EXISTS (SELECT FROM authentication_attempt s WHERE s.account_key = %(account)s AND s.network = %(network)s
          AND s.outcome = 'succeeded' AND s.at > %(known)s)
"""
_MANY = 200
# The first digits of the hash of a key name a session; they open nothing.
SESSION_NUMBER = 16


def seen(*, account: Account, device_id: UUID | None, address: str, at: datetime) -> Seen:
    """What went wrong lately for this account, and from this address."""
    found_limits = limits(day=timezone.localdate(at))
    days = int(reference.parameter(name="login_known_address_days", on_date=timezone.localdate(at)).value)
    row = sql.row(
        _SEEN,
        {
            "account": account.key,
            "device": device_id,
            "network": network_of(address),
            "window": at - found_limits.window,
            "long_window": at - found_limits.long_window,
            "known": at - timedelta(days=days),
            "many": _MANY,
        },
    )
    if row is None:
        raise AssertionError("a query of one row gave none")
    device, here, anywhere, strangers, known = row
    return Seen(device_id is not None, known, device, here, anywhere, strangers)


def known_device(*, user_id: int | None, device_id: UUID | None) -> UUID | None:
    """The device, when it is this person's and she did not have it forgotten."""
    if user_id is None or device_id is None:
        return None
    found = Device.objects.filter(device_id=device_id, user_id=user_id, forgotten_at__isnull=True)
    return device_id if found.exists() else None


def sessions(*, user_id: int, at: datetime, own_key: str = "") -> list[SessionView]:
    """The sessions of a person that are not over, the newest first; `own_key` marks the one that asks."""
    found = Session.objects.filter(user_id=user_id, expire_date__gt=at, replaced_at__isnull=True)
    return [
        SessionView(
            number=row.session_key[:SESSION_NUMBER],
            device=row.device,
            address=row.address,
            created_at=row.created_at,
            last_seen_at=row.last_seen_at,
            proved_by=row.proved_by,
            own=bool(own_key) and row.session_key == own_key,
        )
        for row in found.order_by("-last_seen_at")
    ]
