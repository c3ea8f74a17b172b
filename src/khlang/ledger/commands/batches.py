"""Runs that post many journals, and their undoing."""

from collections.abc import Callable
from datetime import date
from uuid import UUID, uuid5

from khlang.audit import commands as audit
from khlang.identity.permissions import require
from khlang.kernel.actors import Actor
from khlang.kernel.fiscal_calendar import CLOSING_PERIOD, OPENING_PERIOD, period_of
from khlang.kernel.refusals import Refusal, Refused
from khlang.ledger import postings, queries
from khlang.ledger.commands.posting import post_journals
from khlang.toolkit import sql
from khlang.toolkit.tenancy import entity_transaction

CHUNK = 500


def open_batch(*, actor: Actor, batch_id: UUID, kind: str, title: str, content: bytes) -> str:
    """Begin a run, or join it again after a break; returns its state (posting, posted, reversed).

    `content` is the hash of what is posted: the same number with other content is refused (ledger.idempotency_conflict).
    While a run is posting no period of the entity closes.
    """
    require(actor, "continuity.import")
    with sql.named_refusals(), entity_transaction(actor.entity_id):
        state: str = sql.scalar(
            "SELECT ledger_open_batch(%s, %s, %s, %s, %s, %s)",
            (actor.entity_id, batch_id, kind, title, content, actor.user_id),
        )
        return state


def finish_batch(*, actor: Actor, batch_id: UUID) -> int:
    """End a run; returns how many journals it posted. Refuses ledger.batch_not_open."""
    return _close(actor=actor, batch_id=batch_id, state="posted", act="ledger.finish_batch")


def reverse_batch(
    *,
    actor: Actor,
    batch_id: UUID,
    day: date | None,
    reason: str,
    progress: Callable[[int], None] | None = None,
) -> int:
    """Undo a run by posting the mirror of each of its journals, 500 in a transaction; returns how many.

    Journals already reversed are passed over, so a broken undo goes on where it stopped. Each mirror bears the day of
    its journal, or `day` when given. Refuses ledger.reason_missing, ledger.batch_not_open.
    """
    require(actor, "continuity.undo")
    if not reason.strip():
        raise Refused(Refusal("ledger.reason_missing", where="reason"))
    done = 0
    while True:
        with entity_transaction(actor.entity_id):
            found = queries.unreversed_of_batch(batch_id=batch_id, limit=CHUNK)
            mirrors = []
            for journal in found:
                fixed = day is None or journal.period in (OPENING_PERIOD, CLOSING_PERIOD)
                on = journal.date if fixed or day is None else day
                period = journal.period if fixed else period_of(on)
                key = uuid5(batch_id, f"reverse {journal.fiscal_year}/{journal.sequence_no}")
                mirrors.append(
                    postings.reversal(
                        journal=journal, day=on, period=period, reason=reason.strip(), idempotency_key=key
                    ),
                )
            done += len(post_journals(actor=actor, journals=mirrors))
        if progress:
            progress(done)
        if len(found) < CHUNK:
            break
    _close(actor=actor, batch_id=batch_id, state="reversed", act="ledger.reverse_batch")
    return done


def _close(*, actor: Actor, batch_id: UUID, state: str, act: str) -> int:
    with sql.named_refusals(), entity_transaction(actor.entity_id):
        count = int(sql.scalar("SELECT ledger_close_batch(%s, %s, %s)", (actor.entity_id, batch_id, state)))
        audit.record(actor=actor, act=act, document=f"batch:{batch_id}", facts={"journals": count})
        return count
