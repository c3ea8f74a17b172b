"""One voucher to read, what may be done with it, and its files."""

from collections.abc import Callable
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from uuid6 import uuid7

from khlang.identity import queries as identity
from khlang.identity.access import allowed, page
from khlang.journal_vouchers import commands, queries
from khlang.journal_vouchers.forms import reversal_form, whole_number
from khlang.journal_vouchers.rules import FILE_BYTES_MAX, MOVES, Act, VoucherState, VoucherView
from khlang.journal_vouchers.views import showing
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refusal, Refused
from khlang.ledger import queries as ledger
from khlang.ledger.commands.posting import default_reversal_day
from khlang.toolkit import uploads
from khlang.toolkit.page_keys import key_of, uuid_of
from khlang.toolkit.tenancy import entity_transaction

ASKABLE = frozenset({"post", "return", "reverse", "cancel"})


@require_GET
@page(act="journal_vouchers.read")
def voucher_detail(request: HttpRequest, actor: Actor, *, voucher_id: UUID) -> HttpResponse:
    """One voucher to read; `ask` opens the box of an act, for pages without scripts."""
    return _detail_page(request, actor, voucher_id)


def _detail_page(
    request: HttpRequest,
    actor: Actor,
    voucher_id: UUID,
    *,
    refusals: tuple[Refusal, ...] = (),
    ask: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    view = queries.voucher(voucher_id=voucher_id)
    if view is None:
        raise Http404
    today = timezone.localdate()
    reading, rows = showing.read_lines(view, today)
    asked = ask or request.GET.get("ask", "")
    context = {
        "view": view,
        "row": view.row,
        "rows": rows,
        "totals": showing.totals(reading),
        "kind": showing.kind_label(view.row.kind),
        "steps": showing.steps(view),
        "events": showing.event_lines(view),
        "reversal_day": default_reversal_day(journal_day=view.row.day or today, today=today),
        "typed": request.POST,
        "ask": asked if asked in ASKABLE else "",
        "keys": {act: showing.act_key(view, voucher_id, act) for act in ASKABLE},
        "copy_id": uuid7(),
        "attachment_id": uuid7(),
        "refusals": refusals,
        "uses": identity.exception_uses(document=f"voucher:{voucher_id}"),
        **_may(actor, view),
    }
    return render(request, "journal_vouchers/voucher_detail.html", context, status=status)


def _may(actor: Actor, view: VoucherView) -> dict[str, object]:
    """What this actor may do with the voucher as it stands."""
    state = view.row.state
    journal = view.row.journal
    posted = ledger.journal(fiscal_year=journal[0], sequence_no=journal[1]) if journal else None
    may_post = allowed(actor, "journal_vouchers.post") and state in MOVES[Act.POST]
    is_mine = actor.user_id in view.prepared_by
    excepted = None
    if may_post and is_mine:
        excepted = identity.exception_covering(user_id=actor.user_id, rule="R331", day=timezone.localdate())
    return {
        "may_edit": allowed(actor, "journal_vouchers.draft") and state in MOVES[Act.SAVE],
        "may_copy": allowed(actor, "journal_vouchers.draft"),
        "may_post": may_post and (not is_mine or excepted is not None),
        "mine_to_post": may_post and is_mine and excepted is None,
        "excepted": excepted,
        "may_return": may_post,
        "may_reverse": allowed(actor, "journal_vouchers.reverse") and posted is not None and not posted.reversed_by,
        "is_reversed": posted is not None and posted.reversed_by is not None,
        "is_cancelled": state is VoucherState.CANCELLED,
    }


def _done(
    request: HttpRequest,
    actor: Actor,
    voucher_id: UUID,
    *,
    ask: str,
    said: str,
    command: Callable[[], VoucherView],
) -> HttpResponse:
    """Do one act and show the voucher as it stands; refused, the same page says why."""
    try:
        view = command()
    except Refused as refused:
        with entity_transaction(actor.entity_id, read_only=True):
            status = HTTPStatus.UNPROCESSABLE_ENTITY
            return _detail_page(request, actor, voucher_id, refusals=refused.refusals, ask=ask, status=status)
    messages.success(request, said.format(label=view.row.journal_label, reversal=view.row.reversal_label))
    return redirect("journal_vouchers:detail", entity_code=actor.entity_code, voucher_id=view.row.voucher_id)


@require_POST
@page(act="journal_vouchers.post")
def post_voucher(request: HttpRequest, actor: Actor, *, voucher_id: UUID) -> HttpResponse:
    """Post it to the books."""
    revision = whole_number(request.POST.get("revision", ""), least=0)
    key = key_of(request.POST.dict())
    return _done(
        request,
        actor,
        voucher_id,
        ask="",
        said=_("Posted as {label}."),
        command=lambda: commands.post_voucher(
            actor=actor, voucher_id=voucher_id, revision=revision, key=key, at=timezone.now()
        ),
    )


@require_POST
@page(act="journal_vouchers.post")
def return_voucher(request: HttpRequest, actor: Actor, *, voucher_id: UUID) -> HttpResponse:
    """Send it back with a reason."""
    reason, key = request.POST.get("reason", ""), key_of(request.POST.dict())
    return _done(
        request,
        actor,
        voucher_id,
        ask="return",
        said=_("Sent back to be mended."),
        command=lambda: commands.return_voucher(
            actor=actor, voucher_id=voucher_id, reason=reason, key=key, at=timezone.now()
        ),
    )


@require_POST
@page(act="journal_vouchers.draft")
def cancel_voucher(request: HttpRequest, actor: Actor, *, voucher_id: UUID) -> HttpResponse:
    """Strike it; it stays in the list."""
    reason, key = request.POST.get("reason", ""), key_of(request.POST.dict())
    return _done(
        request,
        actor,
        voucher_id,
        ask="cancel",
        said=_("Cancelled. The voucher is kept, struck through."),
        command=lambda: commands.cancel_voucher(
            actor=actor, voucher_id=voucher_id, reason=reason, key=key, at=timezone.now()
        ),
    )


@require_POST
@page(act="journal_vouchers.reverse")
def reverse_voucher(request: HttpRequest, actor: Actor, *, voucher_id: UUID) -> HttpResponse:
    """Post the mirror of its journal."""
    form = reversal_form(request.POST.dict(), today=timezone.localdate())

    def command() -> VoucherView:
        if form.day is None:
            raise Refused(*form.refusals)
        return commands.reverse_voucher(
            actor=actor, voucher_id=voucher_id, day=form.day, reason=form.reason, key=form.key, at=timezone.now()
        )

    said = _("Reversed by {reversal}. Both stay in the books.")
    return _done(request, actor, voucher_id, ask="reverse", said=said, command=command)


@require_POST
@page(act="journal_vouchers.draft")
def copy_voucher(request: HttpRequest, actor: Actor, *, voucher_id: UUID) -> HttpResponse:
    """Begin a new draft with the same lines."""
    new_id = uuid_of(request.POST.get("copy_id", "")) or uuid7()
    try:
        commands.copy_voucher(actor=actor, voucher_id=voucher_id, new_id=new_id, at=timezone.now())
    except Refused as refused:
        raise Http404 from refused
    messages.success(request, _("Copied into a new draft dated today."))
    return redirect("journal_vouchers:edit", entity_code=actor.entity_code, voucher_id=new_id)


@require_POST
@page(act="journal_vouchers.draft")
def attach(request: HttpRequest, actor: Actor, *, voucher_id: UUID) -> HttpResponse:
    """Attach the file sent, and go back to where it came from."""
    sent = request.FILES.get("file")
    attachment_id = uuid_of(request.POST.get("attachment_id", "")) or uuid7()
    content = uploads.read(sent, limit=FILE_BYTES_MAX)
    try:
        commands.attach(
            actor=actor,
            voucher_id=voucher_id,
            attachment_id=attachment_id,
            name=(sent.name if sent else "") or "-",
            content=content,
            at=timezone.now(),
        )
    except Refused as refused:
        if refused.refusals[0].code == "journal_vouchers.voucher_unknown":
            messages.warning(request, _("Type the description first, then attach files."))
            return redirect("journal_vouchers:edit", entity_code=actor.entity_code, voucher_id=voucher_id)
        with entity_transaction(actor.entity_id, read_only=True):
            status = HTTPStatus.UNPROCESSABLE_ENTITY
            return _detail_page(request, actor, voucher_id, refusals=refused.refusals, status=status)
    return _back(request, actor, voucher_id)


@require_POST
@page(act="journal_vouchers.draft")
def detach(request: HttpRequest, actor: Actor, *, voucher_id: UUID, attachment_id: UUID) -> HttpResponse:
    """Take a file off a draft."""
    try:
        commands.detach(actor=actor, attachment_id=attachment_id, at=timezone.now())
    except Refused as refused:
        with entity_transaction(actor.entity_id, read_only=True):
            status = HTTPStatus.UNPROCESSABLE_ENTITY
            return _detail_page(request, actor, voucher_id, refusals=refused.refusals, status=status)
    return _back(request, actor, voucher_id)


def _back(request: HttpRequest, actor: Actor, voucher_id: UUID) -> HttpResponse:
    place = "edit" if request.POST.get("back") == "edit" else "detail"
    return redirect(f"journal_vouchers:{place}", entity_code=actor.entity_code, voucher_id=voucher_id)


@require_GET
@page(act="journal_vouchers.read")
def attachment(request: HttpRequest, actor: Actor, *, voucher_id: UUID, attachment_id: UUID) -> HttpResponseBase:  # noqa: ARG001
    """The bytes of one file, to those who may read the voucher; nothing in it can act on our pages."""
    found = queries.attachment(attachment_id=attachment_id)
    if found is None or found.voucher_id != voucher_id:
        raise Http404
    file = queries.attachment_file(entity_id=actor.entity_id, sha256=found.sha256)
    if not file.is_file():
        raise Http404
    return uploads.download(file, name=found.name, media_type=found.media_type)
