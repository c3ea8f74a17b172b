"""Log-in, log-out, and what a page's script asks about its session."""

from http import HTTPStatus

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from khlang.authentication import commands, forms
from khlang.authentication.access import enter, is_script, next_page, origin_of, signed_out
from khlang.authentication.rules import Door
from khlang.authentication.session_store import SessionStore
from khlang.authentication.views.answers import refused_to_script
from khlang.kernel.refusals import Refusal, Refused

PAUSES = frozenset(f"authentication.{clause}" for clause in ("account_paused_here", "account_paused", "address_paused"))


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def log_in(request: HttpRequest) -> HttpResponse:
    """The log-in page; for a page's script (session ended while typing) the same as JSON."""
    if request.method == "GET":
        if request.user.is_authenticated:
            return redirect(next_page(request))
        return render(request, "authentication/login.html", {"next": next_page(request)})
    typed = forms.log_in(request)
    if not typed.username or not typed.password:
        empty = "password" if typed.username else "username"
        return _refused(request, typed, Refused(Refusal("authentication.log_in_incomplete", where=empty)))
    now = timezone.now()
    try:
        attempt = commands.try_password(
            username=typed.username, password=typed.password, origin=origin_of(request), at=now
        )
    except Refused as refused:
        return _refused(request, typed, refused)
    return let_in(request, attempt=attempt, door=Door.PASSWORD, go_on=typed.next)


def let_in(request: HttpRequest, *, attempt: commands.Try, door: Door, go_on: str) -> HttpResponse:
    """Open the session of a person who proved who she is, and go on."""
    user, now = attempt.account.user, timezone.now()
    if user is None:
        raise AssertionError("a proof is always of somebody")
    device_id = commands.succeed(attempt=attempt, at=now)
    enter(request, user=user, door=door, device_id=device_id, at=now)
    if is_script(request):
        return JsonResponse({"csrf": get_token(request), "user": user.pk})
    return redirect(go_on)


def _refused(request: HttpRequest, typed: forms.LogIn, refused: Refused) -> HttpResponse:
    paused = any(refusal.code in PAUSES for refusal in refused.refusals)
    status = HTTPStatus.TOO_MANY_REQUESTS if paused else HTTPStatus.UNPROCESSABLE_ENTITY
    if is_script(request):
        return refused_to_script(refused, status=status)
    facts = {"refusals": refused.refusals, "username": typed.username, "next": typed.next, "paused": paused}
    return render(request, "authentication/login.html", facts, status=status)


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


@never_cache
@require_http_methods(["GET", "POST"])
def session(request: HttpRequest) -> JsonResponse:
    """Who is signed in, a fresh form token, and how long the session lasts (seconds); POST starts its time anew."""
    if request.method == "POST" and not request.user.is_authenticated:
        return signed_out()
    if request.method == "POST":
        request.session.modified = True
    person = request.user.pk if request.user.is_authenticated else None
    return JsonResponse({"user": person, "csrf": get_token(request), "expires_in": seconds_left(request)})


def seconds_left(request: HttpRequest) -> int:
    """How long the session lasts if nothing more happens; 0 for nobody."""
    if isinstance(request.session, SessionStore) and request.user.is_authenticated:
        return request.session.seconds_left
    return 0
