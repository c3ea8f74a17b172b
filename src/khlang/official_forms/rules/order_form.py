"""A written order on paper (R17, R20, R333): number, subject, whom it names for what and how long, who signs."""

from dataclasses import dataclass
from datetime import date

from khlang.kernel.money import Baht
from khlang.official_forms.rules.letters import MANY_LINES, data_fingerprint, letter_day, letter_signature
from khlang.official_forms.rules.paper import Printing, circumstances, text_for
from khlang.official_forms.rules.phrases import phrase

_FILE = "letters"
EXCEPTION = "exception"


@dataclass(frozen=True, slots=True)
class OrderPaperLine:
    """One person of the order: her position, what it gives her and what that is for; whole days."""

    name: str
    position: str
    gives: str
    starts_on: date
    ends_on: date | None = None
    does: str = ""
    acting_for: str = ""
    reviewer: str = ""
    amount_max: Baht | None = None
    ended_on: date | None = None
    ended_reason: str = ""


@dataclass(frozen=True, slots=True)
class OrderPaper:
    """What is printed. `kind` is appointment, acting, delegation or exception."""

    entity_name: str
    number: str
    ordered_on: date
    kind: str
    subject: str
    signed_by: str
    signed_as: str
    note: str = ""
    lines: tuple[OrderPaperLine, ...] = ()


def order_document(order: OrderPaper) -> dict[str, object]:
    """The order as plain JSON values, as it is attached to its PDF."""
    return {
        "order": order.number,
        "entity_name": order.entity_name,
        "date": order.ordered_on.isoformat(),
        "kind": order.kind,
        "subject": order.subject,
        "signed_by": order.signed_by,
        "signed_as": order.signed_as,
        "lines": [
            {
                "name": line.name,
                "position": line.position,
                "gives": line.gives,
                "from": line.starts_on.isoformat(),
                "to": line.ends_on.isoformat() if line.ends_on else None,
                "ended_on": line.ended_on.isoformat() if line.ended_on else None,
                "amount_max": str(line.amount_max) if line.amount_max else None,
            }
            for line in order.lines
        ],
    }


def order_form(*, order: OrderPaper, printing: Printing) -> dict[str, object]:
    """Describe an order for the template `order.typ`. An order is Thai whatever the language of the page."""
    shared = len({(line.starts_on, line.ends_on) for line in order.lines}) == 1
    data = order_document(order)

    def text(words: str) -> str:
        return text_for(printing, words)

    return circumstances(printing, data_fingerprint(data)) | {
        "entity": order.entity_name,
        "title": text(phrase(_FILE, "order", "title", entity=order.entity_name)),
        "number": text(phrase(_FILE, "order", "number", number=order.number)),
        "subject": text(phrase(_FILE, "order", "subject", subject=order.subject)),
        "landscape": False,
        "tagged": len(order.lines) <= MANY_LINES,
        "size": 12,
        "preamble": text(phrase(_FILE, "preamble", order.kind, entity=order.entity_name)),
        "items": [
            _item(number, line, order.kind, printing, dated=not shared) for number, line in enumerate(order.lines, 1)
        ],
        "note": text(order.note),
        "period": text(phrase(_FILE, "line", "together", period=_period(order.lines[0]))) if shared else "",
        "ordered": text(phrase(_FILE, "order", "ordered", day=letter_day(order.ordered_on))),
        "signature": letter_signature(name=order.signed_by, title=order.signed_as, printing=printing),
    }


def _item(number: int, line: OrderPaperLine, kind: str, printing: Printing, *, dated: bool) -> dict[str, str]:
    told = [_gives(line, kind)]
    if line.amount_max:
        told.append(phrase(_FILE, "line", "amount_max", amount=line.amount_max.display()))
    if line.reviewer:
        told.append(phrase(_FILE, "line", "reviewer", name=line.reviewer))
    if dated:
        told.append(_period(line))
    if line.ended_on:
        told.append(phrase(_FILE, "line", "ended", day=letter_day(line.ended_on), reason=line.ended_reason))
    return {
        "number": text_for(printing, f"{number}."),
        "name": text_for(printing, line.name),
        "position": text_for(printing, line.position),
        "gives": text_for(printing, " ".join(told)),
    }


def _gives(line: OrderPaperLine, kind: str) -> str:
    if kind == EXCEPTION:
        return phrase(_FILE, "exceptions", line.gives)
    facts = {"gives": line.gives, "who": line.acting_for}
    said = phrase(_FILE, "gives", "acting_for" if kind == "acting" and line.acting_for else kind, **facts)
    return f"{said} {phrase(_FILE, 'line', 'does', does=line.does)}" if line.does else said


def _period(line: OrderPaperLine) -> str:
    start = letter_day(line.starts_on)
    if line.ends_on is None:
        return phrase(_FILE, "line", "from", start=start)
    if line.ends_on == line.starts_on:
        return phrase(_FILE, "line", "one_day", start=start)
    return phrase(_FILE, "line", "from_to", start=start, end=letter_day(line.ends_on))
