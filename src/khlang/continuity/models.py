"""The table of imports: the file, what was found in it, and how far its posting has come."""

from typing import ClassVar

import uuid6
from django.db import models


class Import(models.Model):
    """One file sent by one person. Never deleted; its journals lie in the ledger under its id as batch."""

    pk = models.CompositePrimaryKey("entity_id", "id")
    entity_id = models.BigIntegerField()
    id = models.UUIDField(default=uuid6.uuid7)
    mode = models.TextField()
    state = models.TextField()
    file_name = models.TextField()
    file_size = models.BigIntegerField()
    file_sha256 = models.TextField()
    file_path = models.TextField()
    fiscal_year = models.IntegerField(null=True)
    converts_old_codes = models.BooleanField(default=False)
    accepts_valid = models.BooleanField(default=False)
    compare_to = models.DateField(null=True)
    # Journals of the file that the posting has passed, in file order: where a broken run goes on.
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    posted = models.IntegerField(default=0)
    replayed = models.IntegerField(default=0)
    undone = models.IntegerField(default=0)
    errors = models.IntegerField(default=0)
    warnings = models.IntegerField(default=0)
    findings = models.JSONField(default=list)
    summary = models.JSONField(default=dict)
    facts_seen = models.TextField(default="")
    reason = models.TextField(default="")
    made_by = models.BigIntegerField()
    made_by_name = models.TextField()
    made_at = models.DateTimeField()
    # The second hand: who approved it for posting (R331).
    posted_by = models.BigIntegerField(null=True)
    posted_by_name = models.TextField(default="", db_default="")
    # Moved by whoever is at work on it; an old one means that the work was interrupted.
    beat_at = models.DateTimeField()

    class Meta:
        db_table = "continuity_import"
        indexes: ClassVar = [
            models.Index(fields=["entity_id", "-made_at"], name="continuity_import_by_time"),
            models.Index(fields=["entity_id", "file_sha256"], name="continuity_import_by_file"),
        ]
