"""Announcements: to whom, read by whom, counted for the department; plain text, corrected by a new one."""

import io
import uuid
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.db import connection
from django.test import Client
from openpyxl import load_workbook

from khlang.audit import queries as audit
from khlang.audit.rules import ActFilter
from khlang.identity import queries as identity
from khlang.kernel.refusals import Refused
from khlang.operations import commands, queries
from khlang.operations.rules import paragraphs
from khlang.operations.rules.announcements import AnnouncementView, Piece, Reader, reaches
from khlang.toolkit.tenancy import entity_transaction
from tests import builders
from tests.operations.makers import an_announcement, announced, switch, the_department

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real_announcements", "real_modes")]

NOW = datetime.now(UTC)


def shown(actor) -> list[int]:
    with entity_transaction(actor.entity_id, read_only=True):
        return [each.announcement.number for each in queries.received(actor=actor, at=datetime.now(UTC))]


def codes(call, **arguments) -> list[str]:
    try:
        call(**arguments)
    except Refused as refused:
        return [refusal.code for refusal in refused.refusals]
    return []


@pytest.fixture
def reader():
    return builders.a_person("finance_officer", entity=builders.an_entity(), name="Somying Raksa")


@pytest.fixture
def client(reader):
    client = Client()
    builders.sign_in(client, reader)
    return client


def test_an_announcement_reaches_its_audience_and_nobody_else(reader):
    other = builders.a_person("clerk", entity=builders.an_entity(kind="city_municipality"))
    kind = "subdistrict_administrative_organization"
    everybody = announced()
    province, elsewhere = (announced(audience="province", audience_code=code) for code in ("12", "50"))
    of_kind = announced(audience="kind", audience_code=kind)
    one = announced(audience="entity", audience_code=reader.entity_code)

    assert set(shown(reader)) == {everybody, province, of_kind, one}
    assert set(shown(other)) == {everybody, province}
    assert elsewhere not in shown(reader)


@pytest.mark.parametrize(
    ("audience", "code", "reached"),
    [
        ("all", "", True),
        ("province", "12", True),
        ("province", "13", False),
        ("kind", "school", False),
        ("entity", "A1", True),
    ],
)
def test_reaches_compares_with_what_the_entity_is(audience, code, reached):
    texts = ("t", "t", "b", "b")
    view = AnnouncementView(1, audience, code, *texts, NOW, NOW, False, False, "x", NOW)

    assert reaches(view, Reader("A1", "12", "city_municipality")) is reached


def test_announce_refuses_what_could_not_be_understood():
    department = the_department("department_officer")
    wrong = an_announcement(
        title_th=" ", body_th="", audience="province", audience_code="99", shown_until=None, replaces=999
    )

    assert codes(commands.announce, actor=department, draft=wrong, at=NOW, key=uuid.uuid4()) == [
        "operations.title_missing",
        "operations.body_missing",
        "operations.audience_unknown",
        "operations.shown_until_missing",
        "operations.not_to_replace",
    ]
    late = an_announcement(shown_until=NOW, audience="entity", audience_code="NOBODY")
    assert codes(commands.announce, actor=department, draft=late, at=NOW, key=uuid.uuid4()) == [
        "operations.audience_unknown",
        "operations.shown_until_not_after",
    ]
    assert codes(commands.announce, actor=builders.an_actor(), draft=an_announcement(), at=NOW, key=uuid.uuid4()) == [
        "operations.not_the_department"
    ]
    clerk = builders.a_person("clerk", entity=builders.an_entity())
    assert codes(commands.announce, actor=clerk, draft=an_announcement(), at=NOW, key=uuid.uuid4()) == [
        "identity.not_permitted"
    ]


def test_announce_twice_with_one_key_publishes_once_and_is_recorded():
    department, key = the_department("department_officer"), uuid.uuid4()
    first = commands.announce(actor=department, draft=an_announcement(), at=NOW, key=key)

    assert commands.announce(actor=department, draft=an_announcement(), at=NOW, key=key) == first
    with entity_transaction(department.entity_id, read_only=True):
        assert [act.document for act in audit.acts(ActFilter(act="operations.announce"))] == [f"announcement:{first}"]


def test_a_correction_takes_the_place_of_the_first_once(reader):
    first = announced(title_th="ฉบับแรก")
    second = announced(title_th="ฉบับแก้", replaces=first)
    department = the_department("department_officer")

    assert shown(reader) == [second]
    assert queries.announcement(number=first).replaced_by == second
    again = an_announcement(replaces=first)
    assert codes(commands.announce, actor=department, draft=again, at=NOW, key=uuid.uuid4()) == [
        "operations.not_to_replace"
    ]


def test_an_announcement_of_later_or_of_before_is_not_shown(reader):
    later = announced(shown_from=datetime.now(UTC) + timedelta(hours=1))

    assert shown(reader) == []
    with entity_transaction(reader.entity_id, read_only=True):
        found = queries.received(actor=reader, at=datetime.now(UTC) + timedelta(hours=2))
    assert [each.announcement.number for each in found] == [later]
    assert codes(commands.acknowledge, actor=reader, number=later, at=datetime.now(UTC)) == [
        "operations.announcement_unknown"
    ]


def test_unread_and_important_come_first_and_count_on_the_bell(reader, client):
    plain, important, owed = announced(), announced(is_important=True), announced(is_acknowledged=True)
    home = f"/{reader.entity_code}/"
    assert shown(reader)[0] == important
    assert "ยังไม่อ่าน 3 เรื่อง" in client.get(home).content.decode()

    for number in (plain, important, owed):
        assert client.get(f"{home}announcements/{number}/").status_code == 200
    assert "ยังไม่อ่าน 1 เรื่อง" in client.get(home).content.decode()
    assert shown(reader)[0] == owed

    client.post(f"{home}announcements/{owed}/acknowledge/")
    assert "เรื่อง" not in client.get(home).content.decode().split('class="bell"')[1][:200]


def test_what_is_important_or_owed_is_work_to_do_until_it_is_done(reader, client):
    announced()
    important, owed = announced(is_important=True), announced(is_acknowledged=True)
    home = f"/{reader.entity_code}/"

    def links() -> list[bool]:
        page = client.get(home).content.decode()
        return [f'href="{home}announcements/{number}/" class="task"' in page for number in (important, owed)]

    assert links() == [True, True]
    client.get(f"{home}announcements/{important}/")
    client.get(f"{home}announcements/{owed}/")
    assert links() == [False, True]
    client.post(f"{home}announcements/{owed}/acknowledge/")
    assert links() == [False, False]
    with entity_transaction(reader.entity_id, read_only=True):
        assert [act.document for act in audit.acts(ActFilter(act="operations.acknowledge"))] == [f"announcement:{owed}"]


def test_announcements_are_read_and_acknowledged_while_the_books_are_closed(reader, client):
    number = announced(is_acknowledged=True)
    switch("identity_only")

    assert client.get(f"/{reader.entity_code}/announcements/{number}/").status_code == 200
    assert client.post(f"/{reader.entity_code}/announcements/{number}/acknowledge/").status_code == 302


def test_an_announcement_for_others_is_not_found(client, reader):
    number = announced(audience="province", audience_code="50")

    assert client.get(f"/{reader.entity_code}/announcements/{number}/").status_code == 404
    assert client.post(f"/{reader.entity_code}/announcements/{number}/acknowledge/").status_code == 404


def test_text_is_shown_as_text_and_only_web_addresses_become_links(client, reader):
    body = "บรรทัดแรก <script>alert(1)</script>\n\nดู https://www.dla.go.th/a?b=1&c=2. javascript:alert(1)"
    number = announced(body_th=body, title_th="<b>เรื่อง</b>")

    page = client.get(f"/{reader.entity_code}/announcements/{number}/").content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<b>เรื่อง</b>" not in page
    assert '<a href="https://www.dla.go.th/a?b=1&amp;c=2" rel="noopener noreferrer nofollow">' in page
    assert 'href="javascript' not in page
    assert paragraphs("a\r\n\r\nb http://x.th/y") == (
        (Piece("a"),),
        (Piece("b "), Piece("http://x.th/y", "http://x.th/y")),
    )


def test_the_department_sees_counts_by_province_and_who_is_silent(reader):
    department = the_department("department_officer")
    silent = builders.an_entity()
    number = announced(actor=department, audience="kind", audience_code="subdistrict_administrative_organization")
    colleague = builders.a_person("clerk", entity=identity.entity(code=reader.entity_code))
    for actor in (reader, colleague):
        commands.read_announcement(actor=actor, number=number, at=datetime.now(UTC))
    commands.acknowledge(actor=reader, number=number, at=datetime.now(UTC))
    client = Client()
    builders.sign_in(client, department)
    address = f"/{department.entity_code}/operations/announcements/{number}/receipts"

    page = client.get(f"{address}/?province=12").content.decode()
    sheet = load_workbook(io.BytesIO(client.get(f"{address}.xlsx").content)).active

    rows = {row[1]: row[3:] for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert (rows[reader.entity_code], rows[silent.code]) == ((2, 1), (0, 0))
    assert silent.code in page
    assert reader.name not in page


def test_counts_are_refused_to_every_other_entity(reader, app_connection):
    with pytest.raises(psycopg.Error, match=r"operations\.not_the_department"):
        app_connection.execute(f"SET khlang.entity_id = {reader.entity_id}; SELECT * FROM operations_receipt_counts(1)")


def test_receipts_of_others_are_out_of_reach_even_for_who_claims_to_count(reader, app_connection):
    number = announced()
    commands.read_announcement(actor=reader, number=number, at=datetime.now(UTC))
    with entity_transaction(builders.an_entity().entity_id), connection.cursor() as cursor:
        cursor.execute("SET LOCAL khlang.counting = 'receipts'")
        cursor.execute("SELECT count(*) FROM operations_receipt")
        assert cursor.fetchone()[0] == 0
    app_connection.execute(f"SET khlang.entity_id = {reader.entity_id}")
    app_connection.commit()
    for statement in ("UPDATE operations_receipt SET kind = 'read'", "DELETE FROM operations_announcement"):
        with pytest.raises(psycopg.Error, match="permission denied"), app_connection.transaction():
            app_connection.execute(statement)


def test_an_announcement_is_seen_as_readers_will_before_it_is_published():
    department, client = the_department("department_officer"), Client()
    builders.sign_in(client, department)
    address = f"/{department.entity_code}/operations/announcements/"
    typed = {
        "audience": "all",
        "title_th": "เรื่องทดสอบ",
        "body_th": "ย่อหน้าหนึ่ง\n\nย่อหน้าสอง",
        "until_on": "+30",
        "important": "on",
    }

    wrong = client.post(f"{address}publish/", {**typed, "title_th": "", "do": "preview"})
    seen = client.post(f"{address}publish/", {**typed, "do": "preview"})
    assert (wrong.status_code, seen.status_code) == (422, 200)
    assert "<p>ย่อหน้าสอง</p>" in seen.content.decode()
    assert [view for view in queries.announcements() if view.title_th == typed["title_th"]] == []

    done = client.post(f"{address}publish/", {**typed, "do": "publish", "key": str(uuid.uuid4())})
    assert done.status_code == 302
    view = queries.announcements()[0]
    assert (view.title_th, view.is_important, view.recorded_by_name) == ("เรื่องทดสอบ", True, department.name)
    correction = client.get(f"{address}new/?replaces={view.number}").content.decode()
    assert "ย่อหน้าสอง" in correction
    assert client.get(address).status_code == 200
