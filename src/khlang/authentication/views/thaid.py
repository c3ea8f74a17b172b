"""The door of ThaiD: there, and back again. Whatever happens there, the other doors are on the page that answers."""

from datetime import datetime
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from khlang.authentication import commands
from khlang.authentication.access import next_page, origin_of, prove, prove_again
from khlang.authentication.answers import refused_status
from khlang.authentication.rules import Door
from khlang.authentication.thaid import client
from khlang.authentication.views.log_in import let_in
from khlang.kernel.refusals import Refused

_UNREACHABLE = "authentication.thaid_unreachable"


@never_cache
@require_GET
def leave(request: HttpRequest) -> HttpResponse:
    """Go to ThaiD, or hear within seconds that it does not answer."""
    try:
        return client.begin(request=request, next_page=next_page(request), at=timezone.now())
    except Refused as refused:
        return _refused(request, refused)


@never_cache
@require_GET
def back(request: HttpRequest) -> HttpResponse:
    """Come back from ThaiD, with a proof or without."""
    now = timezone.now()
    try:
        proved = client.finish(request=request, at=now)
        attempt = commands.try_thaid(pid_hash=proved.pid_hash, ial=proved.ial, origin=origin_of(request), at=now)
    except Refused as refused:
        response = _refused(request, refused)
    else:
        # When she proved it is ThaiD's word, which may be some minutes ago; never later than now.
        response = _come_in(request, attempt, go_on=proved.next_page, proved_at=min(now, proved.proved_at))
    client.forget(request=request, response=response)
    return response


def _come_in(request: HttpRequest, attempt: commands.Try, *, go_on: str, proved_at: datetime) -> HttpResponse:
    """Open a session; whoever is here already has proved once more who she is, and what waits in other tabs stays good."""
    if request.user.is_authenticated and request.user.pk == attempt.account.user_id:
        commands.succeed(attempt=attempt, at=timezone.now(), remember=False)
        prove_again(request, door=Door.THAID, at=proved_at)
        return redirect(go_on)
    response = let_in(request, attempt=attempt, door=Door.THAID, go_on=go_on)
    prove(request, door=Door.THAID, at=proved_at)
    return response


def _refused(request: HttpRequest, refused: Refused) -> HttpResponse:
    unreachable = any(refusal.code == _UNREACHABLE for refusal in refused.refusals)
    status = HTTPStatus.SERVICE_UNAVAILABLE if unreachable else refused_status(refused)
    facts = {"refusals": refused.refusals, "next": next_page(request)}
    return render(request, "authentication/login.html", facts, status=status)
