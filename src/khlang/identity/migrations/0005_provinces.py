"""Risk: none, a new function."""

from pathlib import Path
from typing import ClassVar

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql" / "provinces.sql"


class Migration(migrations.Migration):
    """Who holds the roles of the provinces."""

    dependencies: ClassVar = [("identity", "0004_people_import")]
    operations: ClassVar = [
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), "DROP FUNCTION identity_province_holders()"),
    ]
