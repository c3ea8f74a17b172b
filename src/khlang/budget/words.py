"""Words that Python hands to the pages of the budget. Thai is in locale/, English here."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from khlang.budget.rules import (
    CarryKind,
    ChangeKind,
    ChangeState,
    GrantState,
    Kind,
    Level,
    MoneyKind,
    OrdinanceKind,
    OrdinanceState,
    Place,
    Pot,
    Route,
)

Words = str | Promise

LEVELS: Final[dict[Level, Words]] = {
    Level.SIDE: pgettext_lazy("budget level", "Side"),
    Level.PLAN: pgettext_lazy("budget level", "Plan"),
    Level.WORK: pgettext_lazy("budget level", "Work"),
    Level.BUDGET: pgettext_lazy("budget level", "Kind of budget"),
    Level.CATEGORY: pgettext_lazy("budget level", "Category"),
    Level.TYPE: pgettext_lazy("budget level", "Type"),
    Level.LINE: pgettext_lazy("budget level", "Line"),
    Level.DIVISION: pgettext_lazy("budget level", "Division"),
    Level.FUND_SOURCE: pgettext_lazy("budget level", "Source of money"),
    Level.ENTERPRISE: pgettext_lazy("budget level", "Enterprise"),
}
"""At which level the board adds up."""

ORDINANCE_KINDS: Final[dict[OrdinanceKind, Words]] = {
    OrdinanceKind.ANNUAL: _("Annual budget"),
    OrdinanceKind.SUPPLEMENTARY: _("Supplementary budget"),
    OrdinanceKind.PROVISIONAL: _("Last year's budget for the time being"),
    OrdinanceKind.OPENING: _("Brought over from the old system"),
}

ORDINANCE_STATES: Final[dict[OrdinanceState, tuple[str, Words]]] = {
    OrdinanceState.PREPARING: ("none", _("Being prepared")),
    OrdinanceState.CONSOLIDATED: ("", _("Put together")),
    OrdinanceState.EXEC_ACCEPTED: ("", _("Accepted by the executive")),
    OrdinanceState.SUBMITTED: ("", _("Submitted to the council")),
    OrdinanceState.READING_1: ("", _("First reading passed")),
    OrdinanceState.COMMITTEE: ("", _("With the council's committee")),
    OrdinanceState.READING_2: ("", _("Second reading passed")),
    OrdinanceState.READING_3: ("", _("Third reading passed")),
    OrdinanceState.SENT_FOR_APPROVAL: ("", _("Sent for approval")),
    OrdinanceState.APPROVED: ("ok", pgettext_lazy("ordinance", "Approved")),
    OrdinanceState.SIGNED: ("ok", _("Signed")),
    OrdinanceState.ANNOUNCED: ("ok", _("Announced")),
    OrdinanceState.IN_FORCE: ("ok", _("In force")),
    OrdinanceState.REJECTED_1: ("bad", _("Rejected at first reading")),
    OrdinanceState.RETURNED_BY_SUPERVISOR: ("bad", _("Sent back by the supervisor")),
    OrdinanceState.LAPSED: ("none struck", pgettext_lazy("ordinance", "Lapsed")),
    OrdinanceState.REPLACED: ("none", _("Replaced by the annual budget")),
}
"""State of an ordinance → shape and colour of its chip, and its word (budget/_state.html draws it)."""

CHANGE_KINDS: Final[dict[ChangeKind, Words]] = {
    ChangeKind.TRANSFER: _("Transfer"),
    ChangeKind.EXPLANATION: _("Change of explanation"),
}

CHANGE_STATES: Final[dict[ChangeState, tuple[str, Words]]] = {
    ChangeState.DRAFT: ("none", pgettext_lazy("change", "Draft")),
    ChangeState.SUBMITTED: ("", _("Waiting for approval")),
    ChangeState.APPROVED: ("ok", pgettext_lazy("change", "Approved")),
    ChangeState.ANNOUNCED: ("ok", _("Announced")),
    ChangeState.REPORTED: ("ok", _("Reported")),
    ChangeState.REFUSED: ("bad", pgettext_lazy("change", "Refused")),
    ChangeState.CANCELLED: ("none struck", pgettext_lazy("change", "Cancelled")),
}

ROUTES: Final[dict[Route, Words]] = {
    Route.EXECUTIVE: _("The executive approves"),
    Route.COUNCIL: _("The council approves"),
}

CARRY_KINDS: Final[dict[CarryKind, Words]] = {
    CarryKind.OBLIGATED: _("Obligated"),
    CarryKind.UNOBLIGATED_INVESTMENT: _("Investment not yet obligated"),
    CarryKind.PAYABLE: _("Owed and not yet paid"),
}

MOVEMENTS: Final[dict[Kind, Words]] = {
    Kind.APPROVE: pgettext_lazy("movement", "Approved"),
    Kind.WITHDRAW: pgettext_lazy("movement", "Taken back"),
    Kind.SUPPLEMENT: pgettext_lazy("movement", "Supplemented"),
    Kind.TRANSFER_IN: pgettext_lazy("movement", "Transferred in"),
    Kind.TRANSFER_OUT: pgettext_lazy("movement", "Transferred out"),
    Kind.RESERVE: pgettext_lazy("movement", "Reserved"),
    Kind.OBLIGATE: pgettext_lazy("movement", "Obligated"),
    Kind.REQUEST: pgettext_lazy("movement", "Payment requested"),
    Kind.PAY: pgettext_lazy("movement", "Paid"),
    Kind.ADVANCE: pgettext_lazy("movement", "Advanced"),
    Kind.CLEAR: pgettext_lazy("movement", "Advance cleared"),
    Kind.REFUND: pgettext_lazy("movement", "Refunded"),
    Kind.CARRY: pgettext_lazy("movement", "Carried over"),
    Kind.RELEASE: pgettext_lazy("movement", "Released"),
    Kind.CANCEL: pgettext_lazy("movement", "Cancelled"),
}
"""What a movement does to a line."""

POTS: Final[dict[Pot, Words]] = {
    Pot.APPROVED: _("Approved"),
    Pot.TRANSFERRED_IN: _("Transferred in"),
    Pot.TRANSFERRED_OUT: _("Transferred out"),
    Pot.SUPPLEMENTED: _("Supplemented"),
    Pot.RESERVED: _("Reserved"),
    Pot.OBLIGATED: _("Obligated"),
    Pot.REQUESTED: _("Payment requested"),
    Pot.ADVANCED: _("Advanced"),
    Pot.CARRIED: _("Carried over"),
    Pot.PAID: _("Paid"),
    Pot.REFUNDED: _("Refunded"),
    Pot.AVAILABLE: _("Left"),
}
"""Where money of a line lies; the terms of R118."""

BOARD_COLUMNS: Final[dict[str, tuple[Words, str]]] = {
    "name": (pgettext_lazy("budget board", "Name"), "wide"),
    "appropriation": (_("Appropriation"), "num"),
    "reserved": (_("Reserved"), "num"),
    "obligated": (_("Obligated"), "num"),
    "requested": (_("Payment requested"), "num"),
    "spent": (pgettext_lazy("budget board", "Paid"), "num"),
    "available": (pgettext_lazy("budget board", "Left"), "num"),
    "used": (_("Used"), "b-used"),
}
"""Columns of the board, by the name of their order → heading and place on the page. Amounts in baht."""

MONEY_COLUMNS: Final = set(BOARD_COLUMNS) - {"name"}

GRANT_STATES: Final[dict[GrantState, tuple[str, Words]]] = {
    GrantState.DRAFT: ("none", pgettext_lazy("grant", "Being written")),
    GrantState.OPEN: ("ok", pgettext_lazy("grant", "Open")),
    GrantState.CLOSED: ("none", pgettext_lazy("grant", "Closed")),
    GrantState.CANCELLED: ("none struck", pgettext_lazy("grant", "Struck")),
}

PLACES: Final[dict[Place, Words]] = {
    Place.OWN: _("In the own bank"),
    Place.STATE: _("In the treasury of the state"),
}
"""Where the money of a grant lies; each has its own clock (R203)."""

MONEY_KINDS: Final[dict[MoneyKind, Words]] = {
    MoneyKind.RECEIVED: pgettext_lazy("grant", "Received"),
    MoneyKind.LENT: _("Lent by savings"),
    MoneyKind.CLEARED: _("Loan cleared"),
    MoneyKind.RETURNED: pgettext_lazy("grant", "Given back"),
    MoneyKind.KEPT: _("Kept by the letter"),
}

RECORDED_MONEY: Final[dict[MoneyKind, Words]] = {
    kind: MONEY_KINDS[kind] for kind in (MoneyKind.RECEIVED, MoneyKind.LENT, MoneyKind.CLEARED)
}
"""What is recorded by itself; what goes back goes with its lines."""
EXPLANATION: Final[dict[str, Words]] = {
    "text": pgettext_lazy("explanation", "Explanation"),
    "nature": pgettext_lazy("explanation", "Nature"),
    "quantity": pgettext_lazy("explanation", "Quantity"),
    "quality": pgettext_lazy("explanation", "Quality"),
    "place": pgettext_lazy("explanation", "Place"),
    "unit_price": pgettext_lazy("explanation", "Price of one"),
    "legal_basis": pgettext_lazy("explanation", "Legal basis"),
    "plan_reference": pgettext_lazy("explanation", "Development plan"),
}
"""The parts of an explanation (R77)."""

DOCUMENT_KINDS: Final[dict[str, Words]] = {
    "ordinance": pgettext_lazy("document", "Budget ordinance"),
    "transfer": pgettext_lazy("document", "Transfer"),
    "explanation": pgettext_lazy("document", "Change of explanation"),
    "carry_over": pgettext_lazy("document", "Carry-over"),
    "grant": pgettext_lazy("document", "Letter of allocation"),
    "purchase_request": pgettext_lazy("document", "Purchase request"),
    "contract": pgettext_lazy("document", "Contract"),
    "disbursement": pgettext_lazy("document", "Disbursement voucher"),
    "payment": pgettext_lazy("document", "Payment"),
    "advance_loan": pgettext_lazy("document", "Loan contract"),
    "advance_clearing": pgettext_lazy("document", "Clearing of a loan"),
}

DOCUMENT_PAGES: Final[dict[str, tuple[str, str, bool]]] = {
    "ordinance": ("budget:ordinance", "ordinance_id", False),
    "transfer": ("budget:change", "change_id", True),
    "explanation": ("budget:change", "change_id", True),
    "carry_over": ("budget:carry-over", "carry_id", True),
    "grant": ("budget:grant", "grant_id", True),
}
"""Kind of document → the page on which it was made, the name of its number there, whether the year is in the address."""

REGISTER_POTS: Final = {pot: word for pot, word in POTS.items() if pot is not Pot.AVAILABLE}
"""The columns of the register in the workbook."""

LINE_COLUMNS: Final[tuple[Words, ...]] = (
    _("Code"),
    pgettext_lazy("budget board", "Name"),
    _("Division"),
    _("Plan"),
    _("Work"),
    _("Type"),
    _("Source of money"),
    _("Enterprise"),
)
"""The columns of a line in a workbook, before the money."""
