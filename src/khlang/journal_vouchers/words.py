"""Words that Python hands to the pages of vouchers."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from khlang.journal_vouchers.rules import Act, VoucherState

Words = str | Promise

KINDS: Final[dict[str, Words]] = {
    "general": _("General entry"),
    "adjusting": _("Adjusting entry"),
    "opening": _("Opening balances"),
    "closing": _("Closing entry"),
}

ACTS: Final[dict[Act, Words]] = {
    Act.CREATE: _("Prepared"),
    Act.COPY: _("Copied from another voucher"),
    Act.SAVE: _("Changed"),
    Act.ATTACH: _("Attached a file"),
    Act.DETACH: _("Took off a file"),
    Act.SUBMIT: _("Sent for review"),
    Act.RETURN: _("Sent back"),
    Act.CANCEL: _("Cancelled"),
    Act.POST: _("Posted to the books"),
    Act.REVERSE: _("Reversed"),
}

STEPS: Final[dict[Act, tuple[Words, Words]]] = {
    Act.CREATE: (_("Prepare the voucher"), pgettext_lazy("role on a step", "Finance officer")),
    Act.SUBMIT: (_("Send for review"), pgettext_lazy("role on a step", "Finance officer")),
    Act.POST: (_("Check and post"), pgettext_lazy("role on a step", "Head of treasury · usually 1 day")),
}
"""Step of the approval path → what is done, and by whom."""

STATES: Final[dict[VoucherState, Words]] = {
    VoucherState.DRAFT: _("Draft"),
    VoucherState.SUBMITTED: _("Waiting for review"),
    VoucherState.RETURNED: _("Sent back"),
    VoucherState.POSTED: _("Posted to the books"),
    VoucherState.CANCELLED: _("Cancelled"),
}

COLUMNS: Final[dict[str, tuple[Words, str]]] = {
    "number": (pgettext_lazy("voucher", "Number"), ""),
    "date": (_("Date"), ""),
    "description": (_("Description"), "wide"),
    "total": (_("Amount (baht)"), "num"),
    "maker": (_("Prepared by"), "hide-m"),
    "state": (_("State"), ""),
    "saved": (_("Last change"), "hide-m"),
}
"""Columns of the list, by the name of their order → heading and place on the page."""
