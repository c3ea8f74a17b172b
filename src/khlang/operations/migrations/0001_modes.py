"""Risk: none, a new table."""

from pathlib import Path
from typing import ClassVar

from django.db import migrations

MODES = (Path(__file__).resolve().parent.parent / "sql" / "modes.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    """The mode of the whole system."""

    initial = True
    dependencies: ClassVar = [("identity", "0002_people"), ("audit", "0001_initial")]
    operations: ClassVar = [
        migrations.RunSQL(MODES, "DROP TABLE operations_mode; DROP FUNCTION operations_by_the_department"),
    ]
