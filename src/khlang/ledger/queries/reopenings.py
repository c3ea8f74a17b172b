"""Requests to open a period again, and whose turn it is."""

import contextlib
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import override

from khlang.identity.permissions import may
from khlang.kernel.actors import Actor
from khlang.kernel.statements import Link
from khlang.kernel.tasks import Task, Urgency
from khlang.ledger.rules import ReopeningState, ReopeningView
from khlang.toolkit import sql
from khlang.toolkit.tenancy import required_entity_id

_COLUMNS = (
    "request_id, fiscal_year, period, reason, state, asked_by, asked_by_name, asked_as, asked_at, answered_by_name,"
    " answered_as, answered_at, note"
)

# For whoever collects work (parameter: entity): a request is still to be answered.
REOPENING_WAITS = "EXISTS (SELECT FROM ledger_reopening WHERE entity_id = %(entity)s AND state = 'asked')"


def reopenings(*, fiscal_year: int) -> list[ReopeningView]:
    """Every request about a period of the fiscal year (B.E.), newest first."""
    found = sql.rows(
        f"SELECT {_COLUMNS} FROM ledger_reopening WHERE entity_id = %s AND fiscal_year = %s ORDER BY asked_at DESC",
        (required_entity_id(), fiscal_year),
    )
    return [_view(values) for values in found]


def reopening(*, request_id: UUID) -> ReopeningView | None:
    """One request, or None."""
    found = sql.row(
        f"SELECT {_COLUMNS} FROM ledger_reopening WHERE entity_id = %s AND request_id = %s",
        (required_entity_id(), request_id),
    )
    return _view(found) if found else None


def hands_of_reopening(number: str) -> dict[str, tuple[int, ...]]:
    """Who took which step of a request of the entity of the transaction; nobody where the number is unknown."""
    with contextlib.suppress(ValueError):
        found = reopening(request_id=UUID(number))
        return {"reopening_asked": (found.asked_by,)} if found else {}
    return {}


def reopening_tasks(*, actor: Actor) -> Iterator[Task]:
    """A request waits for the other hand; for who asked it is work of others."""
    if not may(actor, "ledger.reopen_period"):
        return
    found = sql.rows(
        f"SELECT {_COLUMNS} FROM ledger_reopening WHERE entity_id = %s AND state = 'asked' ORDER BY asked_at",
        (required_entity_id(),),
    )
    for view in map(_view, found):
        is_mine = view.asked_by == actor.user_id
        urgency: Urgency = "waiting" if is_mine else "due"
        thai, english = _words(view, is_mine=is_mine)
        link = Link("ledger:reopening", {"request_id": str(view.request_id)})
        detail = f"{view.asked_by_name}: {view.reason}"
        yield Task(f"reopening:{view.request_id}", urgency, thai, english, link, detail, detail, icon="lock-open")


def _words(view: ReopeningView, *, is_mine: bool) -> tuple[str, str]:
    said = []
    for language in ("th", "en"):
        with override(language):
            wanted = (
                _("Waiting for the other hand: open period %(period)d of %(year)d again")
                if is_mine
                else _("Agree or refuse to open period %(period)d of %(year)d again")
            )
            said.append(wanted % {"period": view.period, "year": view.fiscal_year})
    return said[0], said[1]


def _view(values: tuple[Any, ...]) -> ReopeningView:
    fields: list[Any] = list(values)
    fields[4] = ReopeningState(fields[4])
    return ReopeningView(*fields)
