"""Imports in the background: each job may be cut off at any moment and run again."""

import contextlib
from uuid import UUID

from django.db import InterfaceError, OperationalError, close_old_connections
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from khlang.continuity import commands
from khlang.continuity.commands.rows import TakenOverError
from khlang.identity import queries as identity
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refused
from khlang.toolkit.jobs import PatientStrategy

# A database that stopped comes back; the work waits for it: 2, 4, 8 … seconds, for about an hour.
# A system closed to writing opens again; the work waits for that as long as it takes.
_WAIT = PatientStrategy(
    RetryStrategy(max_attempts=12, exponential_wait=2, retry_exceptions={OperationalError, InterfaceError})
)
_ENDS_QUIETLY = (Refused, TakenOverError)


@app.task(queue="imports", retry=_WAIT)
def check_import(*, entity_code: str, user_id: int, user_name: str, import_id: str) -> None:
    """Check one import. What is refused is kept on the import itself."""
    close_old_connections()
    with contextlib.suppress(*_ENDS_QUIETLY):
        actor = _actor(entity_code, user_id, user_name)
        commands.check(actor=actor, import_id=UUID(import_id), today=timezone.localdate())


@app.task(queue="imports", retry=_WAIT)
def post_import(*, entity_code: str, user_id: int, user_name: str, import_id: str, accepts_valid: bool) -> None:
    """Post one import, from where an earlier run stopped."""
    close_old_connections()
    with contextlib.suppress(*_ENDS_QUIETLY):
        actor = _actor(entity_code, user_id, user_name)
        commands.post(
            actor=actor,
            import_id=UUID(import_id),
            at=timezone.now(),
            accepts_valid=accepts_valid,
        )


@app.task(queue="imports", retry=_WAIT)
def undo_import(*, entity_code: str, user_id: int, user_name: str, import_id: str, reason: str) -> None:
    """Undo one import, from where an earlier run stopped."""
    close_old_connections()
    with contextlib.suppress(*_ENDS_QUIETLY):
        commands.undo(actor=_actor(entity_code, user_id, user_name), import_id=UUID(import_id), reason=reason)


def _actor(entity_code: str, user_id: int, user_name: str) -> Actor:
    """Whoever asked, with the roles she holds now."""
    if not user_id:
        return identity.operator(entity_code=entity_code, name=user_name)
    found = identity.actor(user_id=user_id, user_name=user_name, entity_code=entity_code, at=timezone.now())
    if found is None:
        raise TakenOverError(entity_code)
    return found
