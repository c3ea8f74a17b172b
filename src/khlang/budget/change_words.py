"""Words that Python hands to the pages of changes, carry-overs and moving over. Thai is in locale/, English here."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Words = str | Promise

COLUMNS: Final[dict[str, tuple[Words, str]]] = {
    "number": (pgettext_lazy("change", "No."), ""),
    "reason": (_("Reason"), "wide"),
    "kind": (_("Kind"), "hide-m"),
    "amount": (_("Amount (baht)"), "num"),
    "approved": (_("Approved on"), "hide-m"),
    "due": (_("Supervisor to be told"), "hide-m"),
    "maker": (_("Drafted by"), "hide-m"),
    "state": (_("State"), ""),
}
"""Columns of the list, by the name of their order → heading and place on the page."""

CLAUSES: Final[dict[str, Words]] = {
    "R98": _("A transfer of appropriation is in the executive's power (regulation of 2563, clause 26)."),
    "R112": _(
        "Investment that is new, or whose nature, quantity, quality or place changes, needs the council "
        "(regulation of 2563, clause 27)."
    ),
    "R113": _(
        "Changes of explanation: the executive, and the council where investment becomes something else "
        "(regulation of 2563, clauses 28 and 29)."
    ),
}
"""The rule that names who must agree, in words."""

STEPS: Final[dict[str, Words]] = {
    "draft": _("Drafted"),
    "submitted": _("Sent"),
    "announced": _("Announced at the office"),
    "reported": _("Supervising officer told"),
}
AGREED: Final[dict[str, Words]] = {"executive": _("Executive approves"), "council": _("Council agrees")}
"""Steps of the way of a change."""

WORDING: Final[dict[str, Words]] = {
    "text": _("Explanation as printed"),
    "nature": _("Nature"),
    "quantity": _("Quantity"),
    "quality": _("Quality"),
    "place": _("Place"),
    "unit_price": _("Price of one"),
    "legal_basis": _("Legal basis"),
    "plan_reference": _("Place in the development plan"),
}
"""The parts of an explanation."""

IDENTITY: Final[dict[str, Words]] = {
    "budget_type": _("Type of expenditure"),
    "work": pgettext_lazy("budget level", "Work"),
    "division": pgettext_lazy("budget level", "Division"),
    "fund_source": pgettext_lazy("budget level", "Source of money"),
    "enterprise": pgettext_lazy("budget level", "Enterprise"),
}
"""What makes a line this line."""

CARRY_STATES: Final[dict[str, tuple[str, Words]]] = {
    "proposed": ("", _("Proposed")),
    "active": ("ok", pgettext_lazy("carry-over", "Runs")),
    "ending": ("warn", pgettext_lazy("carry-over", "Ends soon")),
    "ended": ("bad", pgettext_lazy("carry-over", "Ended, money left")),
    "spent": ("none", pgettext_lazy("carry-over", "Nothing left")),
    "refused": ("bad", pgettext_lazy("carry-over", "Refused")),
}
"""How a carry-over stands today → shape and colour of its chip, and its word."""
