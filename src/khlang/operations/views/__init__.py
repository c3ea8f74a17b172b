"""Pages of operations."""

from khlang.operations.views.modes import call_off_mode, modes, set_mode

__all__ = ["call_off_mode", "modes", "set_mode"]
