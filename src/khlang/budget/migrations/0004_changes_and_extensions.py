"""Risk: none, new tables, columns with constant defaults, functions replaced by ones of the same signature.

A transfer moves only what a sent change says, and approves it in the same act; carried money ends on its day.
"""

from pathlib import Path
from typing import ClassVar

from django.db import migrations, models

from khlang.toolkit import row_security

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    """Changes tied to their entries, extensions of carry-overs, workbooks of the old system."""

    dependencies: ClassVar = [("budget", "0003_grant_cash_waits")]
    operations: ClassVar = [
        migrations.CreateModel(
            name='MovingOver',
            fields=[
                ('pk', models.CompositePrimaryKey('entity_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('entity_id', models.BigIntegerField()),
                ('id', models.UUIDField()),
                ('file_name', models.TextField()),
                ('file_size', models.BigIntegerField()),
                ('file_sha256', models.TextField()),
                ('file_path', models.TextField()),
                ('divisions', models.JSONField(default=dict)),
                ('ordinance_id', models.UUIDField(null=True)),
                ('made_by', models.BigIntegerField()),
                ('made_by_name', models.TextField()),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'budget_moving_over',
            },
        ),
        migrations.AddField(
            model_name='change',
            name='typed',
            field=models.JSONField(db_default={}, default=dict),
        ),
        migrations.AddField(
            model_name='change',
            name='saved_by_name',
            field=models.TextField(db_default='', default=''),
        ),
        migrations.AddField(
            model_name='change',
            name='submitted_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='change',
            name='close_reason',
            field=models.TextField(db_default='', default=''),
        ),
        migrations.CreateModel(
            name='CarryExtension',
            fields=[
                ('pk', models.CompositePrimaryKey('entity_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('entity_id', models.BigIntegerField()),
                ('id', models.UUIDField()),
                ('carry_id', models.UUIDField()),
                ('place', models.SmallIntegerField()),
                ('approval_number', models.TextField(default='')),
                ('decided_on', models.DateField()),
                ('expires_on', models.DateField()),
                ('reason', models.TextField()),
                ('made_by', models.BigIntegerField()),
                ('made_by_name', models.TextField()),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'budget_carry_extension',
                'constraints': [models.UniqueConstraint(fields=('entity_id', 'carry_id', 'place'), name='budget_carry_extension_place_is_used_once')],
            },
        ),
        *(operation for table in ("budget_carry_extension", "budget_moving_over") for operation in row_security.operations(table)),
        *(
            migrations.RunSQL((SQL / name).read_text(encoding="utf-8"), migrations.RunSQL.noop)
            for name in ("extensions.sql", "changes.sql", "budget_move.sql")
        ),
    ]
