"""Words of the pages of ordinances: kinds, states, steps, fields, and refusals told in words instead of codes."""

from collections.abc import Iterable, Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from khlang.budget.rules import OrdinanceKind, OrdinanceState
from khlang.budget.rules.draft_sheet import SheetAct
from khlang.kernel.refusals import Fact, Refusal

Words = str | Promise
_S = OrdinanceState

KINDS: Final[Mapping[OrdinanceKind, Words]] = {
    OrdinanceKind.ANNUAL: _("Annual budget"),
    OrdinanceKind.SUPPLEMENTARY: _("Supplementary budget"),
    OrdinanceKind.PROVISIONAL: _("Last year's budget, used for the time being"),
    OrdinanceKind.OPENING: _("Opening of a year moved over"),
}

STATES: Final[Mapping[OrdinanceState, tuple[str, Words]]] = {
    _S.PREPARING: ("none", pgettext_lazy("ordinance", "Being drafted")),
    _S.CONSOLIDATED: ("", pgettext_lazy("ordinance", "Put together")),
    _S.EXEC_ACCEPTED: ("", pgettext_lazy("ordinance", "Accepted by the executive")),
    _S.SUBMITTED: ("", pgettext_lazy("ordinance", "Submitted to the council")),
    _S.READING_1: ("", pgettext_lazy("ordinance", "First reading passed")),
    _S.COMMITTEE: ("", pgettext_lazy("ordinance", "Before the committee")),
    _S.READING_2: ("", pgettext_lazy("ordinance", "Second reading passed")),
    _S.READING_3: ("", pgettext_lazy("ordinance", "Third reading passed")),
    _S.SENT_FOR_APPROVAL: ("", pgettext_lazy("ordinance", "With the supervising officer")),
    _S.APPROVED: ("ok", pgettext_lazy("ordinance", "Approved")),
    _S.SIGNED: ("ok", pgettext_lazy("ordinance", "Signed")),
    _S.ANNOUNCED: ("warn", pgettext_lazy("ordinance", "Announced, not yet in force")),
    _S.IN_FORCE: ("ok", pgettext_lazy("ordinance", "In force")),
    _S.REJECTED_1: ("bad", pgettext_lazy("ordinance", "Rejected at first reading")),
    _S.RETURNED_BY_SUPERVISOR: ("bad", pgettext_lazy("ordinance", "Sent back by the supervising officer")),
    _S.LAPSED: ("none struck", pgettext_lazy("ordinance", "Lapsed")),
    _S.REPLACED: ("none struck", pgettext_lazy("ordinance", "Replaced")),
}
"""State → shape and colour of its chip, and its word."""

STEPS: Final[Mapping[OrdinanceState, Words]] = {
    _S.PREPARING: _("Open it again to the divisions"),
    _S.CONSOLIDATED: _("Put the drafts together"),
    _S.EXEC_ACCEPTED: _("The executive accepts the draft"),
    _S.SUBMITTED: _("Submit to the council"),
    _S.READING_1: _("First reading: the council accepts the principle"),
    _S.COMMITTEE: _("Committee: amendments"),
    _S.READING_2: _("Second reading: the council considers the amendments"),
    _S.READING_3: _("Third reading: the council agrees"),
    _S.SENT_FOR_APPROVAL: _("Send to the supervising officer"),
    _S.APPROVED: _("The supervising officer approves"),
    _S.SIGNED: _("The executive signs"),
    _S.ANNOUNCED: _("Announce"),
    _S.IN_FORCE: _("Bring into force"),
    _S.REJECTED_1: _("The council rejects the principle"),
    _S.RETURNED_BY_SUPERVISOR: _("The supervising officer sends it back"),
    _S.LAPSED: _("The draft lapses"),
}
"""State → the step that leads to it."""

MAIN_WAY: Final = (
    _S.PREPARING,
    _S.CONSOLIDATED,
    _S.EXEC_ACCEPTED,
    _S.SUBMITTED,
    _S.READING_1,
    _S.COMMITTEE,
    _S.READING_2,
    _S.READING_3,
    _S.SENT_FOR_APPROVAL,
    _S.APPROVED,
    _S.SIGNED,
    _S.ANNOUNCED,
    _S.IN_FORCE,
)
"""The way of an ordinance when nothing sends it back."""

PAPERS: Final[Mapping[OrdinanceState, Words]] = {
    _S.SUBMITTED: _("Number of the letter to the chairman of the council"),
    _S.READING_1: _("Sitting of the council, such as 1/2569"),
    _S.REJECTED_1: _("Sitting of the council, such as 1/2569"),
    _S.READING_2: _("Sitting of the council, such as 1/2569"),
    _S.READING_3: _("Sitting of the council, such as 1/2569"),
    _S.SENT_FOR_APPROVAL: _("Number of the letter to the supervising officer"),
    _S.RETURNED_BY_SUPERVISOR: _("Number of the officer's letter"),
    _S.APPROVED: _("Number of the officer's letter"),
    _S.SIGNED: _("Number of the ordinance, such as 1/2569"),
    _S.ANNOUNCED: _("Number of the announcement"),
}
"""State → the paper whose number the step needs. Approved without a letter is right once his days are over (R88)."""

LISTS: Final[Mapping[str, Words]] = {
    "division": _("divisions"),
    "work": _("works"),
    "budget_type": _("types"),
    "fund_source": _("sources of money"),
    "enterprise": _("enterprises"),
}

FIELDS: Final[Mapping[str, Words]] = {
    "enterprise": _("Budget"),
    "division": _("Division"),
    "work": _("Plan and work"),
    "budget_type": _("Type"),
    "item": _("Item or project"),
    "is_project": _("Project"),
    "fund_source": _("Source of money"),
    "amount": _("Amount (baht)"),
    "text": _("Explanation as printed"),
    "nature": _("Nature"),
    "quantity": _("Quantity"),
    "quality": _("Quality or specification"),
    "place": _("Place"),
    "unit_price": _("Unit price"),
    "legal_basis": _("Legal reference"),
    "plan_reference": _("Local development plan, page and number"),
}
"""Field of a line → its name on pages and in workbooks."""


SHEET_ACTS: Final[Mapping[SheetAct, tuple[str, Words]]] = {
    SheetAct.NEW: ("ok", pgettext_lazy("row", "New")),
    SheetAct.CHANGED: ("", pgettext_lazy("row", "Changed")),
    SheetAct.REMOVED: ("warn", pgettext_lazy("row", "Taken out")),
    SheetAct.UNCHANGED: ("none", pgettext_lazy("row", "Unchanged")),
    SheetAct.WRONG: ("bad", pgettext_lazy("row", "Has errors")),
}
"""What a row of a workbook would do → shape and colour of its chip, and its word."""


def ordinance_name(*, kind: OrdinanceKind, number: int, fiscal_year: int, entity_kind: str) -> str:
    """How an ordinance is called: municipalities have a word of their own (R4)."""
    municipal = "municipality" in entity_kind
    facts = {"year": fiscal_year, "number": number}
    if kind is OrdinanceKind.SUPPLEMENTARY:
        if municipal:
            return pgettext("municipality", "Supplementary budget ordinance %(year)s no. %(number)s") % facts
        return pgettext("not a municipality", "Supplementary budget ordinance %(year)s no. %(number)s") % facts
    if kind is OrdinanceKind.ANNUAL:
        if municipal:
            return pgettext("municipality", "Budget ordinance %(year)s") % facts
        return pgettext("not a municipality", "Budget ordinance %(year)s") % facts
    return f"{KINDS[kind]} {fiscal_year}"


def state_word(state: str) -> str:
    """The word of a state."""
    return str(STATES[OrdinanceState(state)][1]) if state in set(OrdinanceState) else state


def worded(refusals: Iterable[Refusal]) -> list[Refusal]:
    """The same refusals with words where their facts are codes of states, steps and lists."""
    return [Refusal(each.code, _worded(each.facts), each.where) for each in refusals]


def _worded(facts: Mapping[str, Fact]) -> dict[str, Fact]:
    told = dict(facts)
    for name in ("state", "needed"):
        if name in told:
            told[name] = state_word(str(told[name]))
    if told.get("budget") == "-":
        told["budget"] = pgettext("which budget", "general")
    step = str(told.get("step", ""))
    if step in set(OrdinanceState):
        told["step"] = str(STEPS.get(OrdinanceState(step), step))
    if str(told.get("list", "")) in LISTS:
        told["list"] = str(LISTS[str(told["list"])])
    return told
