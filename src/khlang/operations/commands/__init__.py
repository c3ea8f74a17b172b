"""Writes of operations: modes, announcements, the care of the traffic log."""

from khlang.operations.commands.modes import call_off_mode, set_mode
from khlang.operations.commands.traffic import TrafficKept, keep_traffic

__all__ = ["TrafficKept", "call_off_mode", "keep_traffic", "set_mode"]
