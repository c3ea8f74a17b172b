"""How the whole system stands: the notice for pages left open, the way to the mode, the status page."""

import re
import time
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from khlang.identity import queries as identity
from khlang.identity.rules import Level
from khlang.operations import queries as operations
from khlang.toolkit.request_language import page_language

SECONDS_FRESH = 180
_NAME = re.compile(r"[a-z0-9-]+\.(html|css|json|woff2)")
_KINDS = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "json": "application/json",
    "woff2": "font/woff2",
}


@never_cache
@require_GET
def notice(request: HttpRequest) -> HttpResponse:
    """The mode of the system as pages show it; a page that stays open asks again from time to time."""
    return render(request, "operations/_notice.html")


@never_cache
@require_GET
def figures(request: HttpRequest) -> JsonResponse:  # noqa: ARG001
    """What the system says about itself, without a word about anybody; the status program asks twice a minute."""
    return JsonResponse(operations.figures(at=timezone.now()))


@never_cache
@require_GET
def status(request: HttpRequest) -> HttpResponse:
    """The page that the status program wrote last, in the language of the reader; an honest word when that is long ago."""
    return _written("en.html" if page_language() == "en" else "index.html") or render(
        request, "operations/status_missing.html"
    )


@never_cache
@require_GET
def status_file(request: HttpRequest, file: str) -> HttpResponse:
    """The files beside that page; a front proxy serves them all by itself."""
    found = _written(file) if _NAME.fullmatch(file) else None
    if found is None and file in ("index.html", "en.html"):
        return render(request, "operations/status_missing.html")
    if found is None:
        raise Http404
    return found


def _written(name: str) -> HttpResponse | None:
    folder = Path(settings.KHLANG_STATUS)
    try:
        if time.time() - (folder / "status.json").stat().st_mtime > SECONDS_FRESH:
            return None
        return HttpResponse((folder / name).read_bytes(), content_type=_KINDS[name.rpartition(".")[2]])
    except OSError:
        return None


@require_GET
@login_required
def mode(request: HttpRequest) -> HttpResponse:
    """The page on which this person sets the mode: in the department's entity, wherever she comes from."""
    for entity in identity.entities_of(user_id=request.user.pk or 0, at=timezone.now()):
        if entity.level == Level.DEPARTMENT:
            return redirect("operations:modes", entity_code=entity.code)
    raise Http404
