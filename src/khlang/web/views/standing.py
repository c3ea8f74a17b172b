"""How the whole system stands: the notice for pages left open, the way to the mode, the status page."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from khlang.identity import queries as identity
from khlang.identity.rules import Level


@never_cache
@require_GET
def notice(request: HttpRequest) -> HttpResponse:
    """The mode of the system as pages show it; a page that stays open asks again from time to time."""
    return render(request, "operations/_notice.html")


@never_cache
@require_GET
def status(request: HttpRequest) -> HttpResponse:
    """The state of the system as this program knows it, while the status program has written nothing lately."""
    return render(request, "operations/status_missing.html")


@require_GET
@login_required
def mode(request: HttpRequest) -> HttpResponse:
    """The page on which this person sets the mode: in the department's entity, wherever she comes from."""
    for entity in identity.entities_of(user_id=request.user.pk or 0, at=timezone.now()):
        if entity.level == Level.DEPARTMENT:
            return redirect("operations:modes", entity_code=entity.code)
    raise Http404
