"""Risk: none, new tables."""

from pathlib import Path
from typing import ClassVar

from django.db import migrations

from khlang.toolkit import row_security

SCHEMA = (Path(__file__).resolve().parent.parent / "sql" / "schema.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    """The record of acts."""

    initial = True
    dependencies: ClassVar = []
    operations: ClassVar = [
        migrations.RunSQL(SCHEMA, "DROP TABLE audit_act, audit_head; DROP FUNCTION audit_record; DROP FUNCTION khlang_refuse_change"),
        *row_security.operations("audit_act"),
        *row_security.operations("audit_head"),
    ]
