"""One log line a request: its number, route, status and time. Never who, never the full address."""

import logging
import re
import time
import uuid
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from khlang.toolkit.client_address import client_address
from khlang.toolkit.json_logs import request_address, request_id

HEADER = "X-Request-ID"
_GIVEN = re.compile(r"[A-Za-z0-9-]{8,64}")
_log = logging.getLogger("khlang.requests")


class RequestLogMiddleware:
    """Gives every request a number, from the front proxy or new, and says it back in the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Wrap the rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Serve one request."""
        given = request.headers.get(HEADER, "")
        number = given if _GIVEN.fullmatch(given) else uuid.uuid4().hex
        request.request_id = number  # type: ignore[attr-defined]
        token, place = request_id.set(number), request_address.set(_address(request))
        started = time.monotonic()
        try:
            response = self.get_response(request)
            response[HEADER] = number
            self._write(request, response, started)
            return response
        finally:
            request_id.reset(token)
            request_address.reset(place)

    def _write(self, request: HttpRequest, response: HttpResponseBase, started: float) -> None:
        match = request.resolver_match
        if match is None and response.status_code < HTTPStatus.BAD_REQUEST:
            # A static file: the front proxy counts those.
            return
        facts = {
            "method": request.method,
            "route": match.route if match else "",
            "status": response.status_code,
            "milliseconds": round((time.monotonic() - started) * 1000, 1),
        }
        _log.info("request", extra={"facts": facts})


def _address(request: HttpRequest) -> str:
    return client_address(
        peer=request.META.get("REMOTE_ADDR", ""),
        forwarded=request.headers.get("X-Forwarded-For", ""),
        proxies=settings.KHLANG_PROXIES,
    )
