"""Keep what is typed, as it is typed."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from khlang.identity.permissions import require
from khlang.journal_vouchers import queries
from khlang.journal_vouchers.commands import records
from khlang.journal_vouchers.models import Voucher
from khlang.journal_vouchers.rules import (
    Act,
    VoucherContent,
    VoucherState,
    VoucherView,
    check_move,
    content_of,
    content_size_refusals,
    read_content,
)
from khlang.kernel.actors import Actor
from khlang.kernel.money import AMOUNT_LIMIT, ZERO
from khlang.kernel.refusals import Refusal, Refused, refuse_any
from khlang.kernel.thai_dates import thai_date
from khlang.kernel.thai_text import normalise, search_key
from khlang.toolkit.tenancy import entity_transaction


def save_draft(
    *,
    actor: Actor,
    voucher_id: UUID,
    revision: int,
    content: VoucherContent,
    at: datetime,
) -> VoucherView:
    """Keep a draft whatever it holds; `revision` is the version it was typed over, 0 for a new voucher.

    The same content again changes nothing. Refuses journal_vouchers.changed_meanwhile when somebody else saved in
    between (nothing is overwritten), .move_not_allowed, .too_many_lines, .text_too_long.
    """
    require(actor, "journal_vouchers.draft")
    refuse_any(content_size_refusals(content))
    with entity_transaction(actor.entity_id):
        row = records.find_locked(actor=actor, voucher_id=voucher_id)
        if row is None:
            row = _created(actor=actor, voucher_id=voucher_id, content=content, at=at, act=Act.CREATE)
        if content_of(row.content) != content:
            records.check_revision(row, revision)
            refuse_any(check_move(Act.SAVE, VoucherState(row.state)))
            _save(actor=actor, row=row, content=content, at=at)
        return queries.view_of(row)


def copy_voucher(*, actor: Actor, voucher_id: UUID, new_id: UUID, at: datetime) -> VoucherView:
    """Make a new draft with the lines of another voucher, dated today. The same `new_id` again gives the same draft."""
    require(actor, "journal_vouchers.draft")
    with entity_transaction(actor.entity_id):
        source = Voucher.objects.filter(entity_id=actor.entity_id, id=voucher_id).first()
        if source is None:
            raise Refused(Refusal("journal_vouchers.voucher_unknown"))
        row = records.find_locked(actor=actor, voucher_id=new_id)
        if row is not None and row.copied_from != voucher_id:
            raise Refused(Refusal("journal_vouchers.key_used"))
        if row is None:
            content = replace(content_of(source.content), date=thai_date(localdate(at)))
            row = _created(
                actor=actor,
                voucher_id=new_id,
                content=content,
                at=at,
                act=Act.COPY,
                copied_from=voucher_id,
            )
        return queries.view_of(row)


def _created(
    *,
    actor: Actor,
    voucher_id: UUID,
    content: VoucherContent,
    at: datetime,
    act: Act,
    copied_from: UUID | None = None,
) -> Voucher:
    try:
        with transaction.atomic():
            row = Voucher.objects.create(
                entity_id=actor.entity_id,
                id=voucher_id,
                made_by=actor.user_id,
                made_by_name=actor.name,
                made_at=at,
                prepared_by=[actor.user_id],
                copied_from=copied_from,
                **_columns(content, today=localdate(at), at=at),
            )
    except IntegrityError:
        # The same new voucher came twice at the same moment; the first one stands.
        return records.locked(actor=actor, voucher_id=voucher_id)
    key = uuid5(voucher_id, str(act))
    facts = {"copied_from": copied_from} if copied_from else None
    records.leave_trace(actor=actor, voucher_id=voucher_id, act=act, key=key, at=at, facts=facts)
    return row


def _save(*, actor: Actor, row: Voucher, content: VoucherContent, at: datetime) -> None:
    is_new_hand = actor.user_id not in row.prepared_by
    columns = _columns(content, today=localdate(at), at=at)
    if is_new_hand:
        columns["prepared_by"] = [*row.prepared_by, actor.user_id]
    records.change(row, revision=row.revision + 1, **columns)
    if is_new_hand:
        # Each key stroke is no act; that somebody else took it in hand is one.
        key = uuid5(row.id, f"save {actor.user_id}")
        records.leave_trace(actor=actor, voucher_id=row.id, act=Act.SAVE, key=key, at=at)


def _columns(content: VoucherContent, *, today: date, at: datetime) -> dict[str, Any]:
    """What lists show and search, read from what was typed as far as it can be read."""
    reading = read_content(content, today=today)
    larger = max(reading.debit, reading.credit)
    total = larger if ZERO <= larger <= AMOUNT_LIMIT else ZERO
    words = [content.description]
    for typed, line in zip((content.lines[place] for place in reading.places), reading.lines, strict=True):
        words += [typed.account, typed.description, str(line.debit or line.credit)]
    return {
        "content": content.as_json(),
        "kind": content.kind,
        "voucher_date": reading.day,
        "description": normalise(content.description),
        "total": total.amount,
        "search_text": search_key(" ".join([*words, str(total)])),
        "saved_at": at,
    }
