"""Risk: none, two triggers are made anew: they speak after the policy of the entity."""

from pathlib import Path
from typing import ClassVar

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    """What ties changes and workbooks is asked after whose they are."""

    dependencies: ClassVar = [("budget", "0005_letters_give_once")]
    operations: ClassVar = [
        migrations.RunSQL((SQL / "changes.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
        # It ends with who may call what.
        migrations.RunSQL((SQL / "budget_move.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
