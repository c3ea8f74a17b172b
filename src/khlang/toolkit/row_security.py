"""Migration operations that put row-level security under a tenant table."""

from django.db.migrations.operations import RunSQL

TENANT_RULE = "entity_id = current_setting('khlang.entity_id')::bigint"


def statements(table: str, *, rule: str = TENANT_RULE) -> str:
    """SQL that enables and forces row-level security on `table`, the owner included."""
    return (
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;\n"
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;\n"
        f"CREATE POLICY own_entity ON {table} USING ({rule}) WITH CHECK ({rule});\n"
    )


def operations(table: str, *, rule: str = TENANT_RULE) -> list[RunSQL]:
    """The same as a migration step; undoing it removes the policy."""
    undo = (
        f"DROP POLICY own_entity ON {table};\n"
        f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;\n"
        f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;\n"
    )
    return [RunSQL(statements(table, rule=rule), undo)]
