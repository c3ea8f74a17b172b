"""The home page of the department and of a province: what is theirs to do, and no word of books."""

from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.test import Client

from khlang.identity import queries
from khlang.identity.commands import begin_visit
from tests import builders
from tests.operations.makers import HOUR, announced, switch

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real_modes", "real_announcements")]


def home(person) -> str:
    client = Client()
    builders.sign_in(client, person)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client.get(f"/{person.entity_code}/").content.decode()


@pytest.mark.parametrize(
    ("code", "role", "seen", "unseen"),
    [
        ("DLA", "department_operator", {"Set or plan a mode"}, {"New announcement", "My visits now"}),
        ("DLA", "department_officer", {"New announcement", "My visits now"}, {"Set or plan a mode"}),
        ("P12", "province_officer", {"Visit the books of an entity"}, {"Set or plan a mode", "New announcement"}),
    ],
)
def test_an_office_above_sees_what_its_role_does_and_no_books(code, role, seen, unseen):
    announced(title_en="Close the month early")
    switch("maintenance", starts_in=2 * HOUR)

    page = home(builders.a_person(role, entity=queries.entity(code=code)))

    for words in seen | {"System for all offices", "Planned: closed for maintenance", "Close the month early"}:
        assert words in page, words
    for words in unseen | {"The figures come from the books", "Closing of fiscal year", "Trial balance"}:
        assert words not in page, words


def test_a_visit_under_way_leads_back_to_the_books():
    person = builders.a_person("department_officer", entity=queries.entity(code="DLA"))
    office = builders.an_entity()
    assert "You read nobody" in home(person)

    begin_visit(actor=person, entity_code=office.code, reason="Letter 12/2569: spot check", at=datetime.now(UTC))

    page = home(person)
    assert f'href="/{office.code}/"' in page
    assert "Letter 12/2569" in page
