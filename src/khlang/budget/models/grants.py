"""Tables of grants outside the ordinance: the letter, its two clocks, its cash. Their lines live in sql/control.sql."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class Grant(models.Model):
    """Money given for a stated purpose by a letter, outside the ordinance (R80, R199)."""

    pk = models.CompositePrimaryKey("entity_id", "id")
    entity_id = models.BigIntegerField()
    id = models.UUIDField()
    fiscal_year = models.IntegerField()
    kind = models.TextField()
    fund_source = models.TextField()
    title = models.TextField()
    agency = models.TextField()
    letter_number = models.TextField()
    letter_on = models.DateField()
    notified_on = models.DateField()
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    place = models.TextField()
    # The first deadlines, as the letter says; once the grant is open its clocks are the rows of GrantClock.
    obligate_by = models.DateField()
    spend_by = models.DateField()
    returns_left_over = models.BooleanField(default=True)
    conditions = models.JSONField(default=dict)
    # Lines as drafted: GrantLineDraft.as_json of each.
    lines = models.JSONField(default=list)
    state = models.TextField(default="draft")
    revision = models.IntegerField(default=1)
    entry_no = models.IntegerField(null=True)
    idempotency_key = models.UUIDField(null=True)
    opened_by_name = models.TextField(default="")
    made_by = models.BigIntegerField()
    made_by_name = models.TextField()
    saved_at = models.DateTimeField()

    class Meta:
        db_table = "budget_grant"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="budget_grant_is_not_negative"),
            models.CheckConstraint(condition=Q(place__in=["state", "own"]), name="budget_grant_place_is_known"),
            models.CheckConstraint(condition=Q(obligate_by__lte=F("spend_by")), name="budget_grant_is_bound_first"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "closed"], entry_no__isnull=False, amount__gt=0)
                | Q(state__in=["draft", "cancelled"], entry_no__isnull=True),
                name="budget_grant_open_has_its_entry",
            ),
        ]


class GrantClock(models.Model):
    """One setting of one of the two clocks of a grant (R203): money still with the state, money in the own bank."""

    pk = models.CompositePrimaryKey("entity_id", "grant_id", "layer", "version_no")
    entity_id = models.BigIntegerField()
    grant_id = models.UUIDField()
    layer = models.TextField()
    version_no = models.IntegerField()
    # The id that the caller gave: sent twice it is kept once.
    id = models.UUIDField()
    obligate_by = models.DateField()
    spend_by = models.DateField()
    document_number = models.TextField()
    document_on = models.DateField()
    reason = models.TextField(default="")
    contract = models.TextField(default="")
    recorded_by = models.BigIntegerField()
    recorded_by_name = models.TextField()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "budget_grant_clock"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entity_id", "id", "layer"], name="budget_grant_clock_is_kept_once"),
            models.CheckConstraint(condition=Q(layer__in=["state", "own"]), name="budget_grant_clock_layer_is_known"),
            models.CheckConstraint(condition=Q(document_number__gt=""), name="budget_grant_clock_has_its_paper"),
            models.CheckConstraint(
                condition=Q(obligate_by__lte=F("spend_by")), name="budget_grant_clock_is_bound_first"
            ),
        ]


class GrantMoney(models.Model):
    """One movement of the cash of a grant (R201, R202). Its id is the idempotency key of the act."""

    pk = models.CompositePrimaryKey("entity_id", "id")
    entity_id = models.BigIntegerField()
    id = models.UUIDField()
    grant_id = models.UUIDField()
    kind = models.TextField()
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    happened_on = models.DateField()
    document_number = models.TextField()
    note = models.TextField(default="")
    recorded_by = models.BigIntegerField()
    recorded_by_name = models.TextField()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "budget_grant_money"
        indexes: ClassVar = [models.Index(fields=["entity_id", "grant_id"], name="budget_grant_money_by_grant")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="budget_grant_money_is_positive"),
            models.CheckConstraint(
                condition=Q(kind__in=["received", "lent", "cleared", "returned", "kept"]),
                name="budget_grant_money_kind_is_known",
            ),
            models.CheckConstraint(condition=Q(document_number__gt=""), name="budget_grant_money_has_its_paper"),
        ]
