"""Risk: short lock of identity_membership while its key grows by granted_at; all else is new tables and columns.

Code before it ended a role by deleting its row, which is refused from here on.
"""

from pathlib import Path
from typing import ClassVar

from django.db import migrations, models

from khlang.toolkit import row_security

SQL = Path(__file__).resolve().parent.parent / "sql"

# Seen inside the entity, and by the person they belong to when she chooses where to work.
OWN_ROWS = ("identity_order_line", "identity_staff", "identity_visit")
OWN_ROWS_RULE = (
    "entity_id = nullif(current_setting('khlang.entity_id', true), '')::bigint"
    " OR user_id = nullif(current_setting('khlang.user_id', true), '')::bigint"
)
ENTITY_ROWS = ("identity_order", "identity_exception_use", "identity_exception_review", "identity_people_review")


class Migration(migrations.Migration):
    """People on the list of an entity, orders, exceptions and their review, visits."""

    dependencies: ClassVar = [("identity", "0001_initial"), ("audit", "0001_initial")]
    operations: ClassVar = [
        migrations.CreateModel(
            name='ExceptionReview',
            fields=[
                ('pk', models.CompositePrimaryKey('entity_id', 'use_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('entity_id', models.BigIntegerField()),
                ('use_id', models.UUIDField()),
                ('finding', models.TextField()),
                ('note', models.TextField(default='')),
                ('reviewed_by', models.BigIntegerField()),
                ('reviewed_by_name', models.TextField()),
                ('reviewed_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'identity_exception_review',
            },
        ),
        migrations.CreateModel(
            name='ExceptionUse',
            fields=[
                ('pk', models.CompositePrimaryKey('entity_id', 'use_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('entity_id', models.BigIntegerField()),
                ('use_id', models.UUIDField()),
                ('order_id', models.UUIDField()),
                ('rule', models.TextField()),
                ('step', models.TextField()),
                ('act', models.TextField()),
                ('document', models.TextField()),
                ('user_id', models.BigIntegerField()),
                ('user_name', models.TextField()),
                ('reviewer_id', models.BigIntegerField()),
                ('used_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'identity_exception_use',
            },
        ),
        migrations.CreateModel(
            name='Order',
            fields=[
                ('pk', models.CompositePrimaryKey('entity_id', 'order_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('entity_id', models.BigIntegerField()),
                ('order_id', models.UUIDField()),
                ('number', models.TextField()),
                ('ordered_on', models.DateField()),
                ('kind', models.TextField()),
                ('subject', models.TextField()),
                ('signed_by', models.TextField()),
                ('signed_as', models.TextField()),
                ('recorded_by', models.BigIntegerField()),
                ('recorded_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'identity_order',
            },
        ),
        migrations.CreateModel(
            name='OrderLine',
            fields=[
                ('pk', models.CompositePrimaryKey('entity_id', 'order_id', 'line_no', blank=True, editable=False, primary_key=True, serialize=False)),
                ('entity_id', models.BigIntegerField()),
                ('order_id', models.UUIDField()),
                ('line_no', models.IntegerField()),
                ('user_id', models.BigIntegerField()),
                ('hat', models.TextField(default='')),
                ('rule', models.TextField(default='')),
                ('position', models.TextField(default='')),
                ('acting_for', models.TextField(default='')),
                ('reviewer_id', models.BigIntegerField(null=True)),
                ('amount_max', models.DecimalField(decimal_places=2, max_digits=18, null=True)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField(null=True)),
                ('ended_on', models.DateField(null=True)),
                ('ended_reason', models.TextField(default='')),
            ],
            options={
                'db_table': 'identity_order_line',
            },
        ),
        migrations.CreateModel(
            name='PeopleReview',
            fields=[
                ('pk', models.CompositePrimaryKey('entity_id', 'review_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('entity_id', models.BigIntegerField()),
                ('review_id', models.UUIDField()),
                ('reviewed_by', models.BigIntegerField()),
                ('reviewed_by_name', models.TextField()),
                ('reviewed_at', models.DateTimeField()),
                ('people', models.JSONField()),
            ],
            options={
                'db_table': 'identity_people_review',
            },
        ),
        migrations.CreateModel(
            name='Staff',
            fields=[
                ('pk', models.CompositePrimaryKey('entity_id', 'user_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('entity_id', models.BigIntegerField()),
                ('user_id', models.BigIntegerField()),
                ('title', models.TextField(default='')),
                ('phone', models.TextField(default='')),
                ('email', models.TextField(default='')),
                ('added_at', models.DateTimeField()),
                ('left_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'identity_staff',
            },
        ),
        migrations.CreateModel(
            name='Visit',
            fields=[
                ('pk', models.CompositePrimaryKey('entity_id', 'visit_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('entity_id', models.BigIntegerField()),
                ('visit_id', models.UUIDField()),
                ('user_id', models.BigIntegerField()),
                ('user_name', models.TextField()),
                ('from_entity_id', models.BigIntegerField()),
                ('reason', models.TextField()),
                ('started_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'identity_visit',
            },
        ),
        migrations.AlterModelManagers(
            name='user',
            managers=[
            ],
        ),
        migrations.AddField(
            model_name='user',
            name='must_change_password',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='user',
            name='pid_hash',
            field=models.TextField(null=True, unique=True),
        ),
        migrations.AlterField(
            model_name='membership',
            name='granted_at',
            field=models.DateTimeField(),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE identity_membership DROP CONSTRAINT identity_membership_pkey,"
                    " ADD PRIMARY KEY (entity_id, user_id, role, granted_at)",
                    migrations.RunSQL.noop,
                ),
            ],
            state_operations=[
                migrations.AlterField(
            model_name='membership',
            name='pk',
            field=models.CompositePrimaryKey('entity_id', 'user_id', 'role', 'granted_at', blank=True, editable=False, primary_key=True, serialize=False),
        ),
            ],
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('entity_id', 'user_id', 'role'), name='identity_role_is_held_once'),
        ),
        migrations.AddConstraint(
            model_name='exceptionreview',
            constraint=models.CheckConstraint(condition=models.Q(('finding', 'in_order'), models.Q(('finding', 'questioned'), ('note__gt', '')), _connector='OR'), name='identity_exception_review_finding_is_known'),
        ),
        migrations.AddIndex(
            model_name='exceptionuse',
            index=models.Index(fields=['entity_id', 'document'], name='identity_exception_use_by_doc'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.UniqueConstraint(fields=('entity_id', 'number'), name='identity_order_number_is_used_once'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['appointment', 'acting', 'delegation', 'exception'])), name='identity_order_kind_is_known'),
        ),
        migrations.AddIndex(
            model_name='orderline',
            index=models.Index(fields=['user_id', 'entity_id'], name='identity_order_line_by_user'),
        ),
        migrations.AddIndex(
            model_name='orderline',
            index=models.Index(fields=['entity_id', 'user_id'], name='identity_order_line_by_person'),
        ),
        migrations.AddConstraint(
            model_name='orderline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('hat', ''), ('rule__gt', '')), models.Q(('hat__gt', ''), ('rule', '')), _connector='OR'), name='identity_order_line_gives_hat_or_exception'),
        ),
        migrations.AddConstraint(
            model_name='orderline',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='identity_order_line_ends_after_it_starts'),
        ),
        migrations.AddConstraint(
            model_name='orderline',
            constraint=models.CheckConstraint(condition=models.Q(('rule', ''), models.Q(('ends_on__isnull', False), ('reviewer_id__isnull', False), models.Q(('reviewer_id', models.F('user_id')), _negated=True)), _connector='OR'), name='identity_exception_is_reviewed_by_another_and_ends'),
        ),
        migrations.AddConstraint(
            model_name='orderline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_on__isnull', True), ('ended_reason', '')), models.Q(('ended_on__isnull', False), ('ended_reason__gt', '')), _connector='OR'), name='identity_order_line_ended_says_why'),
        ),
        migrations.AddIndex(
            model_name='visit',
            index=models.Index(fields=['user_id', 'entity_id'], name='identity_visit_by_user'),
        ),
        migrations.RunSQL((SQL / "people.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
        migrations.RunSQL((SQL / "hats.sql").read_text(encoding="utf-8"), "DROP FUNCTION identity_hats"),
        *(step for table in OWN_ROWS for step in row_security.operations(table, rule=OWN_ROWS_RULE)),
        *(step for table in ENTITY_ROWS for step in row_security.operations(table)),
    ]
