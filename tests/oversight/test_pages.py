"""The pages of the record: for those whose duty it is, in their own entity only."""

import pytest

from tests import builders

pytestmark = pytest.mark.django_db
PAGES = ("audit/", "audit/acts.xlsx")


def answer(client, actor, entity_code, page):
    builders.sign_in(client, actor)
    return client.get(f"/{entity_code}/{page}").status_code


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(("role", "status"), [("auditor", 200), ("finance_officer", 403), ("local_administrator", 403)])
def test_record_is_read_by_those_whose_duty_it_is(client, page, role, status):
    entity = builders.an_entity()
    reader = builders.a_person(role, entity=entity)

    assert answer(client, reader, entity.code, page) == status


@pytest.mark.parametrize("page", PAGES)
def test_record_of_another_entity_does_not_exist(client, page):
    reader = builders.a_person("auditor", entity=builders.an_entity())

    assert answer(client, reader, builders.an_entity().code, page) == 404
