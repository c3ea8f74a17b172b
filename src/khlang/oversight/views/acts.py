"""Pages of the record of acts."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from khlang.audit import queries
from khlang.identity.access import page
from khlang.kernel.actors import Actor
from khlang.oversight.forms import EXPORT_MAX, PAGE, ActFilterForm
from khlang.oversight.words import act_words, document_words
from khlang.toolkit.workbook import list_workbook, workbook_response


@require_safe
@page(act="audit.read")
def act_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What was done, by whom, newest first; narrowed by the query string."""
    form = ActFilterForm(request.GET)
    found = queries.acts(form.chosen(limit=PAGE + 1))
    context = {
        "actor": actor,
        "form": form,
        "asked": request.GET,
        "refusals": form.refusals,
        "acts": [(act, act_words(act.act), document_words(act.document)) for act in found[:PAGE]],
        "older": found[PAGE - 1].sequence_no if len(found) > PAGE else None,
        "kinds": sorted((act_words(kind), kind) for kind in queries.kinds_of_act()),
    }
    return render(request, "oversight/act_list.html", context)


@require_safe
@page(act="audit.read")
def act_workbook(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The same list, whole, as a workbook."""
    found = queries.acts(ActFilterForm(request.GET).chosen(limit=EXPORT_MAX))
    content = list_workbook(
        title=_("Record of acts"),
        headings=[_("No."), _("When"), _("Who"), _("Act"), _("Document"), _("Facts"), _("Hash")],
        rows=(
            (act.sequence_no, act.acted_at, act.actor_name, act_words(act.act), act.document, act.facts, act.hash.hex())
            for act in found
        ),
    )
    return workbook_response(content=content, name=f"{actor.entity_code}-audit")
