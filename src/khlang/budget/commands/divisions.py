"""Divisions that own lines, the people who draft for them, enterprises with budgets of their own."""

import re
from datetime import datetime

from khlang.audit import commands as audit
from khlang.budget import queries
from khlang.budget.models import Division, DivisionMember, Enterprise
from khlang.identity import queries as identity
from khlang.identity.permissions import may, require
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refusal, Refused
from khlang.kernel.thai_text import normalise
from khlang.toolkit.tenancy import entity_transaction

_CODE = re.compile(r"[0-9A-Z-]{1,20}")


def set_division(*, actor: Actor, division: str, name_th: str, is_open: bool = True) -> None:
    """Make a division, name it otherwise, close it for new lines. Refuses budget.code_malformed, budget.name_missing."""
    require(actor, "budget.manage_divisions")
    name = _named(division, name_th)
    with entity_transaction(actor.entity_id):
        Division.objects.update_or_create(
            entity_id=actor.entity_id, division=division, defaults={"name_th": name, "is_open": is_open}
        )
        facts = {"name": name, "open": is_open}
        audit.record(actor=actor, act="budget.set_division", document=f"division:{division}", facts=facts)


def set_enterprise(*, actor: Actor, enterprise: str, name_th: str) -> None:
    """Make an enterprise with a budget of its own (R70), or name it otherwise."""
    require(actor, "budget.manage_divisions")
    name = _named(enterprise, name_th)
    with entity_transaction(actor.entity_id):
        Enterprise.objects.update_or_create(
            entity_id=actor.entity_id, enterprise=enterprise, defaults={"name_th": name}
        )
        audit.record(
            actor=actor, act="budget.set_enterprise", document=f"enterprise:{enterprise}", facts={"name": name}
        )


def _named(code: str, name_th: str) -> str:
    if not _CODE.fullmatch(code):
        raise Refused(Refusal("budget.code_malformed", {"code": code}, "code"))
    name = normalise(name_th)
    if not name:
        raise Refused(Refusal("budget.name_missing", where="name_th"))
    return name


def set_division_member(*, actor: Actor, division: str, user_id: int, is_member: bool, at: datetime) -> None:
    """Let a person draft the lines of a division from now on, or no longer. Refuses budget.code_unknown {list, code}.

    Only somebody with a role in this entity is let in.
    """
    require(actor, "budget.manage_divisions")
    with entity_transaction(actor.entity_id):
        if division not in {each.division for each in queries.divisions(with_closed=True)}:
            raise Refused(Refusal("budget.code_unknown", {"list": "division", "code": division or "-"}, "division"))
        if is_member and not _works_here(actor, user_id, at):
            raise Refused(Refusal("budget.code_unknown", {"list": "people", "code": str(user_id)}, "user_id"))
        held = DivisionMember.objects.filter(
            entity_id=actor.entity_id, division=division, user_id=user_id, until__isnull=True
        )
        if is_member and not held.exists():
            DivisionMember.objects.create(entity_id=actor.entity_id, division=division, user_id=user_id, since=at)
        elif not is_member:
            held.update(until=at)
        facts = {"user": user_id, "member": is_member}
        audit.record(actor=actor, act="budget.set_division_member", document=f"division:{division}", facts=facts)


def _works_here(actor: Actor, user_id: int, at: datetime) -> bool:
    """Whether a number is that of a person with a role in the actor's entity."""
    is_person = bool(identity.names_of(user_ids=[user_id]))
    return is_person and bool(identity.authorities_of(entity_id=actor.entity_id, user_id=user_id, at=at))


def require_division(*, actor: Actor, division: str, at: datetime) -> None:
    """Refuse budget.not_your_division {division} unless she drafts for it, or for all (R18). Inside a transaction."""
    if not may(actor, "budget.draft_all") and division not in queries.divisions_of(user_id=actor.user_id, at=at):
        raise Refused(Refusal("budget.not_your_division", {"division": division}, "division"))
