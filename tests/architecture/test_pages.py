"""Every page of an entity is guarded by an act of the permission table."""

from collections.abc import Iterator
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, path

import khlang
from khlang.identity.access import page
from khlang.identity.permissions import MATRIX

SOURCE = Path(khlang.__file__).parent

# Pages for anybody, or for a person before an entity is chosen: each looks after itself.
PUBLIC_PREFIXES = (
    "account",
    "login",
    "logout",
    "session",
    "preferences",
    "offline",
    "health",
    "notice",
    "mode",
    "status",
    "manifest",
    "service-worker",
    "api/",
)


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address of the site with its route written out."""
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, route)
        else:
            yield route, entry


def unguarded(found: Iterator[tuple[str, URLPattern]]) -> Iterator[str]:
    """Addresses of an entity whose page names no act, or one the table does not know."""
    for route, pattern in found:
        if "entity_code" not in route or route.startswith("api/"):
            continue
        act = getattr(pattern.callback, "act", None)
        if act not in MATRIX:
            yield f"{route} ({act})"


def test_every_page_of_an_entity_is_guarded() -> None:
    found = list(patterns(get_resolver()))

    assert list(unguarded(iter(found))) == []


def test_every_other_page_is_known_to_be_open() -> None:
    routes = {route for route, _ in patterns(get_resolver()) if "entity_code" not in route}

    assert sorted(route for route in routes if route and not route.startswith(PUBLIC_PREFIXES)) == []


def test_an_unguarded_page_is_seen() -> None:
    def bare(request: HttpRequest, entity_code: str) -> HttpResponse:
        return HttpResponse(f"{request.path} {entity_code}")

    @page(act="ledger.read")
    def guarded(request: HttpRequest, actor: object) -> HttpResponse:
        return HttpResponse(f"{request.path} {actor}")

    @page(act="ledger.misspelt")
    def misspelt(request: HttpRequest, actor: object) -> HttpResponse:
        return HttpResponse(f"{request.path} {actor}")

    found = [(f"<entity_code>/{view.__name__}/", path("", view)) for view in (bare, guarded, misspelt)]

    assert list(unguarded(iter(found))) == ["<entity_code>/bare/ (None)", "<entity_code>/misspelt/ (ledger.misspelt)"]


def idle_acts(root: Path) -> list[str]:
    """Acts of the table that no command, page, query or function of the database asks for."""
    files = [file for kind in ("*.py", "*.sql", "*.html") for file in root.rglob(kind) if file.name != "permissions.py"]
    everything = "\n".join(file.read_text(encoding="utf-8") for file in files)
    return sorted(act for act in MATRIX if act not in everything)


def test_the_table_of_rights_promises_nothing_that_is_not_there() -> None:
    assert idle_acts(SOURCE) == []


def test_an_act_that_nothing_asks_for_is_seen(tmp_path: Path) -> None:
    assert "ledger.read" in idle_acts(tmp_path)
