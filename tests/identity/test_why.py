"""Why may I not, and who can: besides roles, the mode of the system and the two hands of one document (R327-R333)."""

import uuid
from datetime import UTC, datetime

import pytest
from django.test import Client

from khlang.identity import queries
from khlang.identity.rules import PAIRS, STEP_OF, check_separation, pairs_of
from khlang.ledger import commands as ledger
from khlang.ledger.rules import PeriodState
from khlang.operations.rules import Mode, closes
from khlang.toolkit.tenancy import entity_transaction
from tests import builders
from tests.continuity import files
from tests.journal_vouchers import makers
from tests.operations.makers import switch

POST, OPEN = "journal_vouchers.post", "ledger.reopen_period"


@pytest.fixture
def office(db):
    """Somebody who prepares and may post, the head who may post, and a voucher of the first."""
    entity = builders.an_entity()
    builders.a_fiscal_year(actor=builders.an_actor(entity=entity))
    alone = builders.a_person("finance_officer", "head_of_treasury", entity=entity, name="Alone Jaidee")
    head = builders.a_person("head_of_treasury", entity=entity, name="Prasert Munkong")
    return alone, head, makers.a_submitted(alone, makers.content()).row.voucher_id


def why(actor, act, document="", *, api=False):
    client = Client()
    builders.sign_in(client, actor)
    client.cookies["khlang_language"] = "en"
    place = f"api/v1/{actor.entity_code}/why/{act}" if api else f"{actor.entity_code}/why/"
    answer = client.get(f"/{place}", {"act": act, "document": document})
    assert answer.status_code == 200
    return answer.json() if api else answer.content.decode()


def test_whoever_prepared_a_document_reads_why_she_may_not_post_it_and_who_can(office):
    alone, head, voucher = office

    page = why(alone, POST, f"voucher:{voucher}")
    answer = why(alone, POST, f"voucher:{voucher}", api=True)

    assert "The same person must not take both steps, preparing the entry and approving and posting it (R331)." in page
    assert "Those who may: Prasert Munkong." in page
    assert "Who can do it on this document" in page
    assert (answer["may"], [each["code"] for each in answer["hindered_by"]]) == (False, ["identity.same_person"])
    assert [each["name"] for each in answer["who_can"]] == ["Prasert Munkong"]
    assert "The same person must not" not in why(head, POST, f"voucher:{voucher}")
    assert why(head, POST, f"voucher:{voucher}", api=True)["hindered_by"] == []


def test_without_a_document_the_rule_of_two_hands_is_told(office):
    page = why(office[0], POST)

    assert "Who prepares an entry does not approve it" in page
    assert "The same person must not" not in page


def test_a_document_of_another_entity_or_none_tells_nothing(office):
    stranger = makers.a_team()[1]

    for number in (office[2], uuid.uuid4(), "no-number"):
        assert why(stranger, POST, f"voucher:{number}", api=True)["hindered_by"] == []


def test_a_written_exception_opens_the_document_and_never_a_period(office):
    alone, head, voucher = office
    with entity_transaction(alone.entity_id):
        assert queries.hands_of(document=f"voucher:{voucher}") == {"journal_prepared": (alone.user_id,)}
    builders.an_exception(person=alone, reviewer=head)
    asked = ledger.ask_reopening(
        actor=alone, request_id=uuid.uuid4(), fiscal_year=builders.YEAR, period=closed(alone), reason="Late bill"
    )

    assert why(alone, POST, f"voucher:{voucher}", api=True)["hindered_by"] == []
    reopening = why(alone, OPEN, f"reopening:{asked.request_id}", api=True)["hindered_by"]
    assert [each["code"] for each in reopening] == ["identity.same_person"]


def closed(actor) -> int:
    operator = builders.an_actor(entity=queries.entity(code=actor.entity_code))
    change = {"fiscal_year": builders.YEAR, "period": 12, "state": PeriodState.SOFT_CLOSED, "reason": "End of the year"}
    ledger.change_period(actor=operator, **change)
    return 12


def test_whoever_sent_a_file_reads_who_posts_it(office):
    alone, _, _ = office
    sent = files.sent(alone, files.a_workbook(files.two_rows("A-1")))

    hindered = why(alone, "continuity.post", f"import:{sent.id}", api=True)["hindered_by"]

    assert [(each["code"], each["facts"]["who"]) for each in hindered] == [("identity.same_person", "Prasert Munkong")]


@pytest.mark.parametrize(
    ("mode", "act", "code"),
    [
        ("read_only", POST, "operations.read_only"),
        ("read_only", "ledger.read", ""),
        ("identity_only", "ledger.read", "operations.identity_only"),
        ("identity_only", "identity.manage_people", ""),
    ],
)
def test_the_mode_of_the_system_is_told_where_it_closes_the_act(office, real_modes, mode, act, code):
    told = {"operations.read_only": "open for reading only", "operations.identity_only": "open only for identity"}
    switch(mode)

    page = why(office[1], act)

    assert ("note warn" in page) is (code != "")
    assert not code or told[code] in page


def test_maintenance_closes_everything_but_the_way_back():
    assert closes(Mode.MAINTENANCE, "ledger.read")
    assert not closes(Mode.MAINTENANCE, "operations.set_mode")
    assert not closes(Mode.NORMAL, POST)


def test_every_act_of_two_hands_names_a_step_of_the_table():
    assert all(pairs_of(step) for step in STEP_OF.values())
    assert pairs_of("advance_approved") == (PAIRS[-1],)


def test_no_exception_joins_the_two_hands_that_open_a_period(office):
    alone, head, _ = office
    builders.an_exception(person=alone, reviewer=head)
    with entity_transaction(alone.entity_id):
        (excepted,) = queries.separations(user_id=alone.user_id, day=datetime.now(UTC).date())
    facts = {"user_id": alone.user_id, "exceptions": [excepted], "day": excepted.starts_on}

    _, refused = check_separation(step="reopening_agreed", taken={"reopening_asked": [alone.user_id]}, **facts)
    joined, passed = check_separation(step="journal_approved", taken={"journal_prepared": [alone.user_id]}, **facts)

    assert ([each.code for each in refused], passed, joined.used) == (["identity.same_person"], (), (excepted,))
