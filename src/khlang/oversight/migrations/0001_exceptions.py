"""Risk: short locks of three small tables for triggers and two small indexes."""

from pathlib import Path
from typing import ClassVar

from django.db import migrations

AREAS = Path(__file__).resolve().parents[2]
EXCEPTIONS = (AREAS / "oversight" / "sql" / "exceptions.sql").read_text(encoding="utf-8")
HATS = (AREAS / "identity" / "sql" / "hats.sql").read_text(encoding="utf-8")
INDEXES = """
CREATE INDEX identity_order_line_by_reviewer ON identity_order_line (entity_id, reviewer_id) WHERE rule <> '';
CREATE INDEX identity_exception_use_by_order ON identity_exception_use (entity_id, order_id);
"""


class Migration(migrations.Migration):
    """Uses of exceptions rest on orders; whoever an order names as reviewer wears that duty."""

    initial = True
    dependencies: ClassVar = [("identity", "0002_people")]
    operations: ClassVar = [
        migrations.RunSQL(INDEXES, "DROP INDEX identity_order_line_by_reviewer, identity_exception_use_by_order"),
        migrations.RunSQL(HATS, migrations.RunSQL.noop),
        migrations.RunSQL(EXCEPTIONS, migrations.RunSQL.noop),
    ]
