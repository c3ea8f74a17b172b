"""Set the mode of the whole system, or call a planned one off. Both stand in the record of the department."""

from datetime import datetime
from uuid import UUID

from khlang.audit import commands as audit
from khlang.identity import queries as identity
from khlang.identity.permissions import require
from khlang.identity.rules import Level
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refusal, Refused, refuse_any
from khlang.operations import queries
from khlang.operations.rules import ModeDraft, ModeView, check_call_off, check_mode, instant_words
from khlang.toolkit import sql
from khlang.toolkit.tenancy import entity_transaction, writes_stay_open

_INSERT = """
    INSERT INTO operations_mode (key, mode, starts_at, expected_end, words_th, words_en, reason, calls_off,
                                 set_by, set_by_name, set_at)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING number
"""


def set_mode(*, actor: Actor, draft: ModeDraft, at: datetime, key: UUID) -> int:
    """Put the system into a mode now or from a later moment on; returns the number of the row. The key again: the same row.

    Works in every mode, so that one can always switch back. Refuses operations.not_the_department and what `check_mode`
    yields.
    """
    require(actor, "operations.set_mode")
    require_department(actor)
    if (known := queries.mode_by_key(key=key)) is not None:
        return known
    refuse_any(check_mode(draft, at=at))
    starts_at = draft.starts_at or at
    facts = {
        "mode": draft.mode,
        "starts_at": instant_words(starts_at),
        "expected_end": instant_words(draft.expected_end),
        "words_th": draft.words_th.strip(),
        "reason": draft.reason.strip(),
    }
    said = (draft.words_th.strip(), draft.words_en.strip(), draft.reason.strip())
    values = (key, draft.mode, starts_at, draft.expected_end, *said, None, actor.user_id, actor.name, at)
    with writes_stay_open(), sql.named_refusals(), entity_transaction(actor.entity_id):
        number: int = sql.scalar(_INSERT, values)
        audit.record(actor=actor, act="operations.set_mode", document=f"mode:{number}", facts=facts)
    queries.forget()
    return number


def call_off_mode(*, actor: Actor, number: int, reason: str, at: datetime, key: UUID) -> None:
    """Take back a planned mode before it begins; the same key again is harmless.

    Refuses operations.not_the_department, .not_planned {number}, .reason_missing.
    """
    require(actor, "operations.set_mode")
    require_department(actor)
    if queries.mode_by_key(key=key) is not None:
        return
    row = queries.mode_row(number=number)
    refuse_any(check_call_off(row, at=at, number=number, reason=reason))
    with writes_stay_open(), sql.named_refusals(), entity_transaction(actor.entity_id):
        sql.scalar(_INSERT, _calling_off(actor, row, reason.strip(), at, key))
        facts = {"reason": reason.strip()}
        audit.record(actor=actor, act="operations.call_off_mode", document=f"mode:{number}", facts=facts)
    queries.forget()


def _calling_off(actor: Actor, row: ModeView | None, reason: str, at: datetime, key: UUID) -> tuple[object, ...]:
    if row is None:
        raise AssertionError("checked before")
    said = (row.words_th, row.words_en, reason, row.number)
    return (key, str(row.mode), row.starts_at, row.expected_end, *said, actor.user_id, actor.name, at)


def require_department(actor: Actor) -> None:
    """The whole system is the department's: refuse operations.not_the_department from anywhere else."""
    if identity.entity(code=actor.entity_code).level != Level.DEPARTMENT:
        raise Refused(Refusal("operations.not_the_department"))
