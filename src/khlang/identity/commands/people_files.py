"""Bring people in from a list: read it, judge it, take it once, and give each new account its first password."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db.models import Q

from khlang.audit import commands as audit
from khlang.identity.commands.people import (
    change_contact,
    give_password,
    put_person,
    record_added,
    set_pid_hash,
)
from khlang.identity.commands.roles import grant_role
from khlang.identity.commands.staff import colleagues, lock_people
from khlang.identity.models import PeopleImport, Staff, User
from khlang.identity.permissions import require
from khlang.identity.queries import entity, verdicts_of, without_password
from khlang.identity.rules import (
    FILE_BYTES_MAX,
    PEOPLE_MAX,
    LineKind,
    LineVerdict,
    Namesakes,
    PersonHere,
    PersonLine,
    TakeMode,
    TakenLine,
    check_people_columns,
    check_taking,
    contact_after,
    line_as_facts,
    people_columns,
    people_file,
    people_lines,
    roles_at,
)
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refusal, Refused, refuse_any
from khlang.toolkit.citizen_number import pid_hash
from khlang.toolkit.tables import TableLimits, read_table
from khlang.toolkit.tenancy import entity_transaction

_ACT = "identity.manage_people"
# A title, an explanation and the headings may stand above the list.
_LIMITS = TableLimits(FILE_BYTES_MAX, rows_max=PEOPLE_MAX + 10, columns_max=40, sheets_max=10)
_KEPT = timedelta(days=1)
PASSWORDS_AT_ONCE = 20
"""How many one-time passwords are made by one request: each costs a fortieth of a second of a processor."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What taking a list did; `replayed` when it was taken before and nothing was done now."""

    added: int
    changed: int
    same: int
    left_out: int
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class FirstPassword:
    """The one-time password of somebody who was brought in; shown once, kept nowhere."""

    user_id: int
    username: str
    name: str
    title: str
    password: str


def send_people_file(*, actor: Actor, key: UUID, name: str, content: bytes, at: datetime) -> UUID:
    """Read a list and keep its rows for judging; gives its number. Nobody is added by it; citizen numbers are hashed here.

    One file sent twice with one key is kept once. Refuses those of `read_table`, identity.file_column_missing {column},
    .file_without_people, .file_too_many_people {found, limit}.
    """
    require(actor, _ACT)
    lines = _lines(name, content, roles_at(entity(code=actor.entity_code).level))
    sha256 = hashlib.sha256(content).hexdigest()
    import_id = uuid5(key, sha256)
    with entity_transaction(actor.entity_id):
        mine = PeopleImport.objects.filter(entity_id=actor.entity_id, done_at__isnull=True).exclude(import_id=import_id)
        # What nobody took is not kept: it holds names of people who may never come.
        mine.filter(Q(sent_by=actor.user_id) | Q(sent_at__lt=at - _KEPT)).delete()
        facts = {
            "file_name": name,
            "sha256": sha256,
            "lines": [line_as_facts(line) for line in lines],
            "sent_by": actor.user_id,
            "sent_by_name": actor.name,
            "sent_at": at,
        }
        PeopleImport.objects.get_or_create(entity_id=actor.entity_id, import_id=import_id, defaults=facts)
    return import_id


def _lines(name: str, content: bytes, roles: tuple[str, ...]) -> list[PersonLine]:
    words = people_file()["sheets"]["people"]
    rows = read_table(name=name, content=content, limits=_LIMITS, sheets=tuple(words.values()))
    columns = people_columns(rows)
    refuse_any(check_people_columns(columns))
    read = list(people_lines(rows, columns, roles=roles))
    if not read:
        raise Refused(Refusal("identity.file_without_people", where="file"))
    if len(read) > PEOPLE_MAX:
        facts = {"found": len(read), "limit": PEOPLE_MAX}
        raise Refused(Refusal("identity.file_too_many_people", facts, "file"))
    return [
        replace(each.line, pid_hash=pid_hash(pid=each.citizen_digits)) if each.citizen_digits else each.line
        for each in read
    ]


def take_people_file(*, actor: Actor, import_id: UUID, mode: str, at: datetime) -> Taken:
    """Add and change people as the list says, all or only the rows without fault; each is an act of its own.

    It is judged again under the lock of the list of people, by the rules of adding one person by page. Taken twice it
    gives the first answer. Refuses identity.import_unknown, and those of `check_taking`.
    """
    require(actor, _ACT)
    with entity_transaction(actor.entity_id):
        lock_people(actor.entity_id)
        row = _required(actor, import_id)
        if row.done_at is not None:
            return _count([TakenLine(**each) for each in row.taken], row.same, row.left_out, replayed=True)
        verdicts = verdicts_of(row, at=at)
        refuse_any(check_taking(verdicts, mode=mode))
        others = Namesakes(colleagues(actor))
        taken = [_take(actor, row, each, others, at) for each in _to_take(verdicts)]
        same = sum(1 for each in verdicts if each.kind is LineKind.SAME)
        left_out = sum(1 for each in verdicts if each.kind is LineKind.WRONG)
        count = _count(taken, same, left_out)
        PeopleImport.objects.filter(entity_id=actor.entity_id, import_id=import_id).update(
            lines=[],
            done_at=at,
            done_by_name=actor.name,
            mode=TakeMode(mode),
            same=same,
            left_out=left_out,
            taken=[
                {"row": each.row, "user_id": each.user_id, "what": each.what, "is_new": each.is_new} for each in taken
            ],
        )
        facts = {"file": row.file_name, "added": count.added, "changed": count.changed, "same": same, "wrong": left_out}
        audit.record(actor=actor, act="identity.import_people", document=f"people-import:{import_id}", facts=facts)
    return count


def _required(actor: Actor, import_id: UUID) -> PeopleImport:
    row = PeopleImport.objects.select_for_update().filter(entity_id=actor.entity_id, import_id=import_id).first()
    if row is None:
        raise Refused(Refusal("identity.import_unknown"))
    return row


def _to_take(verdicts: tuple[LineVerdict, ...]) -> Iterator[LineVerdict]:
    return (each for each in verdicts if each.kind in (LineKind.ADD, LineKind.CHANGE))


def _count(taken: list[TakenLine], same: int, left_out: int, *, replayed: bool = False) -> Taken:
    added = sum(1 for each in taken if each.what == LineKind.ADD)
    return Taken(added, len(taken) - added, same, left_out, replayed)


def _take(actor: Actor, row: PeopleImport, verdict: LineVerdict, others: Namesakes, at: datetime) -> TakenLine:
    line = verdict.line
    if verdict.kind is LineKind.ADD:
        key = uuid5(row.import_id, str(line.row))
        made = put_person(actor=actor, draft=line.draft, others=others, key=key, at=at)
        record_added(actor=actor, draft=line.draft, made=made)
        user_id = made.user_id
    else:
        user_id = verdict.user_id
        _change(actor, verdict, row.file_name, at)
    is_new = verdict.kind is LineKind.ADD and not line.draft.known
    if line.pid_hash and (is_new or "citizen_number" in verdict.changes):
        set_pid_hash(actor=actor, user_id=user_id, pid_hash=line.pid_hash, at=at)
    return TakenLine(line.row, user_id, str(verdict.kind), is_new)


def _change(actor: Actor, verdict: LineVerdict, file: str, at: datetime) -> None:
    row = Staff.objects.get(entity_id=actor.entity_id, user_id=verdict.user_id)
    here = PersonHere(verdict.user_id, verdict.name, row.title, row.phone, row.email)
    change_contact(actor=actor, user_id=verdict.user_id, at=at, **contact_after(verdict.line.draft, here))
    for role in verdict.roles:
        grant_role(actor=actor, user_id=verdict.user_id, role=role, at=at, reason=file)


def give_first_passwords(*, actor: Actor, import_id: UUID, at: datetime) -> list[FirstPassword]:
    """One-time passwords for the next people of a taken list who have none yet, twenty at most; shown once, kept nowhere.

    Again gives those of the next, until nobody is left: the answer is empty then. Refuses identity.import_unknown.
    """
    del at
    require(actor, _ACT)
    with entity_transaction(actor.entity_id):
        lock_people(actor.entity_id)
        row = _required(actor, import_id)
        new = [each["user_id"] for each in row.taken if each["is_new"]]
        here = Staff.objects.filter(entity_id=actor.entity_id, user_id__in=new, left_at__isnull=True)
        titles = dict(here.values_list("user_id", "title"))
        ours = set(User.objects.filter(pk__in=titles, home_entity_id=actor.entity_id).values_list("pk", flat=True))
        waiting = [number for number in without_password(user_ids=new) if number in ours][:PASSWORDS_AT_ONCE]
        users = User.objects.in_bulk(waiting)
        made = [
            FirstPassword(
                number, users[number].username, users[number].full_name, titles[number], give_password(number)
            )
            for number in waiting
        ]
        if made:
            facts = {"people": len(made), "usernames": ", ".join(each.username for each in made)}
            document = f"people-import:{import_id}"
            audit.record(actor=actor, act="identity.give_first_passwords", document=document, facts=facts)
    return made
