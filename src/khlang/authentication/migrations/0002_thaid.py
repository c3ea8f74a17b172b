"""Risk: none. New tables."""

from pathlib import Path
from typing import ClassVar

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql" / "thaid.sql"


class Migration(migrations.Migration):
    """Log-ins under way at ThaiD, and how ThaiD does."""

    dependencies: ClassVar = [("authentication", "0001_initial")]
    operations: ClassVar = [
        migrations.RunSQL(
            SQL.read_text(encoding="utf-8"), "DROP TABLE authentication_thaid_departure, authentication_thaid_state"
        ),
    ]
