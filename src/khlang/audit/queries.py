"""Reads of the record of acts."""

from collections.abc import Iterator
from typing import Any

from khlang.audit.rules import ActView, act_hash
from khlang.toolkit import sql
from khlang.toolkit.tenancy import required_entity_id

_COLUMNS = (
    "entity_id, sequence_no, act, document, facts, actor_id, actor_name, request_id, acted_at, previous_hash, hash"
)


def _view(values: tuple[Any, ...]) -> ActView:
    *head, previous, own = values
    fields: tuple[Any, ...] = (*head, bytes(previous), bytes(own))
    return ActView(*fields)


def acts(*, document: str = "", limit: int = 50, before: int | None = None) -> list[ActView]:
    """The latest acts of the entity, newest first; those on one document when it is named."""
    found = sql.rows(
        f"SELECT {_COLUMNS} FROM audit_act WHERE entity_id = %(entity)s"
        " AND (%(document)s = '' OR document = %(document)s)"
        " AND (%(before)s::bigint IS NULL OR sequence_no < %(before)s) ORDER BY sequence_no DESC LIMIT %(limit)s",
        {"entity": required_entity_id(), "document": document, "before": before, "limit": limit},
    )
    return [_view(values) for values in found]


def all_acts() -> Iterator[ActView]:
    """Every act of the entity in chain order, streamed."""
    found = sql.stream(
        f"SELECT {_COLUMNS} FROM audit_act WHERE entity_id = %s ORDER BY sequence_no",
        (required_entity_id(),),
    )
    return (_view(values) for values in found)


def first_broken_act() -> int | None:
    """The number of the first act whose place, link or hash does not hold; None when the chain is whole."""
    previous, expected = bytes(32), 1
    for act in all_acts():
        if act.sequence_no != expected or act.previous_hash != previous or act_hash(act) != act.hash:
            return expected
        previous, expected = act.hash, expected + 1
    head = sql.row("SELECT sequence_no, hash FROM audit_head WHERE entity_id = %s", (required_entity_id(),))
    if head is None:
        return None if expected == 1 else expected
    return None if (head[0], bytes(head[1])) == (expected - 1, previous) else expected
