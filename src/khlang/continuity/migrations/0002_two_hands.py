"""Risk: short lock of continuity_import for two columns without a rewrite; a trigger.

Code before it let one person send a file and post it, which is refused from here on.
"""

from pathlib import Path
from typing import ClassVar

from django.db import migrations, models

HANDS = (Path(__file__).resolve().parent.parent / "sql" / "hands.sql").read_text(encoding="utf-8")
UNDO = "DROP TRIGGER continuity_two_hands ON continuity_import; DROP FUNCTION continuity_two_hands()"


class Migration(migrations.Migration):
    """The second hand of an import."""

    dependencies: ClassVar = [("continuity", "0001_initial"), ("identity", "0002_people")]
    operations: ClassVar = [
        migrations.AddField("import", "posted_by", models.BigIntegerField(null=True)),
        migrations.AddField("import", "posted_by_name", models.TextField(default="", db_default="")),
        migrations.RunSQL(HANDS, UNDO),
    ]
