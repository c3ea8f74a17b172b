"""Every kind of request in every mode: page, form, htmx, fetch, API, the doors, and the notice around them."""

import json
import uuid
from datetime import timedelta

import pytest
from django.test import Client

from khlang.api.schemas import RefusedOut
from khlang.identity.models import User
from khlang.journal_vouchers import commands as vouchers
from tests import builders
from tests.journal_vouchers import makers as voucher_makers
from tests.operations.makers import switch, the_department

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real_modes")]

FETCH = {"X-Requested-With": "fetch"}
HTMX = {"HX-Request": "true"}
CLOSED = ("read_only", "identity_only", "maintenance")


@pytest.fixture
def team():
    return voucher_makers.a_team()


@pytest.fixture
def client(team):
    client = Client()
    builders.sign_in(client, team[0])
    return client


def put_draft(client, team, **headers):
    address = f"/{team[0].entity_code}/vouchers/{uuid.uuid4()}/draft/"
    body = json.dumps({"revision": 0, "fields": {"description": "fuel"}})
    return client.put(address, body, content_type="application/json", headers={**FETCH, **headers})


@pytest.mark.parametrize("mode", CLOSED)
def test_a_draft_is_turned_away_so_that_it_waits_on_the_computer(client, team, mode):
    assert put_draft(client, team).status_code == 200
    switch(mode)

    answer = put_draft(client, team)

    assert answer.status_code == 503
    assert 30 <= int(answer["Retry-After"]) <= 120
    assert answer.json()["code"] == f"operations.{mode}"
    assert answer["HX-Reswap"] == "none"
    switch("normal")
    assert put_draft(client, team).status_code == 200


@pytest.mark.parametrize("mode", CLOSED)
def test_htmx_leaves_its_fragment_as_it_is_and_the_page_says_why(client, team, mode):
    switch(mode)

    answer = client.post(f"/{team[0].entity_code}/vouchers/new/", headers=HTMX)

    assert answer.status_code == 503
    assert answer["HX-Reswap"] == "none"
    assert json.loads(answer["HX-Trigger"])["problem"]["message"]


@pytest.mark.parametrize("mode", CLOSED)
def test_a_form_gets_an_honest_page_and_nothing_is_done(client, team, mode):
    row = voucher_makers.a_draft(team[0]).row
    switch(mode)

    answer = client.post(f"/{team[0].entity_code}/vouchers/{row.voucher_id}/edit/", {"do": "submit"})

    page = answer.content.decode()
    assert answer.status_code == 503
    assert "ย้ายฐานข้อมูลไปเครื่องใหม่" in page
    assert "สิ่งที่เพิ่งส่งยังไม่ได้ทำ" in page
    assert 'href="/status/"' in page
    assert answer["Retry-After"]


@pytest.mark.parametrize(
    ("mode", "address", "status"),
    [
        ("read_only", "/{code}/", 200),
        ("read_only", "/{code}/reports/", 200),
        ("read_only", "/{code}/journals/", 200),
        ("identity_only", "/{code}/", 503),
        ("identity_only", "/{code}/reports/", 503),
        ("identity_only", "/{code}/audit/", 503),
        ("maintenance", "/{code}/", 503),
        ("maintenance", "/{code}/reports/", 503),
        ("maintenance", "/", 503),
        ("identity_only", "/", 302),
        *(
            (mode, address, 200)
            for mode in CLOSED
            for address in ("/health", "/offline/", "/notice/", "/status/", "/session/")
        ),
    ],
)
def test_each_mode_serves_its_own_pages_only(client, team, mode, address, status):
    switch(mode)

    assert client.get(address.format(code=team[0].entity_code)).status_code == status


@pytest.mark.parametrize("mode", CLOSED)
def test_anybody_can_log_in_and_out_in_every_mode(team, mode):
    switch(mode)
    client = Client()
    name = User.objects.get(pk=team[0].user_id).username

    answer = client.post("/login/", {"username": name, "password": builders.PASSWORD})

    assert answer.status_code == 302
    assert client.post("/preferences/", {"language": "en"}).status_code == 302
    assert client.post("/logout/").status_code == 302


@pytest.mark.parametrize("mode", CLOSED)
def test_the_api_says_it_in_its_own_body(client, team, mode):
    switch(mode)

    answer = client.post(f"/api/v1/{team[0].entity_code}/journals/check", "{}", content_type="application/json")

    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert [refusal.code for refusal in RefusedOut(**answer.json()).refusals] == [f"operations.{mode}"]


@pytest.mark.parametrize(("mode", "status"), [("read_only", 200), ("identity_only", 503), ("maintenance", 503)])
def test_the_api_reads_in_read_only_mode(client, team, mode, status):
    switch(mode)

    assert client.get(f"/api/v1/{team[0].entity_code}/fiscal-years").status_code == status


@pytest.mark.parametrize("mode", CLOSED)
def test_the_operator_of_the_department_switches_back_from_every_mode(mode):
    actor, client = the_department(), Client()
    builders.sign_in(client, actor)
    switch(mode)
    address = f"/{actor.entity_code}/operations/modes/"

    assert client.get("/mode/")["Location"] == address
    assert client.get(address).status_code == 200
    answer = client.post(f"{address}set/", {"mode": "normal", "reason": "done", "key": str(uuid.uuid4())})

    assert answer.status_code == 302
    assert client.get(f"/{actor.entity_code}/").status_code == 200


@pytest.mark.parametrize("mode", CLOSED)
def test_nobody_else_reaches_the_mode_in_any_mode(client, team, mode):
    switch(mode)

    answer = client.post(f"/{team[0].entity_code}/operations/modes/set/", {"mode": "normal", "reason": "x"})

    assert answer.status_code == 403
    assert client.get("/mode/").status_code == 404


def test_a_switch_during_a_request_ends_in_the_same_answer(client, team, monkeypatch):
    real = vouchers.save_draft

    def switched_meanwhile(**arguments):
        switch("read_only")
        return real(**arguments)

    monkeypatch.setattr(vouchers, "save_draft", switched_meanwhile)
    client.raise_request_exception = False

    answer = put_draft(client, team)

    assert answer.status_code == 503
    assert answer.json()["code"] == "operations.read_only"


def test_the_notice_stands_on_every_page_before_and_during(client, team):
    home = f"/{team[0].entity_code}/"
    assert 'class="notice' not in client.get(home).content.decode()
    switch("read_only", starts_in=timedelta(hours=2))
    for address in (home, f"{home}reports/", "/notice/"):
        assert "แจ้งล่วงหน้า: อ่านอย่างเดียว" in client.get(address).content.decode()
    assert "แจ้งล่วงหน้า: อ่านอย่างเดียว" in Client().get("/login/").content.decode()

    switch("read_only")

    for address in (home, f"{home}reports/", "/notice/"):
        assert "อ่านอย่างเดียว: ขณะนี้บันทึกไม่ได้" in client.get(address).content.decode()
    assert "อ่านอย่างเดียว: ขณะนี้บันทึกไม่ได้" in Client().get("/login/").content.decode()


def test_the_notice_speaks_english_too(client, team):
    client.cookies["khlang_language"] = "en"
    switch("read_only")

    page = client.get(f"/{team[0].entity_code}/").content.decode()

    assert "Reading only: nothing can be saved now." in page
    assert "The database moves to a new machine." in page
