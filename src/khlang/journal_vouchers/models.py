"""Tables of journal vouchers. All belong to one entity; what is posted lives in the ledger."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Voucher(models.Model):
    """One general journal voucher. `content` is what was typed; the columns beside it are read from it for lists."""

    pk = models.CompositePrimaryKey("entity_id", "id")
    entity_id = models.BigIntegerField()
    id = models.UUIDField()
    revision = models.IntegerField(default=1)
    state = models.TextField(default="draft")
    content = models.JSONField()
    kind = models.TextField()
    voucher_date = models.DateField(null=True)
    description = models.TextField(default="")
    total = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    search_text = models.TextField(default="")
    made_by = models.BigIntegerField()
    made_by_name = models.TextField()
    # Everyone who typed or sent it: none of them may post it.
    prepared_by = models.JSONField()
    copied_from = models.UUIDField(null=True)
    made_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    journal_year = models.IntegerField(null=True)
    journal_no = models.BigIntegerField(null=True)
    journal_label = models.TextField(default="")
    reversal_year = models.IntegerField(null=True)
    reversal_no = models.BigIntegerField(null=True)
    reversal_label = models.TextField(default="")

    class Meta:
        db_table = "journal_vouchers_voucher"
        indexes: ClassVar = [
            models.Index(fields=["entity_id", "-saved_at"], name="journal_voucher_by_saved"),
            models.Index(fields=["entity_id", "state", "-saved_at"], name="journal_voucher_by_state"),
            models.Index(fields=["entity_id", "journal_year", "journal_no"], name="journal_voucher_by_journal"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "submitted", "returned", "posted", "cancelled"]),
                name="journal_voucher_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state="posted", journal_no__isnull=False)
                | (~Q(state="posted") & Q(journal_no__isnull=True)),
                name="journal_voucher_posted_has_a_journal",
            ),
        ]


class VoucherEvent(models.Model):
    """One act on a voucher. Its id is the idempotency key of the act."""

    pk = models.CompositePrimaryKey("entity_id", "id")
    entity_id = models.BigIntegerField()
    id = models.UUIDField()
    voucher_id = models.UUIDField()
    # Its place among the acts on the voucher: two may bear the same instant.
    place = models.IntegerField()
    act = models.TextField()
    actor_id = models.BigIntegerField()
    actor_name = models.TextField()
    at = models.DateTimeField()
    reason = models.TextField(default="")

    class Meta:
        db_table = "journal_vouchers_event"
        indexes: ClassVar = [
            models.Index(fields=["entity_id", "voucher_id", "place"], name="journal_voucher_event_by_place"),
        ]


class Attachment(models.Model):
    """One file of a voucher. Taking it off keeps row and bytes."""

    pk = models.CompositePrimaryKey("entity_id", "id")
    entity_id = models.BigIntegerField()
    id = models.UUIDField()
    voucher_id = models.UUIDField()
    name = models.TextField()
    media_type = models.TextField()
    size_bytes = models.BigIntegerField()
    sha256 = models.TextField()
    attached_by = models.BigIntegerField()
    attached_by_name = models.TextField()
    attached_at = models.DateTimeField()
    detached_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "journal_vouchers_attachment"
        indexes: ClassVar = [
            models.Index(fields=["entity_id", "voucher_id"], name="journal_voucher_attachments"),
        ]
