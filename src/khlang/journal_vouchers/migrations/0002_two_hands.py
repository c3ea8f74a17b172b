"""Risk: none; a trigger that old code obeys already."""

from pathlib import Path
from typing import ClassVar

from django.db import migrations

HANDS = (Path(__file__).resolve().parent.parent / "sql" / "hands.sql").read_text(encoding="utf-8")
UNDO = (
    "DROP TRIGGER journal_vouchers_two_hands ON journal_vouchers_voucher; DROP FUNCTION journal_vouchers_two_hands()"
)


class Migration(migrations.Migration):
    """Whoever prepared a voucher does not post it, unless an exception says so."""

    dependencies: ClassVar = [("journal_vouchers", "0001_initial"), ("identity", "0002_people")]
    operations: ClassVar = [migrations.RunSQL(HANDS, UNDO)]
