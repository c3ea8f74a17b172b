"""Risk: none, new tables. Sessions of the old engine end; everybody logs in once more."""

from pathlib import Path
from typing import ClassVar

from django.db import migrations, models

SQL = (Path(__file__).resolve().parent.parent / "sql" / "attempts.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    """Sessions, devices, tries."""

    initial = True
    dependencies: ClassVar = [("identity", "0002_people"), ("audit", "0001_initial")]
    operations: ClassVar = [
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('attempt_id', models.UUIDField(primary_key=True, serialize=False)),
                ('of_attempt', models.UUIDField(null=True)),
                ('at', models.DateTimeField()),
                ('door', models.TextField()),
                ('outcome', models.TextField()),
                ('account_key', models.TextField()),
                ('user_id', models.BigIntegerField(null=True)),
                ('network', models.TextField(default='')),
                ('address', models.TextField(default='')),
                ('device', models.TextField(default='')),
                ('device_id', models.UUIDField(null=True)),
                ('reason', models.TextField(default='')),
            ],
            options={
                'db_table': 'authentication_attempt',
                'indexes': [models.Index(fields=['account_key', 'at'], name='authentication_attempt_account'), models.Index(fields=['network', 'at'], name='authentication_attempt_network'), models.Index(fields=['user_id', 'at'], name='authentication_attempt_user'), models.Index(fields=['of_attempt'], name='authentication_attempt_of')],
            },
        ),
        migrations.CreateModel(
            name='Device',
            fields=[
                ('device_id', models.UUIDField(primary_key=True, serialize=False)),
                ('user_id', models.BigIntegerField()),
                ('label', models.TextField(default='')),
                ('first_used_at', models.DateTimeField()),
                ('last_used_at', models.DateTimeField()),
                ('forgotten_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'authentication_device',
                'indexes': [models.Index(fields=['user_id'], name='authentication_device_by_user')],
            },
        ),
        migrations.CreateModel(
            name='Session',
            fields=[
                ('session_key', models.TextField(primary_key=True, serialize=False)),
                ('session_data', models.TextField()),
                ('expire_date', models.DateTimeField()),
                ('user_id', models.BigIntegerField(null=True)),
                ('created_at', models.DateTimeField()),
                ('last_seen_at', models.DateTimeField()),
                ('address', models.TextField(default='')),
                ('agent', models.TextField(default='')),
                ('device', models.TextField(default='')),
                ('proved_by', models.TextField(default='')),
                ('replaced_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'authentication_session',
                'indexes': [models.Index(fields=['user_id', 'last_seen_at'], name='authentication_session_by_user'), models.Index(fields=['expire_date'], name='authentication_session_expiry')],
            },
        ),
        migrations.RunSQL(SQL, "DROP FUNCTION authentication_prune(integer);"),
    ]
