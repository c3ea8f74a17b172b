"""The form of a new order: what was typed comes back with every reason at its field."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from uuid6 import uuid7

from khlang.identity import commands, queries, words
from khlang.identity.access import page
from khlang.identity.forms import order_form
from khlang.identity.rules import (
    EXCEPTION_RULES,
    KEEPS_BOOKS,
    LineText,
    OrderKind,
    OrderText,
    PersonFilter,
    Role,
    chosen_people,
    hats_by_order,
    read_order,
    typed_places,
)
from khlang.identity.views.showing import Choice, hat_choices
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refusal, Refused
from khlang.toolkit.page_keys import key_of
from khlang.toolkit.tenancy import entity_transaction

ROWS_AT_FIRST = 3
WARNINGS = frozenset({"identity.order_after_start", "identity.order_is_over", "identity.order_for_oneself"})


@dataclass(frozen=True, slots=True)
class FormRow:
    """One row of the form: what was typed and what is wrong with it."""

    number: int
    prefix: str
    line: LineText
    reasons: tuple[Refusal, ...]

    @property
    def wrong(self) -> frozenset[str]:
        """The names of the fields that have a reason."""
        return frozenset(each.where.rpartition(".")[2] for each in self.reasons)


@require_http_methods(["GET", "POST"])
@page(act="identity.manage_orders")
def new_order(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Choose a kind, then fill in what such an order says."""
    if request.method == "GET":
        return _form(request, actor, OrderText(kind=_kind(request.GET.get("kind", ""))), uuid7())
    fields = {name: str(text) for name, text in request.POST.items()}
    typed, key = order_form(fields), key_of(fields)
    if "add" in request.GET:
        return _again(request, actor, typed, key, more=1)
    draft, wrong = read_order(typed, today=timezone.localdate())
    if wrong:
        # The rules speak too, so that everything is said at once; nothing is written by asking.
        return _again(request, actor, typed, key, refusals=(*wrong, *_further(actor, typed, wrong)))
    try:
        accepts = fields.get("accept_warnings") == "yes"
        made = commands.record_order(
            actor=actor, order_id=key, draft=draft, at=timezone.now(), accepts_warnings=accepts
        )
    except Refused as refused:
        return _again(request, actor, typed, key, refusals=_placed(refused.refusals, typed))
    messages.success(request, _("Recorded. It holds from its first day to the end of its last."))
    return redirect("identity:order", entity_code=actor.entity_code, order_id=made.order_id)


def _kind(text: str) -> str:
    return text if text in set(OrderKind) else ""


def _further(actor: Actor, typed: OrderText, wrong: tuple[Refusal, ...]) -> tuple[Refusal, ...]:
    """What the rules say about the rest; nothing again at a place that could not even be read."""
    draft, _wrong = read_order(typed, today=timezone.localdate())
    found = commands.order_refusals(actor=actor, draft=draft, at=timezone.now())
    places = typed_places(typed)
    told = {refusal.where for refusal in wrong}
    return tuple(each for each in (_at_row(refusal, places) for refusal in found) if each.where not in told)


def _placed(refusals: tuple[Refusal, ...], typed: OrderText) -> tuple[Refusal, ...]:
    return tuple(_at_row(refusal, typed_places(typed)) for refusal in refusals)


def _at_row(refusal: Refusal, places: Sequence[int]) -> Refusal:
    """The rules count lines; the page counts rows, blank ones among them. What a line gives is one field there."""
    head, _dot, rest = refusal.where.partition(".")
    index, _dot, name = rest.partition(".")
    if head != "lines" or not index.isdecimal() or int(index) >= len(places):
        return refusal
    return refusal.at(f"lines.{places[int(index)]}.{'gives' if name in {'hat', 'rule'} else name}")


def _again(
    request: HttpRequest,
    actor: Actor,
    typed: OrderText,
    key: UUID,
    *,
    refusals: tuple[Refusal, ...] = (),
    more: int = 0,
) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refusals else HTTPStatus.OK
    with entity_transaction(actor.entity_id, read_only=True):
        return _form(request, actor, typed, key, refusals=refusals, more=more, status=status)


def _form(
    request: HttpRequest,
    actor: Actor,
    typed: OrderText,
    key: UUID,
    *,
    refusals: tuple[Refusal, ...] = (),
    more: int = 0,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    kind = typed.kind
    only_warnings = bool(refusals) and all(each.code in WARNINGS for each in refusals)
    level = queries.entity(code=actor.entity_code).level
    context = {
        "typed": typed,
        "key": key,
        "kind": kind,
        "kinds": [Choice(name, str(label), str(does)) for name, (label, does) in words.ORDER_KINDS.items()],
        "kind_name": str(words.ORDER_KINDS[kind][0]) if kind else "",
        "kind_does": str(words.ORDER_KINDS[kind][1]) if kind else "",
        "rows": _rows(typed, refusals, more),
        "people": _people(),
        "gifts": _gifts(kind, level),
        "signer_roles": [Choice(role, words.hat(role)) for role in _signers(level)],
        "refusals": () if only_warnings else refusals,
        "warnings": refusals if only_warnings else (),
        "today": timezone.localdate(),
    }
    return render(request, "identity/order_new.html", context, status=status)


def _signers(level: str) -> tuple[str, ...]:
    if level in KEEPS_BOOKS:
        return (Role.EXECUTIVE, Role.CLERK, Role.HEAD_OF_TREASURY, Role.HEAD_OF_UNIT)
    return (Role.DEPARTMENT_OFFICER, Role.PROVINCE_OFFICER)


def _rows(typed: OrderText, refusals: tuple[Refusal, ...], more: int) -> list[FormRow]:
    lines = list(typed.lines)
    lines += [LineText()] * max(more, ROWS_AT_FIRST - len(lines))
    return [
        FormRow(
            index + 1,
            f"lines.{index}",
            line,
            tuple(each for each in refusals if each.where.startswith(f"lines.{index}.")),
        )
        for index, line in enumerate(lines)
    ]


def _people() -> list[Choice]:
    rows = chosen_people(queries.all_people(at=timezone.now()), PersonFilter())
    return [Choice(str(row.user_id), f"{row.name} · {row.title}" if row.title else row.name) for row in rows]


def _gifts(kind: str, level: str) -> list[Choice]:
    if kind == OrderKind.EXCEPTION:
        return [Choice(rule, words.gives(rule)) for rule in EXCEPTION_RULES]
    return hat_choices(hats_by_order(kind, level))
