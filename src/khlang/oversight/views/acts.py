"""Pages of the record of acts: the list, one act with its neighbours, files, verification and its witness slip."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from khlang.audit import queries
from khlang.audit.rules import ActFilter, ActView
from khlang.identity.access import page
from khlang.identity.permissions import MATRIX
from khlang.kernel.actors import Actor
from khlang.kernel.statements import Link
from khlang.oversight import commands, jobs
from khlang.oversight.forms import PAGE, ActFilterForm
from khlang.oversight.rules import csv_lines, document_link, json_lines
from khlang.oversight.words import act_words, authority_words, document_words, fact_label, fact_value, names_in
from khlang.oversight.workbooks import workbook
from khlang.toolkit.tenancy import entity_transaction

AT_ONCE_ACTS_MAX = 20_000
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/x-ndjson",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class Side:
    """One fact before and after an act."""

    label: str
    before: str
    after: str

    @property
    def differs(self) -> bool:
        """Whether the act changed it."""
        return self.before != self.after


@require_GET
@page(act="audit.read")
def act_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What was done, by whom, newest first; narrowed by the query string."""
    form = ActFilterForm(request.GET)
    chosen = form.chosen(limit=PAGE + 1)
    found = queries.acts(chosen)
    number, last_hash = queries.head()
    names = names_in([chosen.document, *(act.document for act in found)])
    context = {
        "actor": actor,
        "form": form,
        "asked": request.GET,
        "refusals": form.refusals,
        "acts": [(act, act_words(act.act), document_words(act.document, names)) for act in found[:PAGE]],
        "older": found[PAGE - 1].sequence_no if len(found) > PAGE else None,
        "kinds": sorted((act_words(kind), kind) for kind in queries.kinds_of_act()),
        "people": sorted((name, number) for number, name in queries.people_of_record()),
        "person": chosen.actor_id,
        "document": document_words(chosen.document, names) if chosen.document else "",
        "document_link": document_link(chosen.document) if chosen.document else None,
        "number": number,
        "last_hash": last_hash,
        "checked": _last_check(),
    }
    return render(request, "oversight/act_list.html", context)


def _last_check() -> dict[str, Any] | None:
    """What the newest verification found; kept in the record itself."""
    found = queries.acts(ActFilter(act="audit.verify", limit=1))
    return {**json.loads(found[0].facts), "at": found[0].acted_at, "by": found[0].actor_name} if found else None


@require_GET
@page(act="audit.read")
def act_detail(request: HttpRequest, actor: Actor, sequence_no: int) -> HttpResponse:
    """One act: who, on which authority, what changed, from where, its seal and its neighbours."""
    act = queries.act(sequence_no=sequence_no)
    if act is None:
        raise Http404
    facts = json.loads(act.facts)
    allowing = MATRIX[act.act].hats if act.act in MATRIX else frozenset()
    context = {
        "actor": actor,
        "act": act,
        "act_name": act_words(act.act),
        "document": document_words(act.document, names_in([act.document])),
        "link": document_link(act.document),
        "authority": [(words, hat in allowing) for hat, words in authority_words(act.authority)],
        "sides": _sides(facts),
        "facts": _others(facts),
        "earlier": queries.act(sequence_no=sequence_no - 1),
        "later": queries.act(sequence_no=sequence_no + 1),
    }
    return render(request, "oversight/act_detail.html", context)


def _sides(facts: Mapping[str, Any]) -> list[Side]:
    """Before and after, side by side: field by field where they are tables, else as a whole."""
    if "before" not in facts and "after" not in facts:
        return []
    before, after = facts.get("before"), facts.get("after")
    if isinstance(before, dict) or isinstance(after, dict):
        before, after = before or {}, after or {}
        names = [*before, *(name for name in after if name not in before)]
        return [Side(fact_label(name), fact_value(before.get(name)), fact_value(after.get(name))) for name in names]
    return [Side(_("State"), fact_value(before), fact_value(after))]


def _others(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(fact_label(name), fact_value(value)) for name, value in facts.items() if name not in ("before", "after")]


@require_GET
@page(act="audit.read", reads="record")
def act_file(request: HttpRequest, actor: Actor, extension: str) -> StreamingHttpResponse:
    """The same list, whole, written while it is sent: CSV, JSON lines or a workbook."""
    if extension not in CONTENT_TYPES:
        raise Http404
    found = _streamed(actor, ActFilterForm(request.GET).chosen(limit=PAGE))
    content = {"csv": csv_lines, "jsonl": json_lines}.get(extension)
    pieces = content(found) if content else workbook(found, title=_("Record of acts"))
    response = StreamingHttpResponse(pieces, content_type=CONTENT_TYPES[extension])
    response["Content-Disposition"] = f'attachment; filename="{actor.entity_code}-audit.{extension}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _streamed(actor: Actor, chosen: ActFilter) -> Iterator[ActView]:
    """Read in a transaction of its own: the page's has ended when the first byte leaves."""
    with entity_transaction(actor.entity_id, read_only=True):
        yield from queries.stream_acts(chosen)


@require_POST
@page(act="audit.read")
def verify(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Recompute the chain: at once when it is short, else by a job."""
    with entity_transaction(actor.entity_id, read_only=True):
        number, _last = queries.head()
    if number > AT_ONCE_ACTS_MAX:
        jobs.verify_record.defer(entity_code=actor.entity_code, user_id=actor.user_id, user_name=actor.name)
        messages.success(request, _("The record is being checked; the result appears here in some minutes."))
        return redirect("oversight:acts", entity_code=actor.entity_code)
    report = commands.verify_record(actor=actor)
    if report.holds:
        messages.success(request, _("The chain is whole up to act %(number)d.") % {"number": report.acts})
    else:
        messages.error(request, _("The chain does NOT hold from act %(number)d on.") % {"number": report.first_broken})
    return redirect("oversight:acts", entity_code=actor.entity_code)


@require_GET
@page(act="audit.read")
def witness(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A slip to print: the newest act's number and hash, to be kept where nobody who runs the system can write."""
    number, last_hash = queries.head()
    context = {
        "actor": actor,
        "number": number,
        "groups": [last_hash[start : start + 4] for start in range(0, len(last_hash), 4)],
        "at": timezone.now(),
        "checked": _last_check(),
        "link": Link("oversight:act", {"sequence_no": str(number)}) if number else None,
    }
    return render(request, "oversight/witness.html", context)
