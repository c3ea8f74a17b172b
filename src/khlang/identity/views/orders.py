"""Orders: the list, one order, a new one, and taking one back."""

from collections.abc import Iterator, Sequence
from datetime import date
from http import HTTPStatus
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from khlang.identity import commands, queries, words
from khlang.identity.access import allowed, page
from khlang.identity.forms import ORDER_STATES, order_list_form, text_of
from khlang.identity.rules import EXCEPTION_RULES, Duty, OrderLineView, OrderView, Role, chosen_orders
from khlang.identity.views.showing import Choice, hat_choices
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refusal, Refused
from khlang.kernel.thai_dates import parse_date
from khlang.toolkit.sorting import headings
from khlang.toolkit.tenancy import entity_transaction
from khlang.toolkit.workbook import Cell, list_workbook, workbook_response

COLUMNS: Final[dict[str, tuple[str | Promise, str]]] = {
    "number": (gettext_lazy("Order"), ""),
    "day": (gettext_lazy("Dated"), ""),
    "subject": (gettext_lazy("Subject"), "wide"),
    "people": (gettext_lazy("Who, and what it gives"), "wide"),
    "state": (gettext_lazy("State"), ""),
}


def state_chip(state: str) -> tuple[str, str]:
    """Shape and word of a state."""
    tone, word = words.ORDER_STATES[state]
    return tone, str(word)


def shown_line(line: OrderLineView, day: date) -> dict[str, object]:
    """One line of an order with its words and its state on a day."""
    return {"line": line, "gives": words.gives(line.hat or line.rule), "chip": state_chip(line.state(day))}


@require_GET
@page(act="identity.read_orders")
def order_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Orders, narrowed and sorted as the address says."""
    form, today = order_list_form(request.GET.dict()), timezone.localdate()
    found = queries.orders(form.chosen, day=today)
    context = {
        "form": form,
        "chosen": form.chosen,
        "page": found,
        "orders": [
            (each, str(words.ORDER_KINDS[each.kind][0]), state_chip(each.state(today)), _lines(each, today))
            for each in found.rows
        ],
        "headings": headings(COLUMNS, form.chosen.order, fixed=("people", "state")),
        "kinds": [Choice(kind, str(name), str(does)) for kind, (name, does) in words.ORDER_KINDS.items()],
        "gifts": [*hat_choices([*Role, *Duty]), *(Choice(rule, words.gives(rule)) for rule in EXCEPTION_RULES)],
        "states": [Choice(state, str(words.ORDER_STATES[state][1])) for state in ORDER_STATES],
        "may_manage": allowed(actor, "identity.manage_orders"),
    }
    return render(request, "identity/orders.html", context)


def _lines(order: OrderView, day: date) -> list[dict[str, object]]:
    return [shown_line(line, day) for line in order.lines]


@require_GET
@page(act="identity.read_orders")
def order_workbook(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The list exactly as narrowed and sorted, one row for each line of each order."""
    chosen, today = order_list_form(request.GET.dict()).chosen, timezone.localdate()
    rows = chosen_orders(queries.all_orders(), chosen, day=today)
    head = [_("Order"), _("Dated"), _("Kind"), _("Subject"), _("Signed by"), _("Signed as"), _("Person"), _("Position")]
    more = [_("Gives"), _("Acting for"), _("Reviewer"), _("Limit (baht)"), _("From"), _("To"), _("State"), _("Reason")]
    content = list_workbook(title=_("Orders"), headings=[*head, *more], rows=_cells(rows, today))
    return workbook_response(content=content, name=f"{actor.entity_code}-orders")


def _cells(rows: Sequence[OrderView], day: date) -> Iterator[Sequence[Cell]]:
    for order in rows:
        kind = str(words.ORDER_KINDS[order.kind][0])
        head = (order.number, order.ordered_on, kind, order.subject, order.signed_by, order.signed_as)
        for line in order.lines:
            gives, state = words.gives(line.hat or line.rule), str(words.ORDER_STATES[line.state(day)][1])
            who = (line.name, line.position, gives, line.acting_for, line.reviewer_name, line.amount_max)
            yield (*head, *who, line.starts_on, line.last_day, state, line.ended_reason)


@require_GET
@page(act="identity.read_orders")
def order_detail(request: HttpRequest, actor: Actor, *, order_id: UUID) -> HttpResponse:
    """One order."""
    return _order_page(request, actor, order_id)


def _order_page(
    request: HttpRequest,
    actor: Actor,
    order_id: UUID,
    *,
    refusals: Sequence[Refusal] = (),
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    found, today = queries.order(order_id=order_id), timezone.localdate()
    if found is None:
        raise Http404
    running = [line for line in found.lines if line.state(today) in {"valid", "coming"} and line.ended_on is None]
    context = {
        "order": found,
        "kind": str(words.ORDER_KINDS[found.kind][0]),
        "chip": state_chip(found.state(today)),
        "lines": _lines(found, today),
        "running": [shown_line(line, today) for line in running],
        "may_end": allowed(actor, "identity.manage_orders") and bool(running),
        "refusals": refusals,
        "typed": request.POST,
        "today": today,
    }
    return render(request, "identity/order.html", context, status=status)


@require_POST
@page(act="identity.manage_orders")
def end_order(request: HttpRequest, actor: Actor, *, order_id: UUID) -> HttpResponse:
    """Take an order back, whole or one line of it."""
    fields = {name: str(text) for name, text in request.POST.items()}
    line = fields.get("line_no", "")
    try:
        last_day = _day(fields.get("last_day", ""))
        commands.end_order(
            actor=actor,
            order_id=order_id,
            line_no=int(line) if line.isascii() and line.isdecimal() else None,
            last_day=last_day,
            reason=text_of(fields, "reason"),
            at=timezone.now(),
        )
    except Refused as refused:
        if refused.refusals[0].code == "identity.order_unknown":
            raise Http404 from refused
        with entity_transaction(actor.entity_id, read_only=True):
            status = HTTPStatus.UNPROCESSABLE_ENTITY
            return _order_page(request, actor, order_id, refusals=refused.refusals, status=status)
    messages.success(request, _("Taken back. The order stays in the list with your reason."))
    return redirect("identity:order", entity_code=actor.entity_code, order_id=order_id)


def _day(text: str) -> date:
    try:
        return parse_date(text, today=timezone.localdate()).day
    except Refused as refused:
        raise Refused(*(refusal.at("last_day") for refusal in refused.refusals)) from refused
