"""Reads about modes, announcements, traffic and status."""

from khlang.operations.queries.figures import figures
from khlang.operations.queries.modes import (
    forget,
    history,
    keep_normal,
    mode_by_key,
    mode_row,
    situation,
    why_writing_is_closed,
)
from khlang.operations.queries.traffic import traffic

__all__ = [
    "figures",
    "forget",
    "history",
    "keep_normal",
    "mode_by_key",
    "mode_row",
    "situation",
    "traffic",
    "why_writing_is_closed",
]
