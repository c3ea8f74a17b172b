"""Files to take away: the template, the sender's file as it came, and the same with its wrong cells marked."""

from io import BytesIO
from pathlib import Path
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from khlang.continuity import queries
from khlang.continuity.forms import template_year
from khlang.continuity.views import shown
from khlang.continuity.views.pages import wanted
from khlang.continuity.writers.marked import write_marked
from khlang.identity.access import page
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refused
from khlang.toolkit import uploads

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@page(act="continuity.import")
def template(request: HttpRequest, actor: Actor) -> FileResponse:
    """The import workbook of this entity and a fiscal year."""
    year = template_year(request.GET)
    buffer = BytesIO()
    queries.template_to(buffer, facts=queries.template_facts(actor=actor, fiscal_year=year))
    return _download(buffer, f"khlang-{actor.entity_code}-{year}.xlsx")


@require_safe
@page(act="continuity.import")
def marked_workbook(request: HttpRequest, actor: Actor, import_id: UUID) -> HttpResponse | FileResponse:
    """The workbook as it came, with every wrong cell coloured and explained."""
    view = wanted(import_id)
    buffer = BytesIO()
    heads = (_("Where"), _("Reference"), _("What is wrong"), _("What to do"))
    try:
        write_marked(
            Path(queries.stored_path(view)),
            buffer,
            findings=view.findings,
            language="en" if get_language() == "en" else "th",
            heads=heads,
        )
    except Refused as refused:
        context = shown.detail(actor, view, now=timezone.now(), refusals=refused.refusals)
        return render(request, "continuity/import_detail.html", context, status=422)
    mark = _("marked")
    return _download(buffer, f"{Path(view.file_name).stem}-{mark}.xlsx")


@require_safe
@page(act="continuity.import")
def sent_file(request: HttpRequest, actor: Actor, import_id: UUID) -> FileResponse:
    """The file exactly as it was sent."""
    del request, actor
    view = wanted(import_id)
    path = Path(queries.stored_path(view))
    if not path.is_file():
        raise Http404
    return uploads.download(path, name=view.file_name)


def _download(buffer: BytesIO, name: str) -> FileResponse:
    buffer.seek(0)
    return FileResponse(buffer, as_attachment=True, filename=name, content_type=WORKBOOK)
