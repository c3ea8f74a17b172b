"""PDFs over HTTP: a posted journal, a draft, a report; and who gets none."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from khlang.identity.queries import entity
from khlang.kernel.refusals import Refusal, Refused
from khlang.official_forms import queries
from khlang.toolkit.tenancy import entity_transaction
from tests import builders

pytestmark = pytest.mark.django_db
YEAR = builders.YEAR


@pytest.fixture
def reader():
    """An officer of an office with one posted journal."""
    person = builders.a_person("finance_officer", entity=builders.an_entity())
    actor = builders.a_fiscal_year(actor=builders.an_actor(entity=entity(code=person.entity_code)))
    builders.a_posted_journal(actor=actor, amount="100.00", day=date(2024, 10, 3))
    return person


def get(actor, name, *, query="", **parts):
    client = Client()
    builders.sign_in(client, actor)
    return client.get(reverse(f"official_forms:{name}", kwargs={"entity_code": actor.entity_code, **parts}) + query)


def test_posted_journal_prints_as_a_voucher(reader):
    response = get(reader, "journal", fiscal_year=YEAR, sequence_no=1)

    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")


def test_journal_paper_says_what_was_posted_and_by_whom(reader):
    with entity_transaction(reader.entity_id):
        paper = queries.journal_paper(actor=reader, fiscal_year=YEAR, sequence_no=1)

    assert (str(paper.debit), str(paper.credit)) == ("100.00", "100.00")
    assert paper.posted_by == "khlang"
    assert paper.entity_name == reader.entity_name
    assert [line.account for line in paper.lines] == [builders.CASH, builders.TAX]


def test_report_prints_with_thai_digits(reader):
    where = {"fiscal_year": YEAR, "report": "trial-balance"}

    assert get(reader, "statement", query="?digits=thai&to=2024-12-31", **where).content.startswith(b"%PDF")


def test_report_with_a_wrong_choice_leads_back_to_its_page(reader):
    response = get(reader, "statement", query="?to=soon", fiscal_year=YEAR, report="trial-balance")

    assert response.url.endswith(f"/reports/{YEAR}/trial-balance/?to=soon")


def test_forms_that_are_not_there_are_not_found(reader):
    assert get(reader, "journal", fiscal_year=YEAR, sequence_no=99).status_code == 404
    assert get(reader, "voucher", voucher_id=builders.uuid.uuid4()).status_code == 404
    assert get(reader, "statement", fiscal_year=YEAR, report="balance").status_code == 404


def test_papers_that_are_not_there_are_refused(reader):
    voucher_id = builders.uuid.uuid4()
    with entity_transaction(reader.entity_id):
        with pytest.raises(Refused) as no_journal:
            queries.journal_paper(actor=reader, fiscal_year=YEAR, sequence_no=99)
        with pytest.raises(Refused) as no_voucher:
            queries.voucher_paper(actor=reader, voucher_id=voucher_id)

    facts = {"fiscal_year": YEAR, "sequence_no": 99}
    assert no_journal.value.refusals == (Refusal("official_forms.journal_unknown", facts),)
    assert no_voucher.value.refusals == (Refusal("official_forms.voucher_unknown", {"voucher": str(voucher_id)}),)


def test_forms_are_refused_to_who_may_not_print(reader):
    person = builders.a_person("local_administrator", entity=entity(code=reader.entity_code))

    assert get(person, "journal", fiscal_year=YEAR, sequence_no=1).status_code == 403
