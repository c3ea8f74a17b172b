"""Every table with an entity_id is closed to other entities, and keyed so that tenants never share an index."""

import pytest

# The entity itself is a national row: its entity_id is its own key, not the mark of an owner.
NATIONAL_TABLES = frozenset({"identity_entity"})

OPEN_TABLES = """
    SELECT c.relname,
           CASE WHEN NOT c.relrowsecurity THEN 'row-level security is off'
                WHEN NOT c.relforcerowsecurity THEN 'row-level security does not bind the owner'
                ELSE 'no policy compares entity_id with the setting' END
    FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'entity_id' AND NOT a.attisdropped
    WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND NOT c.relispartition
      AND NOT (c.relrowsecurity AND c.relforcerowsecurity AND EXISTS (
            SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid
            AND pg_get_expr(p.polqual, p.polrelid) LIKE '%entity_id%khlang.entity_id%'))
    ORDER BY 1
"""

OPEN_PARTITIONS = """
    SELECT c.relname, 'a partition answers the application directly'
    FROM pg_class c
    WHERE c.relkind = 'r' AND c.relispartition AND c.relnamespace = 'public'::regnamespace
      AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
      AND has_table_privilege('khlang_app', c.oid, 'SELECT, INSERT, UPDATE, DELETE')
    ORDER BY 1
"""

WRONG_KEYS = """
    SELECT t.relname, i.relname || ' begins with ' || coalesce(first.attname, 'an expression')
    FROM pg_index x
    JOIN pg_class t ON t.oid = x.indrelid
    JOIN pg_class i ON i.oid = x.indexrelid
    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attname = 'entity_id' AND NOT a.attisdropped
    LEFT JOIN pg_attribute first ON first.attrelid = t.oid AND first.attnum = x.indkey[0] AND x.indkey[0] > 0
    WHERE x.indisunique AND t.relnamespace = 'public'::regnamespace AND NOT t.relispartition
      AND first.attname IS DISTINCT FROM 'entity_id'
    ORDER BY 1, 2
"""

KEYLESS_TABLES = """
    SELECT c.relname, 'no primary key'
    FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'entity_id' AND NOT a.attisdropped
    WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND NOT c.relispartition
      AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'p')
    ORDER BY 1
"""

MONEY_NOT_EXACT = """
    SELECT c.table_name, c.column_name || ' is ' || c.data_type
    FROM information_schema.columns c
    WHERE c.table_schema = 'public' AND c.data_type IN ('real', 'double precision', 'money')
       OR c.table_schema = 'public' AND c.data_type = 'numeric'
          AND c.column_name ~ '(^|_)(debit|credit|amount|balance|total)($|_)'
          AND (c.numeric_precision, c.numeric_scale) IS DISTINCT FROM (18, 2)
    ORDER BY 1, 2
"""

CLOSED = "ALTER TABLE leak ENABLE ROW LEVEL SECURITY; ALTER TABLE leak FORCE ROW LEVEL SECURITY"


def faults(connection, query: str) -> list[tuple[str, str]]:
    return [(name, fault) for name, fault in connection.execute(query).fetchall() if name not in NATIONAL_TABLES]


def test_there_are_tenant_tables_to_look_at(owner_connection) -> None:
    query = (
        "SELECT count(*) FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'entity_id'"
    )

    assert owner_connection.execute(query).fetchone()[0] > 5


@pytest.mark.parametrize("query", [OPEN_TABLES, OPEN_PARTITIONS], ids=["tables", "partitions"])
def test_every_tenant_table_is_closed_to_other_entities(owner_connection, query: str) -> None:
    assert faults(owner_connection, query) == []


def test_entity_id_leads_every_key_of_a_tenant_table(owner_connection) -> None:
    assert faults(owner_connection, WRONG_KEYS) == []
    assert faults(owner_connection, KEYLESS_TABLES) == []


def test_money_is_numeric_18_2(owner_connection) -> None:
    assert [
        found for found in faults(owner_connection, MONEY_NOT_EXACT) if not found[0].startswith("procrastinate_")
    ] == []


def test_the_application_role_has_no_way_round_a_policy(owner_connection) -> None:
    query = "SELECT rolname FROM pg_roles WHERE rolname LIKE 'khlang%' AND (rolbypassrls OR rolsuper) ORDER BY 1"

    assert owner_connection.execute(query).fetchall() == []


@pytest.mark.parametrize(
    ("statements", "query", "fault"),
    [
        ("", OPEN_TABLES, "row-level security is off"),
        ("ALTER TABLE leak ENABLE ROW LEVEL SECURITY", OPEN_TABLES, "row-level security does not bind the owner"),
        (
            f"{CLOSED}; CREATE POLICY all_rows ON leak USING (true)",
            OPEN_TABLES,
            "no policy compares entity_id with the setting",
        ),
        ("ALTER TABLE leak ADD UNIQUE (number)", WRONG_KEYS, "leak_number_key begins with number"),
        ("CREATE UNIQUE INDEX leak_lower ON leak (lower(number))", WRONG_KEYS, "leak_lower begins with an expression"),
        ("", KEYLESS_TABLES, "no primary key"),
        ("ALTER TABLE leak ADD COLUMN amount double precision", MONEY_NOT_EXACT, "amount is double precision"),
        ("ALTER TABLE leak ADD COLUMN debit numeric(12, 4)", MONEY_NOT_EXACT, "debit is numeric"),
    ],
)
def test_each_fault_of_a_table_is_seen(owner_connection, statements: str, query: str, fault: str) -> None:
    owner_connection.execute("CREATE TABLE leak (entity_id bigint NOT NULL, number text)")
    if statements:
        owner_connection.execute(statements)

    assert ("leak", fault) in faults(owner_connection, query)


def test_an_open_partition_is_seen(owner_connection) -> None:
    owner_connection.execute("CREATE TABLE leak (entity_id bigint, fiscal_year int) PARTITION BY LIST (fiscal_year)")
    owner_connection.execute("CREATE TABLE leak_2568 PARTITION OF leak FOR VALUES IN (2568)")
    owner_connection.execute("GRANT SELECT ON leak_2568 TO khlang_app")

    assert ("leak_2568", "a partition answers the application directly") in faults(owner_connection, OPEN_PARTITIONS)
