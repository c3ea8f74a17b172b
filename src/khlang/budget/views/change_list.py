"""The changes of a year, on the page and as a workbook."""

from collections.abc import Iterator, Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from khlang.budget import change_words as words
from khlang.budget import queries
from khlang.budget.forms.changes import change_filter
from khlang.budget.rules import ChangeView, narrowed
from khlang.budget.words import CHANGE_KINDS, CHANGE_STATES, ROUTES
from khlang.identity.access import allowed, page
from khlang.kernel.actors import Actor
from khlang.kernel.money import ZERO
from khlang.toolkit.sorting import headings
from khlang.toolkit.workbook import Cell, list_workbook, workbook_response


@require_GET
@page(act="budget.read")
def changes(request: HttpRequest, actor: Actor, *, fiscal_year: int) -> HttpResponse:
    """Transfers and changes of explanation, narrowed and sorted as the address says."""
    chosen = change_filter(request.GET.dict())
    rows = narrowed(queries.changes(fiscal_year=fiscal_year), chosen)
    context = {
        "year": fiscal_year,
        "years": queries.years(),
        "chosen": chosen,
        "rows": [(view, CHANGE_KINDS[view.draft.kind], CHANGE_STATES[view.state]) for view in rows],
        "total": sum((view.amount for view in rows if view.is_settled), ZERO),
        "headings": headings(words.COLUMNS, chosen.order, latest_first={"amount", "approved"}),
        "kinds": [(str(kind), label) for kind, label in CHANGE_KINDS.items()],
        "states": [(str(state), label) for state, (_tone, label) in CHANGE_STATES.items()],
        "today": timezone.localdate(),
        "may_draft": allowed(actor, "budget.transfer"),
    }
    return render(request, "budget/changes.html", context)


@require_GET
@page(act="budget.read")
def changes_workbook(request: HttpRequest, actor: Actor, *, fiscal_year: int) -> HttpResponse:
    """The list exactly as narrowed and sorted, as a workbook."""
    rows = narrowed(queries.changes(fiscal_year=fiscal_year), change_filter(request.GET.dict()))
    names = [
        _("Number"),
        _("Kind"),
        _("Reason"),
        _("Amount (baht)"),
        _("Who agrees"),
        _("Resolution"),
        _("Approved on"),
        _("Approved by"),
        _("Announced on"),
        _("Supervisor told on"),
        _("To be told by"),
        _("Drafted by"),
        _("State"),
    ]
    content = list_workbook(title=_("Budget changes"), headings=names, rows=_cells(rows))
    return workbook_response(content=content, name=f"{actor.entity_code}-budget-changes-{fiscal_year}")


def _cells(rows: Sequence[ChangeView]) -> Iterator[Sequence[Cell]]:
    for view in rows:
        yield (
            view.label,
            str(CHANGE_KINDS[view.draft.kind]),
            view.draft.reason,
            view.amount,
            str({str(route): label for route, label in ROUTES.items()}.get(view.route, "")),
            view.resolution_number,
            view.approved_on,
            view.approved_by_name,
            view.announced_on,
            view.notified_on,
            view.notice_due_on,
            view.made_by_name,
            str(CHANGE_STATES[view.state][1]),
        )
