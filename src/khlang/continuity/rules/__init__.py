"""Values and checks of imports; pure. Other areas import from here."""

from khlang.continuity.rules.checking import Totals, check_candidate
from khlang.continuity.rules.findings import Finding, Findings, Weight
from khlang.continuity.rules.reading import Candidate, FileFacts, Reading, SubAccountRow, Vocabulary
from khlang.continuity.rules.states import AT_WORK, MOVES, ImportState, check_move
from khlang.continuity.rules.views import ImportResult, ImportView

__all__ = [
    "AT_WORK",
    "MOVES",
    "Candidate",
    "FileFacts",
    "Finding",
    "Findings",
    "ImportResult",
    "ImportState",
    "ImportView",
    "Reading",
    "SubAccountRow",
    "Totals",
    "Vocabulary",
    "Weight",
    "check_candidate",
    "check_move",
]
