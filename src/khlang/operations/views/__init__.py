"""Pages of operations."""

from khlang.operations.views.announcements import acknowledge, announcement, announcements
from khlang.operations.views.modes import call_off_mode, modes, set_mode
from khlang.operations.views.publishing import new_announcement, publish, published, receipts, receipts_workbook

__all__ = [
    "acknowledge",
    "announcement",
    "announcements",
    "call_off_mode",
    "modes",
    "new_announcement",
    "publish",
    "published",
    "receipts",
    "receipts_workbook",
    "set_mode",
]
