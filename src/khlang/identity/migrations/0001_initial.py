"""Risk: none, new tables."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

import khlang.identity.models
from khlang.toolkit import row_security

# A membership is seen inside its entity, and by the person it belongs to when she chooses where to work.
MEMBERSHIP_RULE = (
    "entity_id = nullif(current_setting('khlang.entity_id', true), '')::bigint"
    " OR user_id = nullif(current_setting('khlang.user_id', true), '')::bigint"
)


class Migration(migrations.Migration):
    """Entities, people, memberships."""

    initial = True
    dependencies: ClassVar = []
    operations: ClassVar = [
        migrations.CreateModel(
            name="Entity",
            fields=[
                ("entity_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("code", models.TextField(unique=True)),
                ("level", models.TextField()),
                ("kind", models.TextField()),
                ("name_th", models.TextField()),
                ("name_en", models.TextField(default="")),
                ("sort_key", models.TextField()),
                ("province_code", models.TextField(default="")),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="identity.entity",
                    ),
                ),
            ],
            options={
                "db_table": "identity_entity",
                "indexes": [models.Index(fields=["province_code", "sort_key"], name="identity_entity_by_province")],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("username", models.TextField(unique=True)),
                ("full_name", models.TextField()),
                ("language", models.TextField(default="th")),
                ("is_active", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={"db_table": "identity_user"},
            managers=[("objects", khlang.identity.models.UserManager())],
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "entity_id", "user_id", "role", blank=True, editable=False, primary_key=True, serialize=False,
                    ),
                ),
                ("entity_id", models.BigIntegerField()),
                ("user_id", models.BigIntegerField()),
                ("role", models.TextField()),
                ("granted_at", models.DateTimeField(auto_now_add=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "identity_membership",
                "indexes": [models.Index(fields=["user_id"], name="identity_membership_by_user")],
            },
        ),
        migrations.RunSQL(
            "ALTER TABLE identity_membership"
            " ADD CONSTRAINT identity_membership_of_entity FOREIGN KEY (entity_id) REFERENCES identity_entity (entity_id),"
            " ADD CONSTRAINT identity_membership_of_user FOREIGN KEY (user_id) REFERENCES identity_user (id);"
            "REVOKE DELETE ON identity_entity, identity_user FROM khlang_app;"
            "CREATE SEQUENCE identity_entity_number START 1001;"
            "GRANT USAGE ON SEQUENCE identity_entity_number TO khlang_app;",
            "DROP SEQUENCE identity_entity_number;",
        ),
        *row_security.operations("identity_membership", rule=MEMBERSHIP_RULE),
    ]
