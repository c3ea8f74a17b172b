"""The id_token, right by default and wrong in each way that can be asked for."""

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from thaid_simulator.configuration import Configuration
from thaid_simulator.faults import FaultBoard

HOUR = 3600


def _ec_key() -> ECKey:
    return ECKey.generate_key("P-256", parameters={"kid": secrets.token_hex(8), "use": "sig", "alg": "ES256"})


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one run: made at its start, never written down. The RSA key is published to make a fault worse."""

    right: ECKey = field(default_factory=_ec_key)
    forged: ECKey = field(default_factory=_ec_key)
    rsa: RSAKey = field(
        default_factory=lambda: RSAKey.generate_key(2048, parameters={"kid": secrets.token_hex(8), "use": "sig"})
    )

    def published(self) -> dict[str, object]:
        """What `/jwks/` answers."""
        return {"keys": [self.right.as_dict(private=False), self.rsa.as_dict(private=False)]}


def half_hash(token: str) -> str:
    """`at_hash`: the left half of the SHA-256 of the access token."""
    return _encoded(hashlib.sha256(token.encode()).digest()[:16])


@dataclass(frozen=True, slots=True)
class Issued:
    """What an id_token is about; `now` is Unix time."""

    subject: str
    told: dict[str, str]
    nonce: str
    access_token: str
    now: int


def id_token(*, settings: Configuration, keys: Keys, faults: FaultBoard, issued: Issued) -> str:
    """The signed token, with every fault that is switched on."""
    claims: dict[str, Any] = {
        "iss": settings.issuer,
        "aud": settings.client.client_id,
        "sub": issued.subject,
        "iat": issued.now,
        "exp": issued.now + settings.token_seconds,
        "auth_time": issued.now,
        "at_hash": half_hash(issued.access_token),
        "version": "2",
        **issued.told,
    }
    if issued.nonce:
        claims["nonce"] = issued.nonce
    _bend_claims(claims, faults)
    return _signed(claims, keys, faults)


def _bend_claims(claims: dict[str, Any], faults: FaultBoard) -> None:
    wrong = {
        "wrong_issuer": {"iss": "https://issuer.invalid"},
        "wrong_audience": {"aud": "another-client"},
        "wrong_nonce": {"nonce": secrets.token_urlsafe(16)},
        "wrong_at_hash": {"at_hash": half_hash("another token")},
        "low_ial": {"ial": "1.1"},
        "malformed_ial": {"ial": "high"},
    }
    for name, values in wrong.items():
        if faults.take(name):
            claims.update(values)
    for name, claim in {"no_nonce": "nonce", "no_ial": "ial", "no_at_hash": "at_hash", "no_pid": "pid"}.items():
        if faults.take(name):
            claims.pop(claim, None)
    if faults.take("old_iat"):
        _shift(claims, -HOUR - 900)
    if skewed := faults.take("skewed_clock"):
        _shift(claims, skewed.seconds)


def _shift(claims: dict[str, Any], seconds: int) -> None:
    for name in ("iat", "exp", "auth_time"):
        claims[name] += seconds


def _signed(claims: dict[str, Any], keys: Keys, faults: FaultBoard) -> str:
    header = {"alg": "ES256", "kid": str(keys.right.kid)}
    if faults.take("alg_none"):
        return f"{_part({**header, 'alg': 'none'})}.{_part(claims)}."
    if faults.take("alg_hs256"):
        # Whoever lets the header choose the algorithm takes the public key for the secret.
        signed = f"{_part({**header, 'alg': 'HS256'})}.{_part(claims)}"
        digest = hmac.digest(keys.right.as_pem(private=False), signed.encode(), "sha256")
        return f"{signed}.{_encoded(digest)}"
    if faults.take("alg_rs256"):
        return jwt.encode({"alg": "RS256", "kid": str(keys.rsa.kid)}, claims, keys.rsa, algorithms=["RS256"])
    if faults.take("wrong_signature"):
        return jwt.encode(header, claims, keys.forged)
    if faults.take("unknown_key"):
        return jwt.encode({**header, "kid": str(keys.forged.kid)}, claims, keys.forged)
    return jwt.encode(header, claims, keys.right)


def _part(content: dict[str, Any]) -> str:
    return _encoded(json.dumps(content).encode())


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
