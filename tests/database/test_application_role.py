"""The role that serves: what it is, what it may never do, and the functions that lend it the owner's rights."""

import re

import psycopg
import pytest
from psycopg import errors

from tests.database.isolation import as_application

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
WITHOUT_ENTITY: dict[str, str] = {
    "authentication_prune": "removes old log-in attempts, which belong to no entity, and tells only how many",
    "operations_receipt_counts": "answers the department alone, and with counts (tests/operations/test_announcements.py)",
}
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
