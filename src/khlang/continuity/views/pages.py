"""History, one import, and how far its work has come."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from khlang.continuity import queries
from khlang.continuity.forms import HistoryForm
from khlang.continuity.rules import ImportView
from khlang.continuity.views import shown
from khlang.identity.access import page
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refused
from khlang.ledger.rules import Page


@require_safe
@page(act="continuity.import")
def import_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What was brought in from files, newest first."""
    search, number = HistoryForm(request.GET).asked()
    views, count = queries.imports(search=search, page=number)
    rows = tuple(shown.listed(views))
    context = {
        "actor": actor,
        "rows": rows,
        "search": search,
        "page": Page(rows, count, number, queries.PAGE_SIZE),
    }
    return render(request, "continuity/import_list.html", context)


@require_safe
@page(act="continuity.import")
def import_detail(request: HttpRequest, actor: Actor, import_id: UUID) -> HttpResponse:
    """One import: what is in the file, what is wrong, what may be done."""
    context = shown.detail(actor, wanted(import_id), now=timezone.now())
    return render(request, "continuity/import_detail.html", context)


@require_safe
@page(act="continuity.import")
def progress(request: HttpRequest, actor: Actor, import_id: UUID) -> HttpResponse:
    """The part of the page that asks again every second while a job is at work; at the end the page loads anew."""
    view = wanted(import_id)
    context = shown.detail(actor, view, now=timezone.now())
    response = render(request, "continuity/_progress.html", context)
    if not view.is_at_work and view.state != "uploaded":
        response["HX-Refresh"] = "true"
    return response


def wanted(import_id: UUID) -> ImportView:
    """The import of the address; 404 when there is none in this entity."""
    try:
        return queries.import_(import_id=import_id)
    except Refused as refused:
        raise Http404 from refused
