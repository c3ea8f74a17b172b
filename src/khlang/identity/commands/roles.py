"""Give people roles and take them back. Every act is recorded in the entity's record."""

from datetime import datetime

from khlang.audit import commands as audit
from khlang.identity.commands.staff import lock_people, required_here, required_reason, required_staff
from khlang.identity.models import Membership, Staff, User
from khlang.identity.permissions import require
from khlang.identity.queries import entity, separations
from khlang.identity.rules import Role, check_combination, roles_at
from khlang.kernel.actors import Actor
from khlang.kernel.fiscal_calendar import THAI_TIME
from khlang.kernel.refusals import Refusal, Refused, refuse_any
from khlang.toolkit.tenancy import entity_transaction


def grant_role(*, actor: Actor, user_id: int, role: str, at: datetime, reason: str = "") -> None:
    """Give a person of the list one role in the actor's entity from now on; again is harmless (R16, R332).

    The command line of the server may name anybody: she is put on the list with it. Refuses identity.role_unknown
    {role}, .person_unknown, .person_left, .reason_missing, .roles_incompatible {role, other, rule} unless a written
    exception covers her.
    """
    require(actor, "identity.manage_people")
    if role not in roles_at(entity(code=actor.entity_code).level):
        raise Refused(Refusal("identity.role_unknown", {"role": role}, "role"))
    with entity_transaction(actor.entity_id):
        lock_people(actor.entity_id)
        said = required_reason(actor, reason)
        if Role.OPERATOR in actor.roles:
            put_on_list(entity_id=actor.entity_id, user_id=user_id, at=at)
        else:
            required_here(actor, user_id)
        held = roles_held(actor, user_id)
        if role in held:
            return
        give_role(actor=actor, user_id=user_id, role=role, at=at, reason=said, held=held)
        _record(actor, "identity.grant_role", user_id, before=held, after={*held, role}, reason=said)


def give_role(*, actor: Actor, user_id: int, role: str, at: datetime, reason: str, held: set[str]) -> None:
    """The write itself, for commands that record the whole of what they did. Refuses .roles_incompatible."""
    day = at.astimezone(THAI_TIME).date()
    excepted = any(each.rule == "R332" for each in separations(user_id=user_id, day=day))
    refuse_any(check_combination(role=role, held=held, excepted=excepted))
    Membership.objects.create(entity_id=actor.entity_id, user_id=user_id, role=role, granted_at=at, reason=reason)


def put_on_list(*, entity_id: int, user_id: int, at: datetime) -> None:
    """Put a person on the list of an entity, again if she left; the first entity keeps her account."""
    row, _ = Staff.objects.get_or_create(entity_id=entity_id, user_id=user_id, defaults={"added_at": at})
    if row.left_at is not None:
        Staff.objects.filter(entity_id=entity_id, user_id=user_id).update(left_at=None, added_at=at)
    User.objects.filter(pk=user_id, home_entity_id__isnull=True).update(home_entity_id=entity_id)


def end_role(*, actor: Actor, user_id: int, role: str, at: datetime, reason: str = "") -> None:
    """Take a role back from now on; the row stays. Again is harmless. Refuses .person_unknown, .reason_missing."""
    require(actor, "identity.manage_people")
    with entity_transaction(actor.entity_id):
        lock_people(actor.entity_id)
        said = required_reason(actor, reason)
        required_staff(actor, user_id)
        held = roles_held(actor, user_id)
        if close_role(actor=actor, user_id=user_id, role=role, at=at, reason=said):
            _record(actor, "identity.end_role", user_id, before=held, after=held - {role}, reason=said)


def close_role(*, actor: Actor, user_id: int, role: str, at: datetime, reason: str) -> bool:
    """The write itself; whether there was a role to end."""
    rows = Membership.objects.filter(entity_id=actor.entity_id, user_id=user_id, role=role, ended_at__isnull=True)
    return bool(rows.update(ended_at=at, ended_reason=reason))


def roles_held(actor: Actor, user_id: int) -> set[str]:
    """The roles a person holds by position now."""
    found = Membership.objects.filter(entity_id=actor.entity_id, user_id=user_id, ended_at__isnull=True)
    return set(found.values_list("role", flat=True))


def _record(actor: Actor, act: str, user_id: int, *, before: set[str], after: set[str], reason: str) -> None:
    facts = {"before": sorted(before), "after": sorted(after), "reason": reason}
    audit.record(actor=actor, act=act, document=f"person:{user_id}", facts=facts)
