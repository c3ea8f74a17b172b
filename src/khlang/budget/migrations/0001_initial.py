"""Risk: none, new tables, types and functions; each SQL file is the source of what it creates."""

from pathlib import Path
from typing import ClassVar

from django.db import migrations, models

from khlang.toolkit import row_security

SQL = Path(__file__).resolve().parent.parent / "sql"
DOCUMENTS = (
    "budget_division budget_division_member budget_enterprise budget_ordinance budget_ordinance_step budget_draft_line"
    " budget_revenue_estimate budget_change budget_commitment budget_carry_over budget_plan_share"
).split()


class Migration(migrations.Migration):
    """Budget documents, what is in force, and the function that moves it."""

    initial = True
    dependencies: ClassVar = [("identity", "0001_initial"), ("audit", "0002_authority"), ("reference", "0001_initial"), ("ledger", "0001_initial")]
    operations: ClassVar = [
        migrations.CreateModel(
            name='Commitment',
            fields=[
                ('pk', models.CompositePrimaryKey('entity_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('entity_id', models.BigIntegerField()),
                ('id', models.UUIDField()),
                ('line_year', models.IntegerField()),
                ('line_id', models.UUIDField()),
                ('title', models.TextField()),
                ('why_not_split', models.TextField()),
                ('resolution_number', models.TextField()),
                ('resolved_on', models.DateField()),
                ('years', models.JSONField()),
                ('made_by', models.BigIntegerField()),
                ('made_by_name', models.TextField()),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'budget_commitment',
            },
        ),
        migrations.CreateModel(
            name='Division',
            fields=[
                ('pk', models.CompositePrimaryKey('entity_id', 'division', blank=True, editable=False, primary_key=True, serialize=False)),
                ('entity_id', models.BigIntegerField()),
                ('division', models.TextField()),
                ('name_th', models.TextField()),
                ('is_open', models.BooleanField(default=True)),
            ],
            options={
                'db_table': 'budget_division',
            },
        ),
        migrations.CreateModel(
            name='DivisionMember',
            fields=[
                ('pk', models.CompositePrimaryKey('entity_id', 'division', 'user_id', 'since', blank=True, editable=False, primary_key=True, serialize=False)),
                ('entity_id', models.BigIntegerField()),
                ('division', models.TextField()),
                ('user_id', models.BigIntegerField()),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'budget_division_member',
            },
        ),
        migrations.CreateModel(
            name='Enterprise',
            fields=[
                ('pk', models.CompositePrimaryKey('entity_id', 'enterprise', blank=True, editable=False, primary_key=True, serialize=False)),
                ('entity_id', models.BigIntegerField()),
                ('enterprise', models.TextField()),
                ('name_th', models.TextField()),
            ],
            options={
                'db_table': 'budget_enterprise',
            },
        ),
        migrations.CreateModel(
            name='CarryOver',
            fields=[
                ('pk', models.CompositePrimaryKey('entity_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('entity_id', models.BigIntegerField()),
                ('id', models.UUIDField()),
                ('fiscal_year', models.IntegerField()),
                ('line_id', models.UUIDField()),
                ('from_hold_id', models.UUIDField(null=True)),
                ('kind', models.TextField()),
                ('amount', models.DecimalField(decimal_places=2, max_digits=18)),
                ('state', models.TextField(default='proposed')),
                ('reason', models.TextField()),
                ('approval_number', models.TextField(default='')),
                ('approved_on', models.DateField(null=True)),
                ('expires_on', models.DateField(null=True)),
                ('entry_no', models.IntegerField(null=True)),
                ('idempotency_key', models.UUIDField(null=True)),
                ('made_by', models.BigIntegerField()),
                ('made_by_name', models.TextField()),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'budget_carry_over',
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='budget_carry_over_is_positive'), models.CheckConstraint(condition=models.Q(('kind__in', ['obligated', 'unobligated_investment', 'payable'])), name='budget_carry_over_kind_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('approved_on__isnull', False), ('entry_no__isnull', False), ('expires_on__isnull', False), ('state', 'active')), models.Q(('entry_no__isnull', True), ('state__in', ['proposed', 'refused'])), _connector='OR'), name='budget_carry_over_active_was_approved')],
            },
        ),
        migrations.CreateModel(
            name='Change',
            fields=[
                ('pk', models.CompositePrimaryKey('entity_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('entity_id', models.BigIntegerField()),
                ('id', models.UUIDField()),
                ('fiscal_year', models.IntegerField()),
                ('kind', models.TextField()),
                ('number', models.IntegerField(null=True)),
                ('state', models.TextField(default='draft')),
                ('revision', models.IntegerField(default=1)),
                ('route', models.TextField(default='')),
                ('reason', models.TextField(default='')),
                ('legal_answer', models.TextField(default='')),
                ('content', models.JSONField()),
                ('balances', models.JSONField(default=list)),
                ('resolution_number', models.TextField(default='')),
                ('resolved_on', models.DateField(null=True)),
                ('approved_on', models.DateField(null=True)),
                ('announced_on', models.DateField(null=True)),
                ('notified_on', models.DateField(null=True)),
                ('notice_due_on', models.DateField(null=True)),
                ('entry_no', models.IntegerField(null=True)),
                ('idempotency_key', models.UUIDField(null=True)),
                ('made_by', models.BigIntegerField()),
                ('made_by_name', models.TextField()),
                ('made_at', models.DateTimeField()),
                ('approved_by_name', models.TextField(default='')),
                ('saved_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'budget_change',
                'constraints': [models.UniqueConstraint(fields=('entity_id', 'fiscal_year', 'kind', 'number'), name='budget_change_number_is_used_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['transfer', 'explanation'])), name='budget_change_kind_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('entry_no__isnull', False), ('number__isnull', False), ('state__in', ['approved', 'announced', 'reported'])), models.Q(models.Q(('state__in', ['approved', 'announced', 'reported']), _negated=True), ('entry_no__isnull', True), ('number__isnull', True)), _connector='OR'), name='budget_change_approved_has_number_and_entry'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['approved', 'announced', 'reported']), _negated=True), models.Q(('route', 'council'), _negated=True), models.Q(('resolution_number__gt', ''), ('resolved_on__isnull', False)), _connector='OR'), name='budget_change_of_the_council_has_its_resolution')],
            },
        ),
        migrations.CreateModel(
            name='DraftLine',
            fields=[
                ('pk', models.CompositePrimaryKey('entity_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('entity_id', models.BigIntegerField()),
                ('id', models.UUIDField()),
                ('ordinance_id', models.UUIDField()),
                ('revision', models.IntegerField(default=1)),
                ('enterprise', models.TextField(default='')),
                ('division', models.TextField()),
                ('work', models.TextField()),
                ('budget_type', models.TextField()),
                ('item', models.TextField(default='')),
                ('fund_source', models.TextField()),
                ('is_project', models.BooleanField(default=False)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=18)),
                ('explanation', models.JSONField()),
                ('copied_from', models.UUIDField(null=True)),
                ('source_row', models.TextField(default='')),
                ('is_removed', models.BooleanField(default=False)),
                ('saved_by', models.BigIntegerField()),
                ('saved_by_name', models.TextField()),
                ('saved_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'budget_draft_line',
                'indexes': [models.Index(fields=['entity_id', 'ordinance_id', 'work', 'budget_type'], name='budget_draft_line_in_order')],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='budget_draft_line_is_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='Ordinance',
            fields=[
                ('pk', models.CompositePrimaryKey('entity_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('entity_id', models.BigIntegerField()),
                ('id', models.UUIDField()),
                ('fiscal_year', models.IntegerField()),
                ('kind', models.TextField()),
                ('number', models.IntegerField()),
                ('state', models.TextField(default='preparing')),
                ('revision', models.IntegerField(default=1)),
                ('statement', models.TextField(default='')),
                ('principle', models.TextField(default='')),
                ('reason', models.TextField(default='')),
                ('money_source', models.TextField(default='')),
                ('made_by', models.BigIntegerField()),
                ('made_by_name', models.TextField()),
                ('made_at', models.DateTimeField()),
                ('entry_no', models.IntegerField(null=True)),
                ('idempotency_key', models.UUIDField(null=True)),
            ],
            options={
                'db_table': 'budget_ordinance',
                'constraints': [models.UniqueConstraint(fields=('entity_id', 'fiscal_year', 'kind', 'number'), name='budget_ordinance_number_is_used_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['annual', 'supplementary', 'provisional', 'opening'])), name='budget_ordinance_kind_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('entry_no__isnull', False), ('state__in', ['in_force', 'replaced'])), models.Q(models.Q(('state__in', ['in_force', 'replaced']), _negated=True), ('entry_no__isnull', True)), _connector='OR'), name='budget_ordinance_in_force_has_its_entry')],
            },
        ),
        migrations.CreateModel(
            name='OrdinanceStep',
            fields=[
                ('pk', models.CompositePrimaryKey('entity_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('entity_id', models.BigIntegerField()),
                ('id', models.UUIDField()),
                ('ordinance_id', models.UUIDField()),
                ('place', models.IntegerField()),
                ('state', models.TextField()),
                ('happened_on', models.DateField()),
                ('document_number', models.TextField(default='')),
                ('note', models.TextField(default='')),
                ('actor_id', models.BigIntegerField()),
                ('actor_name', models.TextField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'db_table': 'budget_ordinance_step',
                'constraints': [models.UniqueConstraint(fields=('entity_id', 'ordinance_id', 'place'), name='budget_ordinance_step_place_is_used_once')],
            },
        ),
        migrations.CreateModel(
            name='PlanShare',
            fields=[
                ('pk', models.CompositePrimaryKey('entity_id', 'fiscal_year', 'line_id', 'quarter', blank=True, editable=False, primary_key=True, serialize=False)),
                ('entity_id', models.BigIntegerField()),
                ('fiscal_year', models.IntegerField()),
                ('line_id', models.UUIDField()),
                ('quarter', models.SmallIntegerField()),
                ('amount', models.DecimalField(decimal_places=2, max_digits=18)),
                ('revision', models.IntegerField(default=1)),
                ('saved_by_name', models.TextField()),
                ('saved_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'budget_plan_share',
                'constraints': [models.CheckConstraint(condition=models.Q(('quarter__range', (1, 4))), name='budget_plan_share_quarter_is_known'), models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='budget_plan_share_is_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='RevenueEstimate',
            fields=[
                ('pk', models.CompositePrimaryKey('entity_id', 'ordinance_id', 'enterprise', 'budget_type', blank=True, editable=False, primary_key=True, serialize=False)),
                ('entity_id', models.BigIntegerField()),
                ('ordinance_id', models.UUIDField()),
                ('enterprise', models.TextField(default='')),
                ('budget_type', models.TextField()),
                ('revision', models.IntegerField(default=1)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=18)),
                ('explanation', models.TextField(default='')),
                ('saved_by', models.BigIntegerField()),
                ('saved_by_name', models.TextField()),
                ('saved_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'budget_revenue_estimate',
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='budget_revenue_estimate_is_not_negative')],
            },
        ),
        *(operation for table in DOCUMENTS for operation in row_security.operations(table)),
        *(
            migrations.RunSQL((SQL / name).read_text(encoding="utf-8"), migrations.RunSQL.noop)
            for name in ("control.sql", "documents.sql", "budget_move.sql")
        ),
    ]
