"""Who may do what, in one table. An act is named area.verb; routes, commands and pages ask here."""

from collections.abc import Mapping

from khlang.identity.rules import Actor, Role
from khlang.kernel.refusals import Refusal, Refused

_BOOKKEEPERS = frozenset({Role.FINANCE_OFFICER, Role.HEAD_OF_TREASURY, Role.OPERATOR})
_TREASURY_HEAD = frozenset({Role.HEAD_OF_TREASURY, Role.OPERATOR})
_READERS = frozenset(
    {
        Role.FINANCE_OFFICER,
        Role.HEAD_OF_TREASURY,
        Role.CLERK,
        Role.EXECUTIVE,
        Role.AUDITOR,
        Role.OPERATOR,
    },
)

MATRIX: Mapping[str, frozenset[Role]] = {
    "web.home": _READERS | {Role.LOCAL_ADMINISTRATOR},
    "ledger.read": _READERS,
    "ledger.post": _TREASURY_HEAD,
    "ledger.reverse": _TREASURY_HEAD,
    "ledger.manage_accounts": _BOOKKEEPERS,
    "ledger.manage_periods": _TREASURY_HEAD,
    # R331: unlocking a period needs the head of treasury and the clerk; the first opens it, the reason is kept.
    "ledger.reopen_period": frozenset({Role.HEAD_OF_TREASURY, Role.OPERATOR}),
    "ledger.verify": _READERS,
    "journal_vouchers.read": _READERS,
    "journal_vouchers.draft": _BOOKKEEPERS,
    "journal_vouchers.submit": _BOOKKEEPERS,
    "journal_vouchers.post": _TREASURY_HEAD,
    "journal_vouchers.reverse": _TREASURY_HEAD,
    "continuity.import": _BOOKKEEPERS,
    "continuity.undo": _TREASURY_HEAD,
    "reporting.read": _READERS,
    "official_forms.print": _READERS,
    "audit.read": frozenset({Role.HEAD_OF_TREASURY, Role.CLERK, Role.EXECUTIVE, Role.AUDITOR, Role.OPERATOR}),
    "identity.manage": frozenset({Role.LOCAL_ADMINISTRATOR, Role.OPERATOR}),
}


def may(actor: Actor, act: str) -> bool:
    """Whether the actor holds a role that may do `act` in the entity he works in."""
    return bool(MATRIX[act] & actor.roles)


def require(actor: Actor, act: str) -> None:
    """Refuse with identity.not_permitted {act, roles} unless the actor may do `act`."""
    if not may(actor, act):
        roles = ", ".join(sorted(MATRIX[act] - {Role.OPERATOR}))
        raise Refused(Refusal("identity.not_permitted", {"act": act, "roles": roles}))
