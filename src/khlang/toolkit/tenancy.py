"""The one door to tenant rows: a transaction opened for one entity.

Row-level security compares ``entity_id`` with the setting made here. A query
outside such a transaction fails in the database, by design.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.db import connection, transaction

from khlang.kernel.refusals import Refusal
from khlang.toolkit.json_logs import request_address

_current: ContextVar[int | None] = ContextVar("khlang_entity", default=None)
_told: ContextVar[Callable[[Refusal], None] | None] = ContextVar("khlang_writes_stay_open", default=None)
_answers: ContextVar[dict[Hashable, Any] | None] = ContextVar("khlang_answers", default=None)
_gates: list[Callable[[], Refusal | None]] = []


Answer = TypeVar("Answer")


class WrongEntityError(RuntimeError):
    """A transaction opened for one entity was asked to serve another: a bug, never a user's error."""


class WritesClosedError(RuntimeError):
    """The whole system is closed to writing at this moment: nothing was begun. Whoever waits may try again later.

    Not `Refused`: nothing is wrong with what was asked, so no form shows it beside a field and no job gives up on it.
    """

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


def close_writes_when(gate: Callable[[], Refusal | None]) -> None:
    """Ask `gate` before every transaction that writes; what it answers closes it with WritesClosedError."""
    if gate not in _gates:
        _gates.append(gate)


@contextmanager
def writes_stay_open(tell: Callable[[Refusal], None] = lambda _refusal: None) -> Iterator[None]:
    """Write all the same in this block: at a door that stays open, or as operator of the server, who is told."""
    token = _told.set(tell)
    try:
        yield
    finally:
        _told.reset(token)


def _ask_gates() -> None:
    for gate in _gates:
        if (refusal := gate()) is None:
            continue
        if (tell := _told.get()) is None:
            raise WritesClosedError(refusal)
        tell(refusal)


def current_entity_id() -> int | None:
    """The entity of the transaction we are in, or None outside one."""
    return _current.get()


def required_entity_id() -> int:
    """The entity of the transaction we are in; a bug when there is none."""
    entity_id = _current.get()
    if entity_id is None:
        raise WrongEntityError("no entity transaction is open")
    return entity_id


def once(key: Hashable, ask: Callable[[], Answer]) -> Answer:
    """What `ask` answers: asked once in a transaction that only reads, and remembered to its end; elsewhere asked each time.

    Frame and page of one request ask some questions alike. The key names the question and everything it depends on
    besides the entity.
    """
    known = _answers.get()
    if known is None:
        return ask()
    if key not in known:
        known[key] = ask()
    answer: Answer = known[key]
    return answer


@contextmanager
def entity_transaction(entity_id: int, *, read_only: bool = False, snapshot: bool = False) -> Iterator[None]:
    """Open a transaction in which only the rows of `entity_id` exist.

    `snapshot` reads everything as it stood at the first query, whatever others commit meanwhile.
    Nested use joins the outer transaction and must name the same entity.
    Without `read_only`, WritesClosedError while the whole system is closed to writing.
    """
    outer = _current.get()
    if outer is not None:
        if outer != entity_id:
            raise WrongEntityError(f"transaction is open for {outer}, not {entity_id}")
        yield
        return
    if not read_only:
        _ask_gates()
    with transaction.atomic():
        token = _current.set(entity_id)
        remembering = _answers.set({} if read_only else None)
        try:
            with connection.cursor() as cursor:
                mode = "SET TRANSACTION READ ONLY; " if read_only else ""
                mode += "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; " if snapshot else ""
                # SET LOCAL takes no parameter: int() is the guard, and the address was read as one.
                place = f"SET LOCAL khlang.address = '{request_address.get()}'; " if request_address.get() else ""
                cursor.execute(f"{mode}{place}SET LOCAL khlang.entity_id = {int(entity_id)}")
            yield
        finally:
            _answers.reset(remembering)
            _current.reset(token)


@contextmanager
def person_transaction(user_id: int) -> Iterator[None]:
    """Open a transaction that sees what belongs to one person in every entity: her memberships."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL khlang.user_id = {int(user_id)}")
        yield
