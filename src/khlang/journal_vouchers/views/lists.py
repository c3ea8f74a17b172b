"""The list of vouchers, on the page and as a workbook."""

from collections.abc import Iterator, Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from khlang.identity.access import allowed, page
from khlang.journal_vouchers import queries, words
from khlang.journal_vouchers.forms import list_form
from khlang.journal_vouchers.rules import VoucherRow
from khlang.journal_vouchers.views.showing import Choice, kind_choices
from khlang.kernel.actors import Actor
from khlang.toolkit.sorting import headings
from khlang.toolkit.workbook import Cell, list_workbook, workbook_response

_ROWS_MAX = 20_000


@require_GET
@page(act="journal_vouchers.read")
def voucher_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Vouchers, narrowed and sorted as the address says."""
    form = list_form(request.GET.dict(), today=timezone.localdate())
    found = queries.vouchers(form.chosen)
    context = {
        "form": form,
        "chosen": form.chosen,
        "typed": request.GET,
        "refusals": form.refusals,
        "page": found,
        "rows": [(row, words.KINDS.get(row.kind, row.kind)) for row in found.rows],
        "headings": headings(words.COLUMNS, form.chosen.order, latest_first=set(words.COLUMNS) - {"maker"}),
        "kinds": kind_choices(),
        "states": [Choice(str(state), str(label)) for state, label in words.STATES.items()],
        "makers": [Choice(str(number), name) for number, name in queries.makers()],
        "may_draft": allowed(actor, "journal_vouchers.draft"),
    }
    return render(request, "journal_vouchers/voucher_list.html", context)


@require_GET
@page(act="journal_vouchers.read")
def voucher_workbook(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The list exactly as narrowed and sorted, as a workbook."""
    form = list_form(request.GET.dict(), today=timezone.localdate())
    rows = queries.voucher_rows(form.chosen, limit=_ROWS_MAX)
    names = [
        pgettext("voucher", "Number"),
        _("Date"),
        _("Kind"),
        _("Description"),
        _("Amount (baht)"),
        _("State"),
        _("Prepared by"),
    ]
    content = list_workbook(
        title=_("Journal vouchers"),
        headings=[*names, _("Reversed by")],
        rows=_cells(rows),
    )
    return workbook_response(content=content, name=f"{actor.entity_code}-vouchers")


def _cells(rows: Sequence[VoucherRow]) -> Iterator[Sequence[Cell]]:
    for row in rows:
        yield (
            row.journal_label,
            row.day,
            str(words.KINDS.get(row.kind, row.kind)),
            row.description,
            row.total,
            str(words.STATES[row.state]),
            row.made_by_name,
            row.reversal_label,
        )
