"""Writes of operations: modes, announcements, the care of the traffic log."""

from khlang.operations.commands.announcements import acknowledge, announce, check_draft, read_announcement
from khlang.operations.commands.modes import call_off_mode, set_mode
from khlang.operations.commands.traffic import TrafficKept, keep_traffic

__all__ = [
    "TrafficKept",
    "acknowledge",
    "announce",
    "call_off_mode",
    "check_draft",
    "keep_traffic",
    "read_announcement",
    "set_mode",
]
