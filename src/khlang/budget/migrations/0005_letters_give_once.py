"""Risk: none, functions are replaced by their files: a letter gives once, and words its own lines only."""

from pathlib import Path
from typing import ClassVar

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    """What a grant may do to lines, tighter."""

    dependencies: ClassVar = [("budget", "0004_changes_and_extensions")]
    operations: ClassVar = [
        migrations.RunSQL((SQL / name).read_text(encoding="utf-8"), migrations.RunSQL.noop)
        for name in ("grant_control.sql", "budget_move.sql")
    ]
