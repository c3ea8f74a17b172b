"""Make people, give them roles and take them back. Every act is recorded in the entity's record."""

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from khlang.audit import commands as audit
from khlang.identity.models import Membership, Staff, User
from khlang.identity.permissions import require
from khlang.identity.queries import entity, separations
from khlang.identity.rules import check_combination, roles_at
from khlang.kernel.actors import Actor
from khlang.kernel.fiscal_calendar import THAI_TIME
from khlang.kernel.refusals import Refusal, Refused, refuse_any
from khlang.kernel.thai_text import normalise
from khlang.toolkit.tenancy import entity_transaction

PASSWORD_CHARACTERS_MIN = 10


def add_user(*, username: str, full_name: str, password: str, language: str = "th") -> int:
    """Make a person who may log in; returns her number. Refuses identity.username_used, .password_too_weak, .name_missing."""
    name = normalise(full_name)
    if not name:
        raise Refused(Refusal("identity.name_missing", where="full_name"))
    if User.objects.filter(username=username).exists():
        raise Refused(Refusal("identity.username_used", {"username": username}, "username"))
    user = User(username=username, full_name=name, language=language)
    check_password(user, password)
    user.set_password(password)
    user.save()
    return int(user.pk)


def check_password(user: User, password: str) -> None:
    """Refuse identity.password_too_weak {characters}."""
    try:
        validate_password(password, user)
    except ValidationError as weak:
        facts = {"characters": PASSWORD_CHARACTERS_MIN}
        raise Refused(Refusal("identity.password_too_weak", facts, "password")) from weak


def grant_role(*, actor: Actor, user_id: int, role: str, at: datetime) -> None:
    """Give a person one role in the actor's entity from now on; again is harmless (R16, R332).

    Refuses identity.role_unknown {role}, .roles_incompatible {role, other, rule} unless an exception covers her.
    """
    require(actor, "identity.manage_people")
    if role not in roles_at(entity(code=actor.entity_code).level):
        raise Refused(Refusal("identity.role_unknown", {"role": role}, "role"))
    with entity_transaction(actor.entity_id):
        held = _held(actor, user_id)
        if role in held:
            return
        day = at.astimezone(THAI_TIME).date()
        excepted = any(each.rule == "R332" for each in separations(user_id=user_id, day=day))
        refuse_any(check_combination(role=role, held=held, excepted=excepted))
        Staff.objects.get_or_create(entity_id=actor.entity_id, user_id=user_id, defaults={"added_at": at})
        Membership.objects.create(entity_id=actor.entity_id, user_id=user_id, role=role, granted_at=at)
        _record(actor, "identity.grant_role", user_id, before=held, after={*held, role})


def end_role(*, actor: Actor, user_id: int, role: str, at: datetime) -> None:
    """Take a role back from now on; the row stays. Again is harmless."""
    require(actor, "identity.manage_people")
    with entity_transaction(actor.entity_id):
        held = _held(actor, user_id)
        rows = Membership.objects.filter(entity_id=actor.entity_id, user_id=user_id, role=role, ended_at__isnull=True)
        if rows.update(ended_at=at):
            _record(actor, "identity.end_role", user_id, before=held, after=held - {role})


def _held(actor: Actor, user_id: int) -> set[str]:
    found = Membership.objects.filter(entity_id=actor.entity_id, user_id=user_id, ended_at__isnull=True)
    return set(found.values_list("role", flat=True))


def _record(actor: Actor, act: str, user_id: int, *, before: set[str], after: set[str]) -> None:
    facts = {"before": sorted(before), "after": sorted(after)}
    audit.record(actor=actor, act=act, document=f"person:{user_id}", facts=facts)
