"""How long a session lasts, and which request may use it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Door(StrEnum):
    """How somebody proved who she is."""

    PASSWORD = "password"  # noqa: S105  (the name of a door)
    CODE = "code"
    RECOVERY = "recovery"
    PASSKEY = "passkey"
    THAID = "thaid"
    BREAK_GLASS = "break_glass"


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """How long a session may lie idle, and how long it may last at all."""

    idle: timedelta
    absolute: timedelta


@dataclass(frozen=True, slots=True)
class SessionView:
    """One session of a person, as she and the administrator of her office may see it; its key is not in it."""

    number: str
    device: str
    address: str
    created_at: datetime
    last_seen_at: datetime
    proved_by: str
    own: bool = False


def ends_at(*, begun_at: datetime, last_seen_at: datetime, lifetimes: Lifetimes) -> datetime:
    """When a session ends if nothing more happens; never later than its whole life allows."""
    return min(last_seen_at + lifetimes.idle, begun_at + lifetimes.absolute)


def comes_from_elsewhere(*, kept: str, shown: str) -> bool:
    """Whether another kind of browser shows the cookie than the one it was given to: it was probably taken.

    A change of address is nothing: phones and lines of offices change theirs. A session that was never bound binds now.
    """
    return bool(kept) and kept != shown


@dataclass(frozen=True, slots=True)
class DeviceView:
    """A browser on which a person logged in before."""

    label: str
    first_used_at: datetime
    last_used_at: datetime


@dataclass(frozen=True, slots=True)
class SignInView:
    """One thing that happened at the doors of an account: `event` is an outcome, or the code of what was changed."""

    at: datetime
    door: str
    device: str
    address: str
    event: str
