"""The record as lines of text, made while they are sent: memory stays flat, however long the record is."""

import csv
import io
import json
from collections.abc import Iterable, Iterator

from khlang.audit.rules import ActView

COLUMNS = (
    "entity_id",
    "sequence_no",
    "acted_at",
    "actor_id",
    "actor_name",
    "act",
    "document",
    "facts",
    "authority",
    "address",
    "request_id",
    "version",
    "previous_hash",
    "hash",
)
"""Everything the hash of an act is taken from, so that the file can be checked without us."""


def as_record(act: ActView) -> dict[str, object]:
    """One act as plain values."""
    return {
        "entity_id": act.entity_id,
        "sequence_no": act.sequence_no,
        "acted_at": act.acted_at.isoformat(),
        "actor_id": act.actor_id,
        "actor_name": act.actor_name,
        "act": act.act,
        "document": act.document,
        "facts": act.facts,
        "authority": act.authority,
        "address": act.address,
        "request_id": act.request_id,
        "version": act.version,
        "previous_hash": act.previous_hash.hex(),
        "hash": act.hash.hex(),
    }


def json_lines(acts: Iterable[ActView]) -> Iterator[bytes]:
    """One act a line."""
    for act in acts:
        yield f"{json.dumps(as_record(act), ensure_ascii=False)}\n".encode()


def csv_lines(acts: Iterable[ActView]) -> Iterator[bytes]:
    """One act a line under a heading; begins with a byte order mark, so that Excel reads Thai."""
    text = io.StringIO()
    writer = csv.writer(text)
    text.write("\ufeff")
    writer.writerow(COLUMNS)
    for act in acts:
        values = as_record(act)
        writer.writerow([safe_cell(values[name]) for name in COLUMNS])
        if text.tell() > 64 * 1024:
            yield _taken(text)
    yield _taken(text)


def _taken(text: io.StringIO) -> bytes:
    content = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return content


def safe_cell(value: object) -> object:
    """A cell that looks like a formula stays a text."""
    # A cell that looks like a formula would run when the file is opened.
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t")) else value
