"""Values and checks of modes, announcements, traffic and status."""

from khlang.operations.rules.gates import Asked, Decision, decide
from khlang.operations.rules.modes import (
    Mode,
    ModeDraft,
    ModeView,
    Situation,
    check_call_off,
    check_mode,
    instant_words,
    situation,
)
from khlang.operations.rules.traffic import DAYS_MIN, TrafficFilter

__all__ = [
    "DAYS_MIN",
    "Asked",
    "Decision",
    "Mode",
    "ModeDraft",
    "ModeView",
    "Situation",
    "TrafficFilter",
    "check_call_off",
    "check_mode",
    "decide",
    "instant_words",
    "situation",
]
