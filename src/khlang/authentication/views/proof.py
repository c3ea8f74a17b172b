"""Prove once more who one is: as a page of its own, and for scripts and programs."""

from http import HTTPStatus

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from khlang.authentication import commands, forms, queries
from khlang.authentication.access import is_script, next_page, origin_of, prove_again
from khlang.authentication.answers import refused_to_script
from khlang.authentication.step_up import ask
from khlang.identity.access import is_fresh
from khlang.kernel.refusals import Refused


@sensitive_post_parameters("password", "code")
@never_cache
@require_http_methods(["GET", "POST"])
@login_required
def prove(request: HttpRequest) -> HttpResponse:
    """Take a proof; approvals and payments go on for some minutes. Answers programs with `{"proved": true}`."""
    go_on = next_page(request)
    if request.method == "GET":
        # For a page's script only the form, to stand in a box of that page.
        return ask(request, fields=[("next", go_on)], action=request.path)
    now, given = timezone.now(), forms.proof(request)
    if is_fresh(request, now) and not (given.password or given.code or given.credential):
        # Proved meanwhile in another tab, by ThaiD.
        return _proved(request, go_on)
    try:
        attempt, door = commands.try_proof(
            user=request.user,
            proof=given,
            origin=origin_of(request),
            at=now,
            roles=queries.roles_of(user_id=int(request.user.pk or 0), at=now),
        )
    except Refused as refused:
        if is_script(request):
            return refused_to_script(refused)
        return ask(request, fields=[("next", go_on)], action=request.path, refused=refused)
    commands.succeed(attempt=attempt, at=now, remember=False)
    prove_again(request, door=door, at=now)
    return _proved(request, go_on)


def _proved(request: HttpRequest, go_on: str) -> HttpResponse:
    if is_script(request):
        return JsonResponse({"proved": True, "csrf": get_token(request)}, status=HTTPStatus.OK)
    return redirect(go_on)


@never_cache
@require_POST
@login_required
def options(request: HttpRequest) -> JsonResponse:
    """What a browser needs to ask for a passkey of the person who is logged in."""
    return JsonResponse(commands.passkey_options(user=request.user))
