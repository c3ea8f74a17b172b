"""Tables of people and entities. The tree of entities is national; what a person is there belongs to the entity.

Nothing here is deleted: a membership, an order, an exception ends by a row or a mark that says when and why.
"""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models


class Entity(models.Model):
    """A reporting entity or an office above it (department, province). Its number never changes."""

    entity_id = models.BigIntegerField(primary_key=True)
    code = models.TextField(unique=True)
    level = models.TextField()
    kind = models.TextField()
    name_th = models.TextField()
    name_en = models.TextField(default="")
    sort_key = models.TextField()
    province_code = models.TextField(default="")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    # Code and names as a search compares them.
    search_text = models.TextField(default="")

    class Meta:
        db_table = "identity_entity"
        indexes: ClassVar = [
            models.Index(fields=["province_code", "sort_key"], name="identity_entity_by_province"),
            models.Index(fields=["sort_key", "code"], name="identity_entity_by_name"),
        ]


class UserManager(BaseUserManager["User"]):
    """Makes users; Django's commands expect these names."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """A person who may log in."""
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person. What she may do hangs on her memberships, never on this row."""

    username = models.TextField(unique=True)
    full_name = models.TextField()
    language = models.TextField(default="th")
    is_active = models.BooleanField(default=True)
    # Keyed hash of the citizen's number, for ThaiD; the number itself is kept nowhere.
    pid_hash = models.TextField(null=True, unique=True)  # noqa: DJ001  (many people without one)
    must_change_password = models.BooleanField(default=False)
    # The entity that keeps her account: her name, citizen number and password are changed there and nowhere else.
    home_entity_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    class Meta:
        db_table = "identity_user"

    def get_full_name(self) -> str:
        """The name shown to others."""
        return self.full_name


class Staff(models.Model):
    """A person on the list of an entity: her title there, until she leaves."""

    pk = models.CompositePrimaryKey("entity_id", "user_id")
    entity_id = models.BigIntegerField()
    user_id = models.BigIntegerField()
    title = models.TextField(default="")
    phone = models.TextField(default="")
    email = models.TextField(default="")
    added_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    # The idempotency key of the form that added her.
    added_key = models.UUIDField(null=True)

    class Meta:
        db_table = "identity_staff"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entity_id", "added_key"], name="identity_staff_is_added_once"),
        ]


class Membership(models.Model):
    """One role of one person in one entity, held by position from a moment until a moment."""

    pk = models.CompositePrimaryKey("entity_id", "user_id", "role", "granted_at")
    entity_id = models.BigIntegerField()
    user_id = models.BigIntegerField()
    role = models.TextField()
    granted_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    reason = models.TextField(default="")
    ended_reason = models.TextField(default="")

    class Meta:
        db_table = "identity_membership"
        indexes: ClassVar = [models.Index(fields=["user_id"], name="identity_membership_by_user")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["entity_id", "user_id", "role"],
                condition=models.Q(ended_at__isnull=True),
                name="identity_role_is_held_once",
            ),
        ]


class Order(models.Model):
    """A written order (R17, R20): number, day, kind, who signed it. Its lines name the people."""

    pk = models.CompositePrimaryKey("entity_id", "order_id")
    entity_id = models.BigIntegerField()
    order_id = models.UUIDField()
    number = models.TextField()
    ordered_on = models.DateField()
    kind = models.TextField()
    subject = models.TextField()
    signed_by = models.TextField()
    signed_as = models.TextField()
    # By which role it was signed, and by whom where she is on the list: a delegation gives only what she holds (R20).
    signed_role = models.TextField(default="")
    signed_by_id = models.BigIntegerField(null=True)
    note = models.TextField(default="")
    recorded_by = models.BigIntegerField()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "identity_order"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entity_id", "number"], name="identity_order_number_is_used_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["appointment", "acting", "delegation", "exception"]),
                name="identity_order_kind_is_known",
            ),
        ]


class OrderLine(models.Model):
    """What one order gives one person: a role or a duty between two days, or an exception to a rule of separation.

    `ended_on` is the last day of an order that was taken back early, with its reason; the line itself stays.
    """

    pk = models.CompositePrimaryKey("entity_id", "order_id", "line_no")
    entity_id = models.BigIntegerField()
    order_id = models.UUIDField()
    line_no = models.IntegerField()
    user_id = models.BigIntegerField()
    hat = models.TextField(default="")
    rule = models.TextField(default="")
    position = models.TextField(default="")
    acting_for = models.TextField(default="")
    reviewer_id = models.BigIntegerField(null=True)
    amount_max = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    ended_reason = models.TextField(default="")

    class Meta:
        db_table = "identity_order_line"
        indexes: ClassVar = [
            models.Index(fields=["user_id", "entity_id"], name="identity_order_line_by_user"),
            models.Index(fields=["entity_id", "user_id"], name="identity_order_line_by_person"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(hat="", rule__gt="") | models.Q(hat__gt="", rule=""),
                name="identity_order_line_gives_hat_or_exception",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="identity_order_line_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=models.Q(rule="")
                | (
                    models.Q(reviewer_id__isnull=False, ends_on__isnull=False)
                    & ~models.Q(reviewer_id=models.F("user_id"))
                ),
                name="identity_exception_is_reviewed_by_another_and_ends",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_on__isnull=True, ended_reason="")
                | models.Q(ended_on__isnull=False, ended_reason__gt=""),
                name="identity_order_line_ended_says_why",
            ),
        ]


class ExceptionUse(models.Model):
    """One act that one person did in two hats under a written exception (R333), kept for review and for the auditor."""

    pk = models.CompositePrimaryKey("entity_id", "use_id")
    entity_id = models.BigIntegerField()
    use_id = models.UUIDField()
    order_id = models.UUIDField()
    rule = models.TextField()
    step = models.TextField()
    act = models.TextField()
    document = models.TextField()
    user_id = models.BigIntegerField()
    user_name = models.TextField()
    reviewer_id = models.BigIntegerField()
    used_at = models.DateTimeField()

    class Meta:
        db_table = "identity_exception_use"
        indexes: ClassVar = [models.Index(fields=["entity_id", "document"], name="identity_exception_use_by_doc")]


class ExceptionReview(models.Model):
    """What the compensating reviewer found about one use of an exception (R333)."""

    pk = models.CompositePrimaryKey("entity_id", "use_id")
    entity_id = models.BigIntegerField()
    use_id = models.UUIDField()
    finding = models.TextField()
    note = models.TextField(default="")
    reviewed_by = models.BigIntegerField()
    reviewed_by_name = models.TextField()
    reviewed_at = models.DateTimeField()

    class Meta:
        db_table = "identity_exception_review"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(finding="in_order") | models.Q(finding="questioned", note__gt=""),
                name="identity_exception_review_finding_is_known",
            ),
        ]


class Visit(models.Model):
    """An officer of the department or the province reads an entity's books, for a recorded reason, for some hours."""

    pk = models.CompositePrimaryKey("entity_id", "visit_id")
    entity_id = models.BigIntegerField()
    visit_id = models.UUIDField()
    user_id = models.BigIntegerField()
    user_name = models.TextField()
    from_entity_id = models.BigIntegerField()
    reason = models.TextField()
    started_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        db_table = "identity_visit"
        indexes: ClassVar = [models.Index(fields=["user_id", "entity_id"], name="identity_visit_by_user")]


class PeopleReview(models.Model):
    """One half-yearly review of the list of users: who did it, when, and how each person was judged."""

    pk = models.CompositePrimaryKey("entity_id", "review_id")
    entity_id = models.BigIntegerField()
    review_id = models.UUIDField()
    reviewed_by = models.BigIntegerField()
    reviewed_by_name = models.TextField()
    reviewed_at = models.DateTimeField()
    people = models.JSONField()

    class Meta:
        db_table = "identity_people_review"


class PeopleImport(models.Model):
    """A list of people that was sent as a file: its rows until it is taken, afterwards only what became of each.

    The rows hold names and telephone numbers, so they go with the taking; citizen numbers are never among them.
    """

    pk = models.CompositePrimaryKey("entity_id", "import_id")
    entity_id = models.BigIntegerField()
    import_id = models.UUIDField()
    file_name = models.TextField()
    sha256 = models.TextField()
    lines = models.JSONField()
    sent_by = models.BigIntegerField()
    sent_by_name = models.TextField()
    sent_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by_name = models.TextField(default="")
    mode = models.TextField(default="")
    same = models.IntegerField(default=0)
    left_out = models.IntegerField(default=0)
    taken = models.JSONField(default=list)

    class Meta:
        db_table = "identity_people_import"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(done_at__isnull=True) | models.Q(lines=[]),
                name="identity_people_import_forgets_its_lines",
            ),
        ]
