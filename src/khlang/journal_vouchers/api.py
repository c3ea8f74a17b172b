"""Endpoints of vouchers: parse, one command, body. The shell gives log-in, CSRF and the body of refusals."""

from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router

from khlang.identity.access import actor_of
from khlang.identity.permissions import require
from khlang.journal_vouchers import commands, queries
from khlang.journal_vouchers.forms import list_form
from khlang.journal_vouchers.rules import VoucherView
from khlang.journal_vouchers.schemas import (
    ActIn,
    ContentText,
    CopyIn,
    DraftIn,
    PreviewOut,
    ReasonIn,
    ReversalIn,
    VoucherPage,
    VoucherWhole,
)
from khlang.kernel.refusals import Refusal, Refused, refuse_any
from khlang.toolkit.tenancy import entity_transaction

router = Router(tags=["journal vouchers"])
_ONE = "/{entity_code}/vouchers/{uuid:voucher_id}"


@router.get("/{entity_code}/vouchers", response=VoucherPage)
def vouchers(request: HttpRequest, entity_code: str) -> VoucherPage:
    """Vouchers, fifty at a time. Narrowed as on the page: search, state, kind, start, end, maker, order, page."""
    actor = actor_of(request, entity_code)
    require(actor, "journal_vouchers.read")
    form = list_form(request.GET.dict(), today=timezone.localdate())
    refuse_any(form.refusals)
    with entity_transaction(actor.entity_id, read_only=True):
        return VoucherPage.of(queries.vouchers(form.chosen))


@router.get(_ONE, response=VoucherWhole)
def voucher(request: HttpRequest, entity_code: str, voucher_id: UUID) -> VoucherWhole:
    """One voucher with what was typed, its story and its files."""
    actor = actor_of(request, entity_code)
    require(actor, "journal_vouchers.read")
    with entity_transaction(actor.entity_id, read_only=True):
        view = queries.voucher(voucher_id=voucher_id)
    if view is None:
        raise Refused(Refusal("journal_vouchers.voucher_unknown"))
    return VoucherWhole.whole(view)


@router.put(f"{_ONE}/draft", response=VoucherWhole)
def put_draft(request: HttpRequest, entity_code: str, voucher_id: UUID, body: DraftIn) -> VoucherWhole:
    """Keep a draft, whatever it holds. A version somebody else saved meanwhile is never overwritten."""
    view = commands.save_draft(
        actor=actor_of(request, entity_code),
        voucher_id=voucher_id,
        revision=body.revision,
        content=body.content.content(),
        at=timezone.now(),
    )
    return VoucherWhole.whole(view)


@router.post(f"{_ONE}/preview", response=PreviewOut)
def preview(request: HttpRequest, entity_code: str, voucher_id: UUID, body: ContentText) -> PreviewOut:
    """The number it would get and each balance before and after, or every reason against it. Nothing is posted."""
    found = commands.preview_voucher(
        actor=actor_of(request, entity_code),
        voucher_id=voucher_id,
        content=body.content(),
        at=timezone.now(),
    )
    return PreviewOut.of(found)


@router.post(f"{_ONE}/submit", response=VoucherWhole)
def submit(request: HttpRequest, entity_code: str, voucher_id: UUID, body: ActIn) -> VoucherWhole:
    """Send it to whoever may post it; refused with every reason why it could not be posted."""
    view = commands.submit_voucher(
        actor=actor_of(request, entity_code),
        voucher_id=voucher_id,
        revision=body.revision,
        key=body.idempotency_key,
        at=timezone.now(),
    )
    return VoucherWhole.whole(view)


@router.post(f"{_ONE}/post", response=VoucherWhole)
def post(request: HttpRequest, entity_code: str, voucher_id: UUID, body: ActIn) -> VoucherWhole:
    """Post it to the books."""
    view = commands.post_voucher(
        actor=actor_of(request, entity_code),
        voucher_id=voucher_id,
        revision=body.revision,
        key=body.idempotency_key,
        at=timezone.now(),
    )
    return VoucherWhole.whole(view)


@router.post(f"{_ONE}/return", response=VoucherWhole)
def send_back(request: HttpRequest, entity_code: str, voucher_id: UUID, body: ReasonIn) -> VoucherWhole:
    """Send it back to be mended."""
    view = commands.return_voucher(
        actor=actor_of(request, entity_code),
        voucher_id=voucher_id,
        reason=body.reason,
        key=body.idempotency_key,
        at=timezone.now(),
    )
    return VoucherWhole.whole(view)


@router.post(f"{_ONE}/cancel", response=VoucherWhole)
def cancel(request: HttpRequest, entity_code: str, voucher_id: UUID, body: ReasonIn) -> VoucherWhole:
    """Strike a draft; it is kept."""
    view = commands.cancel_voucher(
        actor=actor_of(request, entity_code),
        voucher_id=voucher_id,
        reason=body.reason,
        key=body.idempotency_key,
        at=timezone.now(),
    )
    return VoucherWhole.whole(view)


@router.post(f"{_ONE}/reverse", response=VoucherWhole)
def reverse(request: HttpRequest, entity_code: str, voucher_id: UUID, body: ReversalIn) -> VoucherWhole:
    """Post the mirror of its journal."""
    view = commands.reverse_voucher(
        actor=actor_of(request, entity_code),
        voucher_id=voucher_id,
        day=body.date,
        reason=body.reason,
        key=body.idempotency_key,
        at=timezone.now(),
    )
    return VoucherWhole.whole(view)


@router.post(f"{_ONE}/copy", response=VoucherWhole)
def copy(request: HttpRequest, entity_code: str, voucher_id: UUID, body: CopyIn) -> VoucherWhole:
    """Make a new draft with the same lines, dated today."""
    view: VoucherView = commands.copy_voucher(
        actor=actor_of(request, entity_code),
        voucher_id=voucher_id,
        new_id=body.voucher_id,
        at=timezone.now(),
    )
    return VoucherWhole.whole(view)
