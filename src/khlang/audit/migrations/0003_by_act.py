"""Risk: a lock of audit_act while the index is built: about two seconds for a million acts."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """Acts by their kind: who read, what was exported, which kinds occur."""

    dependencies: ClassVar = [("audit", "0002_authority")]
    operations: ClassVar = [
        migrations.RunSQL(
            "CREATE INDEX audit_act_by_act ON audit_act (entity_id, act, sequence_no)",
            "DROP INDEX audit_act_by_act",
        ),
    ]
