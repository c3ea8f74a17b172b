"""Record written orders, and take them back early. An order is a fact: nothing of it is changed but an end is added."""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from khlang.audit import commands as audit
from khlang.identity import queries
from khlang.identity.commands.staff import lock_people, required_reason
from khlang.identity.models import Order, OrderLine, Staff
from khlang.identity.permissions import require
from khlang.identity.rules import (
    OrderDraft,
    OrderLineDraft,
    OrderLineView,
    OrderView,
    check_last_day,
    check_order,
    order_warnings,
)
from khlang.kernel.actors import Actor
from khlang.kernel.fiscal_calendar import THAI_TIME
from khlang.kernel.refusals import Refusal, Refused, refuse_any
from khlang.kernel.thai_text import normalise
from khlang.toolkit.tenancy import entity_transaction, required_entity_id


def record_order(
    *, actor: Actor, order_id: UUID, draft: OrderDraft, at: datetime, accepts_warnings: bool = False
) -> OrderView:
    """Record an order; it gives what it gives from the first moment of its first day (R17, R20, R12).

    `order_id` is made by the page: sent twice it is recorded once. Refuses everything of `check_order` at once; what
    `order_warnings` finds, until it is accepted; identity.order_key_used when the number of the page was used for
    another order.
    """
    require(actor, "identity.manage_orders")
    with entity_transaction(actor.entity_id):
        lock_people(actor.entity_id)
        spelled = _spelled(draft)
        before = queries.order(order_id=order_id)
        if before is not None:
            if _same(before, spelled):
                return before
            raise Refused(Refusal("identity.order_key_used", {"number": before.number}))
        facts = queries.order_facts(recorded_by=actor.user_id, at=at)
        refuse_any(check_order(spelled, facts))
        warnings = list(order_warnings(spelled, facts))
        if not accepts_warnings:
            refuse_any(warnings)
        _write(actor, order_id, spelled, at)
        said = {"number": spelled.number, "kind": spelled.kind, "subject": spelled.subject}
        told = {"lines": [_told(line) for line in spelled.lines], "warnings": [each.code for each in warnings]}
        audit.record(actor=actor, act="identity.record_order", document=f"order:{order_id}", facts={**said, **told})
        made = queries.order(order_id=order_id)
    if made is None:
        raise AssertionError("the order was written a moment ago")
    return made


def order_refusals(*, actor: Actor, draft: OrderDraft, at: datetime) -> list[Refusal]:
    """Everything that recording this order would be refused for; nothing is written."""
    require(actor, "identity.manage_orders")
    with entity_transaction(actor.entity_id, read_only=True):
        facts = queries.order_facts(recorded_by=actor.user_id, at=at)
        return list(check_order(_spelled(draft), facts))


def _spelled(draft: OrderDraft) -> OrderDraft:
    """The draft in our one spelling; the position printed is the title of the list where none was typed."""
    people = {line.user_id for line in draft.lines}
    listed = Staff.objects.filter(entity_id=required_entity_id(), user_id__in=people)
    titles = dict(listed.values_list("user_id", "title"))
    lines = tuple(
        replace(
            line,
            position=normalise(line.position) or titles.get(line.user_id, ""),
            acting_for=normalise(line.acting_for),
        )
        for line in draft.lines
    )
    return replace(
        draft,
        number=normalise(draft.number),
        subject=normalise(draft.subject),
        signed_by=normalise(draft.signed_by),
        signed_as=normalise(draft.signed_as),
        note=normalise(draft.note),
        lines=lines,
    )


def _same(view: OrderView, draft: OrderDraft) -> bool:
    lines = tuple(
        OrderLineDraft(
            line.user_id,
            line.starts_on,
            line.ends_on,
            line.hat,
            line.rule,
            line.position,
            line.acting_for,
            line.reviewer_id,
            line.amount_max,
        )
        for line in view.lines
    )
    head = ("number", "ordered_on", "kind", "subject", "signed_by", "signed_as", "signed_role", "signed_by_id", "note")
    return lines == draft.lines and all(getattr(view, name) == getattr(draft, name) for name in head)


def _write(actor: Actor, order_id: UUID, draft: OrderDraft, at: datetime) -> None:
    Order.objects.create(
        entity_id=actor.entity_id,
        order_id=order_id,
        number=draft.number,
        ordered_on=draft.ordered_on,
        kind=draft.kind,
        subject=draft.subject,
        signed_by=draft.signed_by,
        signed_as=draft.signed_as,
        signed_role=draft.signed_role,
        signed_by_id=draft.signed_by_id,
        note=draft.note,
        recorded_by=actor.user_id,
        recorded_at=at,
    )
    for number, line in enumerate(draft.lines, 1):
        OrderLine.objects.create(
            entity_id=actor.entity_id,
            order_id=order_id,
            line_no=number,
            user_id=line.user_id,
            hat=line.hat,
            rule=line.rule,
            position=line.position,
            acting_for=line.acting_for,
            reviewer_id=line.reviewer_id,
            amount_max=None if line.amount_max is None else line.amount_max.amount,
            starts_on=line.starts_on,
            ends_on=line.ends_on,
        )


def _told(line: OrderLineDraft) -> dict[str, object]:
    told = {
        "person": line.user_id,
        "gives": line.hat or line.rule,
        "from": line.starts_on.isoformat(),
        "to": line.ends_on.isoformat() if line.ends_on else "",
        "for": line.acting_for,
        "reviewer": line.reviewer_id or "",
        "limit": str(line.amount_max) if line.amount_max is not None else "",
    }
    return {name: value for name, value in told.items() if value != ""}


def end_order(
    *, actor: Actor, order_id: UUID, last_day: date, reason: str, at: datetime, line_no: int | None = None
) -> OrderView:
    """Take an order back early, or one line of it: `last_day` is the last day on which it holds; yesterday means now.

    Refuses identity.order_unknown, .reason_missing, .already_ended, .last_day_in_past, .last_day_after_end.
    """
    require(actor, "identity.manage_orders")
    with entity_transaction(actor.entity_id):
        lock_people(actor.entity_id)
        said = required_reason(actor, reason) or "-"
        view = queries.order(order_id=order_id)
        if view is None:
            raise Refused(Refusal("identity.order_unknown"))
        today = at.astimezone(THAI_TIME).date()
        lines = _lines_to_end(view, line_no, today)
        refuse_any(each for line in lines for each in check_last_day(line=line, last_day=last_day, today=today))
        rows = OrderLine.objects.filter(entity_id=actor.entity_id, order_id=order_id)
        rows.filter(line_no__in=[line.line_no for line in lines]).update(ended_on=last_day, ended_reason=said)
        facts = {"number": view.number, "lines": [line.line_no for line in lines]}
        facts |= {"last_day": last_day.isoformat(), "reason": said}
        audit.record(actor=actor, act="identity.end_order", document=f"order:{order_id}", facts=facts)
        ended = queries.order(order_id=order_id)
    return ended or view


def _lines_to_end(view: OrderView, line_no: int | None, today: date) -> list[OrderLineView]:
    """The line asked for, or every line that still holds or will; refuses identity.already_ended when none is left."""
    if line_no is not None:
        lines = [line for line in view.lines if line.line_no == line_no]
    else:
        lines = [line for line in view.lines if line.state(today) in {"valid", "coming"} and line.ended_on is None]
    if not lines:
        raise Refused(Refusal("identity.already_ended", where="last_day"))
    return lines
