"""Attach evidence to a voucher, and take it off."""

import hashlib
import os
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4, uuid5

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
    clean_file_name,
    file_kind,
)
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refusal, Refused, refuse_any
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

    Refuses journal_vouchers.file_empty, .file_too_large, .file_kind, .too_many_files, .move_not_allowed, .key_used.
    """
    require(actor, "journal_vouchers.draft")
    sha256 = hashlib.sha256(content).hexdigest()
    with entity_transaction(actor.entity_id):
        row = records.locked(actor=actor, voucher_id=voucher_id)
        known = Attachment.objects.filter(entity_id=actor.entity_id, id=attachment_id).first()
        if known is None:
            refuse_any(check_move(Act.ATTACH, VoucherState(row.state)))
            files = len(queries.attachments(voucher_id=voucher_id))
            refuse_any(check_file(name=name, content=content, files=files))
            _keep(queries.attachment_file(entity_id=actor.entity_id, sha256=sha256), content)
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


def _keep(file: Path, content: bytes) -> None:
    """Write the bytes under their own hash, whole or not at all; the same bytes are kept once."""
    if file.exists():
        return
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = file.with_name(f"{file.name}.{uuid4().hex}.part")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    unfinished.rename(file)


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
