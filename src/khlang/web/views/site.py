"""What belongs to the whole site: preferences, offline page, service worker, probe, manifest."""

import hashlib
from http import HTTPStatus

import psycopg
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from khlang.authentication.access import next_page
from khlang.web.shell import MODULES, THEME_COOKIE, THEMES, safe_json

_YEAR_SECONDS = 365 * 24 * 60 * 60
_SECONDS_PATIENT = 2
_KEPT = ("tokens.css", "khlang.css", "htmx.min.js", "icons.svg", "mark.svg", "app.js")


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep the language or the display chosen on this computer, and go back to the page."""
    response = redirect(next_page(request))
    language, theme = request.POST.get("language"), request.POST.get("theme")
    if language in dict(settings.LANGUAGES):
        _keep(response, settings.LANGUAGE_COOKIE_NAME, language)
    if theme in THEMES:
        _keep(response, THEME_COOKIE, theme)
    elif theme == "system":
        response.delete_cookie(THEME_COOKIE)
    return response


def _keep(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=_YEAR_SECONDS, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)


@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    """The page a browser shows when the line is down; it asks the database nothing."""
    return render(request, "web/offline.html")


@never_cache
@require_GET
def health(request: HttpRequest) -> JsonResponse:  # noqa: ARG001
    """Whether the service and its database answer; browsers ask before they send again what waits."""
    try:
        _ask_database()
    except (OperationalError, psycopg.OperationalError):
        return JsonResponse({"status": "database does not answer"}, status=HTTPStatus.SERVICE_UNAVAILABLE)
    return JsonResponse({"status": "ok"})


def _ask_database() -> None:
    """Ask for a sign of life and wait two seconds at most: pages may wait longer for a connection, a probe may not."""
    pool = getattr(connection, "pool", None)
    if pool is None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return
    pool.open()
    with pool.connection(timeout=_SECONDS_PATIENT) as direct:
        direct.execute("SELECT 1")


@require_GET
def service_worker(request: HttpRequest) -> HttpResponse:
    """The service worker; with KHLANG_SERVICE_WORKER_OFF one that removes itself from every browser."""
    off = getattr(settings, "KHLANG_SERVICE_WORKER_OFF", False)
    names = [*_KEPT, *(f"{name}.js" for name in MODULES)]
    kept = [staticfiles_storage.url(f"khlang/{name}") for name in names]
    facts = {
        "kept": safe_json([reverse("web:offline"), *kept]),
        "version": hashlib.sha256("".join(kept).encode()).hexdigest()[:12],
    }
    template = "web/service-worker-off.js" if off else "web/service-worker.js"
    response = render(request, template, facts, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@require_GET
def manifest(request: HttpRequest) -> JsonResponse:  # noqa: ARG001
    """Name and colours for a browser that puts Khlang on the desktop."""
    brand, trade = pgettext("brand", "Khlang"), _("Local government accounts")
    facts = {
        "name": f"{brand} · {trade}",
        "short_name": brand,
        "start_url": "/",
        "display": "minimal-ui",
        "background_color": "#f3f5f9",
        "theme_color": "#16245a",
        "icons": [{"src": staticfiles_storage.url("khlang/mark.svg"), "sizes": "any", "type": "image/svg+xml"}],
    }
    return JsonResponse(facts, content_type="application/manifest+json")
