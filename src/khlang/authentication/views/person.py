"""What the administrator does about the doors of one person: new password, lost factors, pauses, sessions."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from khlang.authentication import commands, queries
from khlang.authentication.answers import refused_status
from khlang.identity import queries as identity
from khlang.identity.access import page
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refused
from khlang.toolkit.tenancy import entity_transaction

SIGN_INS_SHOWN = 50


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@page(act="identity.manage_people")
def person(request: HttpRequest, actor: Actor, user_id: int) -> HttpResponse:
    """The doors of one person, and what may be done about them."""
    if request.method != "POST":
        return _page(request, user_id)
    now, act = timezone.now(), request.POST.get("act", "")
    try:
        if act == "password":
            password = commands.reset_password(actor=actor, user_id=user_id, at=now)
            return _with_password(request, actor, user_id, password)
        said = _do(actor, user_id, act)
    except Refused as refused:
        with entity_transaction(actor.entity_id, read_only=True):
            return _page(request, user_id, refused=refused)
    messages.success(request, said)
    return redirect("authentication:person", entity_code=actor.entity_code, user_id=user_id)


def _do(actor: Actor, user_id: int, act: str) -> str:
    now = timezone.now()
    match act:
        case "factors":
            commands.reset_factors(actor=actor, user_id=user_id, at=now)
            return _(
                "Passkeys, app and recovery codes were removed. The password alone counts until new ones are set up."
            )
        case "unlock":
            commands.unlock(actor=actor, user_id=user_id, at=now)
            return _("The pause was lifted.")
        case "sessions":
            commands.end_sessions_of(actor=actor, user_id=user_id, at=now)
            return _("All sessions were ended.")
    raise Http404


def _with_password(request: HttpRequest, actor: Actor, user_id: int, password: str) -> HttpResponse:
    with entity_transaction(actor.entity_id, read_only=True):
        return _page(request, user_id, password=password)


def _page(request: HttpRequest, user_id: int, *, refused: Refused | None = None, password: str = "") -> HttpResponse:
    now = timezone.now()
    found = identity.person(user_id=user_id, at=now)
    if found is None:
        raise Http404
    facts = {
        "person": found,
        "password": password,
        "factors": queries.second_factors(user_id=user_id),
        "sessions": queries.sessions(user_id=user_id, at=now),
        "sign_ins": queries.sign_ins(user_id=user_id, limit=SIGN_INS_SHOWN),
        "home": "" if found.is_ours else identity.home_of(user_id=user_id),
        "refusals": refused.refusals if refused else (),
    }
    return render(
        request, "authentication/person.html", facts, status=refused_status(refused) if refused else HTTPStatus.OK
    )
