"""The API reads what pages read, checks journals without posting them, and refuses in one form."""

import json
import re
import uuid
from pathlib import Path

import pytest
from django.test import Client

import khlang
from khlang.identity.queries import entity
from khlang.ledger import queries as ledger
from khlang.toolkit.tenancy import entity_transaction
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def head():
    actor = builders.a_person("head_of_treasury", entity=builders.an_entity())
    builders.a_fiscal_year(actor=builders.an_actor(entity=entity(code=actor.entity_code)))
    return actor


@pytest.fixture
def client(head):
    client = Client()
    builders.sign_in(client, head)
    return client


def a_body(**changes) -> dict:
    lines = [
        {"account": builders.CASH, "fund_source": "FS01", "debit": "100.00"},
        {"account": builders.TAX, "fund_source": "FS01", "credit": "100.00"},
    ]
    body = {"idempotency_key": str(uuid.uuid4()), "date": "2024-10-03", "description": "Tax received", "lines": lines}
    return body | changes


def check(client, actor, body):
    address = f"/api/v1/{actor.entity_code}/journals/check"
    return client.post(address, data=json.dumps(body), content_type="application/json")


def codes(answer) -> list[tuple[str, str]]:
    return [(refusal["code"], refusal["where"]) for refusal in answer.json()["refusals"]]


def test_no_two_bodies_share_a_name():
    """The description knows a body by the name of its class: of two with one name, one would be described wrongly."""
    source = Path(khlang.__file__).parent
    files = [*source.glob("*/schemas.py"), *source.glob("*/schemas/*.py")]
    texts = "\n".join(file.read_text(encoding="utf-8") for file in files)
    found = re.findall(r"^class (\w+)\(", texts, re.MULTILINE)

    assert found
    assert sorted({name for name in found if found.count(name) > 1}) == []


def test_entities_are_those_of_the_caller(client, head):
    builders.an_entity()

    assert [found["code"] for found in client.get("/api/v1/entities").json()] == [head.entity_code]


def test_a_journal_is_given_with_its_lines_and_its_hash(client, head):
    posted = builders.a_posted_journal(actor=builders.an_actor(entity=entity(code=head.entity_code)), amount="250.00")

    one = client.get(f"/api/v1/{head.entity_code}/journals/2568/{posted.sequence_no}").json()
    page = client.get(f"/api/v1/{head.entity_code}/journals/2568").json()

    assert (one["label"], len(one["hash"])) == (posted.label, 64)
    assert [(line["account"], line["debit"], line["credit"]) for line in one["lines"]] == [
        (builders.CASH, "250.00", "0.00"),
        (builders.TAX, "0.00", "250.00"),
    ]
    assert (page["count"], page["pages"], page["journals"][0]["sequence_no"]) == (1, 1, posted.sequence_no)


def test_accounts_are_those_of_the_year(client, head):
    found = client.get(f"/api/v1/{head.entity_code}/accounts?fiscal_year=2568&search={builders.CASH}").json()

    assert [account["account"] for account in found] == [builders.CASH]


def test_a_report_is_the_statement_of_the_page(client, head):
    builders.a_posted_journal(actor=builders.an_actor(entity=entity(code=head.entity_code)), amount="250.00")

    found = client.get(f"/api/v1/{head.entity_code}/reports/2568/trial-balance?to=2024-12-31").json()
    file = client.get(f"/{head.entity_code}/reports/2568/trial-balance.json?to=2024-12-31").json()

    assert (found["total_debit"], found["total_credit"], found["to"]) == ("250.00", "250.00", "2024-12-31")
    assert found == file


def test_check_journal_tells_the_number_and_posts_nothing(client, head):
    answer = check(client, head, a_body())

    assert (answer.status_code, answer.json()["label"]) == (200, "ทป 1/2568")
    with entity_transaction(head.entity_id):
        assert ledger.journal(fiscal_year=2568, sequence_no=1) is None


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"lines": []}, [("ledger.too_few_lines", "lines")]),
        ({"date": "2567-10-03"}, [("ledger.year_not_open", "date")]),
        ({"date": "yesterday"}, [("api.field_wrong", "date")]),
        ({"extra": 1}, [("api.field_wrong", "extra")]),
        (
            {"lines": [{"account": "1101010101", "fund_source": "FS01", "debit": 100.0}]},
            [("api.field_wrong", "lines.0.debit")],
        ),
        (
            {"lines": [{"account": "1101010101", "fund_source": "FS01", "debit": "1.005"}]},
            [("kernel.amount_too_many_decimals", "lines.0.debit")],
        ),
    ],
)
def test_check_journal_refuses_at_the_field(client, head, changes, expected):
    answer = check(client, head, a_body(**changes))

    assert answer.status_code == 422
    assert codes(answer)[0][0] == expected[0][0]
    assert codes(answer)[0][1].startswith(expected[0][1])


def test_every_refusal_has_words_in_both_languages(client, head):
    answer = check(client, head, a_body(lines=a_body()["lines"][:1] * 2)).json()

    assert answer["refusals"]
    assert all(refusal[key] for refusal in answer["refusals"] for key in ("message_th", "message_en", "next_th"))


def test_nobody_is_told_so():
    answer = Client().get("/api/v1/entities")

    assert (answer.status_code, codes(answer)) == (401, [("api.log_in_first", "")])


def test_another_entity_is_nothing_here(client):
    other = builders.an_entity()

    answer = client.get(f"/api/v1/{other.code}/journals/2568")

    assert (answer.status_code, codes(answer)) == (404, [("api.nothing_here", "")])


def test_a_role_that_may_not_read_the_books_is_refused(head):
    person = builders.a_person(entity=entity(code=head.entity_code))
    builders.give_role(user_id=person.user_id, entity_code=head.entity_code, role="local_administrator")
    client = Client()
    builders.sign_in(client, person)

    answer = client.get(f"/api/v1/{head.entity_code}/journals/2568")

    assert (answer.status_code, codes(answer)) == (403, [("identity.not_permitted", "")])


def test_unknown_journals_and_reports_are_refused(client, head):
    journal = client.get(f"/api/v1/{head.entity_code}/journals/2568/99")
    report = client.get(f"/api/v1/{head.entity_code}/reports/2568/horoscope")

    assert codes(journal) == [("ledger.journal_unknown", "")]
    assert codes(report) == [("reporting.report_unknown", "")]


def test_a_post_without_the_csrf_token_is_refused(head):
    client = Client(enforce_csrf_checks=True)
    builders.sign_in(client, head)

    assert check(client, head, a_body()).status_code == 403


def test_the_description_names_every_endpoint():
    paths = Client().get("/api/v1/openapi.json").json()["paths"]

    assert "/api/v1/{entity_code}/reports/{fiscal_year}/{report}" in paths
    assert len(paths) == 73
