"""Who read personal data: everything for the auditor and those responsible, one's own for everybody."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from khlang.audit import queries
from khlang.audit.commands import READ_PERSONAL
from khlang.audit.rules import ActFilter, ActView
from khlang.identity.access import allowed, page
from khlang.kernel.actors import Actor
from khlang.kernel.statements import Link
from khlang.oversight.forms import PAGE, ActFilterForm
from khlang.oversight.rules import document_link
from khlang.oversight.words import document_words, names_in


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading: who, when, whose data, how many rows."""

    number: int
    at: datetime
    name: str
    document: str
    link: Link | None
    rows: int


@require_GET
@page(act="oversight.read_own_readings")
def reading_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Readings, newest first; for those without the right to see all, only of their own data."""
    sees_all = allowed(actor, "oversight.read_readings")
    form = ActFilterForm(request.GET)
    asked = form.chosen(limit=PAGE + 1)
    chosen = ActFilter(
        act=READ_PERSONAL,
        document=asked.document if sees_all else f"person:{actor.user_id}",
        actor_id=asked.actor_id if sees_all else None,
        start=asked.start,
        end=asked.end,
        before=asked.before,
        limit=PAGE + 1,
    )
    found = queries.acts(chosen)
    context = {
        "actor": actor,
        "asked": request.GET,
        "refusals": form.refusals,
        "readings": list(_readings(found[:PAGE])),
        "older": found[PAGE - 1].sequence_no if len(found) > PAGE else None,
        "sees_all": sees_all,
        "may_see_acts": allowed(actor, "audit.read"),
        "people": sorted((name, number) for number, name in queries.people_of_record()) if sees_all else [],
        "person": asked.actor_id,
    }
    return render(request, "oversight/reading_list.html", context)


def _readings(found: list[ActView]) -> Iterator[Reading]:
    names = names_in(act.document for act in found)
    for act in found:
        rows = int(json.loads(act.facts).get("rows", 1))
        document, link = document_words(act.document, names), document_link(act.document)
        yield Reading(act.sequence_no, act.acted_at, act.actor_name, document, link, rows)
