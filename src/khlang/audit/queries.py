"""Reads of the record of acts."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from khlang.audit.rules import ActFilter, ActView, ChainReport, act_hash
from khlang.kernel.fiscal_calendar import THAI_TIME
from khlang.toolkit import sql
from khlang.toolkit.tenancy import required_entity_id

_COLUMNS = (
    "entity_id, sequence_no, act, document, facts, actor_id, actor_name, request_id, acted_at, previous_hash, hash,"
    " version, authority, address"
)
# Days are compared as instants of Thai time: a comparison of another type could not use the index behind row security.
_TESTS = {
    "document": "document = %(document)s",
    "actor_id": "actor_id = %(actor_id)s",
    "act": "act = %(act)s",
    "search": "(document LIKE %(like)s OR facts LIKE %(like)s OR actor_name LIKE %(like)s)",
    "start": "acted_at >= (%(start)s::timestamp AT TIME ZONE 'Asia/Bangkok')",
    "end": "acted_at < ((%(end)s::timestamp + interval '1 day') AT TIME ZONE 'Asia/Bangkok')",
    "before": "sequence_no < %(before)s",
}


def _view(values: tuple[Any, ...]) -> ActView:
    *head, previous, own, version, authority, address = values
    fields: tuple[Any, ...] = (*head, bytes(previous), bytes(own), version, authority, address)
    return ActView(*fields)


def _asked(chosen: ActFilter) -> tuple[str, dict[str, Any]]:
    where = "".join(f" AND {test}" for name, test in _TESTS.items() if getattr(chosen, name) not in (None, ""))
    # Where days are asked for, the order of time is the order of the index; acts bear their time in chain order.
    order = "acted_at DESC, sequence_no DESC" if chosen.start or chosen.end else "sequence_no DESC"
    facts = {
        "entity": required_entity_id(),
        "document": chosen.document,
        "act": chosen.act,
        "actor_id": chosen.actor_id,
        "like": f"%{_plain(chosen.search)}%",
        "start": chosen.start,
        "end": chosen.end,
        "before": chosen.before,
        "limit": chosen.limit,
    }
    return f"SELECT {_COLUMNS} FROM audit_act WHERE entity_id = %(entity)s{where} ORDER BY {order}", facts


def _plain(text: str) -> str:
    """Signs that LIKE would take for wildcards, as themselves."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def acts(chosen: ActFilter) -> list[ActView]:
    """The acts of the entity that match, newest first; `before` continues an earlier page."""
    query, facts = _asked(chosen)
    return [_view(values) for values in sql.rows(f"{query} LIMIT %(limit)s", facts)]


def stream_acts(chosen: ActFilter) -> Iterator[ActView]:
    """Every act that matches, newest first, in chunks: memory stays flat on a large record."""
    query, facts = _asked(chosen)
    return (_view(values) for values in sql.stream(query, facts))


def act(*, sequence_no: int) -> ActView | None:
    """One act by its number in the chain, or None."""
    found = sql.row(
        f"SELECT {_COLUMNS} FROM audit_act WHERE entity_id = %s AND sequence_no = %s",
        (required_entity_id(), sequence_no),
    )
    return None if found is None else _view(found)


def kinds_of_act() -> list[str]:
    """The names of acts that occur in the record, in alphabetical order; one look into the index for each."""
    found = sql.rows(
        "WITH RECURSIVE kind AS ("
        " (SELECT act FROM audit_act WHERE entity_id = %(entity)s ORDER BY act LIMIT 1) UNION ALL"
        " SELECT (SELECT a.act FROM audit_act a WHERE a.entity_id = %(entity)s AND a.act > kind.act ORDER BY a.act LIMIT 1)"
        " FROM kind WHERE kind.act IS NOT NULL) SELECT act FROM kind WHERE act IS NOT NULL",
        {"entity": required_entity_id()},
    )
    return [values[0] for values in found]


def people_of_record() -> list[tuple[int, str]]:
    """Everyone who acted: number, and the name she had in her last act; one look into the index for each."""
    found = sql.rows(
        "WITH RECURSIVE person AS ("
        " (SELECT actor_id FROM audit_act WHERE entity_id = %(entity)s ORDER BY actor_id LIMIT 1) UNION ALL"
        " SELECT (SELECT a.actor_id FROM audit_act a WHERE a.entity_id = %(entity)s AND a.actor_id > person.actor_id"
        "  ORDER BY a.actor_id LIMIT 1) FROM person WHERE person.actor_id IS NOT NULL)"
        " SELECT actor_id, (SELECT a.actor_name FROM audit_act a WHERE a.entity_id = %(entity)s"
        "  AND a.actor_id = person.actor_id ORDER BY a.sequence_no DESC LIMIT 1)"
        " FROM person WHERE actor_id IS NOT NULL",
        {"entity": required_entity_id()},
    )
    return [(values[0], values[1]) for values in found]


def last_act_day() -> date | None:
    """The day of the newest act, in Thai time, or None when nothing was recorded."""
    at = sql.scalar(
        "SELECT acted_at FROM audit_act WHERE entity_id = %s ORDER BY sequence_no DESC LIMIT 1",
        (required_entity_id(),),
    )
    return None if at is None else at.astimezone(THAI_TIME).date()


def head() -> tuple[int, str]:
    """Number and hash of the newest act; (0, zeros) when nothing was recorded."""
    found = sql.row("SELECT sequence_no, hash FROM audit_head WHERE entity_id = %s", (required_entity_id(),))
    return (0, bytes(32).hex()) if found is None else (found[0], bytes(found[1]).hex())


def all_acts(*, after: int = 0) -> Iterator[ActView]:
    """Every act of the entity in chain order, streamed; those with a higher number than `after`."""
    found = sql.stream(
        f"SELECT {_COLUMNS} FROM audit_act WHERE entity_id = %s AND sequence_no > %s ORDER BY sequence_no",
        (required_entity_id(), after),
    )
    return (_view(values) for values in found)


def verified_chain(*, progress: Callable[[int], None] = lambda _done: None) -> ChainReport:
    """Recompute the whole chain: how many acts hold, the last hash, and the first act that does not hold.

    Acts that are written meanwhile are read too, until the chain has been followed to its head.
    """
    previous, done = bytes(32), 0
    while True:
        before = done
        for found in all_acts(after=done):
            if found.sequence_no != done + 1 or found.previous_hash != previous or act_hash(found) != found.hash:
                return ChainReport(acts=done, last_hash=previous.hex(), first_broken=done + 1)
            previous, done = found.hash, done + 1
            progress(1)
        number, last = head()
        if number <= done or done == before:
            holds = (number, last) == (done, previous.hex())
            return ChainReport(acts=done, last_hash=previous.hex(), first_broken=None if holds else done + 1)


def first_broken_act() -> int | None:
    """The number of the first act whose place, link or hash does not hold; None when the chain is whole."""
    return verified_chain().first_broken


def rows_read_since(*, at: date) -> dict[int, tuple[str, int]]:
    """Who read how many rows of personal data since the beginning of a day: number → name and rows."""
    found = sql.rows(
        "SELECT actor_id, max(actor_name), sum((facts::jsonb->>'rows')::int) FROM audit_act"
        " WHERE entity_id = %s AND act = 'audit.read_personal'"
        " AND acted_at >= (%s::timestamp AT TIME ZONE 'Asia/Bangkok') GROUP BY actor_id",
        (required_entity_id(), at),
    )
    return {values[0]: (values[1], values[2]) for values in found}
