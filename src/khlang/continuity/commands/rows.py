"""Moves an import from state to state, and keeps how far its work has come."""

from typing import Any
from uuid import UUID

from django.db.models.functions import Now

from khlang.continuity import queries
from khlang.continuity.models import Import
from khlang.continuity.rules.findings import Findings, Weight
from khlang.continuity.rules.states import ImportState, check_move
from khlang.continuity.rules.views import ImportView
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refusal, Refused
from khlang.toolkit.tenancy import entity_transaction


class TakenOverError(RuntimeError):
    """Another worker has moved the import since we looked: this one stops and undoes its own transaction."""


def load(*, actor: Actor, import_id: UUID) -> ImportView:
    """The import as it stands now. Refuses continuity.import_unknown."""
    with entity_transaction(actor.entity_id):
        return queries.import_(import_id=import_id)


def move(*, actor: Actor, view: ImportView, to: ImportState, **fields: Any) -> ImportView:
    """Move to a state, once: refuses continuity.wrong_state when it stands elsewhere by now.

    Moving to the state of work it is in already is how an interrupted worker goes on.
    """
    if not (view.state is to and view.is_at_work):
        check_move(now=view.state, wanted=to)
    with entity_transaction(actor.entity_id):
        changed = _rows(actor, view).filter(state=str(view.state)).update(state=str(to), beat_at=Now(), **fields)
        now = queries.import_(import_id=view.id)
    if not changed:
        raise Refused(Refusal("continuity.wrong_state", {"now": str(now.state), "wanted": str(to)}))
    return now


def beat(*, actor: Actor, view: ImportView, **fields: Any) -> None:
    """Show that the work goes on."""
    with entity_transaction(actor.entity_id):
        _rows(actor, view).update(beat_at=Now(), **fields)


def advance(*, actor: Actor, view: ImportView, expected: int, **fields: Any) -> None:
    """Keep how far the posting has come, in the transaction of the chunk it speaks of.

    When the row is not where we left it, another worker has gone on: TakenOverError rolls our chunk back.
    """
    found = _rows(actor, view).filter(done=expected, state=str(ImportState.POSTING))
    if not found.update(beat_at=Now(), **fields):
        raise TakenOverError(str(view.id))


def kept_findings(findings: Findings) -> dict[str, Any]:
    """The columns in which findings are kept."""
    return {
        "errors": findings.counts[Weight.ERROR],
        "warnings": findings.counts[Weight.WARNING],
        "findings": [finding.as_json() for finding in findings.shown],
    }


def _rows(actor: Actor, view: ImportView) -> Any:
    return Import.objects.filter(entity_id=actor.entity_id, id=view.id)
