"""Risk: none, a new table."""

from typing import ClassVar

from django.db import migrations, models

from khlang.toolkit import row_security

KEEP = """
ALTER TABLE identity_people_import
  ADD CONSTRAINT identity_people_import_of_entity FOREIGN KEY (entity_id) REFERENCES identity_entity (entity_id);
-- A list is taken once; what became of it stays. One that nobody took may go.
REVOKE UPDATE ON identity_people_import FROM khlang_app;
GRANT UPDATE (lines, done_at, done_by_name, mode, same, left_out, taken) ON identity_people_import TO khlang_app;
CREATE TRIGGER ends_once BEFORE UPDATE ON identity_people_import
  FOR EACH ROW EXECUTE FUNCTION identity_only_an_end('done_at');
CREATE TRIGGER kept BEFORE DELETE ON identity_people_import
  FOR EACH ROW WHEN (OLD.done_at IS NOT NULL) EXECUTE FUNCTION khlang_refuse_change();
CREATE TRIGGER not_truncated BEFORE TRUNCATE ON identity_people_import
  FOR EACH STATEMENT EXECUTE FUNCTION khlang_refuse_change();
"""


class Migration(migrations.Migration):
    """Lists of people that were sent as a file."""

    dependencies: ClassVar = [("identity", "0003_administration")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="PeopleImport",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "entity_id", "import_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("entity_id", models.BigIntegerField()),
                ("import_id", models.UUIDField()),
                ("file_name", models.TextField()),
                ("sha256", models.TextField()),
                ("lines", models.JSONField()),
                ("sent_by", models.BigIntegerField()),
                ("sent_by_name", models.TextField()),
                ("sent_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                ("done_by_name", models.TextField(default="")),
                ("mode", models.TextField(default="")),
                ("same", models.IntegerField(default=0)),
                ("left_out", models.IntegerField(default=0)),
                ("taken", models.JSONField(default=list)),
            ],
            options={"db_table": "identity_people_import"},
        ),
        migrations.AddConstraint(
            "peopleimport",
            models.CheckConstraint(
                condition=models.Q(done_at__isnull=True) | models.Q(lines=[]),
                name="identity_people_import_forgets_its_lines",
            ),
        ),
        *row_security.operations("identity_people_import"),
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
    ]
