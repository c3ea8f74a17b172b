"""The department sees who holds the roles of the provinces, gives them and takes them back; nobody else does."""

import re
from io import BytesIO

import openpyxl
import pytest
from django.db import DatabaseError, connection, transaction

from khlang.audit import queries as audit
from khlang.audit.rules import ActFilter
from khlang.identity import commands, queries
from khlang.identity.models import Membership
from khlang.identity.rules import ProvinceFilter, ProvinceHolder, ProvinceView, chosen_provinces
from khlang.kernel.refusals import Refused
from khlang.toolkit.tenancy import entity_transaction
from tests import builders
from tests.identity.people_makers import added, an_administrator, now

pytestmark = pytest.mark.django_db
GIVE = {"role": "province_officer", "reason": "คำสั่งที่ 12/2569"}


@pytest.fixture
def officer(client):
    person = builders.a_person("department_officer", entity=queries.entity(code="DLA"))
    builders.sign_in(client, person)
    client.cookies["khlang_language"] = "en"
    return person


@pytest.fixture
def somebody():
    return added(an_administrator(), name="มาลี ศรีสุข", title="นักส่งเสริมการปกครองท้องถิ่น")


def recorded(code, act):
    entity = queries.entity(code=code)
    with entity_transaction(entity.entity_id, read_only=True):
        return [each.document for each in audit.acts(ActFilter(act=act, limit=50))]


def test_offices_are_narrowed_by_words_and_by_having_nobody_and_sorted_by_how_many_they_have():
    held = ProvinceHolder(1, "malee", "มาลี ศรีสุข", "", "province_officer", now())
    rows = [ProvinceView("P50", "เชียงใหม่", "", "50"), ProvinceView("P12", "นนทบุรี", "Nonthaburi", "12", (held,))]

    def codes(**chosen):
        return [row.code for row in chosen_provinces(rows, ProvinceFilter(**chosen))]

    assert codes() == ["P50", "P12"]
    assert codes(order="-name") == ["P12", "P50"]
    assert codes(order="-holders") == ["P12", "P50"]
    assert codes(search="malee nontha") == ["P12"]
    assert codes(is_empty=True) == ["P50"]


def test_a_role_is_given_shown_and_ended_and_stands_in_both_records(client, officer, somebody):
    office = "/DLA/provinces/P77/"
    refused = client.post(f"{office}give/", {"username": "nobody.here", "role": "clerk", "reason": ""})

    client.post(f"{office}give/", {"username": somebody.username.upper(), **GIVE})
    client.post(f"{office}give/", {"username": somebody.username, **GIVE})
    listed = client.get("/DLA/provinces/?search=P77").content.decode()
    may_enter = queries.actor(user_id=somebody.user_id, user_name="", entity_code="P77", at=now())
    book = openpyxl.load_workbook(BytesIO(client.get("/DLA/provinces/provinces.xlsx?search=P77").content)).active
    ended = {"user_id": somebody.user_id, "role": "province_officer"}
    without_reason = client.post(f"{office}end/", ended)
    client.post(f"{office}end/", {**ended, "reason": "ย้าย"})

    assert refused.status_code == 422
    assert "มาลี ศรีสุข" in listed
    assert may_enter is not None
    assert may_enter.roles == {"province_officer"}
    assert [row[2] for row in book.iter_rows(values_only=True)][1:] == ["มาลี ศรีสุข"]
    assert without_reason.status_code == 422
    assert "มาลี ศรีสุข" not in client.get(office).content.decode()
    assert queries.actor(user_id=somebody.user_id, user_name="", entity_code="P77", at=now()) is None
    document = f"person:{somebody.user_id}"
    assert (recorded("P77", "identity.grant_role"), recorded("P77", "identity.end_role")) == ([document], [document])
    assert recorded("DLA", "identity.grant_province_role") == ["entity:P77"]
    assert recorded("DLA", "identity.end_province_role") == ["entity:P77"]


def test_only_the_department_gives_roles_and_only_in_its_offices(client, officer, somebody):
    entity = builders.an_entity()

    def give(actor, **more):
        told = {"office_code": "P77", "username": somebody.username, **GIVE, **more}
        commands.grant_province_role(actor=actor, at=now(), **told)

    for actor, more, code in (
        (officer, {"office_code": entity.code}, "not_a_province"),
        (officer, {"role": "finance_officer"}, "role_unknown"),
        (officer, {"username": "nobody.here"}, "username_unknown"),
        (officer, {"reason": " "}, "reason_missing"),
        (builders.an_actor(entity=entity), {}, "not_the_department"),
        (an_administrator(queries.entity(code="DLA")), {}, "not_permitted"),
        (builders.a_person("province_officer", entity=queries.entity(code="P12")), {}, "not_permitted"),
    ):
        with pytest.raises(Refused, match=rf"identity\.{code}"):
            give(actor, **more)
    with entity_transaction(queries.entity(code="P77").entity_id):
        assert not Membership.objects.filter(user_id=somebody.user_id).exists()
    assert client.get(f"/DLA/provinces/{entity.code}/").status_code == 404
    builders.sign_in(client, builders.a_person("province_officer", entity=queries.entity(code="P12")))
    assert client.get("/P12/provinces/").status_code == 403


def test_the_database_tells_the_holders_to_the_department_alone_and_leaves_its_transaction_closed(officer, somebody):
    commands.grant_province_role(actor=officer, office_code="P77", username=somebody.username, at=now(), **GIVE)
    home = queries.entity(code="DLA").entity_id

    with entity_transaction(home), connection.cursor() as cursor:
        found = [each.user_id for office in queries.provinces() for each in office.holders]
        cursor.execute("SELECT count(*) FROM identity_membership WHERE user_id = %s", (somebody.user_id,))
        seen = cursor.fetchone()[0]

    assert somebody.user_id in found
    assert seen == 0
    for entity in (queries.entity(code="P77"), builders.an_entity()):
        with (
            pytest.raises((Refused, DatabaseError), match=re.escape("identity.not_the_department")),
            transaction.atomic(),
            entity_transaction(entity.entity_id),
            connection.cursor() as cursor,
        ):
            cursor.execute("SELECT * FROM identity_province_holders()")
