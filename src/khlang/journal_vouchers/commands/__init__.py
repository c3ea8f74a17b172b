"""The only writes of vouchers. Each is one transaction, locks its voucher first, and may be sent twice.

Locks are taken voucher, then tenant (inside the ledger), then record of acts; nothing that holds a later one asks
for an earlier one.
"""

from khlang.journal_vouchers.commands.drafts import copy_voucher, save_draft
from khlang.journal_vouchers.commands.files import attach, detach
from khlang.journal_vouchers.commands.moves import (
    cancel_voucher,
    post_voucher,
    return_voucher,
    reverse_voucher,
    submit_voucher,
)
from khlang.journal_vouchers.commands.previews import preview_voucher

__all__ = [
    "attach",
    "cancel_voucher",
    "copy_voucher",
    "detach",
    "post_voucher",
    "preview_voucher",
    "return_voucher",
    "reverse_voucher",
    "save_draft",
    "submit_voucher",
]
