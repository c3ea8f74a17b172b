"""How many wrong tries make a pause, so that an office behind one address works and an attacker does not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from khlang.kernel.fiscal_calendar import THAI_TIME
from khlang.kernel.refusals import Refusal

_SUBSCRIBER_BITS = 64


@dataclass(frozen=True, slots=True)
class Limits:
    """What is borne; parameters of the reference data, [K] until measured in real offices.

    `account_here`: wrong tries for one account from one address; `device`: from a device that logged in before;
    both within `window`. `account`: for one account from anywhere else; `address_accounts`: different accounts tried
    from one address where they never succeeded; both within `long_window`.
    """

    account_here: int
    device: int
    account: int
    address_accounts: int
    window: timedelta
    long_window: timedelta


@dataclass(frozen=True, slots=True)
class Seen:
    """When things went wrong lately, newest first and within their windows.

    `known_device`: the try comes from a device on which this account logged in before; `known_here`: the account
    logged in from this address in the last weeks. `strangers` has one moment for each account that is neither.
    """

    known_device: bool
    known_here: bool
    device: Sequence[datetime] = ()
    account_here: Sequence[datetime] = ()
    account: Sequence[datetime] = ()
    strangers: Sequence[datetime] = ()


def network_of(address: str) -> str:
    """What one subscriber has: the address itself, or for IPv6 its /64, in which he may choose freely."""
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    kept = int(found) >> _SUBSCRIBER_BITS << _SUBSCRIBER_BITS
    return f"{IPv6Address(kept)}/{_SUBSCRIBER_BITS}"


def check_try(*, seen: Seen, limits: Limits) -> Iterator[Refusal]:
    """Yield the pause that holds for this try, if any, with the moment from which it works again.

    authentication.account_paused_here {until}, .account_paused {until}, .address_paused {until}. A device on which
    the account logged in before is measured by its own mistakes only: strangers cannot lock anybody out of it.
    """
    if seen.known_device:
        yield from _pause("account_paused_here", seen.device, limits.device, limits.window)
        return
    yield from _pause("account_paused_here", seen.account_here, limits.account_here, limits.window)
    yield from _pause("account_paused", seen.account, limits.account, limits.long_window)
    if not seen.known_here:
        yield from _pause("address_paused", seen.strangers, limits.address_accounts, limits.long_window)


def _pause(clause: str, moments: Sequence[datetime], limit: int, window: timedelta) -> Iterator[Refusal]:
    if len(moments) >= limit:
        # Works again when so many have become old that one more may be made.
        until = moments[limit - 1] + window
        yield Refusal(f"authentication.{clause}", {"until": clock(until)})


def tries_left(*, seen: Seen, limits: Limits) -> int:
    """How many more wrong tries this account has from here before a pause."""
    if seen.known_device:
        return max(0, limits.device - len(seen.device))
    return max(0, min(limits.account_here - len(seen.account_here), limits.account - len(seen.account)))


def clock(moment: datetime) -> str:
    """A moment as a clock in Thailand shows it; the next full minute, so that nobody comes too early."""
    local = moment.astimezone(THAI_TIME)
    full = local if local.second == local.microsecond == 0 else local + timedelta(minutes=1)
    return f"{full:%H:%M}"
