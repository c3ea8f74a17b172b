"""Written orders on paper."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from khlang.identity.access import page
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refused
from khlang.official_forms import queries
from khlang.official_forms.views.answers import letter_printing, pdf_answer


@require_safe
@page(act="identity.read_orders")
def order(request: HttpRequest, actor: Actor, *, order_id: UUID) -> HttpResponse:
    """An order, for whoever may read it."""
    try:
        paper = queries.order_paper(actor=actor, order_id=order_id)
    except Refused as refused:
        raise Http404 from refused
    content = queries.printed_order(order=paper, printing=letter_printing(request, actor))
    return pdf_answer(content, f"{actor.entity_code}-order")
