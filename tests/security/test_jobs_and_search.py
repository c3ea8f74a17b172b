"""Doors that are no page: background work and the search boxes, asked for another entity's things."""

import pytest
from django.test import Client
from django.utils import timezone

from khlang.continuity import jobs, queries
from khlang.identity import queries as identity
from khlang.identity.commands import end_role
from khlang.toolkit.tenancy import entity_transaction
from tests import builders
from tests.continuity import files

pytestmark = pytest.mark.usefixtures("committed_db")
SECRET = "Sequoia"


def an_office(*, says: str = "Land tax"):
    entity = builders.an_entity()
    operator = builders.a_fiscal_year(actor=builders.an_actor(entity=entity))
    builders.a_posted_journal(actor=operator, description=says)
    return entity, builders.a_person("finance_officer", "head_of_treasury", entity=entity)


def an_import(person):
    """A file that a colleague sent, so that this person is the second hand."""
    colleague = builders.a_person("finance_officer", entity=identity.entity(code=person.entity_code))
    return files.sent(colleague, files.a_workbook(files.two_rows("A-1")))


def state_of(entity, found) -> str:
    with entity_transaction(entity.entity_id, read_only=True):
        return str(queries.import_(import_id=found.id).state)


def asked(entity, person, found) -> dict[str, object]:
    return {
        "entity_code": entity.code,
        "user_id": person.user_id,
        "user_name": person.name,
        "import_id": str(found.id),
        "accepts_valid": False,
    }


@pytest.mark.parametrize("named", ["ours", "theirs"])
def test_a_job_of_a_stranger_does_nothing(named):
    """Whether the job names our entity, in which she has no role, or her own, which does not know our import."""
    entity, person = an_office()
    elsewhere, stranger = an_office()
    found = an_import(person)
    before = state_of(entity, found)

    jobs.post_import(**asked(entity if named == "ours" else elsewhere, stranger, found))

    assert state_of(entity, found) == before != "posted"


def test_a_job_does_nothing_after_the_role_of_its_person_ended():
    entity, person = an_office()
    found = an_import(person)
    for role in ("finance_officer", "head_of_treasury"):
        end_role(actor=builders.an_actor(entity=entity), user_id=person.user_id, role=role, at=timezone.now())

    jobs.post_import(**asked(entity, person, found))

    assert state_of(entity, found) != "posted"


def test_the_same_job_of_its_own_person_posts():
    entity, person = an_office()
    found = an_import(person)

    jobs.post_import(**asked(entity, person, found))

    assert state_of(entity, found) == "posted"


@pytest.mark.parametrize("word", [SECRET, "100.00"])
def test_the_search_box_finds_what_is_ours_and_nothing_of_others(word):
    entity, person = an_office(says=SECRET)
    elsewhere, stranger = an_office()

    def hits(who, where):
        client = Client()
        builders.sign_in(client, who)
        return client.get(f"/{where.code}/palette", {"q": word})

    assert SECRET in hits(person, entity).content.decode()
    assert SECRET not in hits(stranger, elsewhere).content.decode()
    assert hits(stranger, entity).status_code == 404
