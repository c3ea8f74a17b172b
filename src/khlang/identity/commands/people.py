"""Make people, change what is written about them, and let them go. Every act is recorded in the entity's record."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from khlang.audit import commands as audit
from khlang.identity.commands.roles import close_role, give_role, put_on_list, roles_held
from khlang.identity.commands.staff import (
    colleagues,
    lock_people,
    required_here,
    required_ours,
    required_reason,
)
from khlang.identity.models import OrderLine, Staff, User
from khlang.identity.permissions import require
from khlang.identity.queries import entity, staff_of
from khlang.identity.rules import (
    Namesakes,
    PersonDraft,
    PersonView,
    check_account,
    check_contact,
    check_name,
    check_namesakes,
    check_person,
    roles_at,
)
from khlang.kernel.actors import Actor
from khlang.kernel.fiscal_calendar import THAI_TIME
from khlang.kernel.refusals import Refusal, Refused, refuse_any
from khlang.kernel.thai_text import normalise, to_arabic_digits
from khlang.toolkit.citizen_number import is_citizen_number, pid_hash
from khlang.toolkit.tenancy import entity_transaction

PASSWORD_CHARACTERS_MIN = 10
# Without signs that look alike on paper.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class AddedPerson:
    """Somebody put on the list. `password` is shown once and kept nowhere; empty for an account that was there."""

    user_id: int
    username: str
    name: str
    password: str = ""
    replayed: bool = False


def add_user(*, username: str, full_name: str, password: str, language: str = "th") -> int:
    """Make a person who may log in; returns her number. Refuses identity.username_used, .password_too_weak, .name_missing."""
    refuse_any(check_name(full_name))
    name = normalise(full_name)
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


def one_time_password() -> str:
    """A password to be read out or printed once: four groups of four signs, about 79 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


def add_person(*, actor: Actor, draft: PersonDraft, key: UUID, at: datetime) -> AddedPerson:
    """Put a person on the list of the actor's entity: a new account with a one-time password, or one she has elsewhere.

    Sent twice it is done once, and the password is not shown again. Refuses those of `check_person`,
    identity.username_used, .username_unknown, .person_on_list {name}, .role_unknown, .roles_incompatible.
    """
    require(actor, "identity.manage_people")
    with entity_transaction(actor.entity_id):
        lock_people(actor.entity_id)
        before = Staff.objects.filter(entity_id=actor.entity_id, added_key=key).first()
        if before is not None:
            user = User.objects.get(pk=before.user_id)
            return AddedPerson(user.pk, user.username, user.full_name, replayed=True)
        others = Namesakes(colleagues(actor))
        made = put_person(actor=actor, draft=draft, others=others, key=key, at=at)
        if not draft.known:
            made = replace(made, password=give_password(made.user_id))
        record_added(actor=actor, draft=draft, made=made)
    return made


def put_person(*, actor: Actor, draft: PersonDraft, others: Namesakes, key: UUID, at: datetime) -> AddedPerson:
    """The write itself, for commands that record the whole of what they did; all reasons at once.

    `others` are those on the list; she is put among them. A new account has no password yet: nobody can log in to it.
    """
    user = User.objects.filter(username=draft.username).first()
    refuse_any([*check_person(draft, colleagues=others.of(draft.full_name)), *_account_refusals(actor, draft, user)])
    if user is None:
        user = User(username=draft.username, full_name=normalise(draft.full_name), must_change_password=True)
        user.set_unusable_password()
        user.save()
    put_on_list(entity_id=actor.entity_id, user_id=user.pk, at=at)
    User.objects.filter(pk=user.pk, is_active=False).update(is_active=True)
    contact = {"title": normalise(draft.title), "phone": draft.phone, "email": draft.email}
    Staff.objects.filter(entity_id=actor.entity_id, user_id=user.pk).update(**contact, added_key=key)
    held: set[str] = set()
    for role in draft.roles:
        give_role(actor=actor, user_id=user.pk, role=role, at=at, reason="", held=held)
        held.add(role)
    others.add(PersonView(user.pk, user.full_name, draft.title))
    return AddedPerson(user.pk, user.username, user.full_name)


def give_password(user_id: int) -> str:
    """A one-time password for an account: given back this once, kept only as its hash, to be changed at the first log-in."""
    user, password = User.objects.get(pk=user_id), one_time_password()
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    return password


def record_added(*, actor: Actor, draft: PersonDraft, made: AddedPerson) -> None:
    """Write into the record that a person was put on the list."""
    facts = {
        "username": made.username,
        "name": made.name,
        "title": normalise(draft.title),
        "known": draft.known,
        "roles": sorted(draft.roles),
    }
    audit.record(actor=actor, act="identity.add_person", document=f"person:{made.user_id}", facts=facts)


def _account_refusals(actor: Actor, draft: PersonDraft, user: User | None) -> Iterator[Refusal]:
    here = Staff.objects.filter(entity_id=actor.entity_id, user_id=user.pk, left_at__isnull=True) if user else None
    yield from check_account(
        draft,
        account=user.full_name if user else None,
        is_here=here is not None and here.exists(),
        roles=roles_at(entity(code=actor.entity_code).level),
    )


def rename_person(*, actor: Actor, user_id: int, full_name: str, reason: str, at: datetime) -> None:
    """Change a person's name, for example after a marriage (documents keep the name they were made under).

    Refuses identity.name_missing, .name_malformed, .person_same_name, .reason_missing, .person_unknown, .person_left,
    .home_elsewhere.
    """
    del at
    require(actor, "identity.manage_people")
    with entity_transaction(actor.entity_id):
        lock_people(actor.entity_id)
        user = required_ours(actor, user_id)
        said = required_reason(actor, reason)
        title = required_here(actor, user_id).title
        others = colleagues(actor, besides=user_id)
        refuse_any([*check_name(full_name), *check_namesakes(name=full_name, title=title, colleagues=others)])
        before, after = user.full_name, normalise(full_name)
        if before == after:
            return
        User.objects.filter(pk=user_id).update(full_name=after)
        facts = {"before": before, "after": after, "reason": said}
        audit.record(actor=actor, act="identity.rename_person", document=f"person:{user_id}", facts=facts)


def change_contact(*, actor: Actor, user_id: int, title: str, phone: str, email: str, at: datetime) -> None:
    """Change title, telephone and e-mail of a person in this entity. Refuses those of `check_contact`, .person_unknown."""
    del at
    require(actor, "identity.manage_people")
    with entity_transaction(actor.entity_id):
        lock_people(actor.entity_id)
        row = required_here(actor, user_id)
        name = User.objects.get(pk=user_id).full_name
        others = colleagues(actor, besides=user_id)
        same = check_namesakes(name=name, title=title, colleagues=others)
        refuse_any([*check_contact(title=title, phone=phone, email=email), *same])
        before = {"title": row.title, "phone": row.phone, "email": row.email}
        after = {"title": normalise(title), "phone": phone.strip(), "email": email.strip()}
        if before == after:
            return
        Staff.objects.filter(entity_id=actor.entity_id, user_id=user_id).update(**after)
        changed = sorted(name for name in before if before[name] != after[name])
        facts = {"changed": changed, "title": after["title"]}
        audit.record(actor=actor, act="identity.change_contact", document=f"person:{user_id}", facts=facts)


def leave(*, actor: Actor, user_id: int, reason: str, at: datetime) -> None:
    """Let a person go: her roles and orders in this entity end now; her row, and all she did, stay.

    Whoever is on no other list can no longer log in: her sessions end with the next request.
    Refuses identity.reason_missing, .person_unknown, .person_left, .leaving_oneself.
    """
    require(actor, "identity.manage_people")
    elsewhere = [number for number in staff_of(user_id=user_id) if number != actor.entity_id]
    with entity_transaction(actor.entity_id):
        lock_people(actor.entity_id)
        said = required_reason(actor, reason)
        required_here(actor, user_id)
        if user_id == actor.user_id:
            raise Refused(Refusal("identity.leaving_oneself"))
        facts = let_go(actor=actor, user_id=user_id, elsewhere=elsewhere, reason=said, at=at)
        audit.record(actor=actor, act="identity.leave", document=f"person:{user_id}", facts=facts)


def let_go(*, actor: Actor, user_id: int, elsewhere: list[int], reason: str, at: datetime) -> dict[str, object]:
    """The write itself; what ended, for the record."""
    held = sorted(roles_held(actor, user_id))
    for role in held:
        close_role(actor=actor, user_id=user_id, role=role, at=at, reason=reason)
    yesterday = at.astimezone(THAI_TIME).date() - timedelta(days=1)
    lines = OrderLine.objects.filter(entity_id=actor.entity_id, user_id=user_id, ended_on__isnull=True)
    running = lines.exclude(ends_on__lte=yesterday)
    orders = sorted({str(number) for number in running.values_list("order_id", flat=True)})
    # A day of an order lasts to its end; it stops now only when yesterday was its last.
    running.update(ended_on=yesterday, ended_reason=reason or "left")
    Staff.objects.filter(entity_id=actor.entity_id, user_id=user_id).update(left_at=at)
    home = elsewhere[0] if elsewhere else None
    User.objects.filter(pk=user_id, home_entity_id=actor.entity_id).update(home_entity_id=home)
    if not elsewhere:
        User.objects.filter(pk=user_id).update(is_active=False)
    return {"roles": held, "orders": orders, "reason": reason}


def set_citizen_number(*, actor: Actor, user_id: int, number: str, at: datetime) -> None:
    """Read a citizen number, keep its keyed hash and forget it: ThaiD then finds the person.

    Refuses identity.citizen_number_wrong (the number itself is repeated nowhere), and those of `set_pid_hash`.
    """
    digits = "".join(sign for sign in to_arabic_digits(normalise(number)) if sign not in " -")
    if not is_citizen_number(digits):
        raise Refused(Refusal("identity.citizen_number_wrong", where="citizen_number"))
    set_pid_hash(actor=actor, user_id=user_id, pid_hash=pid_hash(pid=digits), at=at)


def set_pid_hash(*, actor: Actor, user_id: int, pid_hash: str, at: datetime) -> None:
    """Keep the keyed hash of a person's citizen number, so that ThaiD finds her; the number itself is kept nowhere.

    Refuses identity.citizen_number_used {where}, .person_unknown, .person_left, .home_elsewhere.
    """
    del at
    require(actor, "identity.manage_people")
    with entity_transaction(actor.entity_id):
        lock_people(actor.entity_id)
        user = required_ours(actor, user_id)
        if User.objects.filter(pid_hash=pid_hash).exclude(pk=user_id).exists():
            raise Refused(Refusal("identity.citizen_number_used", where="citizen_number"))
        had = user.pid_hash is not None
        User.objects.filter(pk=user_id).update(pid_hash=pid_hash)
        audit.record(
            actor=actor, act="identity.set_citizen_number", document=f"person:{user_id}", facts={"replaced": had}
        )
