"""Who may do what, in one table. An act is named area.verb; routes, commands and pages ask here."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from khlang.identity.rules import GRANTABLE_ROLES, Duty, Role
from khlang.kernel.actors import Actor, Authority
from khlang.kernel.refusals import Refusal, Refused

_BOOKKEEPERS = frozenset({Role.FINANCE_OFFICER, Role.TREASURY_ANALYST, Role.HEAD_OF_TREASURY})
_TREASURY_HEAD = frozenset({Role.HEAD_OF_TREASURY})
_SUPERVISORS = frozenset({Role.CLERK, Role.EXECUTIVE})
_AUDITORS = frozenset({Role.INTERNAL_AUDITOR, Role.AUDITOR})
_READERS = _BOOKKEEPERS | _SUPERVISORS | _AUDITORS | {Role.BUDGET_OFFICER, Role.VISITOR}
_OFFICERS_ABOVE = frozenset({Role.PROVINCE_OFFICER, Role.DEPARTMENT_OFFICER, Role.DEPARTMENT_OPERATOR})
_ADMINISTRATOR = frozenset({Role.LOCAL_ADMINISTRATOR})
_DEPARTMENT = frozenset({Role.DEPARTMENT_OFFICER})
_BUDGET_DRAFTERS = frozenset({Role.UNIT_CLERK, Role.HEAD_OF_UNIT, Role.BUDGET_OFFICER, Role.CLERK})
_BUDGET_USERS = frozenset({Role.UNIT_CLERK, Role.HEAD_OF_UNIT, Role.SUPPLIES_OFFICER, Role.HEAD_OF_SUPPLIES})
_EVERYBODY = GRANTABLE_ROLES | {Role.VISITOR}


@dataclass(frozen=True, slots=True)
class Permission:
    """One act: which roles may do it, which duties by order also may, and whether identity is proved anew for it.

    The operator of the server may do everything: whoever holds the machine holds it anyway, and the record says so.
    """

    act: str
    roles: frozenset[Role] = frozenset()
    duties: frozenset[Duty] = field(default=frozenset())
    step_up: bool = False

    @property
    def hats(self) -> frozenset[str]:
        """Every hat that allows the act, the operator's left out."""
        return frozenset(self.roles) | frozenset(self.duties)


PERMISSIONS: tuple[Permission, ...] = (
    Permission("web.home", _EVERYBODY),
    Permission("ledger.read", _READERS),
    Permission("ledger.post", _TREASURY_HEAD, step_up=True),
    Permission("ledger.reverse", _TREASURY_HEAD, step_up=True),
    Permission("ledger.manage_accounts", _BOOKKEEPERS),
    Permission("ledger.manage_periods", _TREASURY_HEAD),
    # R331: unlocking a period needs two hands, the head of treasury and the clerk.
    Permission("ledger.reopen_period", _TREASURY_HEAD | {Role.CLERK}, step_up=True),
    Permission("journal_vouchers.read", _READERS),
    Permission("journal_vouchers.draft", _BOOKKEEPERS),
    Permission("journal_vouchers.submit", _BOOKKEEPERS),
    Permission("journal_vouchers.post", _TREASURY_HEAD, step_up=True),
    Permission("journal_vouchers.reverse", _TREASURY_HEAD, step_up=True),
    # Budget: divisions draft their own lines; who approves a change is computed (R98, R112), the council's word is recorded.
    Permission("budget.read", _READERS | _BUDGET_USERS | {Role.COUNCIL_SECRETARY, Role.REVENUE_OFFICER}),
    Permission("budget.draft", _BUDGET_DRAFTERS),
    Permission("budget.draft_all", frozenset({Role.BUDGET_OFFICER, Role.CLERK})),
    Permission("budget.estimate", _BOOKKEEPERS | {Role.REVENUE_OFFICER, Role.BUDGET_OFFICER, Role.CLERK}),
    Permission("budget.manage_divisions", _ADMINISTRATOR | {Role.BUDGET_OFFICER, Role.CLERK}),
    Permission("budget.take_step", frozenset({Role.BUDGET_OFFICER, Role.CLERK})),
    Permission("budget.record_council", frozenset({Role.COUNCIL_SECRETARY, Role.CLERK}), step_up=True),
    Permission("budget.accept", frozenset({Role.EXECUTIVE}), step_up=True),
    Permission("budget.bring_into_force", _SUPERVISORS, step_up=True),
    Permission("budget.transfer", _BUDGET_DRAFTERS),
    Permission("budget.approve_transfer", frozenset({Role.EXECUTIVE}), step_up=True),
    Permission("budget.use", _BUDGET_USERS | _BOOKKEEPERS | _SUPERVISORS | {Role.BUDGET_OFFICER}),
    Permission("budget.plan", _BUDGET_DRAFTERS | _BOOKKEEPERS),
    Permission("budget.carry", _BUDGET_DRAFTERS | _BOOKKEEPERS),
    # A year that moves over is drafted and comes into force in one act: whoever does it may do both.
    Permission("budget.move_over", frozenset({Role.CLERK}), step_up=True),
    # Grants outside the ordinance (R199): whoever records the letter and its cash does not open, extend or give back.
    Permission("budget.grant", _BOOKKEEPERS | {Role.BUDGET_OFFICER, Role.REVENUE_OFFICER, Role.CLERK}),
    Permission("budget.open_grant", _SUPERVISORS, step_up=True),
    Permission("budget.approve_carry", frozenset({Role.EXECUTIVE}), step_up=True),
    Permission("continuity.import", _BOOKKEEPERS),
    # R331: whoever sent the file is not the one who approves it.
    Permission("continuity.post", _TREASURY_HEAD, step_up=True),
    Permission("continuity.undo", _TREASURY_HEAD, step_up=True),
    Permission("reporting.read", _READERS),
    Permission("official_forms.print", _READERS),
    # People: who is who, the table of rights, and why one may not.
    Permission("identity.read_permissions", _EVERYBODY),
    Permission("identity.read_people", _EVERYBODY - {Role.VISITOR}),
    Permission("identity.read_orders", _EVERYBODY),
    Permission("identity.manage_people", _ADMINISTRATOR, step_up=True),
    Permission("identity.manage_orders", _ADMINISTRATOR | {Role.CLERK}, step_up=True),
    Permission("identity.review_people", _ADMINISTRATOR),
    Permission("identity.manage_entities", _DEPARTMENT, step_up=True),
    Permission("identity.manage_provinces", _DEPARTMENT, step_up=True),
    # Two officers together let a third in for a quarter of an hour.
    Permission("authentication.vouch", _TREASURY_HEAD | _SUPERVISORS | _ADMINISTRATOR, step_up=True),
    Permission("operations.read_announcements", _EVERYBODY),
    Permission("operations.announce", _DEPARTMENT),
    Permission("operations.set_mode", frozenset({Role.DEPARTMENT_OPERATOR}), step_up=True),
    Permission("oversight.visit", frozenset({Role.PROVINCE_OFFICER, Role.DEPARTMENT_OFFICER}), step_up=True),
    # Who came from above to read the books, and who read personal data: for those concerned, one's own data for all.
    Permission("oversight.read_visits", _TREASURY_HEAD | _SUPERVISORS | _AUDITORS | _ADMINISTRATOR),
    Permission("oversight.read_readings", _SUPERVISORS | _AUDITORS | _ADMINISTRATOR),
    Permission("oversight.read_own_readings", GRANTABLE_ROLES),
    Permission(
        "audit.read",
        _TREASURY_HEAD | _SUPERVISORS | _AUDITORS | _OFFICERS_ABOVE,
    ),
    Permission(
        "oversight.read_exceptions",
        _TREASURY_HEAD | _SUPERVISORS | _AUDITORS | _ADMINISTRATOR,
        duties=frozenset({Duty.COMPENSATING_REVIEWER}),
    ),
    Permission("oversight.review_exceptions", duties=frozenset({Duty.COMPENSATING_REVIEWER})),
)
"""The whole of it. Printed on /<entity>/permissions/ and in docs/permissions.md."""

MATRIX: Mapping[str, Permission] = {permission.act: permission for permission in PERMISSIONS}


def may(actor: Actor, act: str) -> bool:
    """Whether the actor wears a hat that allows `act` in the entity he works in, at this moment."""
    permission = MATRIX[act]
    return Role.OPERATOR in actor.roles or bool(permission.roles & actor.roles or permission.duties & actor.duties)


def check(actor: Actor, act: str) -> Refusal | None:
    """The reason why the actor may not do `act` now, or None.

    identity.not_permitted {act, roles}: no hat allows it. identity.step_up_needed {act}: he is to prove anew who he is.
    """
    if not may(actor, act):
        return Refusal("identity.not_permitted", {"act": act, "roles": ", ".join(sorted(MATRIX[act].hats))})
    if MATRIX[act].step_up and not actor.fresh:
        return Refusal("identity.step_up_needed", {"act": act})
    return None


def require(actor: Actor, act: str) -> None:
    """Refuse what `check` finds."""
    refusal = check(actor, act)
    if refusal is not None:
        raise Refused(refusal)


def authorities_for(actor: Actor, act: str) -> tuple[Authority, ...]:
    """The hats of the actor that allow `act`, each with the order it rests on."""
    return tuple(each for each in actor.authorities if each.hat in MATRIX[act].hats)
