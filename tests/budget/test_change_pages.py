"""Pages of transfers, changes of explanation and divisions over HTTP, without scripts."""

import json
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from khlang.budget import queries
from khlang.budget.rules import ChangeState
from khlang.kernel.money import baht
from khlang.toolkit.tenancy import entity_transaction
from tests import builders
from tests.budget import makers
from tests.budget.makers import COMPUTER, FUEL, SUPPLIES
from tests.budget.this_year import a_house_now, code, somebody, this_year

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    """An office with a budget, its budget officer and its executive."""
    actor = a_house_now()
    return actor, somebody(actor, "budget_officer", name="Malee"), somebody(actor, "executive", name="Prasit")


def browser_of(actor):
    client = Client()
    client.cookies["khlang_language"] = "en"
    builders.sign_in(client, actor)
    return client


def at(actor, name, **kwargs):
    if name not in ("divisions", "division", "add-division", "save-division", "set-member", "add-enterprise"):
        kwargs["fiscal_year"] = this_year()
    return reverse(f"budget:{name}", kwargs={"entity_code": actor.entity_code, **kwargs})


def form(amount="50000", into=None, **more):
    typed = {"kind": "transfer", "revision": "0", "reason": "Less needed"}
    typed |= {"from.0.line": code(SUPPLIES), "from.0.amount": amount}
    typed |= {"to.0.line": code(FUEL), "to.0.amount": into or amount}
    return typed | more


def kept(actor, change_id):
    with entity_transaction(actor.entity_id):
        return queries.change(change_id=change_id)


def a_sent_one(officer, **more):
    change_id = uuid.uuid4()
    sent = browser_of(officer).post(at(officer, "edit-change", change_id=change_id) + "?do=submit", form(**more))
    assert sent.status_code == 302, sent.content.decode()
    return change_id


def test_a_transfer_from_the_first_letter_to_the_supervising_officer(office):
    actor, officer, executive = office
    typist, boss = browser_of(officer), browser_of(executive)
    address = typist.get(at(officer, "new-change"))["Location"]
    change_id = uuid.UUID(address.rstrip("/").split("/")[-2])
    assert typist.post(f"{address}?do=save", form()).status_code == 302
    assert f'value="{code(FUEL)}"' in typist.get(address).content.decode()

    typist.post(f"{address}?do=submit", form() | {"revision": "1"})
    page = boss.get(at(executive, "change", change_id=change_id)).content.decode()
    assert "The executive approves" in page
    assert "ask-approve" in page
    today = {"approved_on": timezone.localdate().isoformat(), "idempotency_key": str(uuid.uuid4())}
    boss.post(at(executive, "approve-change", change_id=change_id), today)
    for do in ("announce", "report"):
        typist.post(at(officer, "note-change", change_id=change_id), {"do": do, "date": today["approved_on"]})

    view = kept(actor, change_id)
    assert (view.state, view.number, view.approved_by_name) == (ChangeState.REPORTED, 1, "Prasit")
    with entity_transaction(actor.entity_id):
        (fuel,) = [each for each in queries.board(fiscal_year=this_year()).lines if each.line.code == code(FUEL)]
    assert fuel.balance.available == baht("70000.00")
    assert "70,000.00" in typist.get(at(officer, "change", change_id=change_id)).content.decode()


def test_the_effect_says_balances_who_must_agree_and_every_reason_while_typing(office):
    _actor, officer, _executive = office
    client, address = browser_of(officer), at(officer, "change-effect", change_id=uuid.uuid4())
    new = {"new.0.division": "01", "new.0.work": "00111", "new.0.budget_type": COMPUTER, "new.0.fund_source": "FS01"}
    new |= {"new.0.item": "Computer", "new.0.amount": "100", "new.0.text": "A desk computer"}

    right = client.post(address, form()).content.decode()
    council = client.post(address, form("100", "0") | {"to.0.line": "", "to.0.amount": ""} | new).content.decode()
    wrong = client.post(address, form("100000.01", "x")).content.decode()

    assert "The executive approves" in right
    assert "50,000.00" in right
    assert "70,000.00" in right
    assert "The council approves" in council
    assert "R112" in council
    assert all(field in wrong for field in ("from.0.amount", "to.0.amount"))


BAD = {
    "not zero-sum": (form("50000", "49999.99"), ["budget.transfer_not_zero_sum"], "lines"),
    "more than is left": (form("100000.01"), ["budget.not_enough"], "from.0.amount"),
    "an amount of 0": (form("0", "0"), ["budget.transfer_not_zero_sum", "budget.amount_not_right"], "from.0.amount"),
    "no reason": (form() | {"reason": " "}, ["budget.reason_missing"], "reason"),
    "an unknown line": (form() | {"to.0.line": "123"}, ["budget.line_unknown"], "to.0.line"),
    "unreadable": (form("a lot"), ["kernel.amount_not_a_number"], "from.0.amount"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_refused_form_keeps_what_was_typed_and_says_each_reason_at_its_field(office, name):
    _actor, officer, _executive = office
    typed, codes, where = BAD[name]
    change_id = uuid.uuid4()

    answer = browser_of(officer).post(at(officer, "edit-change", change_id=change_id) + "?do=submit", typed)

    shown = [(each.code, each.where) for each in answer.context["refusals"]]
    assert answer.status_code == 422
    assert {found for found, _ in shown} >= set(codes)
    assert where in {place for _, place in shown}
    assert kept(officer, change_id).typed["from.0.amount"] == typed["from.0.amount"]
    assert kept(officer, change_id).state is ChangeState.DRAFT


def test_the_council_approves_what_is_its_own_and_only_with_a_resolution(office):
    _actor, officer, executive = office
    secretary = somebody(officer, "council_secretary")
    change_id = a_sent_one(officer, **{"from.0.line": code("5421000", work="00312"), "from.0.place": "Village 4"})
    day = timezone.localdate().isoformat()
    client, address = browser_of(secretary), at(secretary, "council-change", change_id=change_id)

    by_executive = browser_of(executive).post(address, {"approved_on": day})
    bare = client.post(address, {"approved_on": day})
    client.post(address, {"approved_on": day, "resolution_number": "3/2569", "resolved_on": day})

    assert by_executive.status_code == 403
    assert [each.code for each in bare.context["refusals"]] == ["budget.resolution_missing"]
    assert kept(officer, change_id).resolution_number == "3/2569"


def test_a_change_is_refused_taken_back_and_cancelled_with_a_reason(office):
    _actor, officer, executive = office
    change_id = a_sent_one(officer)
    client, address = browser_of(officer), at(officer, "close-change", change_id=change_id)

    assert client.post(address, {"do": "take-back", "reason": ""}).status_code == 422
    client.post(address, {"do": "take-back", "reason": "Wrong line"})
    assert kept(officer, change_id).state is ChangeState.DRAFT
    client.post(address, {"do": "cancel", "reason": "Not needed"})
    assert (kept(officer, change_id).state, kept(officer, change_id).close_reason) == ("cancelled", "Not needed")
    second = a_sent_one(officer)
    boss = browser_of(executive)
    boss.post(at(executive, "close-change", change_id=second), {"do": "refuse", "reason": "No"})
    assert kept(officer, second).state is ChangeState.REFUSED
    assert boss.post(at(executive, "close-change", change_id=second), {"do": "burn"}).status_code == 404


def test_drafts_are_put_and_a_conflict_tells_who_and_what(office):
    _actor, officer, _executive = office
    colleague, change_id = somebody(officer, "clerk", name="Colleague"), uuid.uuid4()
    address = at(officer, "change-draft", change_id=change_id)

    def put(person, revision, amount):
        body = {"revision": revision, "fields": {k: v for k, v in form(amount).items() if k != "revision"}}
        return browser_of(person).put(address, json.dumps(body), content_type="application/json")

    assert put(officer, 0, "half").json()["revision"] == 1
    assert put(colleague, 1, "2").json()["revision"] == 2
    second = put(officer, 1, "3")
    assert (second.status_code, second.json()["by"], second.json()["fields"]["to.0.amount"]) == (409, "Colleague", "2")
    assert browser_of(officer).get(address).json()["fields"]["from.0.amount"] == "2"
    assert browser_of(officer).put(address, "{", content_type="application/json").status_code == 400
    page = browser_of(officer).post(at(officer, "edit-change", change_id=change_id), form("9") | {"revision": "1"})
    assert page.status_code == 409
    assert 'value="9"' in page.content.decode()


def test_rows_are_added_and_taken_out_without_scripts(office):
    _actor, officer, _executive = office
    client, address = browser_of(officer), at(officer, "edit-change", change_id=uuid.uuid4())

    grown = client.post(f"{address}?do=add-to", form()).content.decode()
    shrunk = client.post(f"{address}?do=delete-from-0", form() | {"revision": "1", "from.1.line": "77"})

    assert 'id="to.1.line"' in grown
    assert shrunk.context["typed"]["from.0.line"] == "77"


def test_an_explanation_is_changed_by_its_own_form(office):
    _actor, officer, executive = office
    change_id = uuid.uuid4()
    typed = {"kind": "explanation", "revision": "0", "reason": "Clearer", "line.0.line": code(SUPPLIES)}
    client, address = browser_of(officer), at(officer, "edit-change", change_id=change_id) + "?do=submit"

    same = client.post(address, typed)
    client.post(address, typed | {"revision": "1", "line.0.text": "Paper and pens"})
    browser_of(executive).post(
        at(executive, "approve-change", change_id=change_id), {"approved_on": timezone.localdate().isoformat()}
    )

    assert [(each.code, each.where) for each in same.context["refusals"]] == [
        ("budget.explanation_unchanged", "line.0.text")
    ]
    assert kept(officer, change_id).label == f"1/{this_year()}"


def test_the_list_is_narrowed_sorted_and_exported(office):
    _actor, officer, _executive = office
    a_sent_one(officer, reason="First thing", amount="10")
    a_sent_one(officer, reason="=HYPERLINK(1)", amount="30")
    client = browser_of(officer)

    both = client.get(at(officer, "changes") + "?order=-amount").content.decode()
    one = client.get(at(officer, "changes") + "?search=first&state=submitted").content.decode()
    none = client.get(at(officer, "changes") + "?state=draft").content.decode()
    book = client.get(at(officer, "changes-workbook"))

    assert both.index("=HYPERLINK") < both.index("First thing")
    assert "=HYPERLINK" not in one
    assert "No change matches" in none
    assert book.content.startswith(b"PK")


def test_the_choice_of_lines_shows_what_is_left(office):
    _actor, officer, _executive = office
    found = browser_of(officer).get(at(officer, "line-choices") + "?q=Road&free=1").json()["results"]

    assert [(each["value"], each["detail"]) for each in found] == [(code("5421000", work="00312"), "left 500,000.00")]


def test_divisions_are_made_named_closed_and_given_people(office):
    _actor, officer, executive = office
    client = browser_of(officer)
    clerk = somebody(officer, "unit_clerk", name="Unit Clerk")

    assert client.post(at(officer, "add-division"), {"code": "?", "name_th": "x"}).status_code == 422
    client.post(at(officer, "add-division"), {"code": "07", "name_th": "Public works"})
    client.post(at(officer, "add-enterprise"), {"code": "MARKET", "name_th": "Market"})
    client.post(at(officer, "set-member", division="07"), {"user_id": str(clerk.user_id)})
    one = client.get(at(officer, "division", division="07")).content.decode()
    strange = client.post(at(officer, "set-member", division="07"), {"user_id": "999999999"})
    client.post(at(officer, "set-member", division="07"), {"user_id": str(clerk.user_id), "do": "remove"})
    client.post(at(officer, "save-division", division="07"), {"name_th": "Works", "is_open": "0"})

    assert "Unit Clerk" in one
    assert [each.code for each in strange.context["refusals"]] == ["budget.code_unknown"]
    with entity_transaction(officer.entity_id):
        assert "07" not in {each.division for each in queries.divisions()}
        assert queries.division_members(at=timezone.now()).get("07") is None
        assert queries.enterprises()["MARKET"] == "Market"
    assert "Closed for new lines" in client.get(at(officer, "divisions")).content.decode()
    assert client.get(at(officer, "division", division="99")).status_code == 404
    assert browser_of(executive).post(at(officer, "add-division"), {}).status_code == 403


def test_nobody_sees_the_changes_of_another_office(office):
    _actor, officer, _executive = office
    change_id = a_sent_one(officer)
    stranger = somebody(makers.a_house(), "budget_officer")
    mixed = {"entity_code": stranger.entity_code, "fiscal_year": this_year(), "change_id": change_id}

    assert browser_of(stranger).get(at(officer, "change", change_id=change_id)).status_code == 404
    assert browser_of(stranger).get(reverse("budget:change", kwargs=mixed)).status_code == 404
