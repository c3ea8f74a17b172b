"""The department gives roles in its provincial offices and takes them back; both records tell it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from khlang.audit import commands as audit
from khlang.identity.commands.roles import close_role, give_role, put_on_list, roles_held
from khlang.identity.commands.staff import lock_people, required_reason, required_staff
from khlang.identity.models import User
from khlang.identity.permissions import require
from khlang.identity.queries import entity
from khlang.identity.rules import EntityView, Level, roles_at, username_of
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refusal, Refused
from khlang.toolkit.tenancy import entity_transaction

_ACT = "identity.manage_provinces"


def grant_province_role(*, actor: Actor, office_code: str, username: str, role: str, reason: str, at: datetime) -> str:
    """Give somebody who has an account a role in a provincial office from now on; her name. Again is harmless.

    She is put on the list of the office with it. Refuses identity.not_the_department, .not_a_province {entity},
    .username_unknown {username}, .role_unknown {role}, .reason_missing.
    """
    office = _office(actor, office_code)
    said = required_reason(actor, reason)
    if role not in roles_at(Level.PROVINCE):
        raise Refused(Refusal("identity.role_unknown", {"role": role}, "role"))
    user = User.objects.filter(username=username_of(username)).first()
    if user is None:
        raise Refused(Refusal("identity.username_unknown", {"username": username[:40] or "-"}, "username"))
    there = _guest(actor, office)
    with transaction.atomic():
        with entity_transaction(office.entity_id):
            lock_people(office.entity_id)
            put_on_list(entity_id=office.entity_id, user_id=user.pk, at=at)
            User.objects.filter(pk=user.pk, is_active=False).update(is_active=True)
            held = roles_held(there, user.pk)
            if role in held:
                return user.full_name
            give_role(actor=there, user_id=user.pk, role=role, at=at, reason=said, held=held)
            facts = {"before": sorted(held), "after": sorted({*held, role}), "reason": said}
            _record_there(actor, there, "identity.grant_role", user.pk, facts)
        told = {"username": user.username, "name": user.full_name, "role": role, "reason": said}
        _record_at_home(actor, "identity.grant_province_role", office, told)
    return user.full_name


def end_province_role(*, actor: Actor, office_code: str, user_id: int, role: str, reason: str, at: datetime) -> None:
    """Take a role in a provincial office back from now on; the row stays. Again is harmless.

    Refuses identity.not_the_department, .not_a_province {entity}, .person_unknown, .reason_missing.
    """
    office = _office(actor, office_code)
    said = required_reason(actor, reason)
    there = _guest(actor, office)
    with transaction.atomic():
        with entity_transaction(office.entity_id):
            lock_people(office.entity_id)
            required_staff(there, user_id)
            held = roles_held(there, user_id)
            if not close_role(actor=there, user_id=user_id, role=role, at=at, reason=said):
                return
            facts = {"before": sorted(held), "after": sorted(held - {role}), "reason": said}
            _record_there(actor, there, "identity.end_role", user_id, facts)
        user = User.objects.get(pk=user_id)
        told = {"username": user.username, "name": user.full_name, "role": role, "reason": said}
        _record_at_home(actor, "identity.end_province_role", office, told)


def _office(actor: Actor, code: str) -> EntityView:
    require(actor, _ACT)
    if entity(code=actor.entity_code).level != Level.DEPARTMENT:
        raise Refused(Refusal("identity.not_the_department"))
    office = entity(code=code)
    if office.level != Level.PROVINCE:
        raise Refused(Refusal("identity.not_a_province", {"entity": office.name_th}))
    return office


def _guest(actor: Actor, office: EntityView) -> Actor:
    """The officer in the record of the office, where he wears no hat: the record says so, and whence he comes."""
    return replace(actor, entity_id=office.entity_id, entity_code=office.code, entity_name=office.name_th)


def _record_there(actor: Actor, there: Actor, act: str, user_id: int, facts: Mapping[str, object]) -> None:
    told = {**facts, "from": f"{actor.entity_code} {actor.entity_name}"}
    audit.record(actor=there, act=act, document=f"person:{user_id}", facts=told)


def _record_at_home(actor: Actor, act: str, office: EntityView, facts: Mapping[str, object]) -> None:
    with entity_transaction(actor.entity_id):
        audit.record(actor=actor, act=act, document=f"entity:{office.code}", facts=facts)
