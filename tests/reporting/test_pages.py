"""Report pages over HTTP: one journey down from a statement to its journal, the files, and who may not read."""

import csv
import io
import json
from datetime import date

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from khlang.ledger import commands
from khlang.reporting.rules.requests import REPORTS
from tests import builders

pytestmark = pytest.mark.django_db
YEAR = builders.YEAR


@pytest.fixture
def reader():
    """An officer of an office whose books have a receipt and a payment."""
    person = builders.a_person("finance_officer", entity=builders.an_entity())
    actor = builders.a_fiscal_year(actor=builders.an_actor(entity=builders_entity(person)))
    paid = builders.lines_of("25.50", debit=builders.FUEL, credit=builders.CASH)
    journals = [
        builders.a_journal(amount="100.00", day=date(2024, 10, 3)),
        builders.a_journal(lines=paid, day=date(2024, 12, 5), description="Fuel for the truck"),
    ]
    commands.post_journals(actor=actor, journals=journals)
    return person


def builders_entity(person):
    from khlang.identity.queries import entity

    return entity(code=person.entity_code)


def signed_in(actor, language="th") -> Client:
    client = Client()
    builders.sign_in(client, actor)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client


def address(actor, name, **parts):
    return reverse(f"reporting:{name}", kwargs={"entity_code": actor.entity_code, **parts})


def words(response):
    return response.content.decode()


def test_index_names_every_report_of_the_latest_year(reader):
    page = words(signed_in(reader).get(address(reader, "index")))

    for code in REPORTS:
        assert address(reader, code, fiscal_year=YEAR) in page


def test_index_of_an_office_without_books_says_what_to_do_first():
    person = builders.a_person("finance_officer", entity=builders.an_entity())

    page = words(signed_in(person, "en").get(address(person, "index")))

    assert "No fiscal year is open yet" in page


@pytest.mark.parametrize("code", REPORTS)
def test_report_shows_its_statement(reader, code):
    response = signed_in(reader).get(address(reader, code, fiscal_year=YEAR), {"to": "2024-12-31"}, follow=True)

    assert response.status_code == 200
    assert "r-total" in words(response) or "r-closing" in words(response)


def test_reader_goes_from_a_statement_down_to_the_journal(reader):
    client = signed_in(reader)
    line = address(reader, "line", fiscal_year=YEAR, report="financial-position", line="SFP_CASH")

    position = words(client.get(address(reader, "financial-position", fiscal_year=YEAR), {"to": "2024-12-31"}))
    assert f"{line}?to=2024-12-31" in position
    accounts = words(client.get(line, {"to": "2024-12-31"}))
    ledger = address(reader, "general-ledger", fiscal_year=YEAR)
    assert f"{ledger}?to=2024-12-31&amp;account={builders.CASH}" in accounts
    entries = words(client.get(ledger, {"account": builders.CASH, "to": "2024-12-31"}))
    journal = address(reader, "journal", fiscal_year=YEAR, sequence_no=2)
    assert journal in entries
    page = words(client.get(journal))
    assert "Fuel for the truck" in page
    assert page.count("25.50") >= 3


def test_report_tells_a_wrong_day_beside_its_field(reader):
    client = signed_in(reader)

    response = client.get(address(reader, "trial-balance", fiscal_year=YEAR), {"to": "1 มกราคม 2570"})

    assert response.status_code == 422
    assert 'aria-invalid="true"' in words(response)


def test_report_of_a_year_that_is_not_open_says_so(reader):
    response = signed_in(reader, "en").get(address(reader, "trial-balance", fiscal_year=2560))

    assert response.status_code == 422
    assert "2560 is not open" in words(response)


def test_choosing_another_year_leads_to_its_address(reader):
    response = signed_in(reader).get(
        address(reader, "trial-balance", fiscal_year=YEAR), {"year": "2567", "to": "2024-12-31", "zero": "1"}
    )

    assert response.url == f"{address(reader, 'trial-balance', fiscal_year=2567)}?zero=1"


def test_journal_book_opens_at_the_last_month_with_journals(reader):
    book = address(reader, "journal-book", fiscal_year=YEAR)
    client = signed_in(reader)

    assert client.get(book).url == f"{book}?since=2024-12-01&to=2024-12-31"
    assert client.get(book, {"to": "2024-10-31"}).url == f"{book}?to=2024-10-31&since=2024-10-01"
    assert client.get(book, {"all": "1"}).status_code == 200


def test_files_carry_the_figures_of_the_page(reader):
    client = signed_in(reader)
    where = {"fiscal_year": YEAR, "report": "trial-balance"}
    query = {"to": "2024-12-31"}

    answer = json.loads(client.get(address(reader, "download", extension="json", **where), query).content)
    table = client.get(address(reader, "download", extension="csv", **where), query).content
    workbook = client.get(address(reader, "download", extension="xlsx", **where), query)
    paper = client.get(reverse("official_forms:statement", kwargs={"entity_code": reader.entity_code, **where}), query)

    assert answer["total_debit"] == answer["total_credit"] == "100.00"
    assert table.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(table.decode("utf-8-sig"))))[-1][2:] == ["100.00", "100.00"]
    assert workbook.content.startswith(b"PK")
    assert paper.content.startswith(b"%PDF")
    assert paper["Content-Type"] == "application/pdf"


def test_unknown_files_and_reports_are_not_there(reader):
    client = signed_in(reader)

    assert client.get(f"/{reader.entity_code}/reports/{YEAR}/balance.xlsx").status_code == 404
    assert client.get(f"/{reader.entity_code}/reports/{YEAR}/trial-balance.docx").status_code == 404
    assert client.get(address(reader, "journal", fiscal_year=YEAR, sequence_no=99)).status_code == 404


def test_journal_list_is_found_by_words_amount_and_account(reader):
    client = signed_in(reader)
    found = {
        name: words(client.get(address(reader, "journals"), {name: value}))
        for name, value in {"search": "Fuel", "amount": "25.50", "account": builders.FUEL}.items()
    }

    fuel = address(reader, "journal", fiscal_year=YEAR, sequence_no=2)
    other = address(reader, "journal", fiscal_year=YEAR, sequence_no=1)
    assert all(fuel in page and other not in page for page in found.values())


def test_journal_list_tells_an_amount_that_cannot_be_read(reader):
    page = words(signed_in(reader).get(address(reader, "journals"), {"amount": "ten"}))

    assert 'aria-invalid="true"' in page


def test_journal_list_goes_to_excel_as_it_is_narrowed(reader):
    response = signed_in(reader).get(address(reader, "journals-workbook"), {"search": "Fuel"})

    assert response.content.startswith(b"PK")


def test_journal_shows_its_reversal(reader):
    head = builders.an_actor("head_of_treasury", entity=builders_entity(reader))
    commands.reverse_journal(
        actor=head, fiscal_year=YEAR, sequence_no=2, day=date(2024, 12, 6), reason="Typed twice",
        idempotency_key=builders.uuid.uuid4(),
    )  # fmt: skip

    page = words(signed_in(reader, "en").get(address(reader, "journal", fiscal_year=YEAR, sequence_no=2)))

    assert "Reversed by" in page
    assert address(reader, "journal", fiscal_year=YEAR, sequence_no=3) in page


def test_reports_of_another_office_are_not_there(reader):
    other = builders.a_person("finance_officer", entity=builders.an_entity())

    assert signed_in(other).get(address(reader, "trial-balance", fiscal_year=YEAR)).status_code == 404


def test_reports_are_refused_to_who_may_not_read_them():
    person = builders.a_person("local_administrator", entity=builders.an_entity())

    assert signed_in(person).get(address(person, "index")).status_code == 403


@pytest.mark.parametrize(("code", "queries_allowed"), [("trial-balance", 24), ("receipts-and-payments", 29)])
def test_report_page_asks_the_database_a_fixed_number_of_times(
    reader, code, queries_allowed, django_assert_max_num_queries
):
    client = signed_in(reader)
    with django_assert_max_num_queries(queries_allowed):
        client.get(address(reader, code, fiscal_year=YEAR))
