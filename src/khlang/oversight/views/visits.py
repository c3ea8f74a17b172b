"""Visits: an officer above begins and ends one; the visited entity sees who came, when and why."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from khlang.identity import commands
from khlang.identity import queries as identity
from khlang.identity.access import page
from khlang.identity.rules import KEEPS_BOOKS, EntityView, Level
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refusal, Refused
from khlang.kernel.thai_text import normalise

_FOUND_MAX = 40


@require_GET
@page(act="oversight.read_visits")
def visit_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Who came to read our books."""
    now = timezone.now()
    found = [(visit, visit.lasts(now)) for visit in identity.visits()]
    return render(request, "oversight/visit_list.html", {"actor": actor, "visits": found})


@require_http_methods(["GET", "HEAD", "POST"])
@page(act="oversight.visit", writes=True)
def visit(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Find an entity, write the reason, and go to its books."""
    if request.method != "POST":
        return _visiting(request, actor)
    try:
        made = commands.begin_visit(
            actor=actor,
            entity_code=request.POST.get("entity", ""),
            reason=request.POST.get("reason", ""),
            at=timezone.now(),
        )
    except Refused as refused:
        return _visiting(request, actor, refusals=refused.refusals)
    request.session["several_entities"] = True
    return redirect("web:home", entity_code=made.entity_code)


@require_POST
@page(act="oversight.visit")
def end_visit(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Leave the books of an entity before the time is over."""
    try:
        commands.end_visit(actor=actor, entity_code=request.POST.get("entity", ""), at=timezone.now())
    except Refused as refused:
        return _visiting(request, actor, refusals=refused.refusals)
    messages.success(request, _("The visit has ended."))
    return redirect("oversight:visit", entity_code=actor.entity_code)


def _visiting(request: HttpRequest, actor: Actor, *, refusals: Sequence[Refusal] = ()) -> HttpResponse:
    now = timezone.now()
    search = normalise(request.GET.get("search", "")).strip()
    chosen = request.POST.get("entity") or request.GET.get("entity", "")
    context = {
        "actor": actor,
        "search": search,
        "found": _within_reach(actor, search) if search else [],
        "found_max": _FOUND_MAX,
        "chosen": next((each for each in _named(chosen) if each.level in KEEPS_BOOKS), None),
        "visits": [
            (visit, visit.lasts(now), visit.minutes_left(now)) for visit in identity.visits_by(user_id=actor.user_id)
        ],
        "reason": request.POST.get("reason", ""),
        "refusals": refusals,
    }
    return render(request, "oversight/visit.html", context, status=422 if refusals else 200)


def _within_reach(actor: Actor, search: str) -> list[EntityView]:
    home = identity.entity(code=actor.entity_code)
    province = home.province_code if home.level == Level.PROVINCE else ""
    found = identity.entities(province_code=province, search=search)
    return [each for each in found if each.level in KEEPS_BOOKS][:_FOUND_MAX]


def _named(code: str) -> list[EntityView]:
    try:
        return [identity.entity(code=code)] if code else []
    except Refused:
        return []
