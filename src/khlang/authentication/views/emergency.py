"""Two officers let a third in: their pages, and hers at the log-in."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from khlang.authentication import commands, forms, queries
from khlang.authentication.access import origin_of
from khlang.authentication.answers import refused_status
from khlang.authentication.rules import Door, shown_half
from khlang.authentication.views.log_in import let_in
from khlang.identity import queries as identity
from khlang.identity.access import page
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refused
from khlang.toolkit.tenancy import entity_transaction

ACT = "authentication.vouch"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@page(act=ACT)
def emergencies(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The requests of the entity; ask for another."""
    if request.method != "POST":
        return _list(request, actor)
    typed = forms.emergency(request)
    try:
        number, half = commands.ask_emergency(
            actor=actor, user_id=typed.user_id, reason=typed.reason, at=timezone.now()
        )
    except Refused as refused:
        with entity_transaction(actor.entity_id, read_only=True):
            return _list(request, actor, refused, typed)
    return _half(request, actor, number, half)


def _list(
    request: HttpRequest, actor: Actor, refused: Refused | None = None, typed: forms.Emergency | None = None
) -> HttpResponse:
    now = timezone.now()
    people = [row for row in identity.all_people(at=now) if row.left_at is None and row.user_id != actor.user_id]
    facts = {
        "found": queries.emergencies(at=now),
        "people": sorted(people, key=lambda row: row.name),
        "typed": typed,
        "refusals": refused.refusals if refused else (),
    }
    return render(
        request, "authentication/emergencies.html", facts, status=refused_status(refused) if refused else HTTPStatus.OK
    )


def _half(request: HttpRequest, actor: Actor, number: UUID, half: str) -> HttpResponse:
    with entity_transaction(actor.entity_id, read_only=True):
        found = queries.emergency(emergency_id=number, at=timezone.now())
    return render(request, "authentication/emergency_half.html", {"half": shown_half(half), "found": found})


@never_cache
@require_POST
@page(act=ACT)
def emergency(request: HttpRequest, actor: Actor, emergency_id: UUID) -> HttpResponse:
    """Agree to one request, or take it back."""
    now = timezone.now()
    try:
        if "cancel" in request.POST:
            commands.cancel_emergency(actor=actor, emergency_id=emergency_id, at=now)
            messages.success(request, _("The request was taken back."))
            return redirect("authentication:emergencies", entity_code=actor.entity_code)
        if "agree" not in request.POST:
            raise Http404
        half = commands.second_emergency(actor=actor, emergency_id=emergency_id, at=now)
    except Refused as refused:
        with entity_transaction(actor.entity_id, read_only=True):
            return _list(request, actor, refused)
    return _half(request, actor, emergency_id, half)


@sensitive_post_parameters("first_half", "second_half")
@never_cache
@require_http_methods(["GET", "POST"])
def come_in(request: HttpRequest) -> HttpResponse:
    """Log in with the two halves; a password of one's own or a passkey comes next."""
    refused, status = None, HTTPStatus.OK
    typed = forms.halves(request)
    if request.method == "POST":
        try:
            attempt = commands.try_emergency(
                username=typed.username,
                halves=(typed.first, typed.second),
                origin=origin_of(request),
                at=timezone.now(),
            )
            return let_in(request, attempt=attempt, door=Door.BREAK_GLASS, go_on="/")
        except Refused as found:
            refused, status = found, refused_status(found)
    facts = {"refusals": refused.refusals if refused else (), "username": typed.username}
    return render(request, "authentication/emergency_login.html", facts, status=status)
