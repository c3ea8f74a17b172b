"""The page on which a voucher is typed, its drafts, and its preview."""

import json
from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from uuid6 import uuid7

from khlang.identity.access import page
from khlang.journal_vouchers import commands, queries
from khlang.journal_vouchers.forms import VoucherForm, content_of_fields, voucher_form, whole_number
from khlang.journal_vouchers.rules import (
    MOVES,
    Act,
    LineContent,
    VoucherContent,
    VoucherFilter,
    VoucherPreview,
    VoucherView,
    read_content,
)
from khlang.journal_vouchers.views import showing
from khlang.kernel.actors import Actor
from khlang.kernel.fiscal_calendar import fiscal_year_of
from khlang.kernel.refusals import Refusal, Refused, message, next_step
from khlang.kernel.thai_dates import thai_date
from khlang.toolkit.tenancy import entity_transaction

CONFLICT = "journal_vouchers.changed_meanwhile"


@require_GET
@page(act="journal_vouchers.draft")
def new_voucher(request: HttpRequest, actor: Actor) -> HttpResponse:  # noqa: ARG001  (the decorator passes it)
    """A voucher has its number and address before the first letter, so that a reload loses nothing."""
    return redirect("journal_vouchers:edit", entity_code=actor.entity_code, voucher_id=uuid7())


@require_http_methods(["GET", "POST"])
@page(act="journal_vouchers.draft")
def edit_voucher(request: HttpRequest, actor: Actor, *, voucher_id: UUID) -> HttpResponse:
    """Show the form, or take it as sent: `do` says what for (save, submit, preview, add, delete-N)."""
    if request.method == "POST":
        do = request.GET.get("do", "save")
        return _taken(request, actor, voucher_id, replace(voucher_form(request.POST.dict()), do=do))
    view = queries.voucher(voucher_id=voucher_id)
    if view is not None and view.row.state not in MOVES[Act.SAVE]:
        return redirect("journal_vouchers:detail", entity_code=actor.entity_code, voucher_id=voucher_id)
    content = view.content if view else _blank(actor)
    return _form_page(request, actor, voucher_id, view, content)


def _blank(actor: Actor) -> VoucherContent:
    """Today, and the source of money used last."""
    last = queries.vouchers(VoucherFilter(made_by=actor.user_id, page_size=1)).rows
    found = queries.voucher(voucher_id=last[0].voucher_id) if last else None
    funds = [line.fund_source for line in found.content.lines if line.fund_source] if found else []
    usual = funds[-1] if funds else showing.fund_choices()[0].value
    rows = (LineContent(fund_source=usual),) * showing.ROWS_AT_FIRST
    return VoucherContent(date=thai_date(timezone.localdate()), lines=rows)


def _taken(request: HttpRequest, actor: Actor, voucher_id: UUID, form: VoucherForm) -> HttpResponse:
    content = _rows_changed(form)
    at = timezone.now()
    preview = None
    try:
        view = commands.save_draft(
            actor=actor,
            voucher_id=voucher_id,
            revision=form.revision,
            content=content,
            at=at,
        )
        if form.do == "submit":
            revision = view.row.revision
            commands.submit_voucher(actor=actor, voucher_id=voucher_id, revision=revision, key=form.key, at=at)
            messages.success(request, _("Sent for review. You will see here what becomes of it."))
            return redirect("journal_vouchers:detail", entity_code=actor.entity_code, voucher_id=voucher_id)
        if form.do == "preview":
            preview = commands.preview_voucher(actor=actor, voucher_id=voucher_id, content=content, at=at)
    except Refused as refused:
        return _refused_form(request, actor, voucher_id, content, refused)
    if form.do == "save":
        messages.success(request, _("Saved as a draft."))
        return redirect("journal_vouchers:edit", entity_code=actor.entity_code, voucher_id=voucher_id)
    with entity_transaction(actor.entity_id, read_only=True):
        return _form_page(request, actor, voucher_id, view, content, preview=preview)


def _rows_changed(form: VoucherForm) -> VoucherContent:
    """Without scripts, rows are added and taken out by the server."""
    lines = form.content.lines
    if form.do == "add":
        fund = lines[-1].fund_source if lines else ""
        lines = (*lines, LineContent(fund_source=fund))
    if form.do.startswith("delete-"):
        out = whole_number(form.do.removeprefix("delete-"), least=0)
        lines = lines[:out] + lines[out + 1 :]
    return replace(form.content, lines=lines)


def _refused_form(
    request: HttpRequest,
    actor: Actor,
    voucher_id: UUID,
    content: VoucherContent,
    refused: Refused,
) -> HttpResponse:
    """The same page with everything typed still there, and every reason at its place."""
    with entity_transaction(actor.entity_id, read_only=True):
        view = queries.voucher(voucher_id=voucher_id)
        is_conflict = any(each.code == CONFLICT for each in refused.refusals)
        status = HTTPStatus.CONFLICT if is_conflict else HTTPStatus.UNPROCESSABLE_ENTITY
        more = {"theirs": view} if is_conflict else {}
        return _form_page(request, actor, voucher_id, view, content, refused=refused, status=status, more=more)


def _form_page(
    request: HttpRequest,
    actor: Actor,
    voucher_id: UUID,
    view: VoucherView | None,
    content: VoucherContent,
    *,
    refused: Refused | None = None,
    preview: VoucherPreview | None = None,
    status: HTTPStatus = HTTPStatus.OK,
    more: Mapping[str, object] | None = None,
) -> HttpResponse:
    refusals = refused.refusals if refused else ()
    funds = showing.fund_choices()
    reading = read_content(content, today=timezone.localdate())
    context = {
        "voucher_id": voucher_id,
        "view": view,
        "revision": view.row.revision if view else 0,
        "content": content,
        "rows": showing.grid_rows(content, refusals, showing.account_names(content.lines)),
        "funds": funds,
        "usual_fund": content.lines[-1].fund_source if content.lines else funds[0].value,
        "kinds": showing.kind_choices(),
        "totals": showing.totals(reading),
        # Accounts are looked for in the chart of the voucher's year.
        "year": fiscal_year_of(reading.day) if reading.day else None,
        "steps": showing.steps(view) if view else showing.steps_of_a_new_voucher(actor),
        "key": showing.act_key(view, voucher_id, Act.SUBMIT),
        "cancel_key": showing.act_key(view, voucher_id, Act.CANCEL),
        "attachment_id": uuid7(),
        "refusals": refusals,
        "preview": preview,
        **(more or {}),
    }
    return render(request, "journal_vouchers/voucher_form.html", context, status=status)


@require_http_methods(["GET", "PUT"])
@page(act="journal_vouchers.draft")
def draft(request: HttpRequest, actor: Actor, *, voucher_id: UUID) -> JsonResponse:
    """Keep what a page has typed so far; 409 carries the version that stands now, nothing is overwritten."""
    if request.method == "GET":
        view = queries.voucher(voucher_id=voucher_id)
        fields = _fields(view.content) if view else {}
        return JsonResponse({"revision": view.row.revision if view else 0, "fields": fields})
    try:
        sent = json.loads(request.body)
        revision = int(sent["revision"])
        fields = {str(name): str(text) for name, text in dict(sent["fields"]).items()}
    except (ValueError, KeyError, TypeError):
        return JsonResponse({"code": "journal_vouchers.request_unreadable"}, status=HTTPStatus.BAD_REQUEST)
    try:
        view = commands.save_draft(
            actor=actor,
            voucher_id=voucher_id,
            revision=revision,
            content=content_of_fields(fields),
            at=timezone.now(),
        )
    except Refused as refused:
        return _refused_draft(actor, voucher_id, fields, refused)
    return JsonResponse({"revision": view.row.revision, "saved_at": view.row.saved_at.isoformat()})


def _refused_draft(actor: Actor, voucher_id: UUID, sent: dict[str, str], refused: Refused) -> JsonResponse:
    first = refused.refusals[0]
    said: dict[str, object] = {"code": first.code, "message": message(first), "next": next_step(first)}
    if first.code != CONFLICT:
        return JsonResponse(said, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    with entity_transaction(actor.entity_id, read_only=True):
        view = queries.voucher(voucher_id=voucher_id)
    # Rows that only the sender has are empty in the version that stands.
    empty = {name: "" for name in sent if name.startswith("lines.")}
    said |= {
        "revision": view.row.revision if view else 0,
        "by": first.facts.get("who", ""),
        "fields": {**empty, **(_fields(view.content) if view else {})},
    }
    return JsonResponse(said, status=HTTPStatus.CONFLICT)


def _fields(content: VoucherContent) -> dict[str, str]:
    """Content under the names of the form's fields."""
    fields = {"date": content.date, "kind": content.kind, "description": content.description}
    names = ("account", "fund_source", "description", "debit", "credit")
    for index, line in enumerate(content.lines):
        fields |= {f"lines.{index}.{name}": getattr(line, name) for name in names}
    return fields


@require_POST
@page(act="journal_vouchers.draft")
def words_of_form(request: HttpRequest, actor: Actor, *, voucher_id: UUID) -> HttpResponse:  # noqa: ARG001
    """The amount in words while it is typed."""
    content = content_of_fields(request.POST.dict())
    totals = showing.totals(read_content(content, today=timezone.localdate()))
    return render(request, "journal_vouchers/_words.html", {"totals": totals})


@require_http_methods(["GET", "POST"])
@page(act="journal_vouchers.read", writes=True)
def preview(request: HttpRequest, actor: Actor, *, voucher_id: UUID) -> HttpResponse:
    """What posting would do: of the form as sent, or of the voucher as it is kept. Nothing is posted."""
    if request.method == "POST":
        content = content_of_fields(request.POST.dict())
    else:
        with entity_transaction(actor.entity_id, read_only=True):
            view = queries.voucher(voucher_id=voucher_id)
        content = view.content if view else VoucherContent()
    found: VoucherPreview | None = None
    reasons: tuple[Refusal, ...] = ()
    try:
        found = commands.preview_voucher(actor=actor, voucher_id=voucher_id, content=content, at=timezone.now())
    except Refused as refused:
        reasons = refused.refusals
    return render(request, "journal_vouchers/_preview.html", {"preview": found, "reasons": reasons})
