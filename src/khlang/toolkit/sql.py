"""Plain SQL reads, for tables whose shape is SQL and not the ORM."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection

from khlang.kernel.refusals import Refusal, Refused

Parameters = Sequence[Any] | Mapping[str, Any]


def rows(sql: str, params: Parameters = ()) -> list[tuple[Any, ...]]:
    """Every row of a query."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def row(sql: str, params: Parameters = ()) -> tuple[Any, ...] | None:
    """The first row of a query, or None."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found: tuple[Any, ...] | None = cursor.fetchone()
        return found


def scalar(sql: str, params: Parameters = ()) -> Any:
    """The first value of the first row, or None."""
    found = row(sql, params)
    return None if found is None else found[0]


def stream(sql: str, params: Parameters = (), *, chunk: int = 2000) -> Iterator[tuple[Any, ...]]:
    """Rows in chunks through a server-side cursor: memory stays flat on large tables."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, params)
        while batch := cursor.fetchmany(chunk):
            yield from batch


def read_in_bulk() -> None:
    """Join large sets by hashing for the rest of the transaction, as reports do.

    The planner knows nothing yet of a year that was imported a moment ago and would walk it once for each of its rows:
    minutes instead of a tenth of a second.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")


def load(package_file: str, name: str) -> str:
    """The text of `sql/<name>` beside the module given by its ``__file__``'s area."""
    return (Path(package_file).resolve().parent.parent / "sql" / name).read_text(encoding="utf-8")


@contextmanager
def named_refusals() -> Iterator[None]:
    """Turn a refusal raised in SQL (SQLSTATE KL…, reasons as JSON in its detail) into `Refused`, with the same codes."""
    try:
        yield
    except DatabaseError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        if diagnosis is None or not (diagnosis.sqlstate or "").startswith("KL"):
            raise
        reasons = json.loads(diagnosis.message_detail or "[]")
        raise Refused(*(Refusal(r["code"], r["facts"], r["where"]) for r in reasons)) from error
