"""What programs call: `token/`, `introspect/`, `revoke/`, `userinfo/`."""

import base64
import binascii
import hashlib
import secrets
from http import HTTPStatus
from urllib.parse import unquote_plus

from thaid_simulator.configuration import Client, Configuration
from thaid_simulator.faults import FaultBoard
from thaid_simulator.grants import AccessToken, Code, Grants
from thaid_simulator.messages import Answer, Request, data, error, page
from thaid_simulator.tokens import Issued, Keys, id_token


def refused_client(client: Client, request: Request) -> Answer | None:
    """Why the caller is not our client; None when it is."""
    if client.api_key and not secrets.compare_digest(request.api_key.encode(), client.api_key.encode()):
        return error("unauthorized_client", "x-imauth-apikey is missing or wrong", HTTPStatus.UNAUTHORIZED)
    kind, _, encoded = request.authorization.partition(" ")
    try:
        name, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        name = secret = ""
    # RFC 6749 has both parts encoded as in a form; some clients send them bare.
    given = {(name, secret), (unquote_plus(name), unquote_plus(secret))}
    if kind.lower() != "basic" or (client.client_id, client.client_secret) not in given:
        return error("invalid_client", "client authentication failed", HTTPStatus.UNAUTHORIZED)
    return None


def token(
    *, settings: Configuration, grants: Grants, keys: Keys, faults: FaultBoard, request: Request, now: int
) -> Answer:
    """Exchange a code. With `openid` the claims come in an id_token, without it as flat fields."""
    faults.wait("token_hangs")
    if faults.take("server_error"):
        return error("server_error", "internal error")
    if faults.take("not_json"):
        return page("<!doctype html><title>maintenance</title>")
    if faults.take("invalid_client"):
        return error("invalid_client", "client authentication failed", HTTPStatus.UNAUTHORIZED)
    if refused := refused_client(settings.client, request):
        return refused
    grant_type = request.form.get("grant_type", "")
    if grant_type == "refresh_token":
        return error("invalid_refresh_token", "refresh tokens are not issued", HTTPStatus.UNAUTHORIZED)
    if grant_type != "authorization_code":
        return error("unsupported_grant_type", "only authorization_code is supported")
    code = grants.use_code(request.form.get("code", ""))
    reason = _why_not(code, faults, request, now=now)
    if code is None or reason:
        return error("invalid_request", reason)
    return data(_reply(code, settings=settings, grants=grants, keys=keys, faults=faults, now=now))


def _why_not(code: Code | None, faults: FaultBoard, request: Request, *, now: int) -> str:
    """Why a code is not exchanged; empty when it is."""
    if code is None:
        return "code is unknown"
    if code.used or faults.take("code_reused"):
        return "code was used already"
    if now >= code.until or faults.take("expired_code"):
        return "code has expired"
    if request.form.get("redirect_uri") != code.asked.redirect_uri:
        return "redirect_uri does not match"
    if code.asked.challenge and _challenge(code, request.form.get("code_verifier", "")) != code.asked.challenge:
        return "code_verifier does not match"
    return ""


def _challenge(code: Code, verifier: str) -> str:
    if code.asked.challenge_method != "S256":
        return verifier
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _reply(
    code: Code, *, settings: Configuration, grants: Grants, keys: Keys, faults: FaultBoard, now: int
) -> dict[str, object]:
    scopes = frozenset(code.asked.scopes)
    until = now + settings.token_seconds
    value = grants.keep_token(AccessToken(scopes=scopes, person=code.person, until=until))
    # `expire_in`, without an s, and an instant instead of a duration: so it is at ThaiD.
    reply: dict[str, object] = {"access_token": value, "token_type": "Bearer", "expire_in": until}
    reply["scope"] = " ".join(code.asked.scopes)
    told = code.person.claims(scopes)
    if "openid" not in scopes:
        return {**reply, **told}
    if faults.take("no_id_token"):
        return reply
    issued = Issued(code.person.subject, told, code.asked.nonce, value, now)
    return {**reply, "id_token": id_token(settings=settings, keys=keys, faults=faults, issued=issued)}


def introspect(*, settings: Configuration, grants: Grants, request: Request, now: int) -> Answer:
    """Whether a token is alive. Here, and only here, `sub` is the number of the citizen, as seen at ThaiD."""
    refused, value = _token_of(settings, request)
    if refused:
        return refused
    found = grants.token(value, now=now)
    if found is None:
        return data({"active": False})
    return data({"active": True, "sub": found.person.pid, "scope": " ".join(sorted(found.scopes))})


def revoke(*, settings: Configuration, grants: Grants, faults: FaultBoard, request: Request) -> Answer:
    """End a token."""
    faults.wait("revoke_hangs")
    refused, value = _token_of(settings, request)
    if refused:
        return refused
    grants.revoke(value)
    return data({"status": "OK", "message": "revoked"})


def _token_of(settings: Configuration, request: Request) -> tuple[Answer | None, str]:
    """The token asked about, bare or behind the word Bearer: the manual says one, the public sample does the other."""
    if refused := refused_client(settings.client, request):
        return refused, ""
    hint = request.form.get("token_type_hint", "access_token")
    if hint != "access_token":
        return error("unsupported_token_hint", "only access_token is supported"), ""
    value = request.form.get("token", "").removeprefix("Bearer ")
    return (None, value) if value else (error("invalid_request", "missing parameter: token"), "")


def userinfo(*, grants: Grants, request: Request, now: int) -> Answer:
    """The claims once more, for a token that was issued with `openid`."""
    kind, _, value = request.authorization.partition(" ")
    if kind.lower() != "bearer":
        return error("unsupported_token_type", "only Bearer is supported")
    found = grants.token(value, now=now)
    if found is None:
        return error("access_denied", "token is unknown or ended", HTTPStatus.UNAUTHORIZED)
    if "openid" not in found.scopes:
        return error("invalid_request", "token was not issued with openid")
    return data({"sub": found.person.subject, **found.person.claims(found.scopes)})
