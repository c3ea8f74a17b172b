"""Tables of doors and sessions. All are national: a person proves who she is before an entity is chosen."""

from typing import ClassVar

from django.db import models


class Session(models.Model):
    """One browser of one person. The key in the cookie is kept as its hash only."""

    session_key = models.TextField(primary_key=True)
    session_data = models.TextField()
    expire_date = models.DateTimeField()
    user_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    address = models.TextField(default="")
    agent = models.TextField(default="")
    device = models.TextField(default="")
    proved_by = models.TextField(default="")
    # The key was changed; requests that were under way with the old one are still answered for a moment.
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "authentication_session"
        indexes: ClassVar = [
            models.Index(fields=["user_id", "last_seen_at"], name="authentication_session_by_user"),
            models.Index(fields=["expire_date"], name="authentication_session_expiry"),
        ]


class Device(models.Model):
    """A browser on which a person logged in before: strangers who try her account do not lock her out of it."""

    device_id = models.UUIDField(primary_key=True)
    user_id = models.BigIntegerField()
    label = models.TextField(default="")
    first_used_at = models.DateTimeField()
    last_used_at = models.DateTimeField()
    forgotten_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "authentication_device"
        indexes: ClassVar = [models.Index(fields=["user_id"], name="authentication_device_by_user")]


class Attempt(models.Model):
    """One try to prove who one is, and how it went on: append-only, pruned when traffic logs are.

    A try is a row of outcome `tried`; what became of it is a second row that names it. A try without a second row
    failed. The name that was typed is kept as a keyed hash, which no list of names turns back without the key.
    """

    attempt_id = models.UUIDField(primary_key=True)
    of_attempt = models.UUIDField(null=True)
    at = models.DateTimeField()
    door = models.TextField()
    outcome = models.TextField()
    account_key = models.TextField()
    user_id = models.BigIntegerField(null=True)
    network = models.TextField(default="")
    address = models.TextField(default="")
    device = models.TextField(default="")
    device_id = models.UUIDField(null=True)
    reason = models.TextField(default="")

    class Meta:
        db_table = "authentication_attempt"
        indexes: ClassVar = [
            models.Index(fields=["account_key", "at"], name="authentication_attempt_account"),
            models.Index(fields=["network", "at"], name="authentication_attempt_network"),
            models.Index(fields=["user_id", "at"], name="authentication_attempt_user"),
            models.Index(fields=["of_attempt"], name="authentication_attempt_of"),
        ]


class CodeStep(models.Model):
    """The last time step for which a code of an authenticator app was taken: a code counts once, on every server."""

    authenticator_id = models.BigIntegerField(primary_key=True)
    step = models.BigIntegerField()

    class Meta:
        db_table = "authentication_code_step"


class Emergency(models.Model):
    """Two officers let a third in. Halves of the code are keyed hashes; what happened is also in the record of acts."""

    pk = models.CompositePrimaryKey("entity_id", "emergency_id")
    entity_id = models.BigIntegerField()
    emergency_id = models.UUIDField()
    user_id = models.BigIntegerField()
    user_name = models.TextField()
    reason = models.TextField()
    first_id = models.BigIntegerField()
    first_name = models.TextField()
    first_half = models.TextField()
    asked_at = models.DateTimeField()
    second_id = models.BigIntegerField(null=True)
    second_name = models.TextField(default="")
    second_half = models.TextField(default="")
    seconded_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "authentication_emergency"
        indexes: ClassVar = [models.Index(fields=["user_id"], name="authentication_emergency_user")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["entity_id", "user_id"],
                condition=models.Q(used_at__isnull=True, cancelled_at__isnull=True),
                name="authentication_one_open_emergency",
            ),
        ]
