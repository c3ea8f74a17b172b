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

LEVELS: Final[dict[str, Words]] = {
    "department": _("Department"),
    "province": _("Province"),
    "local_government": _("Local government"),
    "unit": _("Unit of a local government"),
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
