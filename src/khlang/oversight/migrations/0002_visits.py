"""Risk: none; a trigger on a small table."""

from pathlib import Path
from typing import ClassVar

from django.db import migrations

VISITS = (Path(__file__).resolve().parent.parent / "sql" / "visits.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    """Visits come from above, and never grow longer."""

    dependencies: ClassVar = [("oversight", "0001_exceptions")]
    operations: ClassVar = [
        migrations.RunSQL(
            VISITS, "DROP TRIGGER within_reach ON identity_visit; DROP FUNCTION oversight_visit_is_within_reach()"
        ),
    ]
