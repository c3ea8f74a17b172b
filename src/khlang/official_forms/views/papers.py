"""Statements, journals and vouchers: one address, one query, one PDF."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from khlang.identity.access import page
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refused
from khlang.official_forms import queries
from khlang.official_forms.views.answers import language_of_page, pdf_answer, printing_of
from khlang.reporting import queries as reporting
from khlang.reporting.rules.requests import REPORTS, read_request


@require_safe
@page(act="official_forms.print")
def statement(request: HttpRequest, actor: Actor, *, fiscal_year: int, report: str) -> HttpResponse:
    """A report in official layout, with the choices of its page; a choice that cannot be leads back to the page."""
    if report not in REPORTS:
        raise Http404
    try:
        asked = read_request(
            report=report,
            fiscal_year=fiscal_year,
            given=request.GET.dict(),
            today=timezone.localdate(),
            zone=timezone.get_current_timezone(),
            language=language_of_page(),
        )
        found = reporting.statement(actor=actor, asked=asked)
    except Refused:
        where = {"entity_code": actor.entity_code, "fiscal_year": fiscal_year}
        return HttpResponseRedirect(f"{reverse(f'reporting:{report}', kwargs=where)}?{request.GET.urlencode()}")
    content = queries.printed_statement(statement=found, printing=printing_of(request, actor))
    return pdf_answer(content, f"{actor.entity_code}-{report}-{found.facts['to']}")


@require_safe
@page(act="official_forms.print")
def journal(request: HttpRequest, actor: Actor, *, fiscal_year: int, sequence_no: int) -> HttpResponse:
    """A posted journal as a voucher."""
    try:
        paper = queries.journal_paper(actor=actor, fiscal_year=fiscal_year, sequence_no=sequence_no)
    except Refused as refused:
        raise Http404 from refused
    content = queries.printed_voucher(voucher=paper, printing=printing_of(request, actor))
    return pdf_answer(content, f"{actor.entity_code}-journal-{fiscal_year}-{sequence_no}")


@require_safe
@page(act="official_forms.print")
def voucher(request: HttpRequest, actor: Actor, *, voucher_id: UUID) -> HttpResponse:
    """A voucher as it stands; one that is not posted is marked as a draft."""
    try:
        paper = queries.voucher_paper(actor=actor, voucher_id=voucher_id)
    except Refused as refused:
        raise Http404 from refused
    return pdf_answer(
        queries.printed_voucher(voucher=paper, printing=printing_of(request, actor)), f"{actor.entity_code}-voucher"
    )
