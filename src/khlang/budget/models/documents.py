"""Tables of budget documents: divisions, ordinances and their drafts, changes, plans. What is in force lives in sql/control.sql."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Division(models.Model):
    """A division of a local government that owns lines of the budget (R18, R72)."""

    pk = models.CompositePrimaryKey("entity_id", "division")
    entity_id = models.BigIntegerField()
    division = models.TextField()
    name_th = models.TextField()
    is_open = models.BooleanField(default=True)

    class Meta:
        db_table = "budget_division"


class DivisionMember(models.Model):
    """Somebody who drafts the lines of a division, until she no longer does."""

    pk = models.CompositePrimaryKey("entity_id", "division", "user_id", "since")
    entity_id = models.BigIntegerField()
    division = models.TextField()
    user_id = models.BigIntegerField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        db_table = "budget_division_member"


class Enterprise(models.Model):
    """An enterprise with a budget of its own (R70): waterworks, market, pawnshop."""

    pk = models.CompositePrimaryKey("entity_id", "enterprise")
    entity_id = models.BigIntegerField()
    enterprise = models.TextField()
    name_th = models.TextField()

    class Meta:
        db_table = "budget_enterprise"


class Ordinance(models.Model):
    """A budget ordinance: annual, supplementary, the provisional budget of R89, or the opening of a year moved over."""

    pk = models.CompositePrimaryKey("entity_id", "id")
    entity_id = models.BigIntegerField()
    id = models.UUIDField()
    fiscal_year = models.IntegerField()
    kind = models.TextField()
    # The annual budget is 1; supplementary ones count on from 1 by themselves.
    number = models.IntegerField()
    state = models.TextField(default="preparing")
    revision = models.IntegerField(default=1)
    statement = models.TextField(default="")
    principle = models.TextField(default="")
    reason = models.TextField(default="")
    money_source = models.TextField(default="")
    made_by = models.BigIntegerField()
    made_by_name = models.TextField()
    made_at = models.DateTimeField()
    entry_no = models.IntegerField(null=True)
    idempotency_key = models.UUIDField(null=True)

    class Meta:
        db_table = "budget_ordinance"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["entity_id", "fiscal_year", "kind", "number"], name="budget_ordinance_number_is_used_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["annual", "supplementary", "provisional", "opening"]),
                name="budget_ordinance_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["in_force", "replaced"], entry_no__isnull=False)
                | (~Q(state__in=["in_force", "replaced"]) & Q(entry_no__isnull=True)),
                name="budget_ordinance_in_force_has_its_entry",
            ),
        ]


class OrdinanceStep(models.Model):
    """One step of an ordinance with its day and the number of its paper. Its id is the idempotency key of the act."""

    pk = models.CompositePrimaryKey("entity_id", "id")
    entity_id = models.BigIntegerField()
    id = models.UUIDField()
    ordinance_id = models.UUIDField()
    place = models.IntegerField()
    state = models.TextField()
    happened_on = models.DateField()
    document_number = models.TextField(default="")
    note = models.TextField(default="")
    actor_id = models.BigIntegerField()
    actor_name = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "budget_ordinance_step"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["entity_id", "ordinance_id", "place"], name="budget_ordinance_step_place_is_used_once"
            ),
        ]


class DraftLine(models.Model):
    """One line of an ordinance before it is in force. `revision` guards it against a second editor."""

    pk = models.CompositePrimaryKey("entity_id", "id")
    entity_id = models.BigIntegerField()
    id = models.UUIDField()
    ordinance_id = models.UUIDField()
    revision = models.IntegerField(default=1)
    enterprise = models.TextField(default="")
    division = models.TextField()
    work = models.TextField()
    budget_type = models.TextField()
    item = models.TextField(default="")
    fund_source = models.TextField()
    is_project = models.BooleanField(default=False)
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    explanation = models.JSONField()
    copied_from = models.UUIDField(null=True)
    source_row = models.TextField(default="")
    is_removed = models.BooleanField(default=False)
    saved_by = models.BigIntegerField()
    saved_by_name = models.TextField()
    saved_at = models.DateTimeField()

    class Meta:
        db_table = "budget_draft_line"
        indexes: ClassVar = [
            models.Index(
                fields=["entity_id", "ordinance_id", "work", "budget_type"], name="budget_draft_line_in_order"
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="budget_draft_line_is_not_negative"),
        ]


class RevenueEstimate(models.Model):
    """What an ordinance expects to receive of one revenue type, with its explanation."""

    pk = models.CompositePrimaryKey("entity_id", "ordinance_id", "enterprise", "budget_type")
    entity_id = models.BigIntegerField()
    ordinance_id = models.UUIDField()
    enterprise = models.TextField(default="")
    budget_type = models.TextField()
    revision = models.IntegerField(default=1)
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    explanation = models.TextField(default="")
    saved_by = models.BigIntegerField()
    saved_by_name = models.TextField()
    saved_at = models.DateTimeField()

    class Meta:
        db_table = "budget_revenue_estimate"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="budget_revenue_estimate_is_not_negative"),
        ]


class Change(models.Model):
    """A transfer or a change of explanation (R98-R115). The route is computed; the number is given with the approval."""

    pk = models.CompositePrimaryKey("entity_id", "id")
    entity_id = models.BigIntegerField()
    id = models.UUIDField()
    fiscal_year = models.IntegerField()
    kind = models.TextField()
    number = models.IntegerField(null=True)
    state = models.TextField(default="draft")
    revision = models.IntegerField(default=1)
    route = models.TextField(default="")
    reason = models.TextField(default="")
    legal_answer = models.TextField(default="")
    # What moves, and how lines read afterwards: PartDraft.as_json of each line.
    content = models.JSONField()
    # The form as typed, readable or not; empty where the change did not come from a form.
    typed = models.JSONField(default=dict, db_default={})
    balances = models.JSONField(default=list)
    resolution_number = models.TextField(default="")
    resolved_on = models.DateField(null=True)
    approved_on = models.DateField(null=True)
    announced_on = models.DateField(null=True)
    notified_on = models.DateField(null=True)
    notice_due_on = models.DateField(null=True)
    entry_no = models.IntegerField(null=True)
    idempotency_key = models.UUIDField(null=True)
    made_by = models.BigIntegerField()
    made_by_name = models.TextField()
    made_at = models.DateTimeField()
    approved_by_name = models.TextField(default="")
    saved_at = models.DateTimeField()
    saved_by_name = models.TextField(default="", db_default="")
    submitted_at = models.DateTimeField(null=True)
    # Why it was taken back, cancelled or refused last.
    close_reason = models.TextField(default="", db_default="")

    class Meta:
        db_table = "budget_change"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["entity_id", "fiscal_year", "kind", "number"], name="budget_change_number_is_used_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["transfer", "explanation"]), name="budget_change_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["approved", "announced", "reported"], number__isnull=False, entry_no__isnull=False
                )
                | (~Q(state__in=["approved", "announced", "reported"]) & Q(number__isnull=True, entry_no__isnull=True)),
                name="budget_change_approved_has_number_and_entry",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "announced", "reported"])
                | ~Q(route="council")
                | Q(resolution_number__gt="", resolved_on__isnull=False),
                name="budget_change_of_the_council_has_its_resolution",
            ),
        ]


class Commitment(models.Model):
    """A commitment over several years (R117) with the council's resolution and the share of each year."""

    pk = models.CompositePrimaryKey("entity_id", "id")
    entity_id = models.BigIntegerField()
    id = models.UUIDField()
    line_year = models.IntegerField()
    line_id = models.UUIDField()
    title = models.TextField()
    why_not_split = models.TextField()
    resolution_number = models.TextField()
    resolved_on = models.DateField()
    # The share of each year, in baht: fiscal year to amount.
    years = models.JSONField()
    made_by = models.BigIntegerField()
    made_by_name = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        db_table = "budget_commitment"


class CarryOver(models.Model):
    """Money of a line that goes on after the year (R187-R198): kind, amount, who allowed it, until when."""

    pk = models.CompositePrimaryKey("entity_id", "id")
    entity_id = models.BigIntegerField()
    id = models.UUIDField()
    fiscal_year = models.IntegerField()
    line_id = models.UUIDField()
    from_hold_id = models.UUIDField(null=True)
    kind = models.TextField()
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    state = models.TextField(default="proposed")
    reason = models.TextField()
    approval_number = models.TextField(default="")
    approved_on = models.DateField(null=True)
    expires_on = models.DateField(null=True)
    entry_no = models.IntegerField(null=True)
    idempotency_key = models.UUIDField(null=True)
    made_by = models.BigIntegerField()
    made_by_name = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        db_table = "budget_carry_over"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="budget_carry_over_is_positive"),
            models.CheckConstraint(
                condition=Q(kind__in=["obligated", "unobligated_investment", "payable"]),
                name="budget_carry_over_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state="active", entry_no__isnull=False, approved_on__isnull=False, expires_on__isnull=False)
                | (Q(state__in=["proposed", "refused"], entry_no__isnull=True)),
                name="budget_carry_over_active_was_approved",
            ),
        ]


class CarryExtension(models.Model):
    """Another end of money carried over (R195, R197), with who allowed it. Only ever added to."""

    pk = models.CompositePrimaryKey("entity_id", "id")
    entity_id = models.BigIntegerField()
    id = models.UUIDField()
    carry_id = models.UUIDField()
    place = models.SmallIntegerField()
    approval_number = models.TextField(default="")
    decided_on = models.DateField()
    expires_on = models.DateField()
    reason = models.TextField()
    made_by = models.BigIntegerField()
    made_by_name = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        db_table = "budget_carry_extension"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["entity_id", "carry_id", "place"], name="budget_carry_extension_place_is_used_once"
            ),
        ]


class MovingOver(models.Model):
    """A workbook of the old system between its preview and the opening of the year: the file, the divisions named so far."""

    pk = models.CompositePrimaryKey("entity_id", "id")
    entity_id = models.BigIntegerField()
    id = models.UUIDField()
    file_name = models.TextField()
    file_size = models.BigIntegerField()
    file_sha256 = models.TextField()
    file_path = models.TextField()
    # Work to owning division; "" for every other work.
    divisions = models.JSONField(default=dict)
    ordinance_id = models.UUIDField(null=True)
    made_by = models.BigIntegerField()
    made_by_name = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        db_table = "budget_moving_over"


class PlanShare(models.Model):
    """What a division means to spend of a line in one quarter (R19); adjusted by writing it again."""

    pk = models.CompositePrimaryKey("entity_id", "fiscal_year", "line_id", "quarter")
    entity_id = models.BigIntegerField()
    fiscal_year = models.IntegerField()
    line_id = models.UUIDField()
    quarter = models.SmallIntegerField()
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    revision = models.IntegerField(default=1)
    saved_by_name = models.TextField()
    saved_at = models.DateTimeField()

    class Meta:
        db_table = "budget_plan_share"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(quarter__range=(1, 4)), name="budget_plan_share_quarter_is_known"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="budget_plan_share_is_not_negative"),
        ]
