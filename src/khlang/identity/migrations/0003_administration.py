"""Risk: short locks while columns with constant defaults are added; entities get their search text in one pass."""

from typing import Any, ClassVar

from django.db import migrations, models

from khlang.kernel.thai_text import search_key

KEEP = """
ALTER TABLE identity_user
  ADD CONSTRAINT identity_user_of_home FOREIGN KEY (home_entity_id) REFERENCES identity_entity (entity_id);
ALTER TABLE identity_order
  ADD CONSTRAINT identity_order_of_signer FOREIGN KEY (signed_by_id) REFERENCES identity_user (id);
GRANT UPDATE (ended_reason) ON identity_membership TO khlang_app;
"""


def fill_search_text(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001  (Django passes it)
    """Entities that are there already become findable."""
    for row in apps.get_model("identity", "Entity").objects.all():
        row.search_text = search_key(f"{row.code} {row.name_th} {row.name_en}")
        row.save(update_fields=["search_text"])


class Migration(migrations.Migration):
    """Reasons of roles, who keeps a person's account, who signed an order, search of entities."""

    dependencies: ClassVar = [("identity", "0002_people")]
    operations: ClassVar = [
        migrations.AddField("user", "home_entity_id", models.BigIntegerField(null=True)),
        migrations.AddField("staff", "added_key", models.UUIDField(null=True)),
        migrations.AddField("membership", "reason", models.TextField(default="")),
        migrations.AddField("membership", "ended_reason", models.TextField(default="")),
        migrations.AddField("order", "signed_role", models.TextField(default="")),
        migrations.AddField("order", "signed_by_id", models.BigIntegerField(null=True)),
        migrations.AddField("order", "note", models.TextField(default="")),
        migrations.AddField("entity", "search_text", models.TextField(default="")),
        migrations.AddIndex(
            "entity", models.Index(fields=["sort_key", "code"], name="identity_entity_by_name")
        ),
        migrations.AddConstraint(
            "staff",
            models.UniqueConstraint(fields=["entity_id", "added_key"], name="identity_staff_is_added_once"),
        ),
        migrations.RunPython(fill_search_text, migrations.RunPython.noop),
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
    ]
