"""Log-ins under way at ThaiD: one row each, bound to one browser, taken out once."""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from khlang.toolkit import sql

# The person leaves for the phone, looks for it, and comes back.
LIFETIME = timedelta(minutes=15)

_KEEP = """
    INSERT INTO authentication_thaid_departure
           (state_hash, browser_hash, nonce, code_verifier, redirect_uri, next_page, begun_at)
    VALUES (%s, %s, %s, %s, %s, %s, %s)
    RETURNING begun_at
"""
_TAKE = """
    DELETE FROM authentication_thaid_departure
     WHERE state_hash = %s AND browser_hash = %s AND begun_at > %s
    RETURNING nonce, code_verifier, redirect_uri, next_page, begun_at
"""
_CLEAR = """
    WITH gone AS (DELETE FROM authentication_thaid_departure WHERE begun_at <= %s RETURNING 1)
    SELECT count(*) FROM gone
"""


@dataclass(frozen=True, slots=True)
class Departure:
    """What must be known again when the person comes back. `browser` is the value of the cookie."""

    redirect_uri: str
    next_page: str
    begun_at: datetime
    state: str = field(repr=False, default_factory=lambda: secrets.token_urlsafe(32))
    browser: str = field(repr=False, default_factory=lambda: secrets.token_urlsafe(32))
    nonce: str = field(repr=False, default_factory=lambda: secrets.token_urlsafe(32))
    code_verifier: str = field(repr=False, default_factory=lambda: secrets.token_urlsafe(48))


def cookie_name(state: str) -> str:
    """A cookie for each log-in under way, so that several tabs do not overwrite one another."""
    return f"khlang-thaid-{_hash(state)[:12]}"


def keep(departure: Departure) -> None:
    """Remember a log-in that begins, and forget those that nobody came back from."""
    row = [_hash(departure.state), _hash(departure.browser), departure.nonce, departure.code_verifier]
    row += [departure.redirect_uri, departure.next_page]
    sql.row(_CLEAR, [departure.begun_at - LIFETIME])
    sql.row(_KEEP, [*row, departure.begun_at])


def take(*, state: str, browser: str, at: datetime) -> Departure | None:
    """The log-in of this state and browser, once: of two calls at one moment, one finds nothing."""
    row = sql.row(_TAKE, [_hash(state), _hash(browser), at - LIFETIME])
    if row is None:
        return None
    nonce, verifier, redirect_uri, next_page, begun_at = row
    return Departure(redirect_uri, next_page, begun_at, state, browser, nonce, verifier)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
