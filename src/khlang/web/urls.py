"""All addresses of the site: the shell's own, and every area's under the code of its entity."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from khlang.authentication.urls import door_patterns
from khlang.web.views import entities, errors, home, search, site, standing

# official_forms before reporting: a report as .pdf is printed by the one, every other form of it written by the other.
AREAS = (
    "ledger",
    "journal_vouchers",
    "official_forms",
    "budget",
    "reporting",
    "continuity",
    "oversight",
    "identity",
    "authentication",
    "operations",
)

app_patterns = [
    path("", entities.entities, name="entities"),
    path("preferences/", site.preferences, name="preferences"),
    path("offline/", site.offline, name="offline"),
    path("health", site.health, name="health"),
    path("health/figures", standing.figures, name="figures"),
    path("notice/", standing.notice, name="notice"),
    path("mode/", standing.mode, name="mode"),
    path("status/", standing.status, name="status"),
    path("status/<str:file>", standing.status_file, name="status-file"),
    path("manifest.webmanifest", site.manifest, name="manifest"),
    path("service-worker.js", site.service_worker, name="service-worker"),
    path("<slug:entity_code>/", home.home, name="home"),
    path("<slug:entity_code>/palette", search.palette, name="palette"),
    path("<slug:entity_code>/choices/accounts", search.account_choices, name="account-choices"),
]

# Before the codes of entities: no entity may be called "api".
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("khlang.api.urls")),
    path("", include((door_patterns, "doors"))),
    path("", include((app_patterns, "web"))),
]
urlpatterns += [
    path("<slug:entity_code>/", include(f"khlang.{area}.urls"))
    for area in AREAS
    if find_spec(f"khlang.{area}.urls") and find_spec(f"khlang.{area}.views")
]

handler400 = errors.bad_request
handler403 = errors.not_permitted
handler404 = errors.not_found
handler500 = errors.server_error
