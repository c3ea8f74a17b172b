"""What the attacks of one office on another are made of: tables from the catalogue, rows, and the application's rights."""

import contextlib
import datetime as dt
import decimal
import uuid

import psycopg
import pytest
from psycopg import errors, sql

from tests.architecture.test_tables import NATIONAL_TABLES

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


def touched(connection, statement, values=(), *, forged=False):
    """How many rows a statement reached; 0 when it was refused.

    A trigger of ours that speaks before the policy refuses a forged row as well.
    """
    try:
        with connection.transaction(force_rollback=True):
            return connection.execute(statement, values).rowcount
    except REFUSED:
        return 0
    except psycopg.DatabaseError as error:
        # A key, a check or a trigger stopped it: the policy had let it through.
        return 0 if forged and str(error.sqlstate).startswith(("KL", "23001")) else 1


def statements(table, entity_id, columns):
    """Reading, changing and removing what belongs to an entity, by every way the application has."""
    name = sql.Identifier(table)
    chosen = sql.SQL("{} WHERE entity_id = {}").format(name, entity_id)
    yield "select", sql.SQL("SELECT * FROM {}").format(chosen)
    yield "select for update", sql.SQL("SELECT * FROM {} FOR UPDATE").format(chosen)
    yield "update", sql.SQL("UPDATE {} SET entity_id = entity_id WHERE entity_id = {}").format(name, entity_id)
    yield "delete", sql.SQL("DELETE FROM {}").format(chosen)
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    yield (
        "insert",
        sql.SQL("INSERT INTO {0} ({2}) SELECT {2} FROM {0} WHERE entity_id = {1}").format(name, entity_id, names),
    )
    yield "copy", sql.SQL("COPY (SELECT * FROM {}) TO STDOUT").format(chosen)


def written_columns(connection, table):
    """The columns a statement may write: what the database computes is written by nobody."""
    query = "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''"
    return [name for (name,) in connection.execute(f"{query} ORDER BY attnum", (table,))]


def reached(connection, table, entity_id):
    """Which statements reached a row."""
    columns = written_columns(connection, table)
    for word, statement in statements(table, entity_id, columns):
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
    columns = sql.SQL(", ").join(map(sql.Identifier, written_columns(connection, table)))
    query = sql.SQL("SELECT {} FROM {} WHERE entity_id = %s LIMIT 1").format(columns, sql.Identifier(table))
    found = connection.execute(query, (office.entity.entity_id,))
    return [column.name for column in found.description], found.fetchone()


def wrote(connection, table, names, values):
    insert = sql.SQL("INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE VALUES ({})").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, names)),
        sql.SQL(", ").join([sql.Placeholder()] * len(names)),
    )
    plain = [psycopg.types.json.Json(value) if isinstance(value, dict | list) else value for value in values]
    return touched(connection, insert, plain, forged=True)
