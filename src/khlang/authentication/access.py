"""How other areas and pages meet a person at the door: who asks, where she may go on to, and letting her in."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import login
from django.core import signing
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.utils.http import url_has_allowed_host_and_scheme

from khlang.authentication.rules import Door, Origin
from khlang.authentication.session_store import PROVED_BY, SessionStore
from khlang.identity.access import PROVED_AT
from khlang.toolkit.json_logs import request_address

EVENT = "session-expired"
BACKEND = "django.contrib.auth.backends.ModelBackend"
_DEVICES_SALT = "khlang.authentication.devices"
_DEVICES_MAX = 12
_DEVICES_SECONDS = 180 * 24 * 60 * 60
_NEW_DEVICES = "khlang_devices"


def origin_of(request: HttpRequest) -> Origin:
    """Read where a request comes from. A device cookie that is not ours is no device."""
    devices: dict[int, UUID] = {}
    try:
        told = signing.loads(
            request.COOKIES.get(settings.KHLANG_DEVICE_COOKIE, ""), salt=_DEVICES_SALT, max_age=_DEVICES_SECONDS
        )
        devices = {int(user_id): UUID(device) for user_id, device in told.items()}
    except (signing.BadSignature, ValueError, AttributeError):
        devices = {}
    return Origin(request_address.get(), request.headers.get("User-Agent", "")[:400], devices)


def is_script(request: HttpRequest) -> bool:
    """Whether a script of a page asks, not a person who opens a document."""
    mode = request.headers.get("Sec-Fetch-Mode", "")
    return (
        "HX-Request" in request.headers
        or request.headers.get("X-Requested-With", "").lower() in {"fetch", "xmlhttprequest"}
        or bool(mode and mode != "navigate")
    )


def to_script(*, event: str, told: Mapping[str, object], status: int) -> JsonResponse:
    """An answer that leaves the page as it is and tells its scripts what happened."""
    response = JsonResponse({"code": event, **told}, status=status)
    response["HX-Trigger"] = json.dumps({event: told}) if told else event
    # htmx puts the body of a refusal into the page unless told otherwise.
    response["HX-Reswap"] = "none"
    response["Cache-Control"] = "no-store"
    return response


def signed_out() -> JsonResponse:
    """The answer to a script whose session is gone; the page asks the reader to log in again and keeps the text."""
    return to_script(event=EVENT, told={}, status=401)


def next_page(request: HttpRequest, default: str = "/") -> str:
    """The page to go on to: only one of our own."""
    asked = request.POST.get("next") or request.GET.get("next") or default
    safe = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if safe and not asked.startswith(settings.LOGIN_URL) else default


def enter(request: HttpRequest, *, user: Any, door: Door, device_id: UUID, at: datetime) -> None:
    """Let a person in who has proved who she is: a new session under a new key, and this browser remembered."""
    origin = origin_of(request)
    request.session.flush()
    login(request, user, BACKEND)
    prove(request, door=door, at=at)
    kept = [(user_id, device) for user_id, device in origin.devices.items() if user_id != user.pk]
    devices = dict([*kept, (int(user.pk), device_id)][-_DEVICES_MAX:])
    setattr(request, _NEW_DEVICES, {str(user_id): device.hex for user_id, device in devices.items()})


def prove(request: HttpRequest, *, door: Door, at: datetime) -> None:
    """Note in the session that the person proved just now who she is."""
    request.session[PROVED_AT] = int(at.timestamp())
    request.session[PROVED_BY] = door.value


def prove_again(request: HttpRequest, *, door: Door, at: datetime) -> None:
    """The same during a session: its key changes, so that one that was overheard before does not profit."""
    prove(request, door=door, at=at)
    if isinstance(request.session, SessionStore):
        request.session.renew()


def remember_devices(request: HttpRequest, response: HttpResponseBase) -> None:
    """Put the device cookie into the answer to a log-in."""
    devices = getattr(request, _NEW_DEVICES, None)
    if devices is not None:
        response.set_cookie(
            settings.KHLANG_DEVICE_COOKIE,
            signing.dumps(devices, salt=_DEVICES_SALT),
            max_age=_DEVICES_SECONDS,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
