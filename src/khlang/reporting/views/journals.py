"""Pages of posted journals: the list, and one journal with everything that hangs on it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from khlang.identity.access import page
from khlang.journal_vouchers import queries as vouchers
from khlang.kernel.actors import Actor
from khlang.ledger import queries as ledger
from khlang.reference import queries as reference
from khlang.reporting.forms import JournalFilterForm
from khlang.reporting.views.reports import page_language
from khlang.toolkit.workbook import list_workbook, workbook_response

PAGE_SIZE = 50
EXPORT_MAX = 100_000


@require_safe
@page(act="ledger.read")
def journal_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Posted journals, newest first; narrowed and sorted by the query string."""
    years = ledger.fiscal_years()
    form = JournalFilterForm(request.GET, years=years, today=timezone.localdate())
    context: dict[str, Any] = {"actor": actor, "form": form, "years": years, "refusals": form.refusals}
    context |= {"given": form.given, "kinds": _kinds()}
    if years:
        context["page"] = ledger.journals(form.chosen(page_size=PAGE_SIZE))
    return render(request, "reporting/journal_list.html", context)


def _kinds() -> list[tuple[str, str]]:
    thai = page_language() == "th"
    return [(kind.code, kind.label_th if thai else kind.label_en) for kind in reference.journal_kinds()]


@require_safe
@page(act="ledger.read")
def journal_workbook(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The same list, whole, as a workbook."""
    form = JournalFilterForm(request.GET, years=ledger.fiscal_years(), today=timezone.localdate())
    found = ledger.journals(form.chosen(page_size=EXPORT_MAX)).rows
    names = dict(_kinds())
    headings = [_("Date"), _("Number"), _("Kind"), _("Description"), _("Amount"), _("Posted by"), _("Posted at")]
    rows = (
        (
            row.date,
            row.label,
            names.get(row.kind, row.kind),
            row.description,
            row.total,
            row.posted_by_name,
            timezone.localtime(row.posted_at),
        )
        for row in found
    )
    content = list_workbook(title=_("Posted journals"), headings=headings, rows=rows)
    return workbook_response(content=content, name=f"{actor.entity_code}-journals-{form.fiscal_year}")


@require_safe
@page(act="ledger.read")
def journal(request: HttpRequest, actor: Actor, *, fiscal_year: int, sequence_no: int) -> HttpResponse:
    """One journal: its lines, who posted it when, its seal, what it reverses, and the papers behind it."""
    found = ledger.journal(fiscal_year=fiscal_year, sequence_no=sequence_no)
    if found is None:
        raise Http404
    names = dict(_kinds())
    context = {
        "actor": actor,
        "journal": found,
        "kind": names.get(found.kind, found.kind),
        "hash": found.hash.hex(),
        "reverses": _other(found.reverses),
        "reversed_by": _other(found.reversed_by),
        "voucher": vouchers.voucher_of_journal(fiscal_year=fiscal_year, sequence_no=sequence_no),
    }
    return render(request, "reporting/journal.html", context)


def _other(place: tuple[int, int] | None) -> object:
    return ledger.journal(fiscal_year=place[0], sequence_no=place[1]) if place else None
