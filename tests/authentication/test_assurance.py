"""How surely a person must be proved: levels compare as numbers, tables change on a day."""

from datetime import date

import pytest

from khlang.authentication.rules.assurance import (
    LOWEST,
    Requirement,
    assurance_level,
    assurance_refusals,
    requirements,
)
from khlang.identity.rules import Role

DAY = date(2026, 11, 25)


def found(**changes) -> list[tuple[str, dict]]:
    facts = {"roles": ["clerk"], "ial": "2.3", "has_second_factor": True, "on_date": DAY, **changes}
    return [(each.code, dict(each.facts)) for each in assurance_refusals(**facts)]


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("2.3", (2, 3)),
        (" 3 ", (3,)),
        ("2.10", (2, 10)),
        ("", LOWEST),
        ("high", LOWEST),
        ("2.", LOWEST),
        ("-1", LOWEST),
        ("2,3", LOWEST),
        ("๒.๓", LOWEST),
    ],
)
def test_assurance_level_reads_numbers_and_takes_the_rest_for_the_lowest(text: str, level: tuple[int, ...]) -> None:
    assert assurance_level(text) == level


def test_levels_compare_as_numbers_and_not_as_fractions() -> None:
    ordered = ["", "1.1", "1.3", "2", "2.1", "2.3", "2.10", "3"]

    assert sorted(ordered, key=assurance_level) == ordered


def test_assurance_is_enough_at_the_level_asked_for_and_above() -> None:
    assert found(ial="2.3") == found(ial="3") == []


@pytest.mark.parametrize(("ial", "given"), [("2.1", "2.1"), ("1.1", "1.1"), ("", "-"), ("high", "high")])
def test_assurance_refuses_a_lower_level(ial: str, given: str) -> None:
    assert found(ial=ial) == [("authentication.assurance_too_low", {"given": given, "needed": "2.3"})]


def test_assurance_refuses_a_role_without_its_second_factor_once_offices_had_time_for_it() -> None:
    later = date(2027, 10, 1)

    assert found(has_second_factor=False) == []
    assert found(has_second_factor=False, on_date=later) == [("authentication.second_factor_needed", {})]
    assert found(has_second_factor=False, ial="1.1", on_date=later) == [
        ("authentication.assurance_too_low", {"given": "1.1", "needed": "2.3"}),
        ("authentication.second_factor_needed", {}),
    ]


def test_of_several_roles_the_highest_counts() -> None:
    assert found(roles=["auditor"], ial="2.1", has_second_factor=False) == []
    assert found(roles=["auditor", "executive"], ial="2.1") != []


def test_a_requirement_counts_from_its_day_on_and_the_newest_replaces_the_older() -> None:
    table = (
        Requirement("clerk", date(2026, 1, 1), "1.1", second_factor=False, source=""),
        Requirement("clerk", date(2026, 12, 1), "2.3", second_factor=True, source=""),
    )

    assert found(ial="1.1", has_second_factor=False, table=table) == []
    assert found(ial="", on_date=date(2025, 12, 31), has_second_factor=False, table=table) == []
    assert len(found(ial="1.1", has_second_factor=False, on_date=date(2026, 12, 1), table=table)) == 2


def test_the_table_names_roles_that_exist_and_says_where_each_line_comes_from() -> None:
    assert {each.role for each in requirements()} <= {"*", *Role}
    assert all(each.source and assurance_level(each.ial) > LOWEST for each in requirements())
