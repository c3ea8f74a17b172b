"""Risk: none, new tables."""

from pathlib import Path
from typing import ClassVar

from django.db import migrations

from khlang.toolkit import row_security

ANNOUNCEMENTS = (Path(__file__).resolve().parent.parent / "sql" / "announcements.sql").read_text(encoding="utf-8")
UNDO = "DROP FUNCTION operations_receipt_counts; DROP TABLE operations_receipt, operations_announcement"

# Only inside the counting function, which sets this for itself, does the owner see receipts of more than one entity.
COUNTING = """
CREATE POLICY counted_by_the_department ON operations_receipt FOR SELECT TO khlang_owner
  USING (current_setting('khlang.counting', true) = 'receipts')
"""


class Migration(migrations.Migration):
    """Announcements of the department, and receipts of who read them."""

    dependencies: ClassVar = [("operations", "0001_modes")]
    operations: ClassVar = [
        migrations.RunSQL(ANNOUNCEMENTS, UNDO),
        *row_security.operations("operations_receipt"),
        migrations.RunSQL(COUNTING, "DROP POLICY counted_by_the_department ON operations_receipt"),
    ]
