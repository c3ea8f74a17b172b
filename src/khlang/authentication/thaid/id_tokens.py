"""The id_token: who signed it, for whom, about which log-in, and when. Every doubt ends the log-in."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidClaimError, JoseError, MissingClaimError
from joserfc.jwk import ECKey

from khlang.toolkit.citizen_number import is_citizen_number

ALGORITHM = "ES256"
NAME_LENGTH_MAX = 200
TEXT_MAX = 16 * 1024

FindKey = Callable[[str], ECKey | None]


class InvalidTokenError(Exception):
    """Not to be believed. `fault` is one word and holds nothing of the token: signature, iss, aud, nonce, exp."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Expected:
    """What the token of this log-in must say. `begun_at` is when we sent the person off, `at` is now."""

    issuer: str
    client_id: str
    nonce: str
    requires_nonce: bool
    requires_at_hash: bool
    begun_at: datetime
    at: datetime
    leeway_seconds: int


@dataclass(frozen=True, slots=True)
class Told:
    """What ThaiD says of a person. The number does not appear when this value is printed."""

    pid: str = field(repr=False)
    ial: str
    given_name: str
    family_name: str
    proved_at: datetime


def read(*, token: str, access_token: str, expected: Expected, find_key: FindKey) -> Told:
    """Check everything and tell who it is; raises InvalidTokenError."""
    key = find_key(_kid(token))
    if key is None:
        raise InvalidTokenError("key")
    try:
        found = jwt.decode(token, key, algorithms=[ALGORITHM])
    except (JoseError, ValueError) as problem:
        raise InvalidTokenError("signature") from problem
    _check_claims(found, access_token, expected)
    return _told(found.claims)


def _kid(token: str) -> str:
    """The name of the key. Nothing else in the header is believed: the algorithm is ours."""
    try:
        part = token[:TEXT_MAX].partition(".")[0]
        header = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        algorithm, kid = header["alg"], header["kid"]
    except (ValueError, KeyError, TypeError) as problem:
        raise InvalidTokenError("form") from problem
    if algorithm != ALGORITHM:
        raise InvalidTokenError("alg")
    return str(kid)


def _check_claims(found: jwt.Token, access_token: str, expected: Expected) -> None:
    now, leeway = int(expected.at.timestamp()), expected.leeway_seconds
    nonce = expected.nonce if expected.requires_nonce or "nonce" in found.claims else ""
    claims = CodeIDToken(
        found.claims,
        found.header,
        options={
            "iss": {"essential": True, "value": expected.issuer},
            "aud": {"essential": True, "value": expected.client_id},
            "at_hash": {"essential": expected.requires_at_hash},
        },
        params={"nonce": nonce, "client_id": expected.client_id, "access_token": access_token},
    )
    try:
        claims.validate(now=now, leeway=leeway)
    except (InvalidClaimError, MissingClaimError) as problem:
        raise InvalidTokenError(problem.claim) from problem
    except JoseError as problem:
        raise InvalidTokenError("exp") from problem
    # A token made before this log-in began belongs to another one.
    if not _number(found.claims, "iat") >= expected.begun_at.timestamp() - leeway:
        raise InvalidTokenError("iat")


def _told(claims: dict[str, Any]) -> Told:
    pid = claims.get("pid")
    if not isinstance(pid, str) or not is_citizen_number(pid):
        raise InvalidTokenError("pid")
    proved = claims["auth_time"] if isinstance(claims.get("auth_time"), int) else claims["iat"]
    return Told(
        pid=pid,
        ial=_text(claims, "ial"),
        given_name=_text(claims, "given_name"),
        family_name=_text(claims, "family_name"),
        proved_at=datetime.fromtimestamp(proved, UTC),
    )


def _text(claims: dict[str, Any], name: str) -> str:
    found = claims.get(name)
    return found[:NAME_LENGTH_MAX] if isinstance(found, str) else ""


def _number(claims: dict[str, Any], name: str) -> float:
    found = claims.get(name)
    if isinstance(found, bool) or not isinstance(found, (int, float)):
        raise InvalidTokenError(name)
    return found
