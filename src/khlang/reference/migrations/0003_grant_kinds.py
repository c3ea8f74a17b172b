"""Risk: none, a new table. The role that serves requests may read it and nothing else."""

from importlib import import_module
from typing import ClassVar

from django.db import migrations, models

read_only = import_module("khlang.reference.migrations.0001_initial").read_only


class Migration(migrations.Migration):
    """Kinds of money given for a stated purpose."""

    dependencies: ClassVar = [("reference", "0002_budget_line_kinds")]
    operations: ClassVar = [
        migrations.CreateModel(
            name='GrantKind',
            fields=[
                ('valid_from_year', models.IntegerField()),
                ('valid_to_year', models.IntegerField(null=True)),
                ('source', models.TextField()),
                ('confidence', models.TextField()),
                ('code', models.TextField(primary_key=True, serialize=False)),
                ('fund_source', models.TextField()),
                ('in_ordinance', models.BooleanField()),
                ('returns_left_over', models.BooleanField()),
                ('name_th', models.TextField()),
                ('name_en', models.TextField()),
                ('sort_key', models.TextField()),
            ],
            options={
                'db_table': 'reference_grant_kind',
            },
        ),
        migrations.RunSQL(read_only("reference_grant_kind"), migrations.RunSQL.noop),
    ]
