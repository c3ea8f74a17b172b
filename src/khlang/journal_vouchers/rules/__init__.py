"""Values and checks of journal vouchers; pure. Other areas import from here."""

from khlang.journal_vouchers.rules.contents import (
    KINDS,
    LINES_MAX,
    LineContent,
    VoucherContent,
    VoucherReading,
    check_content,
    content_of,
    content_size_refusals,
    journal_of,
    read_content,
)
from khlang.journal_vouchers.rules.effects import BalanceEffect, VoucherPreview, effects_of
from khlang.journal_vouchers.rules.files import FILE_BYTES_MAX, check_file
from khlang.journal_vouchers.rules.states import (
    MOVES,
    Act,
    VoucherState,
    check_move,
    state_after,
)
from khlang.journal_vouchers.rules.views import (
    AttachmentView,
    EventView,
    PathStep,
    VoucherFilter,
    VoucherRow,
    VoucherView,
    approval_path,
)

__all__ = [
    "FILE_BYTES_MAX",
    "KINDS",
    "LINES_MAX",
    "MOVES",
    "Act",
    "AttachmentView",
    "BalanceEffect",
    "EventView",
    "LineContent",
    "PathStep",
    "VoucherContent",
    "VoucherFilter",
    "VoucherPreview",
    "VoucherReading",
    "VoucherRow",
    "VoucherState",
    "VoucherView",
    "approval_path",
    "check_content",
    "check_file",
    "check_move",
    "content_of",
    "content_size_refusals",
    "effects_of",
    "journal_of",
    "read_content",
    "state_after",
]
