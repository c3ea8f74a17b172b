"""Values and checks of imports; pure. Other areas import from here."""

from khlang.continuity.rules.checking import Totals, check_candidate, checked
from khlang.continuity.rules.findings import Finding, Findings, Weight
from khlang.continuity.rules.reading import Candidate, FileFacts, Reading, SubAccountRow, Vocabulary
from khlang.continuity.rules.states import AT_WORK, MOVES, ImportState, check_move

__all__ = [
    "AT_WORK",
    "MOVES",
    "Candidate",
    "FileFacts",
    "Finding",
    "Findings",
    "ImportState",
    "Reading",
    "SubAccountRow",
    "Totals",
    "Vocabulary",
    "Weight",
    "check_candidate",
    "check_move",
    "checked",
]
