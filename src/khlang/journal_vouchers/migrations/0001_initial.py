"""Risk: none, new tables."""

from pathlib import Path
from typing import ClassVar

from django.db import migrations, models

from khlang.toolkit import row_security

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    """Vouchers, their events and files."""

    initial = True
    dependencies: ClassVar = [("identity", "0001_initial"), ("ledger", "0001_initial")]
    operations: ClassVar = [
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('pk', models.CompositePrimaryKey('entity_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('entity_id', models.BigIntegerField()),
                ('id', models.UUIDField()),
                ('voucher_id', models.UUIDField()),
                ('name', models.TextField()),
                ('media_type', models.TextField()),
                ('size_bytes', models.BigIntegerField()),
                ('sha256', models.TextField()),
                ('attached_by', models.BigIntegerField()),
                ('attached_by_name', models.TextField()),
                ('attached_at', models.DateTimeField()),
                ('detached_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'journal_vouchers_attachment',
                'indexes': [models.Index(fields=['entity_id', 'voucher_id'], name='journal_voucher_attachments')],
            },
        ),
        migrations.CreateModel(
            name='Voucher',
            fields=[
                ('pk', models.CompositePrimaryKey('entity_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('entity_id', models.BigIntegerField()),
                ('id', models.UUIDField()),
                ('revision', models.IntegerField(default=1)),
                ('state', models.TextField(default='draft')),
                ('content', models.JSONField()),
                ('kind', models.TextField()),
                ('voucher_date', models.DateField(null=True)),
                ('description', models.TextField(default='')),
                ('total', models.DecimalField(decimal_places=2, default=0, max_digits=18)),
                ('search_text', models.TextField(default='')),
                ('made_by', models.BigIntegerField()),
                ('made_by_name', models.TextField()),
                ('prepared_by', models.JSONField()),
                ('copied_from', models.UUIDField(null=True)),
                ('made_at', models.DateTimeField()),
                ('saved_at', models.DateTimeField()),
                ('journal_year', models.IntegerField(null=True)),
                ('journal_no', models.BigIntegerField(null=True)),
                ('journal_label', models.TextField(default='')),
                ('reversal_year', models.IntegerField(null=True)),
                ('reversal_no', models.BigIntegerField(null=True)),
                ('reversal_label', models.TextField(default='')),
            ],
            options={
                'db_table': 'journal_vouchers_voucher',
                'indexes': [models.Index(fields=['entity_id', '-saved_at'], name='journal_voucher_by_saved'), models.Index(fields=['entity_id', 'state', '-saved_at'], name='journal_voucher_by_state'), models.Index(fields=['entity_id', 'journal_year', 'journal_no'], name='journal_voucher_by_journal')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'submitted', 'returned', 'posted', 'cancelled'])), name='journal_voucher_state_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('journal_no__isnull', False), ('state', 'posted')), models.Q(models.Q(('state', 'posted'), _negated=True), ('journal_no__isnull', True)), _connector='OR'), name='journal_voucher_posted_has_a_journal')],
            },
        ),
        migrations.CreateModel(
            name='VoucherEvent',
            fields=[
                ('pk', models.CompositePrimaryKey('entity_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('entity_id', models.BigIntegerField()),
                ('id', models.UUIDField()),
                ('voucher_id', models.UUIDField()),
                ('place', models.IntegerField()),
                ('act', models.TextField()),
                ('actor_id', models.BigIntegerField()),
                ('actor_name', models.TextField()),
                ('at', models.DateTimeField()),
                ('reason', models.TextField(default='')),
            ],
            options={
                'db_table': 'journal_vouchers_event',
                'indexes': [models.Index(fields=['entity_id', 'voucher_id', 'place'], name='journal_voucher_event_by_place')],
            },
        ),
        migrations.RunSQL((SQL / "keep.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
        *row_security.operations("journal_vouchers_voucher"),
        *row_security.operations("journal_vouchers_event"),
        *row_security.operations("journal_vouchers_attachment"),
    ]
