"""Lists of people that were sent as a file, inside the transaction of the entity."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from khlang.identity.models import Entity, Membership, OrderLine, PeopleImport, Staff, User
from khlang.identity.queries.actors import by_day
from khlang.identity.rules import (
    LineVerdict,
    ListFacts,
    PeopleFileView,
    PersonHere,
    PersonLine,
    TakenLine,
    judge_lines,
    line_of_facts,
    roles_at,
)
from khlang.kernel.fiscal_calendar import THAI_TIME
from khlang.toolkit.tenancy import required_entity_id

_IMPORTS_SHOWN = 10


def people_file_view(*, import_id: UUID, at: datetime) -> PeopleFileView | None:
    """One list: judged as things stand now, or, once it was taken, what became of it; None for one unknown here."""
    row = PeopleImport.objects.filter(entity_id=required_entity_id(), import_id=import_id).first()
    if row is None:
        return None
    if row.done_at is not None:
        return _view(row)
    same = PeopleImport.objects.filter(entity_id=row.entity_id, sha256=row.sha256, done_at__isnull=False)
    before = same.order_by("-done_at").values_list("done_at", flat=True).first()
    return _view(row, verdicts_of(row, at=at), before)


def verdicts_of(row: PeopleImport, *, at: datetime) -> tuple[LineVerdict, ...]:
    """The rows of a list, judged by what is true here now."""
    lines = [line_of_facts(each) for each in row.lines]
    return judge_lines(lines, _facts(row.entity_id, lines, at.astimezone(THAI_TIME).date()))


def people_files() -> list[PeopleFileView]:
    """The lists that were taken here, newest first."""
    found = PeopleImport.objects.filter(entity_id=required_entity_id(), done_at__isnull=False).order_by("-done_at")
    return [_view(row) for row in found[:_IMPORTS_SHOWN]]


def without_password(*, user_ids: Sequence[int]) -> list[int]:
    """Those of these people whose account has no password yet, in the order given."""
    users = User.objects.in_bulk(user_ids)
    return [number for number in user_ids if number in users and not users[number].has_usable_password()]


def _view(row: PeopleImport, verdicts: tuple[LineVerdict, ...] = (), before: datetime | None = None) -> PeopleFileView:
    return PeopleFileView(
        import_id=row.import_id,
        file_name=row.file_name,
        sent_by_name=row.sent_by_name,
        sent_at=row.sent_at,
        done_at=row.done_at,
        done_by_name=row.done_by_name,
        mode=row.mode,
        same=row.same,
        left_out=row.left_out,
        verdicts=verdicts,
        taken=tuple(TakenLine(**each) for each in row.taken),
        before=before,
    )


def _facts(entity_id: int, lines: Sequence[PersonLine], day: date) -> ListFacts:
    """What judging needs, in as many questions for one row as for three hundred."""
    level = Entity.objects.values_list("level", flat=True).get(pk=entity_id)
    staff = {row.user_id: row for row in Staff.objects.filter(entity_id=entity_id, left_at__isnull=True)}
    users = User.objects.in_bulk(staff)
    named = {line.draft.username for line in lines}
    numbers = {line.pid_hash for line in lines if line.pid_hash}
    held: dict[int, set[str]] = {number: set() for number in staff}
    for number, role in Membership.objects.filter(
        entity_id=entity_id, user_id__in=staff, ended_at__isnull=True
    ).values_list("user_id", "role"):
        held[number].add(role)
    excepted = set(
        OrderLine.objects.filter(entity_id=entity_id, rule="R332", starts_on__lte=day)
        .filter(by_day(day))
        .values_list("user_id", flat=True)
    )
    homes = _homes({user.home_entity_id for user in users.values()} - {entity_id})
    return ListFacts(
        here={
            users[number].username: PersonHere(
                user_id=number,
                name=users[number].full_name,
                title=row.title,
                phone=row.phone,
                email=row.email,
                roles=frozenset(held[number]),
                home=homes.get(users[number].home_entity_id, "") if users[number].home_entity_id != entity_id else "",
                excepted=number in excepted,
            )
            for number, row in staff.items()
        },
        accounts=dict(User.objects.filter(username__in=named).values_list("username", "full_name")),
        roles=frozenset(roles_at(level)),
        pid_owners={
            str(number): username
            for number, username in User.objects.filter(pid_hash__in=numbers).values_list("pid_hash", "username")
        },
    )


def _homes(numbers: set[int | None]) -> dict[int | None, str]:
    known = [number for number in numbers if number is not None]
    return {None: "-", **dict(Entity.objects.filter(pk__in=known).values_list("pk", "name_th"))}
