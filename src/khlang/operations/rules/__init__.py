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

__all__ = [
    "Asked",
    "Decision",
    "Mode",
    "ModeDraft",
    "ModeView",
    "Situation",
    "check_call_off",
    "check_mode",
    "decide",
    "instant_words",
    "situation",
]
