"""Log-in by password, second step, log-in by passkey, and log-out."""

from http import HTTPStatus

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from khlang.authentication import commands, forms, queries
from khlang.authentication.access import enter, is_script, next_page, origin_of, signed_out
from khlang.authentication.answers import refused_status, refused_to_script
from khlang.authentication.rules import Door
from khlang.authentication.session_store import SessionStore
from khlang.authentication.views.pending import pending_page, pending_person, remember
from khlang.kernel.refusals import Refusal, Refused


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
    now, origin = timezone.now(), origin_of(request)
    try:
        attempt = commands.try_password(username=typed.username, password=typed.password, origin=origin, at=now)
    except Refused as refused:
        return _refused(request, typed, refused)
    if attempt.account.user_id and queries.second_factors(user_id=attempt.account.user_id).any:
        return _second_step(request, attempt, typed.next)
    return let_in(request, attempt=attempt, door=Door.PASSWORD, go_on=typed.next)


def _second_step(request: HttpRequest, attempt: commands.Try, go_on: str) -> HttpResponse:
    now, user_id = timezone.now(), attempt.account.user_id or 0
    commands.pass_try(attempt=attempt, at=now)
    remember(request, user_id=user_id, go_on=go_on, at=now)
    if is_script(request):
        names = queries.second_factors(user_id=user_id).names
        return JsonResponse({"second_step": names, "csrf": get_token(request)}, status=HTTPStatus.ACCEPTED)
    return redirect("doors:second-step")


def let_in(request: HttpRequest, *, attempt: commands.Try, door: Door, go_on: str) -> HttpResponse:
    """Open the session of a person who proved who she is, and go on."""
    user, now = attempt.account.user, timezone.now()
    if user is None:
        raise AssertionError("a proof is always of somebody")
    device_id = commands.succeed(attempt=attempt, at=now)
    enter(request, user=user, door=door, device_id=device_id, at=now)
    if is_script(request):
        return JsonResponse({"csrf": get_token(request), "user": user.pk, "next": go_on})
    return redirect(go_on)


def _refused(request: HttpRequest, typed: forms.LogIn, refused: Refused) -> HttpResponse:
    if is_script(request):
        return refused_to_script(refused)
    facts = {"next": typed.next, "refusals": refused.refusals, "username": typed.username}
    return render(request, "authentication/login.html", facts, status=refused_status(refused))


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """The second proof of somebody who has given the right password: a passkey, or a code."""
    now = timezone.now()
    user, go_on = pending_person(request, at=now), pending_page(request)
    if user is None:
        return signed_out() if is_script(request) else redirect("doors:login")
    refused, status = None, HTTPStatus.OK
    if request.method == "POST":
        proof = forms.proof(request)
        try:
            attempt, door = commands.try_second_step(user=user, proof=proof, origin=origin_of(request), at=now)
            return let_in(request, attempt=attempt, door=door, go_on=go_on)
        except Refused as found:
            refused, status = found, refused_status(found)
    if refused is not None and is_script(request):
        return refused_to_script(refused)
    facts = {
        "factors": queries.second_factors(user_id=user.pk),
        "person": user.full_name,
        "refusals": refused.refusals if refused else (),
    }
    return render(request, "authentication/second_step.html", facts, status=status)


@never_cache
@require_POST
def passkey_options(request: HttpRequest) -> JsonResponse:
    """What a browser needs to ask for a passkey: of the person between two steps, or of anybody."""
    return JsonResponse(commands.passkey_options(user=pending_person(request, at=timezone.now())))


@never_cache
@require_POST
def passkey(request: HttpRequest) -> HttpResponse:
    """Log in by a passkey alone."""
    now, go_on = timezone.now(), next_page(request)
    try:
        attempt = commands.try_passkey(credential=forms.proof(request).credential, origin=origin_of(request), at=now)
    except Refused as refused:
        return _refused(request, forms.LogIn("", "", go_on), refused)
    return let_in(request, attempt=attempt, door=Door.PASSKEY, go_on=go_on)


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """End the session, or all of them; for a colleague at the same computer, come back to the same page."""
    go_on = next_page(request, "") if "switch" in request.POST else ""
    if "everywhere" in request.POST and request.user.is_authenticated:
        commands.end_all_sessions(user_id=int(request.user.pk), at=timezone.now())
    logout(request)
    return redirect_to_login(go_on) if go_on else redirect(settings.LOGOUT_REDIRECT_URL)


@never_cache
@require_http_methods(["GET", "POST"])
def session(request: HttpRequest) -> JsonResponse:
    """Who is signed in, a fresh form token, and how long the session lasts (seconds); POST starts its time anew."""
    if request.method == "POST" and not request.user.is_authenticated:
        return signed_out()
    if request.method == "POST":
        request.session.modified = True
    person = request.user.pk if request.user.is_authenticated else None
    return JsonResponse({"user": person, "csrf": get_token(request), "expires_in": _seconds_left(request)})


def _seconds_left(request: HttpRequest) -> int:
    if isinstance(request.session, SessionStore) and request.user.is_authenticated:
        return request.session.seconds_left
    return 0


@never_cache
@login_required
def done(request: HttpRequest) -> HttpResponse:
    """Logged in or proved in a tab of its own: the page that waits in the other one goes on."""
    return render(request, "authentication/done.html")
