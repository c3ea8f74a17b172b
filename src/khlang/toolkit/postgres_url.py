"""The database behind DATABASE_URL: checked and furnished, never started or stopped by us. No Django here."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from khlang.kernel.refusals import Refusal, Refused
from khlang.toolkit import postgres_roles as roles
from khlang.toolkit.postgres_binaries import MAJOR_MINIMUM
from khlang.toolkit.postgres_home import secret

APP_KEY = "database-app"


def address() -> str:
    """DATABASE_URL, or nothing."""
    return os.environ.get("DATABASE_URL", "")


def dsn_owner() -> str:
    """The given user acting as the owner role."""
    return _url({**_parts(), "options": f"-c role={roles.OWNER}"})


def dsn_app(home: Path) -> str:
    """A log-in of this home alone, which acts as the application role.

    Each home has a log-in of its own, so that two homes on one server never change each other's password.
    """
    return _url({**_parts(), "user": app_login(home), "password": secret(home, APP_KEY)})


def dsn_superuser() -> str:
    """The given user as herself."""
    return _url(_parts())


def app_login(home: Path) -> str:
    """The name of this home's log-in role."""
    return f"{roles.APP}_{hashlib.sha256(str(home).encode()).hexdigest()[:8]}"


def server_version() -> str | None:
    """The release of the server, or None when it does not answer."""
    try:
        with psycopg.connect(dsn_superuser(), connect_timeout=5) as connection:
            return _version(connection)
    except psycopg.Error:
        return None


def furnish(home: Path) -> str:
    """Make roles, database and log-in where missing; answer the server's release.

    Refuses toolkit.database_url_refused and toolkit.database_url_version.
    """
    name = str(_parts()["dbname"])
    try:
        with _maintenance(name) as connection:
            version = _version(connection)
            if int(version.split(".", maxsplit=1)[0]) < MAJOR_MINIMUM:
                raise Refused(Refusal("toolkit.database_url_version", {"version": version}))
            roles.create_roles(connection, login=False)
            _allow_owner(connection)
            _create_login(connection, home)
            roles.create_database(connection, name)
        with psycopg.connect(dsn_superuser(), autocommit=True, connect_timeout=10) as connection:
            roles.grant(connection, name)
    except psycopg.Error as error:
        raise Refused(Refusal("toolkit.database_url_refused", {"reason": str(error).strip()})) from error
    return version


def _allow_owner(connection: psycopg.Connection[Any]) -> None:
    """Let the given user act as owner; a superuser may already."""
    may = connection.execute("SELECT pg_has_role(current_user, %s, 'MEMBER')", [roles.OWNER]).fetchone()
    if may is None or not may[0]:
        connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(roles.OWNER)))


def _create_login(connection: psycopg.Connection[Any], home: Path) -> None:
    login = sql.Identifier(app_login(home))
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [app_login(home)]).fetchone()
    verb = sql.SQL("CREATE" if known is None else "ALTER")
    connection.execute(
        sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD {}").format(
            verb, login, sql.Literal(secret(home, APP_KEY))
        )
    )
    connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(roles.APP), login))
    connection.execute(sql.SQL("ALTER ROLE {} SET role = {}").format(login, sql.Literal(roles.APP)))


@contextmanager
def _maintenance(name: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection to the named database, or to `postgres` while that one does not exist yet."""
    try:
        connection = psycopg.connect(dsn_superuser(), autocommit=True, connect_timeout=10)
    except psycopg.OperationalError as error:
        if f'database "{name}" does not exist' not in str(error):
            raise
        connection = psycopg.connect(_url({**_parts(), "dbname": "postgres"}), autocommit=True)
    with connection:
        yield connection


def _version(connection: psycopg.Connection[Any]) -> str:
    number = connection.info.server_version
    return f"{number // 10000}.{number % 10000}"


def _parts() -> dict[str, Any]:
    parts = conninfo_to_dict(address())
    return {**parts, "dbname": parts.get("dbname") or roles.database_name()}


def _url(parts: dict[str, Any]) -> str:
    return build_url(**{key: str(value) for key, value in parts.items() if value is not None})


def build_url(
    *, user: str = "", password: str = "", host: str = "", port: str = "", dbname: str = "", **rest: str
) -> str:
    """A connection address that libpq, Django and people can all read."""
    person = quote(user, safe="") + (f":{quote(password, safe='')}" if password else "")
    if host.startswith("/"):
        rest, host = {"host": host, **rest}, ""
    place = quote(host, safe=",:[]") + (f":{port}" if port and host else "")
    if port and not host:
        rest["port"] = port
    query = f"?{urlencode(rest, quote_via=quote, safe='/')}" if rest else ""
    return f"postgresql://{person}{'@' if person else ''}{place}/{quote(dbname, safe='')}{query}"
