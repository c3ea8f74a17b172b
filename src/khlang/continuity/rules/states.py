"""The life of an import: states and the moves between them."""

from collections.abc import Mapping
from enum import StrEnum

from khlang.kernel.refusals import Refusal, Refused


class ImportState(StrEnum):
    """Where an import stands."""

    UPLOADED = "uploaded"
    CHECKING = "checking"
    CHECKED = "checked"
    POSTING = "posting"
    POSTED = "posted"
    STOPPED = "stopped"
    REFUSED = "refused"
    UNDOING = "undoing"
    UNDONE = "undone"


MOVES: Mapping[ImportState, frozenset[ImportState]] = {
    ImportState.UPLOADED: frozenset({ImportState.CHECKING}),
    ImportState.CHECKING: frozenset({ImportState.CHECKED, ImportState.REFUSED}),
    # A file may be checked again with other choices, or after the books have changed.
    ImportState.CHECKED: frozenset({ImportState.CHECKING, ImportState.POSTING}),
    ImportState.REFUSED: frozenset({ImportState.CHECKING}),
    ImportState.POSTING: frozenset({ImportState.POSTED, ImportState.STOPPED, ImportState.REFUSED}),
    # Something changed in the books half-way: go on with the rest, or undo what is there.
    ImportState.STOPPED: frozenset({ImportState.POSTING, ImportState.UNDOING}),
    ImportState.POSTED: frozenset({ImportState.UNDOING}),
    # A closed period may refuse the undoing; then the import stands as it stood.
    ImportState.UNDOING: frozenset({ImportState.UNDONE, ImportState.POSTED, ImportState.STOPPED}),
    ImportState.UNDONE: frozenset(),
}

AT_WORK = frozenset({ImportState.CHECKING, ImportState.POSTING, ImportState.UNDOING})
"""A job is busy in these states; after a crash it begins again from what was committed."""


def check_move(*, now: ImportState, wanted: ImportState) -> None:
    """Refuse continuity.state {now, wanted} when the import cannot go there."""
    if wanted not in MOVES[now]:
        raise Refused(Refusal("continuity.wrong_state", {"now": str(now), "wanted": str(wanted)}))
