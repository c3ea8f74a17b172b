import uuid
from datetime import date, datetime

import pytest
from django.utils import timezone

from khlang.continuity import commands
from khlang.kernel.money import baht
from khlang.kernel.refusals import Refused
from khlang.ledger import queries as ledger
from khlang.ledger.rules import JournalFilter
from khlang.toolkit.tenancy import entity_transaction
from tests.builders import YEAR, a_fiscal_year
from tests.continuity.files import (
    AT,
    CASH,
    TAX,
    a_csv,
    a_json_line,
    a_workbook,
    json_lines,
    posted,
    reasons,
    sent,
    two_rows,
)

pytestmark = pytest.mark.django_db


def journals_of(actor):
    with entity_transaction(actor.entity_id):
        return ledger.journals(JournalFilter(fiscal_year=YEAR, order="posted"))


def balance_of(actor, account, year=YEAR):
    with entity_transaction(actor.entity_id):
        rows = [row for row in ledger.balances(fiscal_year=year) if row.account == account]
    return sum((row.balance for row in rows), baht("0"))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("journals.xlsx", a_workbook([*two_rows("A-1"), *two_rows("A-2", 50.25)])),
        ("journals.csv", a_csv([*two_rows("A-1"), *two_rows("A-2", 50.25)])),
        ("journals.jsonl", json_lines([a_json_line(), a_json_line(amount="50.25")])),
    ],
)
def test_import_posts_every_journal_when_all_are_right(name, content):
    actor = a_fiscal_year()

    view = posted(actor, content, name)

    assert (view.state, view.posted, view.replayed, view.errors) == ("posted", 2, 0, 0)
    assert balance_of(actor, CASH) == baht("150.25")
    assert journals_of(actor).count == 2


def test_import_posts_nothing_twice_when_the_same_file_comes_again():
    actor = a_fiscal_year()
    content = a_workbook([*two_rows("A-1"), *two_rows("A-2")])
    posted(actor, content)

    again = posted(actor, content)

    assert (again.posted, again.replayed) == (0, 2)
    assert journals_of(actor).count == 2
    assert ("", "continuity.file_sent_before") in reasons(again, "warning")


def test_import_refuses_other_content_under_a_reference_that_is_in_the_books():
    actor = a_fiscal_year()
    posted(actor, a_workbook(two_rows("A-1")))

    view = sent(actor, a_workbook(two_rows("A-1", 200.0)))

    assert reasons(view) == [("รายการ!A2", "ledger.idempotency_conflict")]
    with pytest.raises(Refused) as refused:
        commands.post(actor=actor, import_id=view.id, at=AT)
    assert refused.value.refusals[0].code == "continuity.file_has_errors"


def test_import_posts_nothing_when_one_journal_is_wrong():
    actor = a_fiscal_year()
    wrong = two_rows("A-2")
    wrong[1][7] = 99.0

    view = sent(actor, a_workbook([*two_rows("A-1"), *wrong]))

    assert reasons(view) == [("รายการ!G4", "ledger.unbalanced")]
    with pytest.raises(Refused):
        commands.post(actor=actor, import_id=view.id, at=AT)
    assert journals_of(actor).count == 0


def test_import_posts_the_right_journals_when_asked_to_leave_the_wrong_ones_out():
    actor = a_fiscal_year()
    wrong = two_rows("A-2")
    wrong[1][7] = 99.0

    view = posted(actor, a_workbook([*two_rows("A-1"), *wrong, *two_rows("A-3")]), accepts_valid=True)

    assert (view.state, view.posted, view.errors) == ("posted", 2, 1)
    assert journals_of(actor).count == 2


def test_undo_brings_every_balance_back_and_keeps_both_journals():
    actor = a_fiscal_year()
    view = posted(actor, a_workbook([*two_rows("A-1"), *two_rows("A-2")]))

    undone = commands.undo(actor=actor, import_id=view.id, reason="ส่งผิดไฟล์")

    assert undone.state == "undone"
    assert balance_of(actor, CASH) == baht("0")
    assert journals_of(actor).count == 4
    assert commands.undo(actor=actor, import_id=view.id, reason="again").state == "undone"
    assert journals_of(actor).count == 4


def test_import_posts_again_after_it_was_undone():
    actor = a_fiscal_year()
    content = a_workbook(two_rows("A-1"))
    view = posted(actor, content)
    commands.undo(actor=actor, import_id=view.id, reason="ส่งผิดปี")

    again = posted(actor, content)

    assert (again.posted, again.replayed) == (1, 0)
    assert balance_of(actor, CASH) == baht("100")


def test_undo_refuses_when_no_reason_is_given():
    actor = a_fiscal_year()
    view = posted(actor, a_workbook(two_rows("A-1")))

    with pytest.raises(Refused) as refused:
        commands.undo(actor=actor, import_id=view.id, reason=" ")

    assert refused.value.refusals[0].code == "continuity.reason_missing"


def test_upload_gives_the_first_answer_when_the_same_form_is_sent_twice():
    actor = a_fiscal_year()
    number = uuid.uuid4()
    given = {
        "actor": actor,
        "import_id": number,
        "file_name": "a.csv",
        "chunks": [a_csv(two_rows("A-1"))],
        "at": timezone.now(),
    }

    first, second = commands.upload(**given), commands.upload(**given)

    assert first == second


def test_import_brings_opening_balances_sub_accounts_and_estimates():
    actor = a_fiscal_year()
    content = a_workbook(
        two_rows("A-1"),
        year=str(YEAR),
        entity=actor.entity_code,
        sub_accounts=[[CASH, "01", "ลิ้นชักการเงิน"]],
        opening=[[f"{CASH}-01", "", "FS01", 500.0, None, ""], ["3103010101", "", "FS01", None, 500.0, ""]],
        estimates=[[TAX, "", 1000.0]],
    )

    view = posted(actor, content)

    assert (view.state, view.posted, view.errors) == ("posted", 2, 0)
    assert balance_of(actor, f"{CASH}-01") == baht("500")
    with entity_transaction(actor.entity_id):
        assert [(e.account_code, e.amount) for e in ledger.estimates(fiscal_year=YEAR)] == [(TAX, baht("1000"))]


def test_import_reads_a_buddhist_year_in_a_date_cell_and_says_so():
    actor = a_fiscal_year()

    view = posted(actor, a_workbook(two_rows("A-1", day=datetime(2567, 10, 3))))

    assert view.posted == 1
    assert reasons(view, "note") == [("รายการ!B2", "continuity.date_was_buddhist")]
    assert journals_of(actor).rows[0].date == date(2024, 10, 3)
