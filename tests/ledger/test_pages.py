"""Pages of the chart of accounts and of fiscal years."""

import io

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from khlang.identity import queries as identity
from khlang.ledger import commands, queries
from khlang.ledger.rules import PeriodState
from khlang.toolkit.tenancy import entity_transaction
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def head():
    return builders.a_person("head_of_treasury", entity=builders.an_entity())


@pytest.fixture
def client_of():
    def log_in(actor) -> Client:
        client = Client()
        builders.sign_in(client, actor)
        client.cookies["django_language"] = "en"
        return client

    return log_in


def address(actor, name: str, **parts) -> str:
    return reverse(f"ledger:{name}", kwargs={"entity_code": actor.entity_code, **parts})


def words(response) -> str:
    return response.content.decode()


def test_an_old_code_finds_the_account_of_today(head, client_of):
    page = words(client_of(head).get(address(head, "accounts"), {"search": "021", "chart": "national-2564"}))

    assert "1101030102" in page
    assert "4101010101" not in page


def test_a_word_finds_accounts_and_a_kind_narrows_them(head, client_of):
    client = client_of(head)

    assert "1206020101" in words(client.get(address(head, "accounts"), {"search": "ยานพาหนะ", "kind": "asset"}))
    assert "1206020101" not in words(client.get(address(head, "accounts"), {"search": "ยานพาหนะ", "kind": "expense"}))


def test_nothing_found_says_so(head, client_of):
    assert "list-tree" in words(client_of(head).get(address(head, "accounts"), {"search": "zebra crossing"}))


def test_the_chart_is_shown_page_by_page(head, client_of):
    first = client_of(head).get(address(head, "accounts"))
    last = client_of(head).get(address(head, "accounts"), {"page": 7})

    assert "1101010101" in words(first)
    assert "5212010199" not in words(first)
    assert "5212010199" in words(last)


def test_the_chart_is_exported_whole(head, client_of):
    commands.add_sub_account(actor=head, account="1101030102", sub_account="01", name_th="ธ.กรุงไทย 123")
    response = client_of(head).get(address(head, "accounts-workbook"))
    sheet = load_workbook(io.BytesIO(response.content)).active
    codes = [row[0] for row in sheet.iter_rows(values_only=True)]

    assert len(codes) == 1 + 656 + 1
    assert "1101030102-01" in codes


def test_an_account_shows_its_older_codes_and_where_it_comes_from(head, client_of):
    page = words(client_of(head).get(address(head, "account", account="1101030102")))

    assert ">021<" in page
    assert "cfo.in.th" in page


def test_an_unknown_account_is_not_found(head, client_of):
    assert client_of(head).get(address(head, "account", account="999999")).status_code == 404


def test_a_sub_account_is_added_renamed_closed_and_opened_again(head, client_of):
    client = client_of(head)
    save, close = (address(head, name, account="1101030102") for name in ("save-sub-account", "close-sub-account"))

    client.post(save, {"sub_account": "๐๑", "name_th": "ธ.กรุงไทย"})
    client.post(save, {"sub_account": "01", "name_th": "ธ.กรุงไทย 123-0"})
    assert own(head) == [("1101030102-01", "ธ.กรุงไทย 123-0", True)]

    client.post(close, {"sub_account": "01"})
    assert own(head) == [("1101030102-01", "ธ.กรุงไทย 123-0", False)]

    client.post(save, {"sub_account": "01", "name_th": "ธ.กรุงไทย 123-0"})
    assert own(head) == [("1101030102-01", "ธ.กรุงไทย 123-0", True)]


def own(actor) -> list[tuple[str, str, bool]]:
    with entity_transaction(actor.entity_id):
        return [(view.account, view.name_th, view.is_open) for view in queries.accounts() if view.sub_account]


def test_a_wrong_number_keeps_what_was_typed(head, client_of):
    save = address(head, "save-sub-account", account="1101030102")

    response = client_of(head).post(save, {"sub_account": "1", "name_th": "ธ.ออมสิน"})

    assert response.status_code == 422
    assert "ธ.ออมสิน" in words(response)
    assert 'aria-invalid="true"' in words(response)


def test_closing_a_sub_account_that_does_not_exist_is_not_found(head, client_of):
    close = address(head, "close-sub-account", account="1101030102")

    assert client_of(head).post(close, {"sub_account": "77"}).status_code == 404


def test_a_reader_sees_no_form_and_may_not_save(client_of):
    auditor = builders.a_person("auditor", entity=builders.an_entity())
    client = client_of(auditor)

    assert 'name="name_th"' not in words(client.get(address(auditor, "account", account="1101030102")))
    save = address(auditor, "save-sub-account", account="1101030102")
    assert client.post(save, {"sub_account": "01", "name_th": "X"}).status_code == 403


def test_without_a_year_the_page_offers_to_open_one(head, client_of):
    client = client_of(head)
    assert 'name="fiscal_year"' in words(client.get(address(head, "periods")))

    answer = client.post(address(head, "open-fiscal-year"), {"fiscal_year": "๒๕๖๘"})

    assert answer.headers["Location"] == address(head, "periods-of-year", fiscal_year=2568)
    page = words(client.get(address(head, "periods")))
    assert page.count("?state=soft_closed") == 14


def test_a_year_that_is_no_buddhist_year_is_refused(head, client_of):
    response = client_of(head).post(address(head, "open-fiscal-year"), {"fiscal_year": "2025"})

    assert response.status_code == 422
    assert [refusal.code for refusal in response.context["refusals"]] == ["ledger.fiscal_year_malformed"]


def test_a_year_that_is_not_open_is_not_found(head, client_of):
    assert client_of(head).get(address(head, "periods-of-year", fiscal_year=2599)).status_code == 404


def test_a_period_is_soft_closed_opened_again_by_two_hands_and_closed_for_good(head, client_of):
    builders.a_fiscal_year(actor=head)
    client = client_of(head)
    change = address(head, "change-period", fiscal_year=2568, period=0)

    assert client.get(change, {"state": "soft_closed"}).status_code == 200
    client.post(change, {"state": "soft_closed"})
    assert state_of(head, 0) is PeriodState.SOFT_CLOSED

    assert client.get(change, {"state": "open"}).status_code == 404
    assert client.post(change, {"state": "open", "reason": "x"}).status_code == 404
    ask = address(head, "ask-reopening", fiscal_year=2568, period=0)
    assert ask in words(client.get(address(head, "periods")))
    assert client.get(ask).status_code == 200
    assert client.post(ask, {"reason": " "}).status_code == 422
    asked = client.post(ask, {"reason": "ลืมลงยอดเงินฝาก"})
    assert client.post(asked.url, {"answer": "agree"}).status_code == 422
    assert state_of(head, 0) is PeriodState.SOFT_CLOSED

    clerk = builders.a_person("clerk", entity=identity.entity(code=head.entity_code), name="Wanna Clerk")
    other = client_of(clerk)
    assert "ลืมลงยอดเงินฝาก" in words(other.get(f"/{head.entity_code}/"))
    assert other.get(asked.url).status_code == 200
    assert other.post(asked.url, {"answer": "decline", "note": ""}).status_code == 422
    assert other.post(asked.url, {"answer": "agree"}).status_code == 302
    assert state_of(head, 0) is PeriodState.OPEN

    client.post(change, {"state": "soft_closed"})
    client.post(change, {"state": "closed"})
    assert state_of(head, 0) is PeriodState.CLOSED
    assert "ลืมลงยอดเงินฝาก" in words(client.get(address(head, "periods")))


def state_of(actor, period: int) -> PeriodState:
    with entity_transaction(actor.entity_id):
        return queries.periods(fiscal_year=2568)[period].state


def test_a_period_or_state_that_does_not_exist_is_not_found(head, client_of):
    builders.a_fiscal_year(actor=head)
    client = client_of(head)

    assert (
        client.get(address(head, "change-period", fiscal_year=2568, period=20), {"state": "closed"}).status_code == 404
    )
    assert client.get(address(head, "change-period", fiscal_year=2568, period=1), {"state": "ajar"}).status_code == 404


def test_balances_are_brought_forward_once(head, client_of):
    builders.a_posted_journal(actor=builders.a_fiscal_year(actor=head))
    commands.open_fiscal_year(actor=head, fiscal_year=2569)
    client = client_of(head)
    carry = address(head, "carry-forward", fiscal_year=2569)
    assert carry in words(client.get(address(head, "periods-of-year", fiscal_year=2569)))

    client.post(carry)

    assert carry not in words(client.get(address(head, "periods-of-year", fiscal_year=2569)))
    assert client.post(carry).status_code == 422
