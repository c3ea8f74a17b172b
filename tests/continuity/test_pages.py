"""Pages of imports over HTTP: send, look, post, take back."""

import io
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.db.models import F
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from khlang.audit import queries as audit
from khlang.audit.rules import ActFilter
from khlang.continuity import queries
from khlang.continuity.models import Import
from khlang.identity import queries as identity
from khlang.ledger import queries as ledger
from khlang.ledger.rules import JournalFilter
from khlang.toolkit.tenancy import entity_transaction
from tests import builders
from tests.builders import YEAR
from tests.continuity.files import Formula, a_csv, a_workbook, two_rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def head():
    actor = builders.a_person("head_of_treasury", entity=builders.an_entity())
    return builders.a_fiscal_year(actor=actor)


def second(actor):
    """The head of treasury who posts what another sent."""
    entity = identity.entity(code=actor.entity_code)
    return builders.a_person("head_of_treasury", entity=entity, name="Second Head")


def signed_in(actor) -> Client:
    client = Client()
    builders.sign_in(client, actor)
    return client


def address(actor, name, **parts):
    return reverse(f"continuity:{name}", kwargs={"entity_code": actor.entity_code, **parts})


def send(client, actor, content, name="journals.xlsx", **fields):
    given = {"import_id": str(uuid.uuid4()), "mode": "journals", "file": SimpleUploadedFile(name, content), **fields}
    return client.post(address(actor, "new"), given, follow=True)


def latest(actor):
    with entity_transaction(actor.entity_id):
        views, _ = queries.imports()
        return queries.import_(import_id=views[0].id)


def count_of(actor):
    with entity_transaction(actor.entity_id):
        return ledger.journals(JournalFilter(fiscal_year=YEAR)).count


def test_a_right_file_is_shown_first_and_posted_on_the_second_press(head):
    client = signed_in(head)

    page = send(client, head, a_workbook([*two_rows("A-1"), *two_rows("A-2", 50.25)]))
    assert "ถูกต้องทุกรายการ" in page.content.decode()
    assert "150.25" in page.content.decode()
    assert count_of(head) == 0
    page = signed_in(second(head)).post(address(head, "post", import_id=latest(head).id), follow=True)

    assert "ลงบัญชีแล้ว 2 รายการ" in page.content.decode()
    assert count_of(head) == 2


def test_a_wrong_file_shows_each_error_at_its_cell_with_what_to_do(head):
    client = signed_in(head)
    rows = two_rows("A-1")
    rows[0][6] = "สองร้อย"

    page = send(client, head, a_workbook(rows)).content.decode()

    assert "รายการ!G2" in page
    assert "“สองร้อย” ไม่ใช่จำนวนเงิน" in page
    assert client.post(address(head, "post", import_id=latest(head).id)).status_code == 422
    assert count_of(head) == 0


def test_the_marked_workbook_keeps_what_was_typed_and_colours_the_wrong_cell(head):
    client = signed_in(head)
    rows = two_rows("A-1")
    rows[0][6] = Formula("=SUM(1,2)")
    send(client, head, a_workbook(rows))

    answer = client.get(address(head, "marked", import_id=latest(head).id))

    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    cell = book["รายการ"]["G2"]
    assert cell.value == "=SUM(1,2)"
    assert cell.fill.start_color.rgb == "FFFFC7CE"
    assert "สูตร" in cell.comment.text
    assert book["รายการที่ต้องแก้ไข"]["A2"].value == "รายการ!G2"
    assert book["รายการ"]["A3"].value == "A-1"


def test_a_file_that_is_no_workbook_is_refused_on_its_page(head):
    page = send(signed_in(head), head, b"%PDF-1.7 not a workbook").content.decode()

    assert "เนื้อหาไม่ใช่ไฟล์ Excel" in page


def test_sending_nothing_says_so(head):
    answer = signed_in(head).post(address(head, "new"), {"mode": "journals"})

    assert answer.status_code == 422
    assert "ยังไม่ได้เลือกไฟล์" in answer.content.decode()


def test_an_import_is_taken_back_with_a_reason(head):
    client = signed_in(head)
    send(client, head, a_workbook(two_rows("A-1")))
    number = latest(head).id
    signed_in(second(head)).post(address(head, "post", import_id=number))

    assert client.post(address(head, "undo", import_id=number), {"reason": ""}).status_code == 422
    page = client.post(address(head, "undo", import_id=number), {"reason": "ส่งผิดปี"}, follow=True)

    assert "เลิกทำแล้ว" in page.content.decode()
    assert count_of(head) == 2


def test_a_finance_officer_imports_but_may_not_post_or_take_back(head):
    officer = builders.a_person("finance_officer", entity=identity.entity(code=head.entity_code))
    client = signed_in(officer)
    page = send(client, officer, a_workbook(two_rows("A-1"))).content.decode()
    number = latest(officer).id

    assert "ผู้ส่งไฟล์ลงบัญชีเองไม่ได้" in page
    assert client.post(address(officer, "post", import_id=number)).status_code == 403
    signed_in(head).post(address(head, "post", import_id=number))
    assert count_of(officer) == 1
    assert client.post(address(officer, "undo", import_id=number), {"reason": "x"}).status_code == 403


def test_whoever_sent_a_file_is_refused_and_told_who_may_post_it(head):
    client = signed_in(head)
    send(client, head, a_workbook(two_rows("A-1")))
    second(head)

    answer = client.post(address(head, "post", import_id=latest(head).id))

    assert answer.status_code == 422
    assert [refusal.code for refusal in answer.context["refusals"]] == ["identity.same_person"]
    assert "Second Head" in answer.content.decode()
    assert count_of(head) == 0


def test_a_written_exception_lets_one_person_send_and_post_and_its_use_is_kept(head):
    number = builders.an_exception(person=head, reviewer=second(head))
    client = signed_in(head)
    assert number in send(client, head, a_workbook(two_rows("A-1"))).content.decode()

    page = client.post(address(head, "post", import_id=latest(head).id), follow=True).content.decode()

    assert count_of(head) == 1
    assert f"ตามคำสั่ง {number}" in page
    with entity_transaction(head.entity_id):
        (use,) = identity.exception_uses()
        (act,) = audit.acts(ActFilter(act="continuity.post"))
    assert (use.document, use.act) == (f"import:{latest(head).id}", "continuity.post")
    assert number in act.facts


@pytest.mark.parametrize(
    "columns", [{"state": "posting"}, {"state": "posting", "posted_by": "made_by"}, {"made_by": 999}]
)
def test_the_database_refuses_an_import_posted_by_who_sent_it_whatever_code_is_at_work(head, columns):
    send(signed_in(head), head, a_workbook(two_rows("A-1")))
    forged = {name: F(value) if value == "made_by" else value for name, value in columns.items()}

    with (
        entity_transaction(head.entity_id),
        pytest.raises(DatabaseError, match=r"same_person|stays"),
        transaction.atomic(),
    ):
        Import.objects.filter(entity_id=head.entity_id, id=latest(head).id).update(**forged)


def test_imports_of_another_entity_cannot_be_seen(head):
    stranger = builders.a_fiscal_year(actor=builders.a_person("head_of_treasury", entity=builders.an_entity()))
    send(signed_in(head), head, a_workbook(two_rows("A-1")))
    number = latest(head).id

    assert signed_in(head).get(address(head, "detail", import_id=number)).status_code == 200
    assert signed_in(stranger).get(address(stranger, "detail", import_id=number)).status_code == 404
    assert signed_in(stranger).get(address(head, "detail", import_id=number)).status_code == 404


def test_the_history_finds_a_file_by_its_name(head):
    client = signed_in(head)
    send(client, head, a_workbook(two_rows("A-1")), name="ตุลาคม.xlsx")

    assert "ตุลาคม.xlsx" in client.get(address(head, "list"), {"search": "ตุลา"}).content.decode()
    assert "ตุลาคม.xlsx" not in client.get(address(head, "list"), {"search": "ธันวา"}).content.decode()


def test_old_codes_are_offered_for_conversion_and_converted(head):
    client = signed_in(head)
    rows = two_rows("A-1")
    rows[0][4], rows[1][4] = "021", "110100"

    page = send(client, head, a_workbook(rows)).content.decode()
    assert "แปลงรหัสเก่าแล้วตรวจใหม่" in page
    page = client.post(
        address(head, "check", import_id=latest(head).id), {"convert": "1"}, follow=True
    ).content.decode()

    assert "รหัสเก่า 021 แปลงเป็นรหัสปัจจุบัน 1101030102" in page
    assert latest(head).errors == 0


def test_the_template_is_given_for_the_year_asked(head):
    answer = signed_in(head).get(address(head, "template"), {"year": "๒๕๖๘"})

    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert book["khlang"]["B1"].value == "khlang-journals-1"
    assert book["khlang"]["B3"].value == "2568"
    assert book["khlang"].sheet_state == "veryHidden"
    assert [sheet.title for sheet in book][:5] == ["คำอธิบาย", "รายการ", "ยอดยกมา", "ประมาณการ", "บัญชีย่อย"]


def test_only_a_workbook_is_given_back_marked(head):
    client = signed_in(head)
    send(client, head, a_csv(two_rows("A-1", "x")), name="a.csv")

    answer = client.get(address(head, "marked", import_id=latest(head).id))

    assert answer.status_code == 422
    assert answer.context["refusals"][0].code == "continuity.not_markable"
    assert "เฉพาะไฟล์ Excel" in answer.content.decode()
