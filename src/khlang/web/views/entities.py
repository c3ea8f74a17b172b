"""Which entity to work in."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from khlang.identity import queries as identity


@login_required
def entities(request: HttpRequest) -> HttpResponse:
    """The entities of the person; straight on when there is only one."""
    found = identity.entities_of(user_id=request.user.pk or 0, at=timezone.now())
    request.session["several_entities"] = len(found) > 1
    if len(found) == 1:
        return redirect("web:home", entity_code=found[0].code)
    return render(request, "web/entities.html", {"entities": found})
