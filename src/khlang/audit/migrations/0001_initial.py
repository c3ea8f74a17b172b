"""Risk: none, new tables."""

from pathlib import Path
from typing import ClassVar

from django.db import migrations

from khlang.toolkit import row_security

SQL = Path(__file__).resolve().parent.parent / "sql"
SCHEMA = (SQL / "schema.sql").read_text(encoding="utf-8")
RECORD = (SQL / "record.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    """The record of acts."""

    initial = True
    dependencies: ClassVar = []
    operations: ClassVar = [
        migrations.RunSQL(SCHEMA, "DROP TABLE audit_act, audit_head; DROP FUNCTION khlang_refuse_change"),
        migrations.RunSQL(RECORD, "DROP FUNCTION audit_record"),
        *row_security.operations("audit_act"),
        *row_security.operations("audit_head"),
    ]
