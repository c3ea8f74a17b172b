"""Names of modes and states in the reader's words."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

MODES: Final[dict[str, tuple[str | Promise, str | Promise]]] = {
    "normal": (pgettext_lazy("mode", "Normal"), _("Everything works.")),
    "read_only": (_("Reading only"), _("Pages, reports and files can be read; nothing can be saved.")),
    "identity_only": (
        _("Only identity"),
        _("People log in, verify themselves and enrol; the books are closed."),
    ),
    "maintenance": (_("Maintenance"), _("Everybody sees a page that says why and until when.")),
}
"""Mode → its name, and what it means."""

THAID: Final[dict[str, str | Promise]] = {
    "working": pgettext_lazy("ThaiD", "working"),
    "slow": pgettext_lazy("ThaiD", "slow"),
    "down": pgettext_lazy("ThaiD", "not answering"),
}
"""ThaiD's state as the status page says it; an installation without ThaiD has none."""

AUDIENCES: Final[dict[str, str | Promise]] = {
    "all": _("All entities"),
    "province": _("One province"),
    "kind": _("One kind of entity"),
    "entity": _("One entity"),
}
"""Whom an announcement reaches."""
