"""Announcements as readers have them: the list, one of them, and that it was understood."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from khlang.identity.access import page
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refused
from khlang.operations import commands, queries
from khlang.operations.rules import AnnouncementView, paragraphs
from khlang.toolkit.request_language import page_language
from khlang.toolkit.tenancy import entity_transaction


@require_GET
@page(act="operations.read_announcements")
def announcements(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What the department announces to this entity now, unread first."""
    found = queries.received(actor=actor, at=timezone.now())
    return render(request, "operations/announcements.html", {"actor": actor, "received": found})


@require_GET
@page(act="operations.read_announcements", writes=True)
def announcement(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """One announcement. Opening it is reading it."""
    at = timezone.now()
    try:
        commands.read_announcement(actor=actor, number=number, at=at)
    except Refused as refused:
        raise Http404(str(refused)) from refused
    with entity_transaction(actor.entity_id, read_only=True):
        found = queries.received_one(actor=actor, number=number, at=at)
        if found is None:
            raise Http404
        facts = {"actor": actor, "received": found, "view": found.announcement, "told": told(found.announcement)}
        return render(request, "operations/announcement.html", facts)


@require_POST
@page(act="operations.read_announcements")
def acknowledge(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Understood."""
    try:
        commands.acknowledge(actor=actor, number=number, at=timezone.now())
    except Refused as refused:
        raise Http404(str(refused)) from refused
    messages.success(request, _("Noted that you have understood it."))
    return redirect("operations:announcement", entity_code=actor.entity_code, number=number)


def told(view: AnnouncementView) -> object:
    """The text of an announcement in the reader's language, in paragraphs of text and links."""
    english = page_language() == "en" and view.body_en.strip()
    return paragraphs(view.body_en if english else view.body_th)
