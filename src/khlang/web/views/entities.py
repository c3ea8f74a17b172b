"""Which entity to work in."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from khlang.identity import queries as identity
from khlang.web.templatetags.khlang import in_language


def _home(code: str) -> str:
    return reverse("web:home", kwargs={"entity_code": code})


@login_required
def entities(request: HttpRequest) -> HttpResponse:
    """The entities of the person; straight on when there is only one."""
    found = identity.entities_of(user_id=request.user.pk or 0, at=timezone.now())
    request.session["several_entities"] = len(found) > 1
    if request.headers.get("Accept") == "application/json":
        listed = [{"code": each.code, "name": in_language(each, "name"), "href": _home(each.code)} for each in found]
        return JsonResponse({"entities": listed})
    if len(found) == 1:
        return redirect("web:home", entity_code=found[0].code)
    return render(request, "web/entities.html", {"entities": found})
