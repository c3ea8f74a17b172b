"""Risk: low, new tables, one empty column and a wider unique key on budget_line; the functions are replaced by their files."""

from pathlib import Path
from typing import ClassVar

from django.db import migrations, models

from khlang.toolkit import row_security

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    """Grants outside the ordinance, under the one control of the budget."""

    dependencies: ClassVar = [("budget", "0001_initial"), ("reference", "0003_grant_kinds")]
    operations: ClassVar = [
        migrations.CreateModel(
            name='Grant',
            fields=[
                ('pk', models.CompositePrimaryKey('entity_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('entity_id', models.BigIntegerField()),
                ('id', models.UUIDField()),
                ('fiscal_year', models.IntegerField()),
                ('kind', models.TextField()),
                ('fund_source', models.TextField()),
                ('title', models.TextField()),
                ('agency', models.TextField()),
                ('letter_number', models.TextField()),
                ('letter_on', models.DateField()),
                ('notified_on', models.DateField()),
                ('amount', models.DecimalField(decimal_places=2, max_digits=18)),
                ('place', models.TextField()),
                ('obligate_by', models.DateField()),
                ('spend_by', models.DateField()),
                ('returns_left_over', models.BooleanField(default=True)),
                ('conditions', models.JSONField(default=dict)),
                ('lines', models.JSONField(default=list)),
                ('state', models.TextField(default='draft')),
                ('revision', models.IntegerField(default=1)),
                ('entry_no', models.IntegerField(null=True)),
                ('idempotency_key', models.UUIDField(null=True)),
                ('opened_by_name', models.TextField(default='')),
                ('made_by', models.BigIntegerField()),
                ('made_by_name', models.TextField()),
                ('saved_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'budget_grant',
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='budget_grant_is_not_negative'), models.CheckConstraint(condition=models.Q(('place__in', ['state', 'own'])), name='budget_grant_place_is_known'), models.CheckConstraint(condition=models.Q(('obligate_by__lte', models.F('spend_by'))), name='budget_grant_is_bound_first'), models.CheckConstraint(condition=models.Q(models.Q(('amount__gt', 0), ('entry_no__isnull', False), ('state__in', ['open', 'closed'])), models.Q(('entry_no__isnull', True), ('state__in', ['draft', 'cancelled'])), _connector='OR'), name='budget_grant_open_has_its_entry')],
            },
        ),
        migrations.CreateModel(
            name='GrantClock',
            fields=[
                ('pk', models.CompositePrimaryKey('entity_id', 'grant_id', 'layer', 'version_no', blank=True, editable=False, primary_key=True, serialize=False)),
                ('entity_id', models.BigIntegerField()),
                ('grant_id', models.UUIDField()),
                ('layer', models.TextField()),
                ('version_no', models.IntegerField()),
                ('id', models.UUIDField()),
                ('obligate_by', models.DateField()),
                ('spend_by', models.DateField()),
                ('document_number', models.TextField()),
                ('document_on', models.DateField()),
                ('reason', models.TextField(default='')),
                ('contract', models.TextField(default='')),
                ('recorded_by', models.BigIntegerField()),
                ('recorded_by_name', models.TextField()),
                ('recorded_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'budget_grant_clock',
                'constraints': [models.UniqueConstraint(fields=('entity_id', 'id', 'layer'), name='budget_grant_clock_is_kept_once'), models.CheckConstraint(condition=models.Q(('layer__in', ['state', 'own'])), name='budget_grant_clock_layer_is_known'), models.CheckConstraint(condition=models.Q(('document_number__gt', '')), name='budget_grant_clock_has_its_paper'), models.CheckConstraint(condition=models.Q(('obligate_by__lte', models.F('spend_by'))), name='budget_grant_clock_is_bound_first')],
            },
        ),
        migrations.CreateModel(
            name='GrantMoney',
            fields=[
                ('pk', models.CompositePrimaryKey('entity_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('entity_id', models.BigIntegerField()),
                ('id', models.UUIDField()),
                ('grant_id', models.UUIDField()),
                ('kind', models.TextField()),
                ('amount', models.DecimalField(decimal_places=2, max_digits=18)),
                ('happened_on', models.DateField()),
                ('document_number', models.TextField()),
                ('note', models.TextField(default='')),
                ('recorded_by', models.BigIntegerField()),
                ('recorded_by_name', models.TextField()),
                ('recorded_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'budget_grant_money',
                'indexes': [models.Index(fields=['entity_id', 'grant_id'], name='budget_grant_money_by_grant')],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='budget_grant_money_is_positive'), models.CheckConstraint(condition=models.Q(('kind__in', ['received', 'lent', 'cleared', 'returned', 'kept'])), name='budget_grant_money_kind_is_known'), models.CheckConstraint(condition=models.Q(('document_number__gt', '')), name='budget_grant_money_has_its_paper')],
            },
        ),
        *(
            operation
            for table in ("budget_grant", "budget_grant_clock", "budget_grant_money")
            for operation in row_security.operations(table)
        ),
        *(
            migrations.RunSQL((SQL / name).read_text(encoding="utf-8"), migrations.RunSQL.noop)
            for name in ("grants.sql", "grant_control.sql", "budget_move.sql")
        ),
    ]
