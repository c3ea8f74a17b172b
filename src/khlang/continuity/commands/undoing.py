"""Take an import back: the mirror of each of its journals, nothing removed."""

from datetime import date
from uuid import UUID

from khlang.audit import commands as audit
from khlang.continuity.commands import rows
from khlang.continuity.commands.progress import Progress, silent
from khlang.continuity.rules.states import ImportState
from khlang.continuity.rules.views import ImportView
from khlang.identity.permissions import require
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refusal, Refused
from khlang.kernel.thai_text import normalise
from khlang.ledger import commands as ledger_commands
from khlang.toolkit.tenancy import entity_transaction


def undo(
    *,
    actor: Actor,
    import_id: UUID,
    reason: str,
    day: date | None = None,
    progress: Progress = silent,
) -> ImportView:
    """Reverse every journal of an import; called again after a break it goes on, and undone it changes nothing.

    Each mirror bears the day of its journal unless `day` is given. Sub-accounts and estimates stay.
    Refuses continuity.reason_missing, .wrong_state, and what the ledger refuses (a closed period).
    """
    require(actor, "continuity.undo")
    before = rows.load(actor=actor, import_id=import_id).state
    view = begin_undo(actor=actor, import_id=import_id, reason=reason)
    if view.state is ImportState.UNDONE:
        return view
    reason = view.reason
    already = view.undone

    def told(done: int) -> None:
        rows.beat(actor=actor, view=view, undone=min(view.posted, already + done))
        progress(done)

    try:
        ledger_commands.reverse_batch(actor=actor, batch_id=view.id, day=day, reason=reason, progress=told)
    except Refused:
        rows.move(actor=actor, view=view, to=ImportState.POSTED if before is ImportState.UNDOING else before)
        raise
    with entity_transaction(actor.entity_id):
        view = rows.move(actor=actor, view=view, to=ImportState.UNDONE, undone=view.posted)
        facts = {"journals": view.posted, "reason": reason}
        audit.record(actor=actor, act="continuity.undo", document=f"import:{view.id}", facts=facts)
    return view


def begin_undo(*, actor: Actor, import_id: UUID, reason: str) -> ImportView:
    """Move to undoing with the reason kept; the work itself may follow in a job. Refuses what `undo` refuses."""
    require(actor, "continuity.undo")
    view = rows.load(actor=actor, import_id=import_id)
    if view.state is ImportState.UNDONE:
        return view
    reason = normalise(reason) or view.reason
    if not reason:
        raise Refused(Refusal("continuity.reason_missing", where="reason"))
    return rows.move(actor=actor, view=view, to=ImportState.UNDOING, reason=reason)
