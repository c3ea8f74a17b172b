"""The invented people one may be, and what each consents to tell."""

import hashlib
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

PID_DIGITS = 13


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who does not exist. `pid` has 13 digits with a valid check digit; `note` says what she is good for."""

    key: str
    pid: str
    title: str
    given_name: str
    family_name: str
    title_en: str
    given_name_en: str
    family_name_en: str
    gender: str
    birthdate: str
    ial: str
    note: str

    @property
    def subject(self) -> str:
        """The identifier in an id_token: not the number of the citizen, the same at each visit."""
        return hashlib.sha256(f"subject:{self.pid}".encode()).hexdigest()[:32]

    def claims(self, scopes: frozenset[str]) -> dict[str, str]:
        """One claim for each scope that was granted and that this person has."""
        told = {
            "pid": self.pid,
            "name": f"{self.title}{self.given_name} {self.family_name}",
            "name_en": f"{self.title_en} {self.given_name_en} {self.family_name_en}",
            "title": self.title,
            "title_en": self.title_en,
            "given_name": self.given_name,
            "given_name_en": self.given_name_en,
            "family_name": self.family_name,
            "family_name_en": self.family_name_en,
            "birthdate": self.birthdate,
            "gender": self.gender,
            "ial": self.ial,
        }
        return {name: value for name, value in told.items() if name in scopes}


@cache
def people() -> tuple[Person, ...]:
    """Everybody, in the order of the file."""
    text = (resources.files("thaid_simulator") / "data" / "persons.toml").read_text(encoding="utf-8")
    return tuple(Person(**entry) for entry in tomllib.loads(text)["people"])


def person(key: str) -> Person | None:
    """The person with this key."""
    return next((each for each in people() if each.key == key), None)


def check_digit_holds(pid: str) -> bool:
    """Whether the thirteenth digit follows from the other twelve."""
    if len(pid) != PID_DIGITS or not pid.isdecimal():
        return False
    total = sum(int(digit) * (PID_DIGITS - place) for place, digit in enumerate(pid[:-1]))
    return (11 - total % 11) % 10 == int(pid[-1])
