"""Risk: none, new tables. The role that serves requests may read them and nothing else."""

from typing import ClassVar

from django.db import migrations, models

TABLES = (
    "account bank budget_type entity_kind fund_source holiday journal_kind legal_instrument"
    " parameter plan province statement_line"
).split()
READERS = ("khlang_app", "khlang_oversight", "khlang_auditor")


def read_only(table: str) -> str:
    """SQL that leaves `table` readable to every serving role and writable to none; a role may be missing in tests."""
    grants = "".join(
        f"""
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN
    REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {table} FROM {role};
    GRANT SELECT ON {table} TO {role};
  END IF;"""
        for role in READERS
    )
    return f"DO $$ BEGIN{grants}\nEND $$;"


CHECKS = """
ALTER TABLE reference_account
  ADD CONSTRAINT reference_account_kind CHECK (kind IN ('asset', 'liability', 'net_assets', 'revenue', 'expense')),
  ADD CONSTRAINT reference_account_side CHECK (normal_side IN ('debit', 'credit')),
  ADD CONSTRAINT reference_account_years CHECK (valid_to_year >= valid_from_year);
ALTER TABLE reference_parameter ADD CONSTRAINT reference_parameter_days CHECK (valid_to >= valid_from);
"""


class Migration(migrations.Migration):
    """The national tables."""

    initial = True
    dependencies: ClassVar = []
    operations: ClassVar = [
        migrations.CreateModel(
            name='Bank',
            fields=[
                ('valid_from_year', models.IntegerField()),
                ('valid_to_year', models.IntegerField(null=True)),
                ('source', models.TextField()),
                ('confidence', models.TextField()),
                ('code', models.TextField(primary_key=True, serialize=False)),
                ('abbreviation', models.TextField()),
                ('name_th', models.TextField()),
                ('name_en', models.TextField()),
                ('swift', models.TextField(default='')),
                ('used_by_local_governments', models.BooleanField()),
                ('status', models.TextField()),
                ('sort_key', models.TextField()),
            ],
            options={
                'db_table': 'reference_bank',
            },
        ),
        migrations.CreateModel(
            name='BudgetType',
            fields=[
                ('valid_from_year', models.IntegerField()),
                ('valid_to_year', models.IntegerField(null=True)),
                ('source', models.TextField()),
                ('confidence', models.TextField()),
                ('code', models.TextField(primary_key=True, serialize=False)),
                ('side', models.TextField()),
                ('level', models.TextField()),
                ('parent_code', models.TextField(default='')),
                ('name_th', models.TextField()),
                ('name_en', models.TextField()),
                ('account_code', models.TextField(default='')),
                ('sort_key', models.TextField()),
            ],
            options={
                'db_table': 'reference_budget_type',
            },
        ),
        migrations.CreateModel(
            name='EntityKind',
            fields=[
                ('valid_from_year', models.IntegerField()),
                ('valid_to_year', models.IntegerField(null=True)),
                ('source', models.TextField()),
                ('confidence', models.TextField()),
                ('code', models.TextField(primary_key=True, serialize=False)),
                ('level', models.TextField()),
                ('parent_kind', models.TextField(default='')),
                ('name_th', models.TextField()),
                ('name_en', models.TextField()),
                ('abbreviation_th', models.TextField(default='')),
                ('supervisor_th', models.TextField(default='')),
                ('supervisor_en', models.TextField(default='')),
                ('budget_law_th', models.TextField(default='')),
                ('budget_law_en', models.TextField(default='')),
                ('keeps_books', models.BooleanField()),
                ('sort_key', models.TextField()),
            ],
            options={
                'db_table': 'reference_entity_kind',
            },
        ),
        migrations.CreateModel(
            name='FundSource',
            fields=[
                ('valid_from_year', models.IntegerField()),
                ('valid_to_year', models.IntegerField(null=True)),
                ('source', models.TextField()),
                ('confidence', models.TextField()),
                ('code', models.TextField(primary_key=True, serialize=False)),
                ('name_th', models.TextField()),
                ('name_en', models.TextField()),
                ('fund_group', models.TextField()),
                ('in_budget', models.BooleanField()),
                ('restricted', models.BooleanField()),
                ('exchange_label_th', models.TextField(default='')),
                ('sort_key', models.TextField()),
            ],
            options={
                'db_table': 'reference_fund_source',
            },
        ),
        migrations.CreateModel(
            name='Holiday',
            fields=[
                ('pk', models.CompositePrimaryKey('day', 'name_th', blank=True, editable=False, primary_key=True, serialize=False)),
                ('day', models.DateField()),
                ('name_th', models.TextField()),
                ('name_en', models.TextField()),
                ('scope', models.TextField()),
                ('source', models.TextField()),
                ('confidence', models.TextField()),
            ],
            options={
                'db_table': 'reference_holiday',
            },
        ),
        migrations.CreateModel(
            name='JournalKind',
            fields=[
                ('valid_from_year', models.IntegerField()),
                ('valid_to_year', models.IntegerField(null=True)),
                ('source', models.TextField()),
                ('confidence', models.TextField()),
                ('code', models.TextField(primary_key=True, serialize=False)),
                ('series', models.TextField()),
                ('prefix_th', models.TextField()),
                ('label_th', models.TextField()),
                ('label_en', models.TextField()),
                ('sort_key', models.TextField()),
            ],
            options={
                'db_table': 'reference_journal_kind',
            },
        ),
        migrations.CreateModel(
            name='LegalInstrument',
            fields=[
                ('valid_from_year', models.IntegerField()),
                ('valid_to_year', models.IntegerField(null=True)),
                ('source', models.TextField()),
                ('confidence', models.TextField()),
                ('code', models.TextField(primary_key=True, serialize=False)),
                ('name_th', models.TextField()),
                ('name_en', models.TextField()),
                ('kind', models.TextField()),
                ('status', models.TextField()),
                ('replaced_by', models.TextField(default='')),
                ('note', models.TextField(default='')),
            ],
            options={
                'db_table': 'reference_legal_instrument',
            },
        ),
        migrations.CreateModel(
            name='Parameter',
            fields=[
                ('pk', models.CompositePrimaryKey('name', 'applies_to', 'valid_from', blank=True, editable=False, primary_key=True, serialize=False)),
                ('name', models.TextField()),
                ('applies_to', models.TextField(default='')),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(null=True)),
                ('value', models.TextField()),
                ('unit', models.TextField()),
                ('label_th', models.TextField()),
                ('label_en', models.TextField()),
                ('instrument', models.TextField(default='')),
                ('article', models.TextField(default='')),
                ('rule', models.TextField()),
                ('certainty', models.TextField()),
                ('source', models.TextField()),
                ('confidence', models.TextField()),
            ],
            options={
                'db_table': 'reference_parameter',
            },
        ),
        migrations.CreateModel(
            name='Plan',
            fields=[
                ('valid_from_year', models.IntegerField()),
                ('valid_to_year', models.IntegerField(null=True)),
                ('source', models.TextField()),
                ('confidence', models.TextField()),
                ('code', models.TextField(primary_key=True, serialize=False)),
                ('level', models.TextField()),
                ('parent_code', models.TextField(default='')),
                ('name_th', models.TextField()),
                ('name_en', models.TextField()),
                ('sort_key', models.TextField()),
            ],
            options={
                'db_table': 'reference_plan',
            },
        ),
        migrations.CreateModel(
            name='Province',
            fields=[
                ('valid_from_year', models.IntegerField()),
                ('valid_to_year', models.IntegerField(null=True)),
                ('source', models.TextField()),
                ('confidence', models.TextField()),
                ('code', models.TextField(primary_key=True, serialize=False)),
                ('name_th', models.TextField()),
                ('name_en', models.TextField()),
                ('region', models.TextField()),
                ('sort_key', models.TextField()),
            ],
            options={
                'db_table': 'reference_province',
            },
        ),
        migrations.CreateModel(
            name='StatementLine',
            fields=[
                ('valid_from_year', models.IntegerField()),
                ('valid_to_year', models.IntegerField(null=True)),
                ('source', models.TextField()),
                ('confidence', models.TextField()),
                ('pk', models.CompositePrimaryKey('layout', 'chart', 'line_code', blank=True, editable=False, primary_key=True, serialize=False)),
                ('layout', models.TextField()),
                ('chart', models.TextField()),
                ('line_code', models.TextField()),
                ('line_no', models.IntegerField()),
                ('label_th', models.TextField()),
                ('label_en', models.TextField()),
                ('kind', models.TextField()),
                ('side', models.TextField(default='')),
                ('selector', models.TextField(default='')),
                ('detail', models.TextField(default='')),
                ('printed_code', models.TextField(default='')),
                ('sign', models.IntegerField(default=1)),
                ('subtotal_of', models.TextField(default='')),
                ('formula', models.TextField(default='')),
                ('must_equal', models.TextField(default='')),
            ],
            options={
                'db_table': 'reference_statement_line',
            },
        ),
        migrations.CreateModel(
            name='Account',
            fields=[
                ('valid_from_year', models.IntegerField()),
                ('valid_to_year', models.IntegerField(null=True)),
                ('source', models.TextField()),
                ('confidence', models.TextField()),
                ('code', models.TextField(primary_key=True, serialize=False)),
                ('chart', models.TextField()),
                ('name_th', models.TextField()),
                ('name_en', models.TextField()),
                ('kind', models.TextField()),
                ('normal_side', models.TextField()),
                ('parent_code', models.TextField(default='')),
                ('is_postable', models.BooleanField()),
                ('statement_line', models.TextField(default='')),
                ('mapped_code', models.TextField(default='')),
                ('printed_code', models.TextField(default='')),
                ('budget_type', models.TextField(default='')),
                ('is_cash', models.BooleanField(default=False)),
                ('sort_key', models.TextField()),
            ],
            options={
                'db_table': 'reference_account',
                'indexes': [models.Index(fields=['chart', 'sort_key'], name='reference_account_by_chart')],
            },
        ),
        migrations.RunSQL(CHECKS, migrations.RunSQL.noop),
        *(migrations.RunSQL(read_only(f"reference_{table}"), migrations.RunSQL.noop) for table in TABLES),
    ]
