"""Risk: none, one function is replaced by its file: cash of a grant waits for the lock of the moves."""

from pathlib import Path
from typing import ClassVar

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    """The check of the cash takes the tenant's lock."""

    dependencies: ClassVar = [("budget", "0002_grants")]
    operations: ClassVar = [
        migrations.RunSQL((SQL / "grant_control.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
        # It ends with who may call what.
        migrations.RunSQL((SQL / "budget_move.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
