"""Writes of operations: modes, announcements, the care of the traffic log."""

from khlang.operations.commands.modes import call_off_mode, set_mode

__all__ = ["call_off_mode", "set_mode"]
