"""Enforces the mode of the whole system on every request, and says honestly what is closed, until when, and what of it."""

import json
from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import timezone

from khlang.authentication.access import is_script
from khlang.identity.access import SAFE_METHODS
from khlang.kernel.refusals import Refusal, message, next_step
from khlang.operations import queries
from khlang.operations.rules import Asked, Decision, Situation, decide
from khlang.toolkit.request_language import page_language
from khlang.toolkit.tenancy import WritesClosedError, writes_stay_open

Answer = Callable[[HttpRequest], HttpResponseBase]
API, HEALTH = "api", "/health"


class ModeMiddleware:
    """Lets through what the mode of this moment lets through; everything else gets 503, why, and when to come back."""

    def __init__(self, get_response: Answer) -> None:
        """Wrap the rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Serve one request."""
        if request.path_info == HEALTH:
            # Open in every mode, and asked just when the database may be gone: it is not made to wait for the mode.
            return self.get_response(request)
        situation = queries.situation(at=timezone.now())
        if situation.is_normal:
            return self.get_response(request)
        try:
            match = resolve(request.path_info)
        except Resolver404:
            return self.get_response(request)
        decision = decide(situation.mode, _asked(request, match))
        if decision is Decision.REFUSE:
            return closed(request, situation, is_api=_is_api(match))
        if decision is Decision.READ:
            return self.get_response(request)
        with writes_stay_open():
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A transaction found writing closed: the mode was switched while the request was under way."""
        if not isinstance(exception, WritesClosedError):
            return None
        match = request.resolver_match
        return closed(request, queries.situation(at=timezone.now()), is_api=match is not None and _is_api(match))


def closed(request: HttpRequest, situation: Situation, *, is_api: bool = False) -> HttpResponse:
    """503 with Retry-After: a page for people, a code for scripts (what was typed waits on the computer), a body for machines."""
    # Switched back between the refusal and the answer: asking again at once will do.
    refusal = situation.refusal or Refusal("operations.read_only", {"until": "-"})
    if is_api:
        response: HttpResponse = JsonResponse({"refusals": [_for_machines(refusal)]})
    elif is_script(request):
        response = _to_script(refusal)
    else:
        facts = {"situation": situation, "refusal": refusal, "typed": request.method not in SAFE_METHODS}
        response = render(request, "operations/closed.html", facts)
    response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
    response["Retry-After"] = str(situation.retry_seconds)
    response["Cache-Control"] = "no-store"
    return response


def _to_script(refusal: Refusal) -> JsonResponse:
    words = f"{message(refusal, page_language())} {next_step(refusal, page_language())}"
    response = JsonResponse({"code": refusal.code, "message": words, **refusal.facts})
    response["HX-Reswap"] = "none"
    response["HX-Trigger"] = json.dumps({"problem": {"message": words}})
    return response


def _for_machines(refusal: Refusal) -> dict[str, object]:
    """The one error body of the API, which stands beside this shell and cannot be asked."""
    return {
        "code": refusal.code,
        "facts": dict(refusal.facts),
        "where": refusal.where,
        "message_th": message(refusal, "th"),
        "message_en": message(refusal, "en"),
        "next_th": next_step(refusal, "th"),
        "next_en": next_step(refusal, "en"),
    }


def _asked(request: HttpRequest, match: ResolverMatch) -> Asked:
    return Asked(match.view_name, getattr(match.func, "act", ""), safe=request.method in SAFE_METHODS)


def _is_api(match: ResolverMatch) -> bool:
    return match.namespaces[:1] == [API]
