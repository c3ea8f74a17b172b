"""My account: password, passkeys, authenticator app, recovery codes."""

import base64
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from khlang.authentication import commands, forms, queries
from khlang.authentication.access import origin_of
from khlang.authentication.answers import refused_status
from khlang.authentication.session_store import hashed
from khlang.identity.access import NotPermitted, is_fresh
from khlang.kernel.refusals import Refusal, Refused, refuse_any

View = Callable[..., HttpResponse]
OWN_ACCOUNT = "authentication.own_account"
SIGN_INS_SHOWN = 50


def proved(view: View) -> View:
    """Whoever changes how she proves who she is has proved it just now."""

    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and not is_fresh(request, timezone.now()):
            raise NotPermitted(Refused(Refusal("identity.step_up_needed", {"act": OWN_ACCOUNT})))
        return view(request, **kwargs)

    return login_required(guarded)


def _me(request: HttpRequest) -> Any:
    """Who is logged in; every page here asks for that first."""
    return request.user


def _page(request: HttpRequest, refused: Refused | None = None) -> HttpResponse:
    now, user = timezone.now(), _me(request)
    facts = {
        "factors": queries.second_factors(user_id=user.pk),
        "sessions": queries.sessions(user_id=user.pk, at=now, own_key=hashed(request.session.session_key or "")),
        "devices": queries.devices(user_id=user.pk),
        "refusals": refused.refusals if refused else (),
    }
    status = refused_status(refused) if refused else HTTPStatus.OK
    return render(request, "authentication/account.html", facts, status=status)


@never_cache
@require_GET
@login_required
def account(request: HttpRequest) -> HttpResponse:
    """Everything by which I prove who I am, and where I am logged in."""
    return _page(request)


@sensitive_post_parameters("current_password", "new_password", "new_password_again")
@never_cache
@require_http_methods(["GET", "POST"])
@login_required
def password(request: HttpRequest) -> HttpResponse:
    """A new password; after one that somebody else made, before anything else."""
    refused = None
    if request.method == "POST":
        try:
            _change_password(request, forms.new_password(request))
            return redirect("doors:account")
        except Refused as found:
            refused = found
    must = _me(request).must_change_password
    facts = {
        "refusals": refused.refusals if refused else (),
        "must": must,
        "asks_present": not (must and is_fresh(request, timezone.now())),
    }
    return render(
        request, "authentication/password.html", facts, status=refused_status(refused) if refused else HTTPStatus.OK
    )


def _change_password(request: HttpRequest, typed: forms.NewPassword) -> None:
    now, origin, user = timezone.now(), origin_of(request), _me(request)
    refuse_any(forms.check_new_password(typed))
    # Whoever was let in without a password, by two officers, has none to give.
    if not (user.must_change_password and is_fresh(request, now)):
        attempt = commands.try_own_password(user=user, password=typed.current, origin=origin, at=now)
        commands.pass_try(attempt=attempt, at=now)
    commands.change_password(user=user, password=typed.new, origin=origin, at=now)
    update_session_auth_hash(request, user)
    request.session.save()
    commands.end_all_sessions(user_id=user.pk, at=now, except_key=hashed(request.session.session_key or ""))
    messages.success(request, _("The new password counts from now on. Other sessions of yours were ended."))


@never_cache
@require_POST
@proved
def new_passkey_options(request: HttpRequest) -> JsonResponse:
    """What a browser needs to make a passkey."""
    return JsonResponse(commands.new_passkey_options(user=request.user))


@never_cache
@require_POST
@proved
def add_passkey(request: HttpRequest) -> HttpResponse:
    """Keep the passkey that the browser made."""
    given = request.POST
    try:
        codes = commands.add_passkey(
            user=request.user,
            name=given.get("name", ""),
            credential=given.get("credential", ""),
            origin=origin_of(request),
            at=timezone.now(),
        )
    except Refused as refused:
        return _page(request, refused)
    if _me(request).must_change_password:
        # The password was made by somebody else, or is forgotten: from now on the passkey is the door.
        commands.give_up_password(user=_me(request), origin=origin_of(request), at=timezone.now())
        update_session_auth_hash(request, _me(request))
    messages.success(request, _("The passkey was added. From now on you can log in with it alone."))
    return _codes(request, codes) if codes else redirect("doors:account")


@never_cache
@require_POST
@proved
def change_passkey(request: HttpRequest, number: int) -> HttpResponse:
    """Rename or remove one passkey."""
    try:
        if "remove" in request.POST:
            commands.remove_passkey(user=request.user, number=number, origin=origin_of(request), at=timezone.now())
            messages.success(request, _("The passkey was removed. Delete it on the device too."))
        else:
            commands.rename_passkey(user=request.user, number=number, name=request.POST.get("name", ""))
    except Refused as refused:
        return _page(request, refused)
    return redirect("doors:account")


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "POST"])
@proved
def app(request: HttpRequest) -> HttpResponse:
    """Set up an authenticator app: show the secret, and take its first code."""
    refused, status = None, HTTPStatus.OK
    if request.method == "POST":
        try:
            code = request.POST.get("code", "")
            codes = commands.add_app(user=request.user, code=code, origin=origin_of(request), at=timezone.now())
        except Refused as found:
            refused, status = found, refused_status(found)
        else:
            messages.success(request, _("The authenticator app is set up. Log-in asks for its code from now on."))
            return _codes(request, codes) if codes else redirect("doors:account")
    secret, drawing = (commands.offered_app if refused else commands.offer_app)(user=request.user)
    facts = {
        "secret": " ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        "drawing": base64.b64encode(drawing.encode()).decode(),
        "refusals": refused.refusals if refused else (),
    }
    return render(request, "authentication/app.html", facts, status=status)


@never_cache
@require_POST
@proved
def remove_app(request: HttpRequest) -> HttpResponse:
    """Take the authenticator app out of use."""
    commands.remove_app(user=request.user, origin=origin_of(request), at=timezone.now())
    messages.success(request, _("The authenticator app is no longer used."))
    return redirect("doors:account")


@never_cache
@require_POST
@proved
def codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes, shown this once."""
    try:
        return _codes(
            request, commands.renew_recovery_codes(user=request.user, origin=origin_of(request), at=timezone.now())
        )
    except Refused as refused:
        return _page(request, refused)


def _codes(request: HttpRequest, found: list[str]) -> HttpResponse:
    shown = [f"{code[:4]} {code[4:]}" for code in found]
    return render(request, "authentication/codes.html", {"codes": shown, "today": timezone.localdate()})


@never_cache
@require_POST
@login_required
def end_sessions(request: HttpRequest) -> HttpResponse:
    """End one session, all others, or really all; forget the devices."""
    own, user_id = hashed(request.session.session_key or ""), int(_me(request).pk)
    try:
        if number := request.POST.get("session"):
            commands.end_session(user_id=user_id, number=number)
        else:
            commands.end_all_sessions(user_id=user_id, at=timezone.now(), except_key=own)
    except Refused as refused:
        return _page(request, refused)
    messages.success(request, _("Ended."))
    return redirect("doors:account")


@never_cache
@require_GET
@login_required
def sign_ins(request: HttpRequest) -> HttpResponse:
    """When and from where somebody came in as me, or tried to."""
    found = queries.sign_ins(user_id=int(_me(request).pk), limit=SIGN_INS_SHOWN)
    return render(request, "authentication/sign_ins.html", {"sign_ins": found, "many": SIGN_INS_SHOWN})
