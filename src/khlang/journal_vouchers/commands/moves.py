"""Send, return, cancel, post, reverse: a voucher's way through the hands of people."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID, uuid5

from django.utils.timezone import localdate

from khlang.identity import commands as identity
from khlang.identity.permissions import require
from khlang.identity.rules import Separated
from khlang.journal_vouchers import queries
from khlang.journal_vouchers.commands import records
from khlang.journal_vouchers.models import Voucher
from khlang.journal_vouchers.rules import (
    Act,
    VoucherContent,
    VoucherState,
    VoucherView,
    check_content,
    check_move,
    content_of,
    journal_of,
    read_content,
    state_after,
)
from khlang.kernel.actors import Actor
from khlang.kernel.fiscal_calendar import fiscal_year_of
from khlang.kernel.refusals import refuse_any
from khlang.kernel.thai_dates import thai_date
from khlang.kernel.thai_text import search_key
from khlang.ledger import commands as ledger
from khlang.ledger import queries as ledger_queries
from khlang.ledger.rules import JournalDraft
from khlang.toolkit.tenancy import entity_transaction


def submit_voucher(*, actor: Actor, voucher_id: UUID, revision: int, key: UUID, at: datetime) -> VoucherView:
    """Send a draft to whoever may post it. Refuses every reason why it could not be posted, all at once (R270)."""
    require(actor, "journal_vouchers.submit")
    with entity_transaction(actor.entity_id):
        row = records.locked(actor=actor, voucher_id=voucher_id)
        if not records.is_repeated(voucher_id=voucher_id, act=Act.SUBMIT, key=key):
            refuse_any(check_move(Act.SUBMIT, VoucherState(row.state)))
            records.check_revision(row, revision)
            _check_postable(row, today=localdate(at))
            prepared_by = sorted({*row.prepared_by, actor.user_id})
            _move(actor=actor, row=row, act=Act.SUBMIT, key=key, at=at, prepared_by=prepared_by)
        return queries.view_of(row)


def return_voucher(*, actor: Actor, voucher_id: UUID, reason: str, key: UUID, at: datetime) -> VoucherView:
    """Give a voucher back to be mended, with a reason. Refuses journal_vouchers.reason_missing, .move_not_allowed."""
    require(actor, "journal_vouchers.post")
    return _plain_move(actor=actor, voucher_id=voucher_id, act=Act.RETURN, reason=reason, key=key, at=at)


def cancel_voucher(*, actor: Actor, voucher_id: UUID, reason: str, key: UUID, at: datetime) -> VoucherView:
    """Strike a draft or returned voucher; it is kept (R9). Refuses journal_vouchers.reason_missing, .move_not_allowed."""
    require(actor, "journal_vouchers.draft")
    return _plain_move(actor=actor, voucher_id=voucher_id, act=Act.CANCEL, reason=reason, key=key, at=at)


def post_voucher(*, actor: Actor, voucher_id: UUID, revision: int, key: UUID, at: datetime) -> VoucherView:
    """Post a submitted voucher: number, journal and balances in one transaction with its state (R9, R10, R331).

    Whoever prepared it posts it only under a written exception, whose use is kept. Refuses identity.same_person,
    journal_vouchers.move_not_allowed, .changed_meanwhile and what the ledger refuses.
    """
    require(actor, "journal_vouchers.post")
    with entity_transaction(actor.entity_id):
        row = records.locked(actor=actor, voucher_id=voucher_id)
        if not records.is_repeated(voucher_id=voucher_id, act=Act.POST, key=key):
            refuse_any(check_move(Act.POST, VoucherState(row.state)))
            records.check_revision(row, revision)
            hands = _second_hand(actor, row, at)
            posted = ledger.post_journal(actor=actor, journal=_journal(row, today=localdate(at)))
            _move(
                actor=actor,
                row=row,
                act=Act.POST,
                key=key,
                at=at,
                journal_year=posted.fiscal_year,
                journal_no=posted.sequence_no,
                journal_label=posted.label,
                search_text=f"{row.search_text} {search_key(posted.label)}",
                facts=hands.facts,
            )
        return queries.view_of(row)


def reverse_voucher(
    *,
    actor: Actor,
    voucher_id: UUID,
    day: date,
    reason: str,
    key: UUID,
    at: datetime,
) -> VoucherView:
    """Post the mirror of a posted voucher, dated `day`, with its reason; both stay (R9).

    Refuses journal_vouchers.move_not_allowed, .reason_missing, ledger.already_reversed and what posting refuses.
    """
    require(actor, "journal_vouchers.reverse")
    with entity_transaction(actor.entity_id):
        row = records.locked(actor=actor, voucher_id=voucher_id)
        if not records.is_repeated(voucher_id=voucher_id, act=Act.REVERSE, key=key):
            refuse_any(check_move(Act.REVERSE, VoucherState(row.state), reason=reason))
            mirror = ledger.reverse_journal(
                actor=actor,
                fiscal_year=row.journal_year or 0,
                sequence_no=row.journal_no or 0,
                day=day,
                reason=reason,
                idempotency_key=uuid5(voucher_id, "reverse"),
            )
            _move(
                actor=actor,
                row=row,
                act=Act.REVERSE,
                key=key,
                at=at,
                reason=reason,
                reversal_year=mirror.fiscal_year,
                reversal_no=mirror.sequence_no,
                reversal_label=mirror.label,
            )
        return queries.view_of(row)


def _settled(row: Voucher) -> VoucherContent:
    """What was typed, with the day it meant when it was typed: "today" stays that day, however late it is posted."""
    content = content_of(row.content)
    return replace(content, date=thai_date(row.voucher_date)) if row.voucher_date else content


def _check_postable(row: Voucher, *, today: date) -> None:
    """Refuse every reason why the voucher could not be posted."""
    content = _settled(row)
    year = fiscal_year_of(row.voucher_date or today)
    named = {line.account for line in read_content(content, today=today).lines}
    facts = ledger_queries.facts(fiscal_years=[year], only_accounts=named)
    _, refusals = check_content(content, facts, voucher_id=row.id, today=today)
    refuse_any(refusals)


def _journal(row: Voucher, *, today: date) -> JournalDraft:
    """The journal of a voucher that was checked when it was sent; what changed since, the ledger refuses."""
    content = _settled(row)
    reading = read_content(content, today=today)
    refuse_any(reading.refusals)
    return journal_of(voucher_id=row.id, content=content, reading=reading, day=reading.day or today)


def _plain_move(*, actor: Actor, voucher_id: UUID, act: Act, reason: str, key: UUID, at: datetime) -> VoucherView:
    with entity_transaction(actor.entity_id):
        row = records.locked(actor=actor, voucher_id=voucher_id)
        if not records.is_repeated(voucher_id=voucher_id, act=act, key=key):
            refuse_any(check_move(act, VoucherState(row.state), reason=reason))
            _move(actor=actor, row=row, act=act, key=key, at=at, reason=reason)
        return queries.view_of(row)


def _move(
    *,
    actor: Actor,
    row: Voucher,
    act: Act,
    key: UUID,
    at: datetime,
    reason: str = "",
    facts: Mapping[str, object] | None = None,
    **columns: object,
) -> None:
    before = row.state
    after = state_after(act, VoucherState(before))
    records.change(row, state=str(after), saved_at=at, **columns)
    told = {
        "before": before,
        "after": row.state,
        "revision": row.revision,
        "journal": row.journal_label,
        **(facts or {}),
    }
    records.leave_trace(actor=actor, voucher_id=row.id, act=act, key=key, at=at, reason=reason, facts=told)


def _second_hand(actor: Actor, row: Voucher, at: datetime) -> Separated:
    """Whoever typed or sent a voucher is not the one who approves it (R331)."""
    return identity.separate(
        actor=actor,
        step="journal_approved",
        taken={"journal_prepared": row.prepared_by},
        act="journal_vouchers.post",
        document=f"voucher:{row.id}",
        at=at,
    )
