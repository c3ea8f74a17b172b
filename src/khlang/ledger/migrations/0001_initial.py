"""Risk: none, new tables, types and functions; each SQL file is the source of what it creates."""

from pathlib import Path
from typing import ClassVar

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    """The ledger core."""

    initial = True
    dependencies: ClassVar = [("identity", "0001_initial"), ("audit", "0001_initial"), ("reference", "0001_initial")]
    operations: ClassVar = [
        migrations.RunSQL((SQL / name).read_text(encoding="utf-8"), migrations.RunSQL.noop)
        for name in ("schema.sql", "post_journal.sql", "periods.sql")
    ]
