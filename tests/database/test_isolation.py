"""Every table of an entity attacked as the application role: without an entity, and with that of somebody else.

Nothing is listed: tables, functions and rights are read from the catalogue, so that a new table is attacked the day it
arrives. A table that neither `a_full_office` nor chance can fill is a failure with the place to mend named.
"""

import contextlib
import datetime as dt
import decimal
import re
import uuid

import psycopg
import pytest
from psycopg import errors, sql

from tests.architecture.test_tables import NATIONAL_TABLES
from tests.security.office import SECRET, a_full_office

REFUSED = (errors.InsufficientPrivilege, errors.UndefinedObject)
TENANT_TABLES = """
    SELECT c.relname FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'entity_id' AND NOT a.attisdropped
    WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
"""
WHOLE = " AND NOT c.relispartition ORDER BY 1"
PARTITIONS = " AND c.relispartition ORDER BY 1"
COLUMNS = """
    SELECT a.attname, format_type(a.atttypid, NULL), a.attidentity <> '' OR a.attgenerated <> ''
    FROM pg_attribute a WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
"""


@pytest.fixture(scope="module")
def two_offices(django_db_setup, django_db_blocker):
    """Ours, whose entity is set, and theirs, whose rows must not be seen."""
    with django_db_blocker.unblock():
        return a_full_office(roles=frozenset()), a_full_office(roles=frozenset())


@pytest.fixture
def attacker(two_offices, superuser_connection):
    """The application role's rights in a transaction in which every table has rows of both offices."""
    connection = superuser_connection
    for office in two_offices:
        for table in tables(connection):
            if not count(connection, table, office):
                fill(connection, table, office)
    return connection


def tables(connection, kind=WHOLE):
    return [name for (name,) in connection.execute(TENANT_TABLES + kind) if name not in NATIONAL_TABLES]


def count(connection, table, office):
    query = sql.SQL("SELECT count(*) FROM {} WHERE entity_id = %s").format(sql.Identifier(table))
    return connection.execute(query, (office.entity.entity_id,)).fetchone()[0]


def invented(kind: str, number: int):
    """A value of a column's type."""
    values = {
        "uuid": uuid.uuid5(uuid.NAMESPACE_OID, str(number)),
        "boolean": False,
        "date": dt.date(2024, 10, 3),
        "timestamp with time zone": dt.datetime(2024, 10, 3, number % 24, tzinfo=dt.UTC),
        "numeric": decimal.Decimal("1.00"),
        "bytea": bytes(32),
        "jsonb": "{}",
        "inet": "127.0.0.1",
    }
    if kind.endswith("[]"):
        return []
    if kind in {"bigint", "integer", "smallint"}:
        return 2568
    return values.get(kind, "invented")


def fill(connection, table, office):
    """A row that no command made: enough to see whether it leaks. Rolled back with the test."""
    connection.execute("SET LOCAL session_replication_role = replica")
    columns = [(name, kind) for name, kind, made in connection.execute(COLUMNS, (table,)) if not made]
    row = {name: invented(kind, number) for number, (name, kind) in enumerate(columns)}
    row["entity_id"] = office.entity.entity_id
    for check in connection.execute(
        "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'c'", (table,)
    ).fetchall():
        drop = sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(sql.Identifier(table), sql.Identifier(check[0]))
        connection.execute(drop)
    names, marks = sql.SQL(", ").join(map(sql.Identifier, row)), sql.SQL(", ").join([sql.Placeholder()] * len(row))
    insert = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(sql.Identifier(table), names, marks)
    try:
        connection.execute(insert, list(row.values()))
    except psycopg.DatabaseError as error:
        pytest.fail(f"{table} stays empty ({error}): let a_full_office in tests/security/office.py make a row of it")
    connection.execute("SET LOCAL session_replication_role = origin")


@contextlib.contextmanager
def as_application(connection, office=None, *, person=None):
    """The rights of the application role, its entity set or not, until the end of the block."""
    with connection.transaction(force_rollback=True):
        connection.execute("SET LOCAL SESSION AUTHORIZATION khlang_app")
        if office is not None:
            connection.execute(f"SET LOCAL khlang.entity_id = {office.entity.entity_id}")
        if person is not None:
            connection.execute(f"SET LOCAL khlang.user_id = {person.user_id}")
        yield


def touched(connection, statement, values=()):
    """How many rows a statement reached; 0 when it was refused."""
    try:
        with connection.transaction(force_rollback=True):
            return connection.execute(statement, values).rowcount
    except REFUSED:
        return 0
    except psycopg.DatabaseError:
        # A key, a check or a trigger stopped it: the policy had let it through.
        return 1


def statements(table, entity_id):
    """Reading, changing and removing what belongs to an entity, by every way the application has."""
    name = sql.Identifier(table)
    chosen = sql.SQL("{} WHERE entity_id = {}").format(name, entity_id)
    yield "select", sql.SQL("SELECT * FROM {}").format(chosen)
    yield "select for update", sql.SQL("SELECT * FROM {} FOR UPDATE").format(chosen)
    yield "update", sql.SQL("UPDATE {} SET entity_id = entity_id WHERE entity_id = {}").format(name, entity_id)
    yield "delete", sql.SQL("DELETE FROM {}").format(chosen)
    yield "insert", sql.SQL("INSERT INTO {0} SELECT * FROM {0} WHERE entity_id = {1}").format(name, entity_id)
    yield "copy", sql.SQL("COPY (SELECT * FROM {}) TO STDOUT").format(chosen)


def reached(connection, table, entity_id):
    """Which statements reached a row."""
    for word, statement in statements(table, entity_id):
        if word != "copy":
            if touched(connection, statement):
                yield f"{word} {table}"
            continue
        try:
            with connection.transaction(force_rollback=True), connection.cursor().copy(statement) as copied:
                if list(copied):
                    yield f"{word} {table}"
        except REFUSED:
            pass


def forged_row(connection, table, office):
    """A row of an office as values, to be sent in by somebody else."""
    query = sql.SQL("SELECT * FROM {} WHERE entity_id = %s LIMIT 1").format(sql.Identifier(table))
    found = connection.execute(query, (office.entity.entity_id,))
    return [column.name for column in found.description], found.fetchone()


def wrote(connection, table, names, values):
    insert = sql.SQL("INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE VALUES ({})").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, names)),
        sql.SQL(", ").join([sql.Placeholder()] * len(names)),
    )
    plain = [psycopg.types.json.Json(value) if isinstance(value, dict | list) else value for value in values]
    return touched(connection, insert, plain)


def test_every_table_has_rows_of_both_offices_that_could_leak(attacker, two_offices):
    empty = [
        (table, office.code)
        for table in tables(attacker)
        for office in two_offices
        if not count(attacker, table, office)
    ]

    assert len(tables(attacker)) > 20
    assert empty == []


def test_what_the_commands_made_is_seen_by_its_own_office(attacker, two_offices):
    """The attack below would see rows if it were allowed: with the right entity it does."""
    ours, _ = two_offices
    with as_application(attacker, ours):
        seen = [table for table in tables(attacker) if list(reached(attacker, table, ours.entity.entity_id))]

    assert {"ledger_journal", "ledger_journal_line", "journal_vouchers_voucher", "audit_act"} <= set(seen)


def test_without_an_entity_no_table_gives_or_takes_a_row(attacker, two_offices):
    _, theirs = two_offices
    with as_application(attacker):
        leaks = [leak for table in tables(attacker) for leak in reached(attacker, table, theirs.entity.entity_id)]

    assert leaks == []


def test_with_another_entity_no_table_gives_or_takes_a_row(attacker, two_offices):
    ours, theirs = two_offices
    with as_application(attacker, ours, person=ours.people["finance_officer"]):
        leaks = [leak for table in tables(attacker) for leak in reached(attacker, table, theirs.entity.entity_id)]

    assert leaks == []


@pytest.mark.parametrize("is_set", [False, True], ids=["without entity", "with another"])
def test_no_row_is_written_into_another_entity(attacker, two_offices, is_set):
    ours, theirs = two_offices
    forged = {table: forged_row(attacker, table, theirs) for table in tables(attacker)}
    with as_application(attacker, ours if is_set else None):
        leaks = [table for table, (names, values) in forged.items() if wrote(attacker, table, names, values)]

    assert leaks == []


def test_no_row_of_ours_is_moved_to_another_entity(attacker, two_offices):
    ours, theirs = two_offices
    there = theirs.entity.entity_id
    with as_application(attacker, ours):
        moved = [
            table
            for table in tables(attacker)
            if touched(attacker, sql.SQL("UPDATE {} SET entity_id = {}").format(sql.Identifier(table), there))
        ]

    assert moved == []


def test_no_partition_is_reached_past_its_table(attacker, two_offices):
    ours, theirs = two_offices
    partitions = tables(attacker, PARTITIONS)
    with as_application(attacker, ours):
        leaks = [leak for table in partitions for leak in reached(attacker, table, theirs.entity.entity_id)]

    assert len(partitions) > 20
    assert leaks == []


def test_a_word_of_another_office_is_not_drawn_out_by_a_function_of_ones_own(attacker, two_offices):
    """A cheap function that talks would run before a careless policy does."""
    ours, _ = two_offices
    heard: list[str] = []
    attacker.add_notice_handler(lambda notice: heard.append(notice.message_primary or ""))
    with as_application(attacker, ours):
        attacker.execute(
            "CREATE FUNCTION pg_temp.tell(text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS"
            " $$BEGIN RAISE NOTICE 'row %', $1; RETURN true; END$$"
        )
        rows = attacker.execute("SELECT 1 FROM ledger_journal WHERE pg_temp.tell(entity_id::text)").rowcount

    assert rows > 0
    assert set(heard) == {f"row {ours.entity.entity_id}"}
    assert SECRET


def test_without_its_policy_a_table_would_leak(attacker, two_offices):
    """The guard taken away, the same attack succeeds: it is the policy that refuses."""
    ours, theirs = two_offices
    attacker.execute("ALTER TABLE journal_vouchers_voucher DISABLE ROW LEVEL SECURITY")
    with as_application(attacker, ours):
        leaks = list(reached(attacker, "journal_vouchers_voucher", theirs.entity.entity_id))

    assert "select journal_vouchers_voucher" in leaks


# ---- what the application role is --------------------------------------------------------------------------------------

OWNED = """
    SELECT 'table ' || relname FROM pg_class WHERE relowner = 'khlang_app'::regrole
    UNION ALL SELECT 'function ' || proname FROM pg_proc WHERE proowner = 'khlang_app'::regrole
    UNION ALL SELECT 'schema ' || nspname FROM pg_namespace WHERE nspowner = 'khlang_app'::regrole
    UNION ALL SELECT 'type ' || typname FROM pg_type WHERE typowner = 'khlang_app'::regrole
    UNION ALL SELECT 'database ' || datname FROM pg_database WHERE datdba = 'khlang_app'::regrole
"""
POWERS = """
    SELECT rolname FROM pg_roles WHERE rolname = 'khlang_app'
    AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)
    UNION ALL SELECT 'member of ' || roleid::regrole FROM pg_auth_members WHERE member = 'khlang_app'::regrole
    UNION ALL SELECT 'create in ' || nspname FROM pg_namespace WHERE has_schema_privilege('khlang_app', oid, 'CREATE')
              AND nspname NOT LIKE 'pg\\_temp%' AND nspname NOT LIKE 'pg\\_toast\\_temp%'
    UNION ALL SELECT 'create in database' WHERE has_database_privilege('khlang_app', current_database(), 'CREATE')
    UNION ALL SELECT privilege || ' on ' || relname FROM pg_class, unnest(ARRAY['TRUNCATE', 'TRIGGER', 'REFERENCES']) privilege
              WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
              AND has_table_privilege('khlang_app', pg_class.oid, privilege)
"""
VIEWS = """
    SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND (relkind = 'm'
    OR relkind = 'v' AND NOT coalesce(reloptions @> '{security_invoker=true}', false)
       AND has_table_privilege('khlang_app', oid, 'SELECT')) ORDER BY 1
"""


@pytest.mark.parametrize("query", [OWNED, POWERS, VIEWS], ids=["owns", "may", "views that see with the owner's eyes"])
def test_the_application_role_has_nothing_and_may_nothing_of_its_own(superuser_connection, query):
    assert [found for (found,) in superuser_connection.execute(query)] == []


STATEMENTS = (
    "CREATE TABLE mine (a int)",
    "CREATE SCHEMA mine",
    "CREATE VIEW mine AS SELECT 1",
    "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE EXTENSION file_fdw",
    "CREATE TRIGGER mine BEFORE INSERT ON ledger_journal FOR EACH ROW EXECUTE FUNCTION khlang_refuse_change()",
    "CREATE POLICY mine ON ledger_journal USING (true)",
    "CREATE RULE mine AS ON INSERT TO ledger_journal DO INSTEAD NOTHING",
    "DROP POLICY own_entity ON ledger_journal",
    "DROP TABLE ledger_journal",
    "ALTER TABLE ledger_journal DISABLE TRIGGER ALL",
    "ALTER TABLE ledger_journal DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE ledger_journal NO FORCE ROW LEVEL SECURITY",
    "ALTER TABLE ledger_journal OWNER TO khlang_app",
    "ALTER FUNCTION khlang_refuse_change() OWNER TO khlang_app",
    "ALTER ROLE khlang_app BYPASSRLS",
    "ALTER ROLE khlang_app SUPERUSER",
    "ALTER SYSTEM SET row_security = off",
    "CREATE ROLE mine SUPERUSER",
    "GRANT khlang_owner TO khlang_app",
    "SET ROLE khlang_owner",
    "SET ROLE postgres",
    "SET SESSION AUTHORIZATION khlang_owner",
    "SET session_replication_role = replica",
    "SELECT * FROM pg_authid",
    "SELECT * FROM pg_shadow",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT pg_ls_dir('/')",
    "SELECT lo_import('/etc/passwd')",
    "SELECT pg_reload_conf()",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'khlang_owner' OR usename = 'postgres'",
    "COPY identity_entity TO '/tmp/khlang-stolen'",
    "COPY identity_entity TO PROGRAM 'cat'",
    "COPY identity_entity FROM PROGRAM 'id'",
    "TRUNCATE ledger_journal",
    "TRUNCATE audit_act",
    "UPDATE audit_act SET act = 'other'",
    "DELETE FROM audit_act",
    "INSERT INTO audit_act DEFAULT VALUES",
    "DO $$BEGIN LOCK TABLE ledger_journal IN ACCESS EXCLUSIVE MODE; END$$",
)


@pytest.mark.parametrize("statement", STATEMENTS)
def test_the_application_role_is_refused(app_connection, statement):
    app_connection.autocommit = True
    app_connection.execute("SET khlang.entity_id = 1")

    with pytest.raises(errors.InsufficientPrivilege):
        app_connection.execute(statement)


def test_switching_row_security_off_gives_an_error_instead_of_rows(app_connection, two_offices):
    app_connection.execute("SET row_security = off")
    app_connection.execute(f"SET LOCAL khlang.entity_id = {two_offices[0].entity.entity_id}")

    with pytest.raises(errors.InsufficientPrivilege):
        app_connection.execute("SELECT * FROM ledger_journal")


# ---- functions with the owner's rights ---------------------------------------------------------------------------------

DEFINERS = """
    SELECT p.oid::regprocedure::text, p.proname, coalesce(p.proargnames, '{}'), p.pronargs, coalesce(p.proconfig, '{}'),
           has_function_privilege('khlang_app', p.oid, 'EXECUTE'), p.prorettype = 'trigger'::regtype,
           coalesce(array_to_string(p.proacl, ' '), '=X') ~ '(^| )=X'
    FROM pg_proc p WHERE p.prosecdef AND p.pronamespace = 'public'::regnamespace
    AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') ORDER BY 1
"""
# Asked before an entity is known; each says here why it tells nothing of an entity's books.
WITHOUT_ENTITY: dict[str, str] = {}
ENTITY = re.compile(r"^(p_)?entity(_id)?$")


def definers(connection):
    return connection.execute(DEFINERS).fetchall()


def test_functions_with_the_owners_rights_have_a_fixed_path_and_are_not_for_everybody(superuser_connection):
    found = definers(superuser_connection)
    loose = [
        name
        for name, _, _, _, config, *_ in found
        if not any(re.fullmatch(r"search_path=pg_catalog, public, pg_temp", each) for each in config)
    ]
    public = [name for name, *_, is_trigger, is_public in found if is_public and not is_trigger]

    assert len(found) > 5
    assert (loose, public) == ([], [])


def test_functions_with_the_owners_rights_serve_only_the_entity_that_is_set(superuser_connection, two_offices):
    ours, theirs = two_offices
    served = []
    for name, short, arguments, number, _, may_call, is_trigger, _ in definers(superuser_connection):
        if not may_call or is_trigger:
            continue
        places = [place for place, argument in enumerate(arguments[:number]) if ENTITY.match(argument)]
        if not places and short not in WITHOUT_ENTITY:
            served.append(f"{name} takes no entity: add it to WITHOUT_ENTITY in {__name__} with the reason")
        values = ["NULL"] * number
        for place in places:
            values[place] = str(theirs.entity.entity_id)
        if places and not refused_as_foreign(superuser_connection, ours, f"SELECT {short}({', '.join(values)})"):
            served.append(f"{name} serves another entity")

    assert served == []


def refused_as_foreign(connection, office, call):
    for chosen in (office, None):
        try:
            with as_application(connection, chosen):
                connection.execute(call)
        except psycopg.DatabaseError as error:
            if "wrong_entity" in str(error) or isinstance(error, errors.UndefinedObject):
                continue
        return False
    return True
