"""Who read personal data: recorded before anything is shown, seen by those concerned, told when it is very much."""

import pytest
from django.urls import reverse
from django.utils.timezone import localdate, now

from khlang.audit import commands as audit
from khlang.audit import queries as record
from khlang.audit.rules import ActFilter
from khlang.oversight import queries
from khlang.toolkit.tenancy import entity_transaction
from tests import builders

pytestmark = pytest.mark.django_db


class Office:
    """An administrator, an auditor and an officer whose data they read."""

    def __init__(self, client):
        self.client, self.entity = client, builders.an_entity()
        self.keeper = builders.a_person("local_administrator", entity=self.entity, name="Kan Keeper")
        self.auditor = builders.a_person("auditor", entity=self.entity, name="Anong Audit")
        self.officer = builders.a_person("finance_officer", entity=self.entity, name="Malee Srisuk")

    def open(self, actor, name, **parts):
        builders.sign_in(self.client, actor)
        return self.client.get(reverse(name, kwargs={"entity_code": self.entity.code, **parts}))

    def readings(self):
        with entity_transaction(self.entity.entity_id):
            return [
                (act.actor_name, act.document, act.facts) for act in record.acts(ActFilter(act=audit.READ_PERSONAL))
            ]


@pytest.fixture
def office(client):
    return Office(client)


def test_the_page_of_a_person_is_recorded_as_read_before_it_is_shown(office):
    assert office.open(office.keeper, "identity:person", user_id=office.officer.user_id).status_code == 200

    ((name, document, _facts),) = office.readings()
    assert (name, document) == ("Kan Keeper", f"person:{office.officer.user_id}")


def test_ones_own_page_and_a_page_that_is_refused_are_no_readings(office):
    assert office.open(office.officer, "identity:person", user_id=office.officer.user_id).status_code == 200
    assert office.open(office.keeper, "identity:person", user_id=999_999_999).status_code == 404

    assert office.readings() == []


def test_a_file_of_people_says_how_many_rows_were_read(office):
    office.open(office.keeper, "identity:people-workbook")

    ((_name, document, facts),) = office.readings()
    assert document == "people"
    assert '"rows": 3' in facts


def test_the_person_concerned_sees_who_read_her_data_and_nothing_of_others(office):
    for person in (office.officer, office.auditor):
        office.open(office.keeper, "identity:person", user_id=person.user_id)

    hers = office.open(office.officer, "oversight:readings").content.decode()
    everything = office.open(office.auditor, "oversight:readings").content.decode()

    assert hers.count("Kan Keeper") == 1
    assert str(office.auditor.user_id) not in hers.split("<tbody>")[1].split("</tbody>")[0]
    assert everything.split("<tbody>")[1].count("Kan Keeper") == 2


@pytest.mark.parametrize(("rows", "told"), [(500, False), (501, True)])
def test_the_administrator_is_told_of_whoever_reads_very_much(office, rows, told):
    audit.record_reading(actor=office.officer, document="people", page="identity.read_people", rows=rows)

    with entity_transaction(office.entity.entity_id):
        found = [task.title_en for task in queries.tasks(actor=office.keeper, today=localdate(), now=now())]
        others = list(queries.tasks(actor=office.officer, today=localdate(), now=now()))

    assert found == ([f"Malee Srisuk read {rows} rows of personal data today"] if told else [])
    assert others == []
