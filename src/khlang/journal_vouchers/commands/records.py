"""What every command of vouchers does: take the voucher, know a repeated act, leave its trace."""

from datetime import datetime
from typing import Any
from uuid import UUID

from khlang.audit import commands as audit
from khlang.journal_vouchers import queries
from khlang.journal_vouchers.models import Voucher, VoucherEvent
from khlang.journal_vouchers.rules import Act
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Fact, Refusal, Refused


def locked(*, actor: Actor, voucher_id: UUID) -> Voucher:
    """The voucher, locked to the end of the transaction. Refuses journal_vouchers.voucher_unknown."""
    row = find_locked(actor=actor, voucher_id=voucher_id)
    if row is None:
        raise Refused(Refusal("journal_vouchers.voucher_unknown"))
    return row


def find_locked(*, actor: Actor, voucher_id: UUID) -> Voucher | None:
    """The voucher, locked to the end of the transaction, or None."""
    return Voucher.objects.select_for_update().filter(entity_id=actor.entity_id, id=voucher_id).first()


def change(row: Voucher, **fields: Any) -> Voucher:
    """Write these columns, here and in the row in hand."""
    Voucher.objects.filter(entity_id=row.entity_id, id=row.id).update(**fields)
    for name, value in fields.items():
        setattr(row, name, value)
    return row


def is_repeated(*, voucher_id: UUID, act: Act, key: UUID) -> bool:
    """Whether this very act was done already. Refuses journal_vouchers.key_used when the key stands for another."""
    known = queries.event(event_id=key)
    if known is None:
        return False
    if known != (voucher_id, act):
        raise Refused(Refusal("journal_vouchers.key_used"))
    return True


def check_revision(row: Voucher, revision: int) -> None:
    """Refuse journal_vouchers.changed_meanwhile {who, revision} unless the sender has seen the latest version."""
    if row.revision != revision:
        last = VoucherEvent.objects.filter(entity_id=row.entity_id, voucher_id=row.id).order_by("-place").first()
        facts: dict[str, Fact] = {"who": last.actor_name if last else row.made_by_name, "revision": row.revision}
        raise Refused(Refusal("journal_vouchers.changed_meanwhile", facts))


def leave_trace(
    *,
    actor: Actor,
    voucher_id: UUID,
    act: Act,
    key: UUID,
    at: datetime,
    reason: str = "",
    facts: dict[str, Any] | None = None,
) -> None:
    """One event on the voucher and one act in the record; the last thing a command does (R15)."""
    before = VoucherEvent.objects.filter(entity_id=actor.entity_id, voucher_id=voucher_id).count()
    VoucherEvent.objects.create(
        entity_id=actor.entity_id,
        id=key,
        voucher_id=voucher_id,
        place=before + 1,
        act=str(act),
        actor_id=actor.user_id,
        actor_name=actor.name,
        at=at,
        reason=reason.strip(),
    )
    audit.record(
        actor=actor,
        act=f"journal_vouchers.{act}",
        document=f"voucher:{voucher_id}",
        facts={**({"reason": reason.strip()} if reason.strip() else {}), **(facts or {})},
    )
