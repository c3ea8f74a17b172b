"""A session that ended must never put the log-in page into a fragment, nor lose what was typed."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, JsonResponse

EVENT = "session-expired"


def is_script(request: HttpRequest) -> bool:
    """Whether a script of a page asks, not a person who opens a document."""
    mode = request.headers.get("Sec-Fetch-Mode", "")
    return (
        "HX-Request" in request.headers
        or request.headers.get("X-Requested-With", "").lower() in {"fetch", "xmlhttprequest"}
        or bool(mode and mode != "navigate")
    )


def signed_out() -> JsonResponse:
    """The answer to a script whose session is gone; the page asks the reader to log in again and keeps the text."""
    response = JsonResponse({"code": EVENT}, status=401)
    response["HX-Trigger"] = EVENT
    # htmx puts the body of a refusal into the page unless told otherwise.
    response["HX-Reswap"] = "none"
    response["Cache-Control"] = "no-store"
    return response


class SessionEndMiddleware:
    """Turns a redirect to the log-in page into 401 for scripts, and keeps pages of the books out of caches."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Wrap the rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Serve one request."""
        response = self.get_response(request)
        to_login = response.headers.get("Location", "").split("?")[0] == settings.LOGIN_URL
        if to_login and is_script(request) and not request.user.is_authenticated:
            return signed_out()
        if request.user.is_authenticated:
            # Shared machines: a page of the books is not kept after log-out, and Back asks the server again.
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response
