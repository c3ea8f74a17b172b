"""Attach evidence to a voucher, and take it off."""

import hashlib
from datetime import datetime
from uuid import UUID, uuid5

from khlang.identity.permissions import require
from khlang.journal_vouchers import queries
from khlang.journal_vouchers.commands import records
from khlang.journal_vouchers.models import Attachment
from khlang.journal_vouchers.rules import (
    Act,
    AttachmentView,
    VoucherState,
    check_file,
    check_move,
)
from khlang.kernel.actors import Actor
from khlang.kernel.file_kinds import clean_file_name, file_kind
from khlang.kernel.refusals import Refusal, Refused, refuse_any
from khlang.toolkit import uploads
from khlang.toolkit.tenancy import entity_transaction


def attach(
    *,
    actor: Actor,
    voucher_id: UUID,
    attachment_id: UUID,
    name: str,
    content: bytes,
    at: datetime,
) -> AttachmentView:
    """Keep a file with a voucher (R270). The same `attachment_id` again gives the first answer.

    Refuses journal_vouchers.file_empty, .file_too_large, .file_kind, .too_many_files, .move_not_allowed, .key_used,
    kernel.file_* of what hides in a file, toolkit.file_infected, .scanner_failed.
    """
    require(actor, "journal_vouchers.draft")
    sha256 = hashlib.sha256(content).hexdigest()
    _taken_in(actor=actor, voucher_id=voucher_id, attachment_id=attachment_id, name=name, content=content)
    with entity_transaction(actor.entity_id):
        row = records.locked(actor=actor, voucher_id=voucher_id)
        known = Attachment.objects.filter(entity_id=actor.entity_id, id=attachment_id).first()
        if known is None:
            refuse_any(check_move(Act.ATTACH, VoucherState(row.state)))
            known = _attached(
                actor=actor,
                voucher_id=row.id,
                attachment_id=attachment_id,
                name=name,
                content=content,
                sha256=sha256,
                at=at,
            )
        elif (known.voucher_id, known.sha256) != (voucher_id, sha256):
            raise Refused(Refusal("journal_vouchers.key_used"))
        found = queries.attachment(attachment_id=attachment_id)
        if found is None:
            raise Refused(Refusal("journal_vouchers.file_unknown"))
        return found


def _taken_in(*, actor: Actor, voucher_id: UUID, attachment_id: UUID, name: str, content: bytes) -> None:
    """Judge and keep the bytes of a new file, outside the transaction that names them.

    Unpacking and the virus scanner may take long, and nobody is to wait for them.
    """
    with entity_transaction(actor.entity_id):
        records.locked(actor=actor, voucher_id=voucher_id)
        if Attachment.objects.filter(entity_id=actor.entity_id, id=attachment_id).exists():
            return
        files = len(queries.attachments(voucher_id=voucher_id))
    refuse_any(check_file(name=name, content=content, files=files))
    sha256 = hashlib.sha256(content).hexdigest()
    uploads.keep(queries.attachment_file(entity_id=actor.entity_id, sha256=sha256), [content], name=name)


def _attached(
    *,
    actor: Actor,
    voucher_id: UUID,
    attachment_id: UUID,
    name: str,
    content: bytes,
    sha256: str,
    at: datetime,
) -> Attachment:
    kind = file_kind(content)
    if kind is None:
        raise AssertionError("check_file has passed a file of no kind")
    made = Attachment.objects.create(
        entity_id=actor.entity_id,
        id=attachment_id,
        voucher_id=voucher_id,
        name=clean_file_name(name, kind),
        media_type=kind.media_type,
        size_bytes=len(content),
        sha256=sha256,
        attached_by=actor.user_id,
        attached_by_name=actor.name,
        attached_at=at,
    )
    facts = {"name": made.name, "sha256": sha256}
    records.leave_trace(actor=actor, voucher_id=voucher_id, act=Act.ATTACH, key=attachment_id, at=at, facts=facts)
    return made


def detach(*, actor: Actor, attachment_id: UUID, at: datetime) -> None:
    """Take a file off a draft; its row and bytes are kept. Twice is harmless.

    Refuses journal_vouchers.file_unknown, .move_not_allowed.
    """
    require(actor, "journal_vouchers.draft")
    with entity_transaction(actor.entity_id):
        known = Attachment.objects.filter(entity_id=actor.entity_id, id=attachment_id).first()
        if known is None:
            raise Refused(Refusal("journal_vouchers.file_unknown"))
        row = records.locked(actor=actor, voucher_id=known.voucher_id)
        same = Attachment.objects.filter(entity_id=actor.entity_id, id=attachment_id, detached_at__isnull=True)
        if not same.exists():
            return
        refuse_any(check_move(Act.DETACH, VoucherState(row.state)))
        same.update(detached_at=at)
        key = uuid5(attachment_id, "detach")
        facts = {"name": known.name, "sha256": known.sha256}
        records.leave_trace(actor=actor, voucher_id=row.id, act=Act.DETACH, key=key, at=at, facts=facts)
