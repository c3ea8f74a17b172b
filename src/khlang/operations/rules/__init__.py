"""Values and checks of modes, announcements, traffic and status."""

from khlang.operations.rules.announcements import (
    AnnouncementDraft,
    AnnouncementView,
    Audience,
    Received,
    check_announcement,
    paragraphs,
)
from khlang.operations.rules.gates import Asked, Decision, closes, decide
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
    "AnnouncementDraft",
    "AnnouncementView",
    "Asked",
    "Audience",
    "Decision",
    "Mode",
    "ModeDraft",
    "ModeView",
    "Received",
    "Situation",
    "TrafficFilter",
    "check_announcement",
    "check_call_off",
    "check_mode",
    "closes",
    "decide",
    "instant_words",
    "paragraphs",
    "situation",
]
