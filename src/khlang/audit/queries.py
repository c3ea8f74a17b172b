"""Reads of the record of acts."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from khlang.audit.rules import ActFilter, ActView, act_hash
from khlang.toolkit import sql
from khlang.toolkit.tenancy import required_entity_id

_COLUMNS = (
    "entity_id, sequence_no, act, document, facts, actor_id, actor_name, request_id, acted_at, previous_hash, hash,"
    " version, authority, address"
)


def _view(values: tuple[Any, ...]) -> ActView:
    *head, previous, own, version, authority, address = values
    fields: tuple[Any, ...] = (*head, bytes(previous), bytes(own), version, authority, address)
    return ActView(*fields)


def acts(chosen: ActFilter) -> list[ActView]:
    """The acts of the entity that match, newest first; `before` continues an earlier page."""
    tests = {
        "document": "document = %(document)s",
        "actor_id": "actor_id = %(actor_id)s",
        "act": "act LIKE %(act)s || '%%'",
        "search": "(document LIKE %(like)s OR facts LIKE %(like)s OR actor_name LIKE %(like)s)",
        "start": "acted_at >= %(start)s::date",
        "end": "acted_at < %(end)s::date + 1",
        "before": "sequence_no < %(before)s",
    }
    where = "".join(f" AND {test}" for name, test in tests.items() if getattr(chosen, name) not in (None, ""))
    found = sql.rows(
        f"SELECT {_COLUMNS} FROM audit_act WHERE entity_id = %(entity)s{where}"
        " ORDER BY sequence_no DESC LIMIT %(limit)s",
        {
            "entity": required_entity_id(),
            "document": chosen.document,
            "act": chosen.act,
            "actor_id": chosen.actor_id,
            "like": f"%{chosen.search}%",
            "start": chosen.start,
            "end": chosen.end,
            "before": chosen.before,
            "limit": chosen.limit,
        },
    )
    return [_view(values) for values in found]


def kinds_of_act() -> list[str]:
    """The names of acts that occur in the record, in alphabetical order."""
    found = sql.rows("SELECT DISTINCT act FROM audit_act WHERE entity_id = %s ORDER BY 1", (required_entity_id(),))
    return [values[0] for values in found]


def last_act_day() -> date | None:
    """The day of the newest act, or None when nothing was recorded."""
    day: date | None = sql.scalar(
        "SELECT acted_at::date FROM audit_act WHERE entity_id = %s ORDER BY sequence_no DESC LIMIT 1",
        (required_entity_id(),),
    )
    return day


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
