"""Hats: the roles a person holds by position, and the duties a written order gives her."""

import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources

from khlang.identity.rules.entities import KEEPS_BOOKS, Level
from khlang.kernel.refusals import Refusal


class Role(StrEnum):
    """What a person is in one entity (R16). One person may hold several: an office of three people works (R333)."""

    REVENUE_OFFICER = "revenue_officer"
    FINANCE_OFFICER = "finance_officer"
    TREASURY_ANALYST = "treasury_analyst"
    HEAD_OF_TREASURY = "head_of_treasury"
    BUDGET_OFFICER = "budget_officer"
    SUPPLIES_OFFICER = "supplies_officer"
    HEAD_OF_SUPPLIES = "head_of_supplies"
    UNIT_CLERK = "unit_clerk"
    HEAD_OF_UNIT = "head_of_unit"
    CLERK = "clerk"
    EXECUTIVE = "executive"
    COUNCIL_SECRETARY = "council_secretary"
    INTERNAL_AUDITOR = "internal_auditor"
    AUDITOR = "auditor"
    LOCAL_ADMINISTRATOR = "local_administrator"
    PROVINCE_OFFICER = "province_officer"
    DEPARTMENT_OFFICER = "department_officer"
    DEPARTMENT_OPERATOR = "department_operator"
    # Never granted: who reads another entity's books with a recorded reason, and who works on the server itself.
    VISITOR = "visitor"
    OPERATOR = "operator"


class Duty(StrEnum):
    """What only a person named in an order valid that day may do (R17)."""

    CASH_COMMITTEE = "cash_committee"
    CASH_ALTERNATE = "cash_alternate"
    DAILY_CHECKER = "daily_checker"
    MONEY_CARRIER = "money_carrier"
    EBANKING_MAKER = "ebanking_maker"
    EBANKING_CHECKER = "ebanking_checker"
    EBANKING_APPROVER = "ebanking_approver"
    PAYEE_MAINTAINER = "payee_maintainer"
    SUPPLIES_STAFF = "supplies_staff"
    INSPECTOR = "inspector"
    STOCK_COUNTER = "stock_counter"
    COMPENSATING_REVIEWER = "compensating_reviewer"


GRANTABLE_ROLES = frozenset(Role) - {Role.VISITOR, Role.OPERATOR}

FINANCE_ROLES = frozenset(
    {
        Role.REVENUE_OFFICER,
        Role.FINANCE_OFFICER,
        Role.TREASURY_ANALYST,
        Role.HEAD_OF_TREASURY,
        Role.BUDGET_OFFICER,
        Role.SUPPLIES_OFFICER,
        Role.HEAD_OF_SUPPLIES,
        Role.UNIT_CLERK,
        Role.HEAD_OF_UNIT,
    },
)
"""Roles that prepare, check or post money; whoever keeps the list of users holds none of them (R332)."""

_LEVELS: Mapping[Role, frozenset[Level]] = {
    Role.PROVINCE_OFFICER: frozenset({Level.PROVINCE}),
    Role.DEPARTMENT_OFFICER: frozenset({Level.DEPARTMENT}),
    Role.DEPARTMENT_OPERATOR: frozenset({Level.DEPARTMENT}),
    Role.LOCAL_ADMINISTRATOR: frozenset(Level),
    Role.COUNCIL_SECRETARY: frozenset({Level.LOCAL_GOVERNMENT}),
}


@dataclass(frozen=True, slots=True)
class HatWords:
    """What a hat is called and what it is for, in both languages, and its rule (R16, R17)."""

    th: str
    en: str
    does_th: str
    does_en: str
    rule: str


@cache
def _words() -> Mapping[str, HatWords]:
    source = resources.files("khlang.identity") / "hats.toml"
    return {hat: HatWords(**words) for hat, words in tomllib.loads(source.read_text(encoding="utf-8")).items()}


def hat_words(hat: str) -> HatWords:
    """The words of a role or duty."""
    return _words()[hat]


def hat_name(hat: str, *, english: bool = False) -> str:
    """What a role or duty is called; any other word is given back."""
    words = _words().get(hat)
    return hat if words is None else words.en if english else words.th


def roles_at(level: str) -> tuple[Role, ...]:
    """The roles that may be given in an entity of this level, in the order of the table."""
    return tuple(role for role in Role if role in GRANTABLE_ROLES and level in _LEVELS.get(role, KEEPS_BOOKS))


def check_combination(*, role: str, held: Collection[str], excepted: bool) -> Iterator[Refusal]:
    """Whoever keeps the list of users holds no finance role: yield identity.roles_incompatible {role, other, rule} (R332).

    `excepted` tells that a written exception for R332 covers the person on this day (R333).
    """
    if excepted:
        return
    administrator = Role.LOCAL_ADMINISTRATOR
    others = held if role == administrator else {administrator} & set(held)
    clashing = sorted(set(others) & FINANCE_ROLES) if role == administrator else sorted(others)
    if role != administrator and role not in FINANCE_ROLES:
        return
    for other in clashing:
        yield Refusal("identity.roles_incompatible", {"role": role, "other": other, "rule": "R332"}, "role")


def check_roles(*, roles: Collection[str], held: Collection[str], excepted: bool) -> Iterator[Refusal]:
    """The same for several roles given one after the other to somebody who holds `held`."""
    worn = set(held)
    for role in roles:
        yield from check_combination(role=role, held=worn, excepted=excepted)
        worn.add(role)
