"""The record on its pages: found by document, person, act, day and word; shown whole; exported; verified."""

import csv
import io
import json
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils.timezone import localdate
from openpyxl import load_workbook

from khlang.audit import commands, queries
from khlang.audit.rules import ActFilter
from khlang.identity import queries as identity
from khlang.kernel.thai_dates import thai_date
from khlang.oversight.words import authority_words
from khlang.toolkit.tenancy import entity_transaction
from tests import builders
from tests.identity.test_authority import an_order

pytestmark = pytest.mark.django_db


class Desk:
    """An auditor at her desk, and a head of treasury who did three things."""

    def __init__(self, client):
        self.entity = builders.an_entity()
        self.head = builders.a_person("head_of_treasury", entity=self.entity, name="Somchai Head")
        self.auditor = builders.a_person("auditor", entity=self.entity, name="Anong Audit")
        self.client = client
        with entity_transaction(self.entity.entity_id):
            for number, act in enumerate(["test.make", "test.change", "test.make"]):
                facts = {"before": {"title": "ครู", "phone": "1"}, "after": {"title": "ครู", "phone": str(number)}}
                commands.record(actor=self.head, act=act, document=f"voucher:paper-{number}", facts=facts)
        builders.sign_in(client, self.auditor)

    def page(self, name="acts", query="", **parts):
        return self.client.get(reverse(f"oversight:{name}", kwargs={"entity_code": self.entity.code, **parts}) + query)

    def acts(self, **chosen):
        with entity_transaction(self.entity.entity_id):
            return [act.document.removeprefix("voucher:") for act in queries.acts(ActFilter(**chosen))]


@pytest.fixture
def desk(client):
    return Desk(client)


def test_acts_are_found_by_document_person_act_day_and_word(desk):
    today = localdate()
    papers = ["paper-2", "paper-1", "paper-0"]

    assert desk.acts(document="voucher:paper-1") == ["paper-1"]
    assert desk.acts(actor_id=desk.head.user_id) == papers
    assert desk.acts(act="test.make") == ["paper-2", "paper-0"]
    assert desk.acts(search="aper-2") == ["paper-2"]
    assert desk.acts(search="%") == []
    assert desk.acts(search="Somchai", start=today, end=today) == papers
    assert desk.acts(start=today + timedelta(days=1)) == []
    assert desk.acts(actor_id=desk.head.user_id, end=today - timedelta(days=1)) == []
    assert desk.acts(actor_id=desk.head.user_id, limit=1, before=_number(desk, "paper-2")) == ["paper-1"]


def _number(desk, paper):
    with entity_transaction(desk.entity.entity_id):
        return queries.acts(ActFilter(document=f"voucher:{paper}"))[0].sequence_no


def test_a_day_is_a_day_of_thai_time(desk, owner_connection):
    """An act of three in the morning UTC+7 lies on the day people call it, whatever the server calls it."""
    with entity_transaction(desk.entity.entity_id):
        (act,) = queries.acts(ActFilter(document="voucher:paper-1"))

    assert desk.acts(document="voucher:paper-1", start=localdate(act.acted_at), end=localdate(act.acted_at)) == [
        "paper-1"
    ]
    assert queries._TESTS["start"].count("Asia/Bangkok") == 1


def test_the_filter_offers_people_and_kinds_that_occur(desk):
    with entity_transaction(desk.entity.entity_id):
        kinds, people = queries.kinds_of_act(), queries.people_of_record()

    assert {"test.change", "test.make"} <= set(kinds)
    assert kinds == sorted(kinds)
    assert (desk.head.user_id, "Somchai Head") in people


def test_the_page_narrows_and_says_what_cannot_be_read(desk):
    page = desk.page(query=f"?person={desk.head.user_id}&act=test.change").content.decode()
    wrong = desk.page(query="?start=yesterdayish&search=paper").content.decode()

    assert "paper-1" in page
    assert "paper-0" not in page
    assert "paper-0" in wrong
    assert 'class="errors"' in wrong


def test_one_act_shows_before_and_after_authority_seal_and_neighbours(desk):
    number = _number(desk, "paper-1")

    page = desk.page("act", sequence_no=number).content.decode()

    with entity_transaction(desk.entity.entity_id):
        act = queries.act(sequence_no=number)
    assert "<del>1</del>" not in page
    assert "ครู" in page
    assert act.hash.hex() in page
    assert act.previous_hash.hex() in page
    assert "หัวหน้าหน่วยงานคลัง ตามตำแหน่ง" in page
    assert f"/audit/{number - 1}/" in page
    assert f"/audit/{number + 1}/" in page
    assert "<del>1</del>" in desk.page("act", sequence_no=number + 1).content.decode()
    assert desk.page("act", sequence_no=10_000).status_code == 404


def test_authority_by_order_is_told_with_number_days_and_for_whom():
    entity = builders.an_entity()
    person = builders.a_person("finance_officer", entity=entity)
    today = localdate()
    an_order(entity, user_id=person.user_id, hat="head_of_treasury", starts_on=today, ends_on=today)
    with entity_transaction(entity.entity_id):
        commands.record(actor=person, act="test.sign", document="paper:1")
        (act,) = queries.acts(ActFilter(document="paper:1"))

    told = dict(authority_words(act.authority))["head_of_treasury"]

    assert "รักษาราชการแทนหัวหน้าหน่วยงานคลัง แทน Somchai ตามคำสั่ง 12/2570" in told
    assert thai_date(today) in told


@pytest.mark.parametrize("extension", ["csv", "jsonl"])
def test_the_record_is_exported_whole_with_what_its_hashes_are_taken_from(desk, extension):
    answer = desk.page("acts-file", "?act=test.make", extension=extension)
    content = b"".join(answer.streaming_content)

    match extension:
        case "csv":
            rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
        case _:
            rows = [json.loads(line) for line in content.decode().splitlines()]
    assert [row["document"] for row in rows] == ["voucher:paper-2", "voucher:paper-0"]
    assert all(len(row["hash"]) == 64 for row in rows)


@pytest.mark.parametrize(("language", "head"), [("th", "ที่"), ("en", "No.")])
def test_the_workbook_of_the_record_is_in_the_readers_words(desk, language, head):
    desk.client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    content = b"".join(desk.page("acts-file", "?act=test.make", extension="xlsx").streaming_content)

    first, *body = load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)

    assert first[0] == head
    assert len(body) == 2
    assert all(row[1].date() and len(row[-2]) == 64 for row in body)
    assert not any("{" in str(cell) for row in body for cell in row)


def test_an_export_is_itself_an_act(desk):
    assert b"".join(desk.page("acts-file", extension="csv").streaming_content)

    with entity_transaction(desk.entity.entity_id):
        (act,) = queries.acts(ActFilter(act="audit.read_personal"))
    assert (act.actor_name, act.document) == ("Anong Audit", "record")


def test_an_unknown_kind_of_file_is_not_found(desk):
    assert desk.page("acts-file", extension="exe").status_code == 404


def test_verifying_keeps_its_result_in_the_record_and_shows_it(desk):
    assert "ยังไม่ได้ตรวจ" in desk.page().content.decode()

    desk.client.post(reverse("oversight:verify", kwargs={"entity_code": desk.entity.code}))

    page = desk.page().content.decode()
    with entity_transaction(desk.entity.entity_id):
        (act,) = queries.acts(ActFilter(act="audit.verify"))
        assert queries.verified_chain().holds
    facts = json.loads(act.facts)
    assert facts["first_broken"] is None
    assert facts["acts"] == act.sequence_no - 1
    assert f"สายโซ่สมบูรณ์ถึงลำดับ {facts['acts']}" in page


def test_the_witness_slip_bears_the_last_hash(desk):
    with entity_transaction(desk.entity.entity_id):
        number, last = queries.head()

    page = desk.page("witness").content.decode()

    assert last[:4] in page
    assert last[-4:] in page
    assert f"/audit/{number}/" in page


def test_the_day_of_the_newest_act_is_that_of_thai_time(desk):
    with entity_transaction(desk.entity.entity_id):
        assert queries.last_act_day() == localdate()
        assert isinstance(queries.last_act_day(), date)


def test_nobody_of_another_entity_sees_an_act(desk):
    stranger = builders.a_person("auditor", entity=builders.an_entity())
    builders.sign_in(desk.client, stranger)

    assert desk.page("act", sequence_no=1).status_code == 404
    assert identity.entity(code=desk.entity.code).entity_id == desk.entity.entity_id
