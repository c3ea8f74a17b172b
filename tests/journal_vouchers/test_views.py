"""Pages of vouchers over HTTP, without scripts: who may, what is shown, what is refused."""

import json
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khlang.journal_vouchers import commands, queries
from khlang.journal_vouchers.rules import VoucherFilter, VoucherState
from khlang.ledger import queries as ledger
from khlang.ledger.rules import JournalFilter
from khlang.toolkit.tenancy import entity_transaction
from tests import builders
from tests.builders import CASH, TAX, a_person
from tests.journal_vouchers.makers import AT, PDF, a_draft, a_posted, a_submitted, a_team, content, the_entity_of

pytestmark = pytest.mark.django_db
PLAIN = {"HTTP_ACCEPT_LANGUAGE": "en"}


def browser_of(actor, *, csrf=False):
    client = Client(enforce_csrf_checks=csrf)
    builders.sign_in(client, actor)
    return client


def page(actor, name, **kwargs):
    return reverse(f"journal_vouchers:{name}", kwargs={"entity_code": actor.entity_code, **kwargs})


def kept(actor, voucher_id):
    with entity_transaction(actor.entity_id):
        return queries.voucher(voucher_id=voucher_id)


def posted_journals(actor):
    with entity_transaction(actor.entity_id):
        return ledger.journals(JournalFilter(2568)).count


def form_of(typed, **more):
    fields = {"date": typed.date, "kind": typed.kind, "description": typed.description, "revision": "0"}
    for index, line in enumerate(typed.lines):
        for name in ("account", "fund_source", "description", "debit", "credit"):
            fields[f"lines.{index}.{name}"] = getattr(line, name)
    return {**fields, "idempotency_key": str(uuid.uuid4()), **more}


GETS = ("list", "workbook", "detail")
WRITES = ("new", "edit", "draft")


@pytest.mark.parametrize(
    ("role", "may_read", "may_draft", "may_post"),
    [
        ("finance_officer", True, True, False),
        ("head_of_treasury", True, True, True),
        ("clerk", True, False, False),
        ("executive", True, False, False),
        ("auditor", True, False, False),
        ("local_administrator", False, False, False),
    ],
)
def test_each_role_reaches_its_pages_only(role, may_read, may_draft, may_post):
    maker, _ = a_team()
    row = a_submitted(maker).row
    person = a_person(role, entity=the_entity_of(maker), name="Somebody")
    client, one = browser_of(person), {"voucher_id": row.voucher_id}

    read = {client.get(page(person, name, **({} if name != "detail" else one))).status_code for name in GETS}
    begun = client.get(page(person, "new")).status_code
    posted = client.post(page(person, "post", **one), {"revision": row.revision}).status_code

    assert read == ({200} if may_read else {403})
    assert begun == (302 if may_draft else 403)
    assert posted == (302 if may_post else 403)
    assert posted_journals(maker) == int(may_post)


def test_pages_of_another_entity_are_not_found():
    maker, _ = a_team()
    stranger, _ = a_team()
    row = a_draft(maker).row
    client = browser_of(stranger)
    mixed = {"entity_code": stranger.entity_code, "voucher_id": row.voucher_id}

    assert client.get(page(maker, "list")).status_code == 404
    assert client.get(reverse("journal_vouchers:detail", kwargs=mixed)).status_code == 404
    assert client.get(page(maker, "detail", voucher_id=row.voucher_id)).status_code == 404


def test_who_is_not_logged_in_is_led_to_the_log_in_page_and_scripts_get_401():
    maker, _ = a_team()
    address = page(maker, "draft", voucher_id=uuid.uuid4())

    assert Client().get(page(maker, "list")).status_code == 302
    answer = Client().put(address, "{}", content_type="application/json", headers={"X-Requested-With": "fetch"})
    assert answer.status_code == 401


@pytest.mark.parametrize("name", ["post", "return", "cancel", "reverse", "copy", "attach"])
def test_every_act_needs_the_csrf_token(name):
    maker, poster = a_team()
    row = a_submitted(maker).row
    client = browser_of(poster, csrf=True)

    assert client.post(page(poster, name, voucher_id=row.voucher_id)).status_code == 403
    assert kept(maker, row.voucher_id).row.state == VoucherState.SUBMITTED


def test_a_voucher_without_scripts_from_form_to_books_and_back():
    maker, poster = a_team()
    typist, boss = browser_of(maker), browser_of(poster)
    address = typist.get(page(maker, "new")).headers["Location"]
    voucher_id = uuid.UUID(address.rstrip("/").split("/")[-2])

    grown = typist.post(f"{address}?do=add", form_of(content()))
    assert grown.content.decode().count('data-col="account"') == 5
    sent = typist.post(f"{address}?do=submit", form_of(content(), revision=kept(maker, voucher_id).row.revision))
    assert sent.headers["Location"] == page(maker, "detail", voucher_id=voucher_id)

    row = kept(maker, voucher_id).row
    assert b"<dialog" in boss.get(page(poster, "detail", voucher_id=voucher_id) + "?ask=post").content
    key = {"idempotency_key": str(uuid.uuid4())}
    boss.post(page(poster, "post", voucher_id=voucher_id), {"revision": row.revision, **key})
    assert kept(maker, voucher_id).row.state == VoucherState.POSTED
    wrong = boss.post(page(poster, "reverse", voucher_id=voucher_id), {"day": "??", "reason": "x"})
    assert wrong.status_code == 422
    boss.post(page(poster, "reverse", voucher_id=voucher_id), {"day": "9/10/2567", "reason": "x"})
    assert kept(maker, voucher_id).row.reversal_label
    assert posted_journals(maker) == 2


def test_a_refused_form_keeps_every_letter_and_says_each_reason_at_its_place():
    maker, _ = a_team()
    typed = content("12x", date="กลางเดือน")
    voucher_id = uuid.uuid4()

    answer = browser_of(maker).post(
        page(maker, "edit", voucher_id=voucher_id) + "?do=submit", form_of(typed), headers={"Accept-Language": "th"}
    )

    shown = answer.content.decode()
    assert answer.status_code == 422
    assert shown.count('value="12x"') == 2
    assert '<a href="#lines.0.debit" data-field="lines.0.debit">' in shown
    assert "<title>\n" not in shown
    assert "มีข้อผิดพลาด" in shown.split("</title>")[0]
    assert kept(maker, voucher_id).content.lines[0].debit == "12x"


def test_a_form_over_an_older_version_shows_both_and_overwrites_nothing():
    maker, poster = a_team()
    row = a_draft(maker).row
    commands.save_draft(actor=poster, voucher_id=row.voucher_id, revision=1, content=content("900"), at=AT)

    answer = browser_of(maker).post(
        page(maker, "edit", voucher_id=row.voucher_id), form_of(content("500"), revision="1")
    )

    assert answer.status_code == 409
    assert 'value="500"' in answer.content.decode()
    assert '<td class="num">900</td>' in answer.content.decode()
    assert kept(maker, row.voucher_id).content == content("900")


def test_a_draft_is_put_and_a_conflict_tells_who_and_what():
    maker, poster = a_team()
    voucher_id = uuid.uuid4()
    client, address = browser_of(maker), page(maker, "draft", voucher_id=voucher_id)

    def put(revision, typed):
        body = {"revision": revision, "fields": {k: v for k, v in form_of(typed).items() if k != "revision"}}
        return client.put(address, json.dumps(body), content_type="application/json")

    first = put(0, content("100"))
    commands.save_draft(actor=poster, voucher_id=voucher_id, revision=1, content=content("900"), at=AT)
    second = put(1, content("200"))

    assert (first.status_code, first.json()["revision"]) == (200, 1)
    assert second.status_code == 409
    assert (second.json()["by"], second.json()["revision"]) == (poster.name, 2)
    assert second.json()["fields"]["lines.0.debit"] == "900"
    assert client.get(address).json()["fields"]["lines.0.debit"] == "900"
    assert client.put(address, "{", content_type="application/json").status_code == 400


def test_a_preview_says_number_and_effect_or_every_reason():
    maker, _ = a_team()
    client, address = browser_of(maker), page(maker, "preview", voucher_id=uuid.uuid4())

    right = client.post(address, form_of(content("250"))).content.decode()
    wrong = client.post(address, form_of(content("x"))).content.decode()

    assert "1/2568" in right
    assert "250.00" in right
    assert "lines.0.debit" in wrong
    assert posted_journals(maker) == 0


def test_a_copy_opens_as_a_new_draft_and_the_same_page_copies_once():
    maker, poster = a_team()
    row = a_posted(maker, poster).row
    client, new_id = browser_of(maker), uuid.uuid4()
    address = page(maker, "copy", voucher_id=row.voucher_id)

    answers = [client.post(address, {"copy_id": str(new_id)}) for _ in range(2)]

    assert {answer.headers["Location"] for answer in answers} == {page(maker, "edit", voucher_id=new_id)}
    assert client.get(page(maker, "edit", voucher_id=new_id)).status_code == 200
    assert client.get(page(maker, "edit", voucher_id=row.voucher_id)).status_code == 302
    with entity_transaction(maker.entity_id):
        assert queries.vouchers(VoucherFilter()).count == 2


def test_the_same_person_is_refused_and_told_who_may():
    maker, poster = a_team()
    both = a_person("finance_officer", "head_of_treasury", entity=the_entity_of(maker), name="Both Hands")
    row = a_submitted(both).row

    answer = browser_of(both).post(page(both, "post", voucher_id=row.voucher_id), {"revision": row.revision})

    assert answer.status_code == 422
    assert poster.name in answer.content.decode()


def test_files_are_kept_and_served_to_those_who_may_read_only():
    maker, _ = a_team()
    row = a_draft(maker).row
    client = browser_of(maker)
    sent = {"file": SimpleUploadedFile("ใบเสร็จ", PDF), "attachment_id": str(uuid.uuid4())}

    assert client.post(page(maker, "attach", voucher_id=row.voucher_id), sent).status_code == 302
    (file,) = kept(maker, row.voucher_id).attachments
    where = {"voucher_id": row.voucher_id, "attachment_id": file.attachment_id}
    answer = client.get(page(maker, "attachment", **where))
    stranger = browser_of(a_team()[0]).get(page(maker, "attachment", **where))
    administrator = browser_of(a_person("local_administrator", entity=the_entity_of(maker))).get(
        page(maker, "attachment", **where)
    )

    assert b"".join(answer.streaming_content) == PDF
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; sandbox")
    assert (stranger.status_code, administrator.status_code) == (404, 403)
    client.post(page(maker, "detach", **where))
    assert client.get(page(maker, "attachment", **where)).status_code == 404


@pytest.mark.parametrize(
    ("name", "content_of_it"),
    [("page.pdf", b"<html><script>alert(1)</script>"), ("empty.pdf", b""), ("big.pdf", b"%PDF-" + bytes(10 * 2**20))],
)
def test_a_wrong_file_is_refused_with_words(name, content_of_it):
    maker, _ = a_team()
    row = a_draft(maker).row

    answer = browser_of(maker).post(
        page(maker, "attach", voucher_id=row.voucher_id), {"file": SimpleUploadedFile(name, content_of_it)}
    )

    assert answer.status_code == 422
    assert kept(maker, row.voucher_id).attachments == ()


def test_the_list_is_narrowed_sorted_and_exported_as_it_stands():
    maker, poster = a_team()
    a_draft(maker, content("10", description="First thing"))
    a_posted(maker, poster, content("30", description="=HYPERLINK(1)"))
    client = browser_of(maker)

    both = client.get(page(maker, "list") + "?order=-total").content.decode()
    one = client.get(page(maker, "list") + "?state=draft&search=first").content.decode()
    none = client.get(page(maker, "list") + "?start=nonsense")
    book = client.get(page(maker, "workbook") + "?state=posted")

    assert both.index("=HYPERLINK") < both.index("First thing")
    assert "=HYPERLINK" not in one
    assert none.status_code == 200
    assert book.content.startswith(b"PK")


def test_the_list_asks_as_often_for_three_as_for_one():
    maker, poster = a_team()
    client = browser_of(maker)
    asked = []
    for _ in range(3):
        row = a_submitted(maker).row
        commands.return_voucher(actor=poster, voucher_id=row.voucher_id, reason="x", key=uuid.uuid4(), at=AT)
        client.get(page(maker, "list"))
        with CaptureQueriesContext(connection) as queries_made:
            client.get(page(maker, "list"))
        asked.append(len(queries_made))

    assert asked[0] == asked[1] == asked[2]


def test_tasks_tell_each_person_what_is_left():
    maker, poster = a_team()
    a_draft(maker)
    sent = a_submitted(maker)
    again = a_submitted(maker)
    commands.return_voucher(actor=poster, voucher_id=again.row.voucher_id, reason="แนบใบเสร็จ", key=uuid.uuid4(), at=AT)

    with entity_transaction(maker.entity_id):
        mine = {task.urgency: task for task in queries.tasks(actor=maker)}
        theirs = queries.tasks(actor=poster)

    assert set(mine) == {"returned", "todo", "waiting"}
    assert mine["returned"].detail_th == "แนบใบเสร็จ"
    assert [task.key for task in theirs if task.urgency == "todo"] == [f"voucher:{sent.row.voucher_id}"]


def test_the_api_moves_a_voucher_from_draft_to_reversal():
    maker, poster = a_team()
    voucher_id = uuid.uuid4()
    base = f"/api/v1/{maker.entity_code}/vouchers"

    def send(actor, method, tail, body):
        call = getattr(browser_of(actor), method)
        return call(f"{base}/{voucher_id}/{tail}", json.dumps(body), content_type="application/json")

    draft = {"revision": 0, "content": content("250").as_json()}
    act = {"revision": 1, "idempotency_key": str(uuid.uuid4())}
    assert send(maker, "put", "draft", draft).json()["state"] == "draft"
    assert send(maker, "post", "preview", content("250").as_json()).json()["effects"][0]["after"] == "250.00"
    assert send(maker, "post", "submit", act).json()["state"] == "submitted"
    refused = send(maker, "post", "post", act)
    posted = send(poster, "post", "post", {**act, "idempotency_key": str(uuid.uuid4())})
    turned = send(
        poster, "post", "reverse", {"date": "2024-10-09", "reason": "ผิด", "idempotency_key": str(uuid.uuid4())}
    )

    assert (refused.status_code, refused.json()["refusals"][0]["code"]) == (403, "identity.not_permitted")
    assert posted.json()["journal_label"].endswith("1/2568")
    assert turned.json()["reversal_label"].endswith("2/2568")
    listed = browser_of(maker).get(f"{base}?state=posted").json()
    assert (listed["count"], listed["total"]) == (1, "250.00")
    assert [line["account"] for line in browser_of(maker).get(f"{base}/{voucher_id}").json()["content"]["lines"]] == [
        CASH,
        TAX,
    ]
    copied = send(maker, "post", "copy", {"voucher_id": str(uuid.uuid4())}).json()
    assert copied["state"] == "draft"


def test_the_api_refuses_strangers_and_requests_without_a_token():
    maker, _ = a_team()
    stranger, _ = a_team()
    row = a_draft(maker).row
    address = f"/api/v1/{maker.entity_code}/vouchers/{row.voucher_id}"
    body = json.dumps({"reason": "x", "idempotency_key": str(uuid.uuid4())})

    assert Client().get(address).status_code == 401
    assert browser_of(stranger).get(address).status_code == 404
    token_missing = browser_of(maker, csrf=True).post(f"{address}/cancel", body, content_type="application/json")
    assert token_missing.status_code == 403
    years = browser_of(maker).get(f"/api/v1/{maker.entity_code}/fiscal-years").json()
    assert [(year["fiscal_year"], len(year["periods"])) for year in years] == [(2568, 14)]
    assert len(browser_of(maker).get(f"/api/v1/{maker.entity_code}/fund-sources").json()) >= 8


def test_an_unknown_filter_narrows_nothing():
    maker, _ = a_team()
    a_draft(maker)

    with entity_transaction(maker.entity_id):
        assert queries.vouchers(VoucherFilter(order="'; DROP TABLE")).count == 1
