"""Risk: none; columns with constant defaults, and a function replaced by one of the same signature.

Acts recorded before keep version 1, whose hash knows neither authority nor address.
"""

from pathlib import Path
from typing import ClassVar

from django.db import migrations

RECORD = (Path(__file__).resolve().parent.parent / "sql" / "record.sql").read_text(encoding="utf-8")
COLUMNS = """
ALTER TABLE audit_act ADD COLUMN version smallint NOT NULL DEFAULT 1,
  ADD COLUMN authority text NOT NULL DEFAULT '[]', ADD COLUMN address text NOT NULL DEFAULT '';
ALTER TABLE audit_act ALTER COLUMN version DROP DEFAULT;
CREATE INDEX audit_act_by_person ON audit_act (entity_id, actor_id, sequence_no);
"""


class Migration(migrations.Migration):
    """On which authority an act was done, and from where."""

    dependencies: ClassVar = [("audit", "0001_initial")]
    operations: ClassVar = [
        migrations.RunSQL(COLUMNS, "ALTER TABLE audit_act DROP COLUMN version, DROP COLUMN authority, DROP COLUMN address"),
        migrations.RunSQL(RECORD, migrations.RunSQL.noop),
    ]
