"""What the frame of every page asks the database: little, the same for every role, and no more where more is waiting."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from khlang.toolkit.tenancy import entity_transaction, once
from tests import builders
from tests.journal_vouchers import makers
from tests.operations.makers import announced

pytestmark = pytest.mark.django_db
ROLES = ("finance_officer", "head_of_treasury", "clerk", "executive", "auditor")


@pytest.fixture
def office():
    entity = builders.an_entity()
    builders.a_fiscal_year(actor=builders.an_actor(entity=entity))
    return entity


def asked(actor) -> list[str]:
    """What a page without figures of its own asks once the session is known."""
    client = Client(headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/130"})
    builders.sign_in(client, actor)
    address = f"/{actor.entity_code}/permissions/"
    for _ in range(2):
        assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as found:
        client.get(address)
    return [each["sql"] for each in found.captured_queries if not each["sql"].startswith(("SAVEPOINT", "RELEASE"))]


def test_a_page_asks_as_little_for_every_role(office):
    """Session, person, entity, transaction, rights, working year, work; then one more for each who has work."""
    counted = {role: len(asked(builders.a_person(role, entity=office))) for role in ROLES}

    # A month that ended waits for the head of treasury.
    assert counted == {"finance_officer": 7, "head_of_treasury": 8, "clerk": 7, "executive": 7, "auditor": 7}


def test_a_page_asks_no_more_for_six_vouchers_than_for_one(office):
    maker = builders.a_person("finance_officer", entity=office)
    head = builders.a_person("head_of_treasury", entity=office)
    before = len(asked(head))
    makers.a_submitted(maker)
    one = len(asked(head))
    for _ in range(5):
        makers.a_submitted(maker)

    assert (one, len(asked(head))) == (before + 1, before + 1)


def test_an_announcement_costs_its_receipts_once(office, real_announcements):
    actor = builders.a_person("finance_officer", entity=office)
    announced(is_important=True)
    asked(actor)

    assert len([each for each in asked(actor) if "operations_receipt" in each]) == 1


def test_a_question_is_asked_once_where_nothing_is_written_and_each_time_elsewhere(office):
    counted = []

    def ask() -> int:
        counted.append(1)
        return len(counted)

    with entity_transaction(office.entity_id, read_only=True):
        reading = [once("question", ask), once("question", ask), once(("question", 2), ask)]
    with entity_transaction(office.entity_id):
        writing = [once("question", ask), once("question", ask)]
    outside = [once("question", ask), once("question", ask)]

    assert (reading, writing, outside) == ([1, 1, 2], [3, 4], [5, 6])
