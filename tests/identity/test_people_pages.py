"""The pages of people and rights: who may open them, what they show, how many questions they ask."""

import html
import re
from dataclasses import replace
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from khlang.identity import queries
from khlang.identity.permissions import PERMISSIONS
from khlang.identity.rules import Duty, Role, act_table
from khlang.toolkit.tenancy import entity_transaction
from tests import builders
from tests.identity.people_makers import a_username, added, an_administrator, now

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client):
    actor = an_administrator()
    builders.sign_in(client, actor)
    client.cookies["khlang_language"] = "en"
    return actor


def page(client, actor, address, status=200):
    response = client.get(f"/{actor.entity_code}/{address}")
    assert response.status_code == status
    return html.unescape(response.content.decode())


def test_the_list_shows_names_titles_and_hats_and_narrows(client, administrator):
    added(administrator, "finance_officer", name="มาลี ศรีสุข", title="นักวิชาการเงิน")
    added(administrator, "clerk", name="วรรณา ใจดี", title="ปลัด")

    whole = page(client, administrator, "people/")
    by_hat = page(client, administrator, "people/?hat=clerk")
    by_name = page(client, administrator, "people/?search=มาลี")

    assert all(word in whole for word in ("มาลี ศรีสุข", "นักวิชาการเงิน", "Finance officer", "วรรณา ใจดี"))
    assert "มาลี ศรีสุข" not in by_hat
    assert "วรรณา ใจดี" in by_hat
    assert "วรรณา ใจดี" not in by_name


def test_the_workbook_is_the_list_as_narrowed(client, administrator):
    added(administrator, "clerk", name="วรรณา ใจดี", title="ปลัด")

    response = client.get(f"/{administrator.entity_code}/people/people.xlsx?hat=clerk")

    rows = list(openpyxl.load_workbook(BytesIO(response.content)).active.iter_rows(values_only=True))
    assert [row[1:3] for row in rows[1:]] == [("วรรณา ใจดี", "ปลัด")]


@pytest.mark.parametrize("people", [1, 12])
def test_the_list_asks_the_same_number_of_questions_for_one_and_for_many(client, administrator, people):
    for number in range(people):
        added(administrator, "clerk", name=f"คน {number}", title=f"ตำแหน่ง {number}")
    page(client, administrator, "people/")

    with CaptureQueriesContext(connection) as asked:
        page(client, administrator, "people/")

    assert len(asked) <= 24


def test_a_person_is_added_and_her_password_shown_once(client, administrator):
    address = f"/{administrator.entity_code}/people/new/"
    key = re.search(r'idempotency_key" value="([^"]+)"', client.get(address).content.decode())
    fields = {"idempotency_key": key[1], "username": f" {a_username().upper()} ", "full_name": "มาลี ศรีสุข"}
    fields |= {"title": "นักวิชาการ", "roles": ["finance_officer"]}

    first = client.post(address, fields)
    again = client.post(address, fields, follow=True)

    password = re.search(r"data-no-keep>([^<]+)<", first.content.decode())
    assert first.status_code == 200
    assert password is not None
    assert "no-store" in first.headers["Cache-Control"]
    assert password[1] not in again.content.decode()
    assert "is on the list already" in again.content.decode()


def test_a_refused_form_keeps_what_was_typed_and_says_every_reason(client, administrator):
    response = client.post(
        f"/{administrator.entity_code}/people/new/",
        {"username": "ก", "full_name": "", "title": "นิติกร", "email": "x", "roles": ["clerk"]},
    )

    text = response.content.decode()
    assert response.status_code == 422
    assert "3 things to correct" in text
    assert 'value="นิติกร"' in text
    assert re.search(r'value="clerk" checked', text)


def test_roles_are_given_and_ended_with_a_reason_on_the_page_of_a_person(client, administrator):
    person = added(administrator)
    address = f"/{administrator.entity_code}/people/{person.user_id}/"

    refused = client.post(f"{address}roles/give/", {"role": "clerk", "reason": ""})
    client.post(f"{address}roles/give/", {"role": "clerk", "reason": "คำสั่งบรรจุ"})
    given = client.get(address).content.decode()
    client.post(f"{address}roles/end/", {"role": "clerk", "reason": "ย้าย"})
    ended = client.get(address).content.decode()

    assert refused.status_code == 422
    assert "คำสั่งบรรจุ" in given
    assert "ended: ย้าย" in ended


def test_a_new_name_stands_beside_the_former_one_and_leaving_closes_the_page(client, administrator):
    person = added(administrator, name="มาลี ศรีสุข")
    address = f"/{administrator.entity_code}/people/{person.user_id}/"

    client.post(f"{address}name/", {"full_name": "มาลี ใจดี", "reason": "สมรส"})
    client.post(f"{address}contact/", {"title": "นักวิชาการ", "phone": "๐๒-๑๒๓-๔๕๖๗", "email": "a@b.go.th"})
    renamed = client.get(address).content.decode()
    client.post(f"{address}leave/", {"reason": "ลาออก"})
    gone = client.get(address).content.decode()

    assert all(word in renamed for word in ("มาลี ใจดี", "มาลี ศรีสุข", "02-123-4567", "Former name"))
    assert "Left on" in gone
    assert "roles/give" not in gone


def test_the_page_of_a_person_of_another_entity_is_not_there(client, administrator):
    person = added(an_administrator())

    page(client, administrator, f"people/{person.user_id}/", status=404)


def test_who_may_not_manage_sees_names_and_no_contact(client, administrator):
    person = added(administrator, "clerk", phone="02-123-4567")
    other = added(administrator, "finance_officer")
    reader = replace(administrator, user_id=other.user_id)
    builders.sign_in(client, reader)

    text = page(client, reader, f"people/{person.user_id}/")

    assert "02-123-4567" not in text
    assert "roles/give" not in text
    assert client.get(f"/{reader.entity_code}/people/new/").status_code == 403


def test_acts_without_a_fresh_proof_are_not_done(client, administrator):
    person = added(administrator)
    session = client.session
    session["proved_at"] = 1
    session.save()

    response = client.post(
        f"/{administrator.entity_code}/people/{person.user_id}/roles/give/", {"role": "clerk", "reason": "x"}
    )

    assert response.status_code == 401


def test_a_citizen_number_is_checked_kept_as_a_code_and_never_shown_again(client, administrator):
    person = added(administrator)
    address = f"/{administrator.entity_code}/people/{person.user_id}/"

    wrong = client.post(f"{address}citizen-number/", {"citizen_number": "1-2345-67890-12-3"})
    right = client.post(f"{address}citizen-number/", {"citizen_number": "๑-2345-67890-12-1"}, follow=True)

    assert wrong.status_code == 422
    assert "identity.citizen_number_wrong" not in wrong.content.decode()
    assert "67890" not in wrong.content.decode()
    assert "ThaiD can be used" in right.content.decode()
    assert "67890" not in right.content.decode()
    with entity_transaction(administrator.entity_id):
        found = queries.person(user_id=person.user_id, at=now())
    assert found is not None
    assert found.has_citizen_number


# ---- rights ----------------------------------------------------------------------------------------------------------


def test_every_act_of_the_table_has_words_in_both_languages_and_no_other():
    table = act_table()

    assert set(table) == {each.act for each in PERMISSIONS}
    assert all(words.th and words.en and words.th != words.en for words in table.values())


def test_the_table_of_rights_shows_every_act_and_narrows_to_a_hat(client, administrator):
    whole = page(client, administrator, "permissions/")
    narrowed = page(client, administrator, "permissions/?hat=compensating_reviewer")

    assert all(words.en in whole for words in act_table().values())
    assert "review what was done under an exception" in narrowed
    assert "post journals" not in narrowed


def test_the_table_as_a_workbook_has_a_column_for_every_hat(client, administrator):
    response = client.get(f"/{administrator.entity_code}/permissions/permissions.xlsx")

    sheet = openpyxl.load_workbook(BytesIO(response.content)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert len(rows) == len(PERMISSIONS) + 1
    assert len(rows[0]) == 3 + len(Role) - 1 + len(Duty)
    marks = {row[1]: sum(cell == "●" for cell in row) for row in rows[1:]}
    assert marks == {each.act: len(each.hats) for each in PERMISSIONS}


def test_my_rights_says_on_what_they_rest(client, administrator):
    text = page(client, administrator, "rights/")

    assert "Local administrator" in text
    assert "By position" in text
    assert f"/{administrator.entity_code}/why/?act=ledger.post" in text


def test_why_names_what_is_missing_and_who_can(client, administrator):
    head = added(administrator, "head_of_treasury", name="สมชาย ใจดี", title="ผู้อำนวยการกองคลัง")

    text = page(client, administrator, "why/?act=journal_vouchers.post")
    own = page(client, administrator, "why/?act=identity.manage_people")

    assert "You hold none of these roles" in text
    assert "สมชาย ใจดี" in text
    assert "ผู้อำนวยการกองคลัง" in text
    assert "One of your roles or duties allows it" in own
    assert head.user_id
    page(client, administrator, "why/?act=ledger.levitate", status=404)


def test_a_page_that_may_not_be_opened_leads_to_the_why(client, administrator):
    response = client.get(f"/{administrator.entity_code}/vouchers/")

    assert response.status_code == 403
    assert f"/{administrator.entity_code}/why/?act=journal_vouchers.read" in response.content.decode()


def test_people_who_may_gives_titles():
    actor = an_administrator()
    added(actor, "clerk", name="วรรณา ใจดี", title="ปลัด")
    with entity_transaction(actor.entity_id):
        found = queries.people_who_may(act="identity.manage_orders", at=now())

    assert ("วรรณา ใจดี", "ปลัด") in [(each.name, each.title) for each in found]
