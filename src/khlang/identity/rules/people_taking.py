"""What a list of people would do here: add, change, leave alone, and every reason why a row may not be taken."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from khlang.identity.rules.hats import check_roles
from khlang.identity.rules.people import (
    Namesakes,
    PersonDraft,
    PersonView,
    check_account,
    check_contact,
    check_namesakes,
    check_person,
)
from khlang.identity.rules.people_files import PersonLine
from khlang.kernel.refusals import Refusal
from khlang.kernel.thai_text import normalise, search_key


class LineKind(StrEnum):
    """What becomes of a row."""

    ADD = "add"
    CHANGE = "change"
    SAME = "same"
    WRONG = "wrong"


class TakeMode(StrEnum):
    """What is done with a list in which some rows are wrong."""

    ALL = "all"
    VALID = "valid"


@dataclass(frozen=True, slots=True)
class PersonHere:
    """Somebody on the list now. `home` names the entity that keeps her account when it is another one."""

    user_id: int
    name: str
    title: str
    phone: str
    email: str
    roles: frozenset[str] = frozenset()
    home: str = ""
    excepted: bool = False


@dataclass(frozen=True, slots=True)
class ListFacts:
    """What is true here before a list is taken.

    `accounts` are the names of all people in the system whose user names stand in the list, `pid_owners` the user names
    of those who have a citizen number of the list.
    """

    here: Mapping[str, PersonHere] = field(default_factory=dict)
    accounts: Mapping[str, str] = field(default_factory=dict)
    roles: frozenset[str] = frozenset()
    pid_owners: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LineVerdict:
    """One row: what becomes of it, which fields of somebody here change, every reason against it at its cell."""

    line: PersonLine
    kind: LineKind
    user_id: int = 0
    name: str = ""
    changes: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class TakenLine:
    """What became of one row: the person, and whether she was added (with an account of her own) or changed."""

    row: int
    user_id: int
    what: str
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class PeopleFileView:
    """A list that was sent: its rows and verdicts until it is taken, afterwards what became of them."""

    import_id: UUID
    file_name: str
    sent_by_name: str
    sent_at: datetime
    done_at: datetime | None = None
    done_by_name: str = ""
    mode: str = ""
    same: int = 0
    left_out: int = 0
    verdicts: tuple[LineVerdict, ...] = ()
    taken: tuple[TakenLine, ...] = ()
    before: datetime | None = None

    def count(self, kind: str) -> int:
        """How many rows are of a kind."""
        return sum(1 for each in self.verdicts if each.kind == kind)


def check_taking(verdicts: Sequence[LineVerdict], *, mode: str) -> Iterator[Refusal]:
    """Yield identity.import_has_errors {count} where all rows are wanted, .import_nothing_to_do, .import_mode_unknown."""
    wrong = sum(1 for each in verdicts if each.kind is LineKind.WRONG)
    if mode not in set(TakeMode):
        yield Refusal("identity.import_mode_unknown", where="mode")
    if wrong and mode == TakeMode.ALL:
        yield Refusal("identity.import_has_errors", {"count": wrong}, "mode")
    elif not any(each.kind in (LineKind.ADD, LineKind.CHANGE) for each in verdicts):
        yield Refusal("identity.import_nothing_to_do", where="mode")


def judge_lines(lines: Sequence[PersonLine], facts: ListFacts) -> tuple[LineVerdict, ...]:
    """Judge every row by the rules that hold for one person by page, and the rows among each other."""
    names: dict[str, str] = {}
    numbers: dict[str, str] = {}
    colleagues = Namesakes(PersonView(each.user_id, each.name, each.title) for each in facts.here.values())
    found = []
    for line in lines:
        verdict = _judged(line, facts, colleagues, [*_twice(line, names, numbers)])
        found.append(verdict)
        if verdict.kind is LineKind.ADD:
            colleagues.add(PersonView(-line.row, verdict.name, line.draft.title))
    return tuple(found)


def _twice(line: PersonLine, names: dict[str, str], numbers: dict[str, str]) -> Iterator[Refusal]:
    """A user name or a citizen number that stands in an earlier row already; the earlier cell is named."""
    username = line.draft.username
    if username and names.setdefault(username, line.place("username")) != line.place("username"):
        facts = {"username": username, "cell": names[username]}
        yield Refusal("identity.username_twice_in_file", facts, "username")
    cell = line.place("citizen_number")
    if line.pid_hash and numbers.setdefault(line.pid_hash, cell) != cell:
        yield Refusal("identity.citizen_number_twice_in_file", {"cell": numbers[line.pid_hash]}, "citizen_number")


def _judged(line: PersonLine, facts: ListFacts, colleagues: Namesakes, twice: Sequence[Refusal]) -> LineVerdict:
    here = facts.here.get(line.draft.username)
    if here is None:
        account = facts.accounts.get(line.draft.username)
        name = (account or "") if line.draft.known else normalise(line.draft.full_name)
        refusals = _placed(line, [*twice, *_check_new(line, facts, account, colleagues)])
        kind = LineKind.WRONG if refusals else LineKind.ADD
        return LineVerdict(line, kind, name=name, roles=line.draft.roles, refusals=refusals)
    changes, roles = tuple(_changes(line, here, facts)), tuple(r for r in line.draft.roles if r not in here.roles)
    refusals = _placed(line, [*twice, *_check_here(line, here, facts, colleagues)])
    kind = LineKind.WRONG if refusals else LineKind.CHANGE if changes else LineKind.SAME
    return LineVerdict(line, kind, here.user_id, here.name, changes, roles, refusals)


def _check_new(line: PersonLine, facts: ListFacts, account: str | None, colleagues: Namesakes) -> Iterator[Refusal]:
    draft = line.draft
    yield from check_person(draft, colleagues=colleagues.of(draft.full_name))
    yield from check_account(draft, account=account, is_here=False, roles=facts.roles)
    yield from check_roles(roles=draft.roles, held=(), excepted=False)
    if draft.known and line.pid_hash and facts.pid_owners.get(line.pid_hash) != draft.username:
        # Her citizen number is set by the entity that keeps her account, and by no other.
        yield Refusal("identity.home_elsewhere", {"name": account or "-", "entity": "-"}, "citizen_number")
    elif facts.pid_owners.get(line.pid_hash, draft.username) != draft.username:
        yield Refusal("identity.citizen_number_used", where="citizen_number")


def _check_here(line: PersonLine, here: PersonHere, facts: ListFacts, colleagues: Namesakes) -> Iterator[Refusal]:
    draft = line.draft
    if draft.full_name and search_key(draft.full_name) != search_key(here.name):
        yield Refusal("identity.import_name_differs", {"username": draft.username, "name": here.name}, "full_name")
    yield from check_contact(title=draft.title, phone=draft.phone, email=draft.email)
    if draft.title and normalise(draft.title) != here.title:
        others = [each for each in colleagues.of(here.name) if each.user_id != here.user_id]
        yield from check_namesakes(name=here.name, title=draft.title, colleagues=others)
    new = [role for role in draft.roles if role not in here.roles]
    yield from check_roles(roles=new, held=here.roles, excepted=here.excepted)
    owner = facts.pid_owners.get(line.pid_hash, "")
    if line.pid_hash and owner != draft.username:
        if owner:
            yield Refusal("identity.citizen_number_used", where="citizen_number")
        if here.home:
            yield Refusal("identity.home_elsewhere", {"name": here.name, "entity": here.home}, "citizen_number")


def _changes(line: PersonLine, here: PersonHere, facts: ListFacts) -> Iterator[str]:
    """The fields of somebody here that the row would change; an empty cell changes nothing, a role is never taken."""
    for name in ("title", "phone", "email"):
        wanted = normalise(getattr(line.draft, name))
        if wanted and wanted != getattr(here, name):
            yield name
    if any(role not in here.roles for role in line.draft.roles):
        yield "roles"
    if line.pid_hash and facts.pid_owners.get(line.pid_hash) != line.draft.username:
        yield "citizen_number"


def _placed(line: PersonLine, refusals: Sequence[Refusal]) -> tuple[Refusal, ...]:
    """Every reason at its cell, one of a kind; a cell that could not be read is not judged besides."""
    unread = {each.where for each in line.faults}
    found = {(each.code, each.where): each for each in line.faults}
    for each in refusals:
        role = str(each.facts.get("role", ""))
        is_role = each.where in ("role", "roles")
        place = line.place(f"role:{role}" if is_role else each.where)
        if place not in unread:
            found.setdefault((each.code, place), each.at(place))
    return tuple(found.values())


def contact_after(draft: PersonDraft, here: PersonHere) -> dict[str, str]:
    """Title, telephone and e-mail of somebody here after her row is taken."""
    return {name: getattr(draft, name) or getattr(here, name) for name in ("title", "phone", "email")}
