"""Reads about modes, announcements, traffic and status."""

from khlang.operations.queries.announcements import (
    announcement,
    announcement_by_key,
    announcement_tasks,
    announcements,
    audience_codes,
    forget_announcements,
    keep_no_announcements,
    reach,
    receipts,
    received,
    received_one,
    unread_count,
)
from khlang.operations.queries.figures import figures
from khlang.operations.queries.modes import (
    forget,
    history,
    keep_normal,
    mode_by_key,
    mode_row,
    situation,
    why_act_is_closed,
    why_writing_is_closed,
)
from khlang.operations.queries.traffic import traffic

__all__ = [
    "announcement",
    "announcement_by_key",
    "announcement_tasks",
    "announcements",
    "audience_codes",
    "figures",
    "forget",
    "forget_announcements",
    "history",
    "keep_no_announcements",
    "keep_normal",
    "mode_by_key",
    "mode_row",
    "reach",
    "receipts",
    "received",
    "received_one",
    "situation",
    "traffic",
    "unread_count",
    "why_act_is_closed",
    "why_writing_is_closed",
]
