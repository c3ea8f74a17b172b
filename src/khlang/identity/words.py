"""Words that Python hands to the pages of people, orders and rights, in the language of the page."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from khlang.identity.rules import act_words, hat_name, hat_words

Words = str | Promise

BASES: Final[dict[str, Words]] = {
    "position": pgettext_lazy("basis", "By position"),
    "appointment": pgettext_lazy("basis", "By order of appointment"),
    "acting": pgettext_lazy("basis", "Acting by order"),
    "delegation": pgettext_lazy("basis", "By delegation"),
    "visit": pgettext_lazy("basis", "Visit with a recorded reason"),
    "server": pgettext_lazy("basis", "On the server itself"),
}
"""On what a hat rests → its words."""

PERSON_STATES: Final[dict[str, Words]] = {
    "working": pgettext_lazy("people", "Working here"),
    "left": pgettext_lazy("people", "Left"),
    "all": pgettext_lazy("people", "Everybody"),
}

ORDER_KINDS: Final[dict[str, tuple[Words, Words]]] = {
    "appointment": (_("Appointment"), _("names people for a duty: cash committee, daily checker, inspectors …")),
    "acting": (_("Acting"), _("one stands in for another for some days and signs “for”")),
    "delegation": (_("Delegation"), _("the holder of a role gives a part of it to somebody else")),
    "exception": (
        pgettext_lazy("order", "Exception"),
        _("one person may take two steps that are kept apart, and another reviews it"),
    ),
}
"""Kind of an order → its name and what it does."""

ORDER_STATES: Final[dict[str, tuple[str, Words]]] = {
    "valid": ("ok", pgettext_lazy("order", "Valid now")),
    "coming": ("", pgettext_lazy("order", "Begins later")),
    "ended": ("none", pgettext_lazy("order", "Ended")),
    "taken_back": ("none struck", pgettext_lazy("order", "Taken back")),
    "all": ("", pgettext_lazy("order", "All")),
}
"""State of an order on a day → shape of its chip, and its word."""

RULES: Final[dict[str, Words]] = {
    "R327": _("Requester, checker and approver of one request are three people"),
    "R328": _("Who takes or pays money does not check the day or reconcile the bank"),
    "R329": _("Maker, checker and approver of transfers, and keeper of payees, are different people"),
    "R330": _("Who buys does not inspect, who inspects does not pay"),
    "R331": _("Who prepares an entry does not approve it; a period is unlocked by two hands"),
    "R332": _("Who keeps the list of users holds no finance role"),
    "R333": _("Who borrows does not approve the advance"),
}
"""Rule of separation → what it says."""

LEVELS: Final[dict[str, Words]] = {
    "department": _("Department"),
    "province": _("Province"),
    "local_government": _("Local government"),
    "unit": _("Unit of a local government"),
}

LINE_KINDS: Final[dict[str, tuple[str, Words]]] = {
    "add": ("ok", pgettext_lazy("row of a file", "Will be added")),
    "change": ("", pgettext_lazy("row of a file", "Will be changed")),
    "same": ("none", pgettext_lazy("row of a file", "Already here")),
    "wrong": ("bad", pgettext_lazy("row of a file", "Not taken")),
}
"""What becomes of a row of a list of people → shape of its chip, and its words."""

TAKEN: Final[dict[str, Words]] = {
    "add": pgettext_lazy("row of a file", "Added"),
    "change": pgettext_lazy("row of a file", "Changed"),
}

LINE_FIELDS: Final[dict[str, Words]] = {
    "title": _("Title"),
    "phone": _("Telephone"),
    "email": _("E-mail"),
    "roles": _("Roles"),
    "citizen_number": _("Citizen number for ThaiD"),
}


def english() -> bool:
    """Whether the page is in English."""
    return get_language() == "en"


def hat(name: str) -> str:
    """What a role or duty is called."""
    return hat_name(name, english=english())


def hat_does(name: str) -> str:
    """What a role or duty does."""
    words = hat_words(name)
    return words.does_en if english() else words.does_th


def act(name: str) -> str:
    """What an act is called, as a sentence fits it after "may"."""
    words = act_words(name)
    return words.en if english() else words.th


def gives(name: str) -> str:
    """What a line of an order gives: a role, a duty, or an exception to a rule."""
    return f"{name}: {RULES[name]}" if name in RULES else hat(name)
