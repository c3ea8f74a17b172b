"""An order as it is printed. Names and positions only: no number of a person stands in it."""

from uuid import UUID

from khlang.identity import queries as identity
from khlang.identity.rules import OrderLineView, hat_words
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refusal, Refused
from khlang.official_forms.printing import order_pdf
from khlang.official_forms.rules.order_form import OrderPaper, OrderPaperLine
from khlang.official_forms.rules.paper import Printing


def printed_order(*, order: OrderPaper, printing: Printing) -> bytes:
    """An order in the layout of official orders, as PDF/A-3 with its data attached."""
    return order_pdf(order=order, printing=printing)


def order_paper(*, actor: Actor, order_id: UUID) -> OrderPaper:
    """One order of the entity. Refused: official_forms.order_unknown {order}."""
    found = identity.order(order_id=order_id)
    if found is None:
        raise Refused(Refusal("official_forms.order_unknown", {"order": str(order_id)}))
    return OrderPaper(
        entity_name=actor.entity_name,
        number=found.number,
        ordered_on=found.ordered_on,
        kind=found.kind,
        subject=found.subject,
        signed_by=found.signed_by,
        signed_as=found.signed_as,
        note=found.note,
        lines=tuple(_line(line) for line in found.lines),
    )


def _line(line: OrderLineView) -> OrderPaperLine:
    words = hat_words(line.hat) if line.hat else None
    return OrderPaperLine(
        name=line.name,
        position=line.position,
        gives=words.th if words else line.rule,
        does=words.does_th if words else "",
        starts_on=line.starts_on,
        ends_on=line.ends_on,
        ended_on=line.ended_on,
        ended_reason=line.ended_reason,
        acting_for=line.acting_for,
        reviewer=line.reviewer_name,
        amount_max=line.amount_max,
    )
