"""A log-in by ThaiD: there, and back again."""

import contextlib
import logging
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from django.conf import settings as django_settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from khlang.authentication.rules.thaid import ThaidSettings
from khlang.authentication.thaid import condition, departures, id_tokens
from khlang.authentication.thaid.departures import Departure
from khlang.authentication.thaid.provider import ALIVE_SECONDS, Provider, discovered, signing_key
from khlang.authentication.thaid.wire import Budget, UnreachableError, bounded
from khlang.kernel.refusals import Refusal, Refused
from khlang.toolkit.citizen_number import pid_hash

logger = logging.getLogger(__name__)

# Of the seconds of one step, these are kept to revoke the token.
REVOCATION_SECONDS = 1.0
CANCELLED = frozenset({"user_denied", "access_denied"})
# Only words of the manual are shown or logged; anything else in the address could have been written by anybody.
REASONS = frozenset(
    {
        "invalid_request",
        "invalid_scope",
        "unsupported_response_type",
        "unsupported_grant_type",
        "duplicate_request",
        "server_error",
        "unauthorized_client",
        "invalid_client",
        "invalid_grant",
    }
)


@dataclass(frozen=True, slots=True)
class ThaidIdentity:
    """Who came back, as far as Khlang needs to know. `ial` is empty when ThaiD did not say; `proved_at` is ThaiD's."""

    pid_hash: str
    ial: str
    given_name: str
    family_name: str
    proved_at: datetime
    next_page: str


def begin(*, request: HttpRequest, next_page: str, at: datetime) -> HttpResponseRedirect:
    """Send the browser to ThaiD, once ThaiD was seen alive.

    Refuses authentication.thaid_off, authentication.thaid_unreachable; within the seconds of the settings.
    """
    settings = configured()
    try:
        provider = discovered(settings, Budget(settings.seconds_max), seconds=ALIVE_SECONDS)
    except UnreachableError as problem:
        raise _unreachable(settings, problem, at) from problem
    departure = Departure(_redirect_uri(settings, request), _safe_page(request, next_page), at)
    departures.keep(departure)
    with _session(settings, provider, departure) as session:
        verifier = departure.code_verifier if _uses_pkce(settings, provider) else None
        address, _ = session.create_authorization_url(
            provider.authorization, state=departure.state, nonce=departure.nonce, code_verifier=verifier
        )
    response = HttpResponseRedirect(address)
    response.set_cookie(
        departures.cookie_name(departure.state),
        departure.browser,
        max_age=departures.LIFETIME,
        path=urlsplit(departure.redirect_uri).path,
        secure=django_settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def finish(*, request: HttpRequest, at: datetime) -> ThaidIdentity:
    """Take the person back: who she is, with every doubt settled. The token is revoked, the number is hashed.

    Refuses authentication.thaid_off, thaid_state_unknown, thaid_cancelled, thaid_refused {reason},
    thaid_answer_invalid {fault}, thaid_unreachable.
    """
    settings = configured()
    state = request.GET.get("state", "")
    browser = request.COOKIES.get(departures.cookie_name(state), "")
    departure = departures.take(state=state, browser=browser, at=at) if state and browser else None
    if departure is None:
        raise Refused(Refusal("authentication.thaid_state_unknown"))
    if error := request.GET.get("error"):
        raise Refused(_refused(error))
    code = request.GET.get("code", "")
    if not code:
        raise Refused(Refusal("authentication.thaid_answer_invalid", {"fault": "code"}))
    try:
        return _exchanged(settings, departure, code, at)
    except UnreachableError as problem:
        raise _unreachable(settings, problem, at) from problem
    except id_tokens.InvalidTokenError as problem:
        # The word names the check that failed; nothing of the token is in it.
        logger.warning("thaid answer invalid: %s", problem.fault)
        raise Refused(Refusal("authentication.thaid_answer_invalid", {"fault": problem.fault})) from problem


def forget(*, request: HttpRequest, response: HttpResponse) -> None:
    """Take the cookie of a log-in that is over out of the browser."""
    name = departures.cookie_name(request.GET.get("state", ""))
    if name in request.COOKIES:
        response.delete_cookie(name, path=request.path)


def configured() -> ThaidSettings:
    """The settings of this installation; refuses authentication.thaid_off when it has no ThaiD."""
    found: ThaidSettings | None = django_settings.THAID
    if found is None:
        raise Refused(Refusal("authentication.thaid_off"))
    return found


def _exchanged(settings: ThaidSettings, departure: Departure, code: str, at: datetime) -> ThaidIdentity:
    whole = Budget(settings.seconds_max)
    budget = whole.part(keep=REVOCATION_SECONDS)
    provider = discovered(settings, budget)
    with _session(settings, provider, departure) as session:
        reply = _reply(bounded(session, budget), settings, provider, departure, code)
        access_token = reply["access_token"]
        try:
            told = id_tokens.read(
                token=reply["id_token"],
                access_token=access_token,
                expected=_expected(settings, departure, at),
                find_key=lambda kid: signing_key(provider, kid, budget),
            )
        finally:
            _revoke(bounded(session, Budget(REVOCATION_SECONDS)), provider, access_token)
    return ThaidIdentity(
        pid_hash=pid_hash(pid=told.pid),
        ial=told.ial,
        given_name=told.given_name,
        family_name=told.family_name,
        proved_at=told.proved_at,
        next_page=departure.next_page,
    )


def _expected(settings: ThaidSettings, departure: Departure, at: datetime) -> id_tokens.Expected:
    return id_tokens.Expected(
        issuer=settings.expected_issuer,
        client_id=settings.client_id,
        nonce=departure.nonce,
        requires_nonce=settings.requires_nonce,
        requires_at_hash=settings.requires_at_hash,
        begun_at=departure.begun_at,
        at=at,
        leeway_seconds=settings.leeway_seconds,
    )


def _reply(
    session: OAuth2Session, settings: ThaidSettings, provider: Provider, departure: Departure, code: str
) -> dict[str, str]:
    """The answer to the exchange, with its two tokens as texts."""
    verifier = {"code_verifier": departure.code_verifier} if _uses_pkce(settings, provider) else {}
    try:
        reply: Any = session.fetch_token(
            provider.token, grant_type="authorization_code", code=code, allow_redirects=False, **verifier
        )
    except OAuthError as problem:
        raise Refused(_refused(problem.error)) from problem
    except ValueError as problem:
        # A web page in place of JSON, which Authlib and requests report in words of their own.
        raise id_tokens.InvalidTokenError("form") from problem
    except requests.RequestException as problem:
        raise UnreachableError(type(problem).__name__) from problem
    if not isinstance(reply, dict) or not all(isinstance(reply.get(n), str) for n in ("access_token", "id_token")):
        raise id_tokens.InvalidTokenError("form")
    return dict(reply)


def _revoke(session: OAuth2Session, provider: Provider, access_token: str) -> None:
    """End the access token, which nobody needs. The token bare, as the sample has it; then as the manual has it."""
    if not provider.revocation:
        return
    # Without an answer the token ends by itself within a quarter of an hour, and we keep none.
    with contextlib.suppress(requests.RequestException, UnreachableError):
        for value in (access_token, f"Bearer {access_token}"):
            answer = session.request(
                "POST",
                provider.revocation,
                withhold_token=True,
                auth=session.client_auth(session.token_endpoint_auth_method),
                data={"token": value},
                allow_redirects=False,
            )
            if answer.status_code == HTTPStatus.OK:
                return


def _session(settings: ThaidSettings, provider: Provider, departure: Departure) -> OAuth2Session:
    session = OAuth2Session(
        client_id=settings.client_id,
        client_secret=settings.client_secret,
        token_endpoint_auth_method="client_secret_basic",  # noqa: S106  (the name of a method)
        scope=settings.scope,
        redirect_uri=departure.redirect_uri,
        code_challenge_method="S256" if _uses_pkce(settings, provider) else None,
    )
    if settings.api_key:
        session.headers["x-imauth-apikey"] = settings.api_key
    return session


def _uses_pkce(settings: ThaidSettings, provider: Provider) -> bool:
    return settings.pkce == "on" or (settings.pkce == "auto" and provider.announces_pkce)


def _redirect_uri(settings: ThaidSettings, request: HttpRequest) -> str:
    """The registered way back to the host that the browser came to, where its cookies are; else the first."""
    host = request.get_host()
    return next((each for each in settings.redirect_uris if urlsplit(each).netloc == host), settings.redirect_uris[0])


def _safe_page(request: HttpRequest, wanted: str) -> str:
    """A page of ours, or the first one."""
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if is_ours else "/"


def _refused(error: str) -> Refusal:
    if error in CANCELLED:
        return Refusal("authentication.thaid_cancelled")
    return Refusal("authentication.thaid_refused", {"reason": error if error in REASONS else "unknown"})


def _unreachable(settings: ThaidSettings, problem: UnreachableError, at: datetime) -> Refused:
    logger.warning("thaid unreachable: %s", problem)
    condition.note_down(at=at)
    return Refused(Refusal("authentication.thaid_unreachable", {"seconds": settings.seconds_max}))
