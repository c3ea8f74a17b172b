"""Log-in, log-out, and which entity to work in."""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from khlang.identity import queries as identity
from khlang.identity.access import PROVED_AT
from khlang.kernel.refusals import Refusal, message, next_step
from khlang.web import forms
from khlang.web.sessions import is_script, signed_out
from khlang.web.shell import language


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def log_in(request: HttpRequest) -> HttpResponse:
    """The log-in page; for a page's script (session ended while typing) the same as JSON."""
    if request.method == "GET":
        if request.user.is_authenticated:
            return redirect(forms.next_page(request))
        return render(request, "web/login.html", {"next": forms.next_page(request)})
    typed = forms.log_in(request)
    if not typed.username or not typed.password:
        empty = "password" if typed.username else "username"
        return _refused(request, typed, Refusal("web.log_in_incomplete", where=empty))
    user = authenticate(request, username=typed.username, password=typed.password)
    if user is None:
        return _refused(request, typed, _failure(request, typed.username))
    login(request, user)
    request.session[PROVED_AT] = int(timezone.now().timestamp())
    if is_script(request):
        return JsonResponse({"csrf": get_token(request), "user": user.pk})
    return redirect(typed.next)


def _failure(request: HttpRequest, username: str) -> Refusal:
    failures = AxesProxyHandler.get_failures(request, {"username": username})
    left = max(0, settings.AXES_FAILURE_LIMIT - failures)
    return Refusal("web.log_in_failed", {"left": left, "minutes": _pause_minutes()})


def _pause_minutes() -> int:
    return int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)


def _refused(
    request: HttpRequest,
    typed: forms.LogIn,
    refusal: Refusal,
    *,
    locked_until: datetime | None = None,
    status: int = HTTPStatus.UNPROCESSABLE_ENTITY,
) -> HttpResponse:
    if is_script(request):
        words = f"{message(refusal, language())} {next_step(refusal, language())}"
        return JsonResponse({"code": refusal.code, "message": words}, status=status)
    facts = {"refusals": [refusal], "username": typed.username, "next": typed.next, "locked_until": locked_until}
    return render(request, "web/login.html", facts, status=status)


def locked_out(
    request: HttpRequest,
    response: HttpResponse | None = None,  # noqa: ARG001  (django-axes calls with it)
    credentials: Mapping[str, str] | None = None,  # noqa: ARG001
) -> HttpResponse:
    """What django-axes answers after too many wrong passwords: why, and from when it works again."""
    facts = {"limit": settings.AXES_FAILURE_LIMIT, "minutes": _pause_minutes()}
    # Each try during the pause starts the pause anew, so it ends a whole pause from now.
    until = timezone.now() + settings.AXES_COOLOFF_TIME
    refusal = Refusal("web.locked_out", facts)
    typed = forms.log_in(request)
    return _refused(request, typed, refusal, locked_until=until, status=HTTPStatus.TOO_MANY_REQUESTS)


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
    left = request.session.get_expiry_age() if person else 0
    return JsonResponse({"user": person, "csrf": get_token(request), "expires_in": left})


@login_required
def entities(request: HttpRequest) -> HttpResponse:
    """The entities of the person; straight on when there is only one."""
    found = identity.entities_of(user_id=request.user.pk or 0, at=timezone.now())
    request.session["several_entities"] = len(found) > 1
    if len(found) == 1:
        return redirect("web:home", entity_code=found[0].code)
    return render(request, "web/entities.html", {"entities": found})
