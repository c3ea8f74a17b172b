"""A list of people out of a file: what each row says, read into drafts with the cell of everything."""

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from khlang.identity.rules.hats import hat_words
from khlang.identity.rules.people import PersonDraft, username_of
from khlang.kernel.refusals import Refusal
from khlang.kernel.tables import Columns, TableRow, find_columns
from khlang.kernel.thai_text import normalise, search_key, to_arabic_digits
from khlang.toolkit.citizen_number import is_citizen_number

FILE_BYTES_MAX = 2 * 2**20
PEOPLE_MAX = 300
ROLE_COLUMNS = ("role_1", "role_2", "role_3")
_TEXT_MAX = 200
_SEVERAL = re.compile(r"[;,\n]+")


@dataclass(frozen=True, slots=True)
class FileColumn:
    """One column of the list: its name in code, its heading and hint, its width, what its drop-down offers."""

    name: str
    heading: str
    hint: str
    example: str
    width: int
    listed: str = ""
    needed: bool = False


@cache
def people_file() -> Mapping[str, Any]:
    """Everything that is said about the file."""
    source = resources.files("khlang.identity") / "people_file.toml"
    return tomllib.loads(source.read_text(encoding="utf-8"))


def file_columns(*, english: bool = False) -> tuple[FileColumn, ...]:
    """The columns in the order of the template, in one language."""
    language = "en" if english else "th"
    return tuple(
        FileColumn(
            name=name,
            heading=column[language],
            hint=column[f"hint_{language}"],
            example=column.get(f"example_{language}", column["example"]),
            width=column["width"],
            listed=column.get("list", ""),
            needed=column.get("needed", False),
        )
        for name, column in people_file()["columns"].items()
    )


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One row of the list as it was understood: the person, the cell of each field, and what could not be read.

    `pid_hash` is the keyed hash of the citizen number, or empty: the number itself is never part of this.
    """

    row: int
    draft: PersonDraft
    places: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[Refusal, ...] = ()
    pid_hash: str = ""

    def place(self, name: str) -> str:
        """The cell of a field; of the user name when the file has no such column."""
        return self.places.get(name) or self.places.get("username") or str(self.row)


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A row with the digits of its citizen number, which are to be hashed at once and forgotten."""

    line: PersonLine
    citizen_digits: str = ""


def people_columns(rows: Sequence[TableRow]) -> Columns:
    """Where the columns of the list stand; headings of both languages are known."""
    columns = people_file()["columns"]
    return find_columns(
        rows, {name: (name, each["th"], each["en"], *each.get("also", ())) for name, each in columns.items()}
    )


def check_people_columns(columns: Columns) -> Iterator[Refusal]:
    """Yield identity.file_column_missing {column} for each column without which nobody can be added."""
    for column in file_columns():
        if column.needed and columns.at(column.name) is None:
            yield Refusal("identity.file_column_missing", {"column": column.heading}, "file")


def people_lines(rows: Sequence[TableRow], columns: Columns, *, roles: Collection[str]) -> Iterator[ReadLine]:
    """Read every row below the headings. `roles` are those that may be given here; their names are read in both languages.

    Faults, each at its cell: identity.role_unknown {role}, .answer_unknown {text}, .phone_lost_zero,
    .citizen_number_wrong, .citizen_number_misplaced (both without the number), and what the reader of the file found.
    """
    known = _role_words(roles)
    for row in rows:
        if row.number > columns.row:
            yield _Reading(row, columns, known).read()


def _role_words(roles: Collection[str]) -> dict[str, str]:
    named = {role: hat_words(role) for role in roles}
    return {search_key(word): role for role, words in named.items() for word in (role, words.th, words.en)}


class _Reading:
    """One row while it is read: every look at a cell may add a fault."""

    def __init__(self, row: TableRow, columns: Columns, roles: Mapping[str, str]) -> None:
        self.row, self.columns, self.roles = row, columns, roles
        self.places = {name: row.place(position) for name, position in columns.places.items()}
        self.faults = list(row.faults)

    def read(self) -> ReadLine:
        texts = {name: self._text(name) for name in self.columns.places if name != "citizen_number"}
        digits = self._citizen_digits()
        self._check_phone(texts.get("phone", ""))
        draft = PersonDraft(
            username=username_of(texts.get("username", "")),
            full_name=texts.get("full_name", ""),
            title=texts.get("title", ""),
            phone=to_arabic_digits(texts.get("phone", "")),
            email=texts.get("email", ""),
            roles=self._roles(texts),
            known=self._known(texts.get("known", "")),
        )
        return ReadLine(PersonLine(self.row.number, draft, self.places, tuple(self.faults)), digits)

    def _fault(self, code: str, name: str, **facts: str) -> None:
        self.faults.append(Refusal(code, facts, self.places[name]))

    def _text(self, name: str) -> str:
        text = normalise(self.row.text(self.columns.at(name))[: _TEXT_MAX * 4])[:_TEXT_MAX]
        if is_citizen_number(_digits(text)):
            # In the wrong column it would be shown, kept and printed.
            self._fault("identity.citizen_number_misplaced", name)
            return ""
        return text

    def _citizen_digits(self) -> str:
        digits = _digits(self.row.text(self.columns.at("citizen_number")))
        if digits and not is_citizen_number(digits):
            self._fault("identity.citizen_number_wrong", "citizen_number")
            return ""
        return digits

    def _check_phone(self, text: str) -> None:
        # A number of Excel has no leading zero: what is left of a telephone number is another one.
        if self.columns.at("phone") in self.row.numbers and text and not text.startswith("0"):
            self._fault("identity.phone_lost_zero", "phone")

    def _roles(self, texts: Mapping[str, str]) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for name in ROLE_COLUMNS:
            for word in filter(None, map(str.strip, _SEVERAL.split(texts.get(name, "")))):
                role = self.roles.get(search_key(word))
                if role is None:
                    self._fault("identity.role_unknown", name, role=word[:60])
                else:
                    found.setdefault(role)
                    self.places.setdefault(f"role:{role}", self.places[name])
        return tuple(found)

    def _known(self, text: str) -> bool:
        answers = people_file()["answers"]
        spoken = search_key(text)
        yes = {search_key(word) for word in (*answers["yes"].values(), *answers["also_yes"])}
        no = {search_key(word) for word in ("", *answers["no"].values(), *answers["also_no"])}
        if spoken not in yes | no:
            self._fault("identity.answer_unknown", "known", text=text[:40])
        return spoken in yes


def _digits(text: str) -> str:
    return "".join(sign for sign in to_arabic_digits(normalise(text[:80])) if sign not in " -")


def line_as_facts(line: PersonLine) -> dict[str, Any]:
    """A line as plain values, to be kept until it is taken."""
    draft = line.draft
    names = ("username", "full_name", "title", "phone", "email", "known")
    return {
        "row": line.row,
        "draft": {**{name: getattr(draft, name) for name in names}, "roles": list(draft.roles)},
        "places": dict(line.places),
        "faults": [[each.code, dict(each.facts), each.where] for each in line.faults],
        "pid_hash": line.pid_hash,
    }


def line_of_facts(facts: Mapping[str, Any]) -> PersonLine:
    """The line that was kept."""
    draft = PersonDraft(**{**facts["draft"], "roles": tuple(facts["draft"]["roles"])})
    faults = tuple(Refusal(code, told, where) for code, told, where in facts["faults"])
    return PersonLine(facts["row"], draft, facts["places"], faults, facts["pid_hash"])
