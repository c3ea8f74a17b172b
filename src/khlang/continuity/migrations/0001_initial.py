"""Risk: none, a new table."""

from typing import ClassVar

import uuid6
from django.db import migrations, models

from khlang.toolkit import row_security


class Migration(migrations.Migration):
    """Imports."""

    initial = True
    dependencies: ClassVar = [("identity", "0001_initial"), ("ledger", "0001_initial")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="Import",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "entity_id",
                        "id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("entity_id", models.BigIntegerField()),
                ("id", models.UUIDField(default=uuid6.uuid7)),
                ("mode", models.TextField()),
                ("state", models.TextField()),
                ("file_name", models.TextField()),
                ("file_size", models.BigIntegerField()),
                ("file_sha256", models.TextField()),
                ("file_path", models.TextField()),
                ("fiscal_year", models.IntegerField(null=True)),
                ("converts_old_codes", models.BooleanField(default=False)),
                ("accepts_valid", models.BooleanField(default=False)),
                ("compare_to", models.DateField(null=True)),
                ("done", models.IntegerField(default=0)),
                ("total", models.IntegerField(default=0)),
                ("posted", models.IntegerField(default=0)),
                ("replayed", models.IntegerField(default=0)),
                ("undone", models.IntegerField(default=0)),
                ("errors", models.IntegerField(default=0)),
                ("warnings", models.IntegerField(default=0)),
                ("findings", models.JSONField(default=list)),
                ("summary", models.JSONField(default=dict)),
                ("facts_seen", models.TextField(default="")),
                ("reason", models.TextField(default="")),
                ("made_by", models.BigIntegerField()),
                ("made_by_name", models.TextField()),
                ("made_at", models.DateTimeField()),
                ("beat_at", models.DateTimeField()),
            ],
            options={
                "db_table": "continuity_import",
                "indexes": [
                    models.Index(fields=["entity_id", "-made_at"], name="continuity_import_by_time"),
                    models.Index(fields=["entity_id", "file_sha256"], name="continuity_import_by_file"),
                ],
            },
        ),
        migrations.RunSQL(
            "ALTER TABLE continuity_import"
            " ADD CONSTRAINT continuity_import_of_entity FOREIGN KEY (entity_id) REFERENCES identity_entity (entity_id),"
            " ADD CONSTRAINT continuity_import_counts_forward CHECK (done >= 0 AND posted >= 0 AND replayed >= 0);"
            "REVOKE DELETE ON continuity_import FROM khlang_app;",
            migrations.RunSQL.noop,
        ),
        *row_security.operations("continuity_import"),
    ]
