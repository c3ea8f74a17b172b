"""Risk: none; a new table, and functions replaced by ones of the same signature.

Code before it opened a period by one hand, which is refused from here on.
"""

from pathlib import Path
from typing import ClassVar

from django.db import migrations

from khlang.toolkit import row_security

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    """Requests to open a period again, and the second hand that agrees."""

    dependencies: ClassVar = [("ledger", "0001_initial"), ("identity", "0002_people")]
    operations: ClassVar = [
        *(
            migrations.RunSQL((SQL / name).read_text(encoding="utf-8"), migrations.RunSQL.noop)
            for name in ("reopening_table.sql", "periods.sql", "reopening.sql")
        ),
        *row_security.operations("ledger_reopening"),
    ]
