"""Words of doors and of what happened at them, for pages."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DOORS: Final[dict[str, Promise]] = {
    "password": _("Password"),
    "code": _("Authenticator app or recovery code"),
    "passkey": _("Passkey"),
    "thaid": _("ThaiD"),
    "break_glass": _("Emergency code of two officers"),
}

EVENTS: Final[dict[str, tuple[str, Promise]]] = {
    "succeeded": ("ok", _("Came in or proved it")),
    "failed": ("bad", _("Wrong")),
    "passed": ("", _("Password right, second step asked")),
    "authentication.account_paused_here": ("warn", _("Refused: paused after wrong tries")),
    "authentication.account_paused": ("warn", _("Refused: paused after tries from many places")),
    "authentication.address_paused": ("warn", _("Refused: many accounts tried from there")),
    "authentication.session_elsewhere": ("warn", _("Refused: another browser showed this session")),
    "authentication.assurance_too_low": ("warn", _("Refused: not proofed surely enough for the role")),
    "authentication.passkey_added": ("", _("Passkey added")),
    "authentication.passkey_removed": ("", _("Passkey removed")),
    "authentication.app_added": ("", _("Authenticator app set up")),
    "authentication.app_removed": ("", _("Authenticator app removed")),
    "authentication.codes_renewed": ("", _("New recovery codes")),
    "authentication.password_changed": ("", _("Password changed")),
    "authentication.password_reset": ("", _("Password reset by the administrator")),
    "authentication.factors_reset": ("", _("Passkeys and app removed by the administrator")),
    "ended": ("none", _("Wrong, forgiven by the administrator")),
    "authentication.unlocked": ("", _("Pause lifted by the administrator")),
}
"""What happened → shape and colour of its chip, and its word."""

EMERGENCIES: Final[dict[str, tuple[str, Promise]]] = {
    "asked": ("", _("Waiting for a second officer")),
    "ready": ("warn", _("Code can be used")),
    "used": ("ok", _("Used")),
    "lapsed": ("none", _("Lapsed")),
    "cancelled": ("none struck", _("Taken back")),
}
