"""Risk: none; a new table."""

from pathlib import Path
from typing import ClassVar

from django.db import migrations, models

from khlang.toolkit import row_security

SQL = (Path(__file__).resolve().parent.parent / "sql" / "emergency.sql").read_text(encoding="utf-8")
# Seen inside the entity, and by the person who is to be let in, before any entity is chosen.
RULE = (
    "entity_id = nullif(current_setting('khlang.entity_id', true), '')::bigint"
    " OR user_id = nullif(current_setting('khlang.user_id', true), '')::bigint"
)


class Migration(migrations.Migration):
    """Two officers let a third in."""

    dependencies: ClassVar = [("authentication", "0003_factors"), ("identity", "0002_people")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="Emergency",
            fields=[
                ("pk", models.CompositePrimaryKey("entity_id", "emergency_id", blank=True, editable=False, primary_key=True, serialize=False)),
                ("entity_id", models.BigIntegerField()),
                ("emergency_id", models.UUIDField()),
                ("user_id", models.BigIntegerField()),
                ("user_name", models.TextField()),
                ("reason", models.TextField()),
                ("first_id", models.BigIntegerField()),
                ("first_name", models.TextField()),
                ("first_half", models.TextField()),
                ("asked_at", models.DateTimeField()),
                ("second_id", models.BigIntegerField(null=True)),
                ("second_name", models.TextField(default="")),
                ("second_half", models.TextField(default="")),
                ("seconded_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                ("cancelled_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "authentication_emergency"},
        ),
        migrations.AddIndex(
            model_name="emergency", index=models.Index(fields=["user_id"], name="authentication_emergency_user"),
        ),
        migrations.AddConstraint(
            model_name="emergency",
            constraint=models.UniqueConstraint(
                fields=["entity_id", "user_id"],
                condition=models.Q(("cancelled_at__isnull", True), ("used_at__isnull", True)),
                name="authentication_one_open_emergency",
            ),
        ),
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
        *row_security.operations("authentication_emergency", rule=RULE),
    ]
