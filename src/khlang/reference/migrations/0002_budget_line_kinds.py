"""Risk: none, a new table. The role that serves requests may read it and nothing else."""

from importlib import import_module
from typing import ClassVar

from django.db import migrations, models

read_only = import_module("khlang.reference.migrations.0001_initial").read_only


class Migration(migrations.Migration):
    """How budget lines are treated."""

    dependencies: ClassVar = [("reference", "0001_initial")]
    operations: ClassVar = [
        migrations.CreateModel(
            name='BudgetLineKind',
            fields=[
                ('valid_from_year', models.IntegerField()),
                ('valid_to_year', models.IntegerField(null=True)),
                ('source', models.TextField()),
                ('confidence', models.TextField()),
                ('code', models.TextField(primary_key=True, serialize=False)),
                ('selector', models.TextField()),
                ('for_projects', models.BooleanField()),
                ('control_level', models.TextField()),
                ('nature', models.TextField()),
                ('is_personnel', models.BooleanField()),
                ('is_subsidy', models.BooleanField()),
                ('needs_plan_reference', models.BooleanField()),
                ('name_th', models.TextField()),
                ('name_en', models.TextField()),
                ('sort_key', models.TextField()),
            ],
            options={
                'db_table': 'reference_budget_line_kind',
            },
        ),
        migrations.RunSQL(read_only("reference_budget_line_kind"), migrations.RunSQL.noop),
    ]
