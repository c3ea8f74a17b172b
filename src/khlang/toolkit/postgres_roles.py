"""Database roles and the database itself, made once by whoever may make them. No Django here."""

import os
from typing import LiteralString

import psycopg
from psycopg import sql
from psycopg.abc import Query

OWNER = "khlang_owner"
APP = "khlang_app"
OVERSIGHT = "khlang_oversight"
AUDITOR = "khlang_auditor"
ROLES = (OWNER, APP, OVERSIGHT, AUDITOR)

# What every role must not be: none may step over row-level security.
MODEST: LiteralString = "NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION"


def database_name() -> str:
    """The name of the database inside an embedded server; tests give each worker one of its own."""
    return os.environ.get("KHLANG_DATABASE_NAME") or "khlang"


def missing_roles(connection: psycopg.Connection[tuple[str]]) -> list[str]:
    """The roles of ours that this server does not know yet."""
    known = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
    return [role for role in ROLES if role not in known]


def create_roles(connection: psycopg.Connection[tuple[str]], *, login: bool) -> None:
    """Make the roles that are missing. `login` only where the private socket is the lock."""
    for role in missing_roles(connection):
        kind = sql.SQL("LOGIN" if login else "NOLOGIN")
        connection.execute(sql.SQL("CREATE ROLE {} {} " + MODEST).format(sql.Identifier(role), kind))


def create_database(connection: psycopg.Connection[tuple[str]], name: str) -> None:
    """Make a UTF-8 database in plain code-point order, owned by the owner role."""
    exists = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
    if exists is None:
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} ENCODING 'UTF8' TEMPLATE template0").format(
                sql.Identifier(name), sql.Identifier(OWNER)
            )
        )


def grant(connection: psycopg.Connection[tuple[str]], name: str) -> None:
    """Rights inside one database. The owner's new tables open to the app; the ledger's migration takes back."""
    for statement in grants(name):
        connection.execute(statement)


def grants(name: str) -> list[Query]:
    """The statements of `grant`, in order."""
    words = {
        "database": sql.Identifier(name),
        "owner": sql.Identifier(OWNER),
        "app": sql.Identifier(APP),
        "readers": sql.SQL(", ").join([sql.Identifier(OVERSIGHT), sql.Identifier(AUDITOR)]),
    }
    new_objects: LiteralString = "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public"
    texts: tuple[LiteralString, ...] = (
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        "REVOKE CONNECT, TEMPORARY ON DATABASE {database} FROM PUBLIC",
        "GRANT CONNECT, TEMPORARY, CREATE ON DATABASE {database} TO {owner}",
        "GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {app}",
        "GRANT CONNECT ON DATABASE {database} TO {readers}",
        "GRANT USAGE, CREATE ON SCHEMA public TO {owner}",
        "GRANT USAGE ON SCHEMA public TO {app}, {readers}",
        f"{new_objects} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {{app}}",
        f"{new_objects} GRANT USAGE, SELECT ON SEQUENCES TO {{app}}",
    )
    return [sql.SQL(text).format(**words) for text in texts]


def without_default_rights() -> list[Query]:
    """Take back what `grant` promised to tables not yet made; for the time of a restore."""
    words = {"owner": sql.Identifier(OWNER), "app": sql.Identifier(APP)}
    texts: tuple[LiteralString, ...] = (
        "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public REVOKE ALL ON TABLES FROM {app}",
        "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public REVOKE ALL ON SEQUENCES FROM {app}",
    )
    return [sql.SQL(text).format(**words) for text in texts]
