"""Grants through their pages and through the API: from the letter to what goes back."""

import json
import uuid
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from khlang.budget import queries
from khlang.budget.rules import GrantState
from khlang.identity.queries import entity
from khlang.kernel.fiscal_calendar import fiscal_year_of, year_end
from khlang.kernel.money import baht
from khlang.toolkit.tenancy import entity_transaction
from tests.budget import makers
from tests.budget.grant_makers import seen
from tests.builders import a_person, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor():
    return makers.a_house()


def today() -> date:
    return timezone.localdate()


def somebody(actor, role: str) -> Client:
    client = Client()
    sign_in(client, a_person(role, entity=entity(code=actor.entity_code)))
    return client


def a_letter(**changes) -> dict[str, str]:
    last = year_end(fiscal_year_of(today())).isoformat()
    head = {"kind": "specific", "title": "Road", "agency": "Department", "letter_number": "77", "amount": "1,000.00"}
    days = {"letter_on": today().isoformat(), "notified_on": today().isoformat(), "obligate_by": last, "spend_by": last}
    row = {"item": "Road", "division": "01", "work": "00312", "budget_type": makers.ROAD, "amount": "1000"}
    more = {"place": "own", "left_over": "return", "revision": "0", "site": "Village 5"}
    return {**head, **days, **more, **{f"lines.0.{name}": text for name, text in row.items()}, **changes}


def test_a_grant_goes_from_its_letter_to_what_goes_back(actor):
    officer, clerk = somebody(actor, "finance_officer"), somebody(actor, "clerk")
    year, grant_id = fiscal_year_of(today()), uuid.uuid4()
    one = f"/{actor.entity_code}/budget/{year}/grants/{grant_id}/"

    assert officer.get(f"/{actor.entity_code}/budget/{year}/grants/new/").status_code == 302
    assert officer.get(f"{one}edit/").status_code == 200
    wrong = officer.post(f"{one}edit/", a_letter(amount="much", letter_on="?"))
    assert (wrong.status_code, b"much" in wrong.content) == (422, True)
    assert officer.post(f"{one}edit/", a_letter()).status_code == 302
    assert officer.post(f"{one}open/").status_code == 403
    assert clerk.post(f"{one}open/", {"idempotency_key": str(uuid.uuid4())}).status_code == 302
    cash = {"kind": "received", "happened_on": today().isoformat(), "document_number": "RV-1"}
    assert officer.post(f"{one}money/", {**cash, "amount": "1000.01"}).status_code == 422
    assert officer.post(f"{one}money/", {**cash, "amount": "1000"}).status_code == 302
    late = (year_end(year) + timedelta(days=400)).isoformat()
    paper = {"document_number": "9", "document_on": today().isoformat(), "reason": "Rain", "layer": "own"}
    refused = clerk.post(f"{one}extend/", {**paper, "obligate_by": late, "spend_by": late})
    assert (refused.status_code, b"<details" in refused.content) == (422, True)
    page = clerk.get(one).content.decode()
    assert all(word in page for word in ("1,000.00", "RV-1", "Village 5"))
    assert (
        clerk.post(f"{one}return/", {"returned_on": today().isoformat(), "document_number": "RB-1"}).status_code == 302
    )

    assert seen(actor, grant_id).grant.state is GrantState.CLOSED
    listed = clerk.get(f"/{actor.entity_code}/budget/{year}/grants/?to={today().isoformat()}")
    assert "Road" in listed.content.decode()
    book = clerk.get(f"/{actor.entity_code}/budget/{year}/grants.xlsx")
    assert (book.status_code, book.content[:2]) == (200, b"PK")


def test_a_letter_that_is_not_opened_is_struck_and_kept(actor):
    officer, grant_id, year = somebody(actor, "finance_officer"), uuid.uuid4(), fiscal_year_of(today())
    one = f"/{actor.entity_code}/budget/{year}/grants/{grant_id}/"
    officer.post(f"{one}edit/", a_letter())

    assert officer.post(f"{one}cancel/", {"reason": ""}).status_code == 422
    assert officer.post(f"{one}cancel/", {"reason": "Wrong year"}).status_code == 302
    assert seen(actor, grant_id).grant.state is GrantState.CANCELLED
    assert officer.get(f"{one}edit/").status_code == 302


def test_the_board_and_the_register_are_given_to_machines(actor):
    lines = makers.in_force(makers.line("100.00"), makers.line("50.00", budget_type=makers.FUEL), actor=actor)
    makers.use(actor, makers.a_move(lines[makers.SUPPLIES], "request", "40.00"))
    client, at = somebody(actor, "budget_officer"), f"/api/v1/{actor.entity_code}/budget/{makers.YEAR}"

    page = client.get(f"{at}?page=1").json()
    one = client.get(f"{at}/lines/{lines[makers.SUPPLIES]}").json()
    left = client.get(f"{at}/available?search={makers.FUEL[:5]}").json()
    (plan, *_), cash = client.get(f"{at}/sums?level=plan").json(), client.get(f"{at}/cash").json()

    assert (page["count"], page["total"]["available"]) == (2, "110.00")
    assert [(row["kind"], row["amount"], row["available"]) for row in one["movements"]] == [
        ("approve", "100.00", "100.00"),
        ("request", "40.00", "60.00"),
    ]
    assert one["holds"][0]["stage"] == "requested"
    assert {row["available"] for row in left} <= {"50.00", "60.00"}
    assert (plan["lines"], cash[0]["claimed"]) == (2, "40.00")


def test_a_transfer_goes_its_way_by_machine_and_is_refused_with_every_reason(actor):
    lines = makers.in_force(makers.line("100.00"), makers.line("50.00", budget_type=makers.FUEL), actor=actor)
    client, at = somebody(actor, "budget_officer"), f"/api/v1/{actor.entity_code}/budget/changes"
    sides = (("from", makers.SUPPLIES, "30.00"), ("to", makers.FUEL, "30.00"))
    parts = [{"side": side, "line_id": str(lines[kind]), "amount": amount} for side, kind, amount in sides]
    content = {"fiscal_year": makers.YEAR, "reason": "Less needed", "parts": parts}

    def send(method, address, body):
        return getattr(client, method)(address, json.dumps(body), content_type="application/json")

    preview = send("post", f"{at}/preview", content).json()
    change_id = uuid.uuid4()
    kept = send("put", f"{at}/{change_id}/draft", {"revision": 0, "content": content})
    wrong = send("put", f"{at}/{uuid.uuid4()}/draft", {"revision": 0, "content": {**content, "fiscal_year": 1}})

    assert (preview["route"], preview["effects"][0]["after"]) == ("executive", "70.00")
    assert (kept.status_code, kept.json()["content"]["parts"][0]["amount"]) == (200, "30.00")
    assert (wrong.status_code, wrong.json()["refusals"][0]["code"]) == (422, "api.field_wrong")
    with entity_transaction(actor.entity_id):
        assert queries.change(change_id=change_id).draft.parts[1].amount == baht("30.00")
