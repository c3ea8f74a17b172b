"""A list of people is sent, looked at, taken once; every account gets a first password that is shown once."""

import re
import uuid
from io import BytesIO

import openpyxl
import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from khlang.audit import queries as audit
from khlang.audit.rules import ActFilter
from khlang.identity import commands, queries
from khlang.identity.models import PeopleImport, User
from khlang.identity.rules import FILE_BYTES_MAX, PEOPLE_MAX
from khlang.kernel.refusals import Refused
from khlang.toolkit.citizen_number import pid_hash
from khlang.toolkit.tenancy import entity_transaction
from tests import builders
from tests.identity.people_makers import a_username, added, an_administrator, now

pytestmark = pytest.mark.django_db
PID = "1101700230708"


@pytest.fixture
def administrator(client):
    actor = an_administrator()
    builders.sign_in(client, actor)
    client.cookies["khlang_language"] = "en"
    return actor


def filled(client, actor, *rows):
    """The template of the page, filled in as an office would."""
    book = openpyxl.load_workbook(BytesIO(client.get(f"/{actor.entity_code}/people/import/template.xlsx").content))
    sheet = book.worksheets[0]
    heads = [cell.value.removesuffix(" *") for cell in sheet[1]]
    for number, row in enumerate(rows, start=2):
        for name, text in row.items():
            sheet.cell(number, heads.index(name) + 1, text)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def person(name, **more):
    return {"User name": a_username(), "First and family name": name, "Title": "นิติกร", **more}


def send(client, actor, content, name="people.xlsx", **more):
    fields = {"file": SimpleUploadedFile(name, content), "idempotency_key": str(uuid.uuid4()), **more}
    return client.post(f"/{actor.entity_code}/people/import/", fields)


def recorded(actor, act):
    with entity_transaction(actor.entity_id, read_only=True):
        return audit.acts(ActFilter(act=act, limit=500))


def test_a_list_is_looked_at_taken_once_and_every_new_account_gets_a_password_once(client, administrator):
    here = added(administrator, "clerk", name="วรรณา ใจดี", title="ปลัด")
    elsewhere = added(an_administrator(), name="สมชาย ไกล")
    rows = [
        person("มาลี ศรีสุข", **{"Role 1": "Finance officer", "Citizen number": PID, "Telephone": "0812345678"}),
        person("สมหญิง ดีงาม"),
        {"User name": elsewhere.username, "First and family name": "x", "Has an account": "Yes"},
        {"User name": here.username, "First and family name": "วรรณา ใจดี", "Title": "ปลัดเทศบาล"},
    ]
    content = filled(client, administrator, *rows)

    sent = send(client, administrator, content)
    preview = client.get(sent.url).content.decode()
    nobody_yet = User.objects.filter(username=rows[0]["User name"]).exists()
    first = client.post(f"{sent.url}take/", {"mode": "all"}, follow=True).content.decode()
    again = client.post(f"{sent.url}take/", {"mode": "all"}, follow=True).content.decode()
    slips = client.post(f"{sent.url}passwords/", {"total": "2"})
    none = client.post(f"{sent.url}passwords/", {"total": "2"}).content.decode()

    assert PID not in preview
    assert not nobody_yet
    assert "Confirm 4 people" in preview
    assert "3 added, 1 changed" in first
    assert "nothing was added again" in again
    passwords = re.findall(r"data-no-keep>([^<]+)<", slips.content.decode())
    assert len(passwords) == 2
    assert "no-store" in slips.headers["Cache-Control"]
    assert "data-no-keep" not in none
    malee = User.objects.get(username=rows[0]["User name"])
    assert (malee.check_password(passwords[0]), malee.must_change_password) == (True, True)
    assert malee.pid_hash == pid_hash(pid=PID)
    assert len(recorded(administrator, "identity.add_person")) == 4
    assert len(recorded(administrator, "identity.import_people")) == 1
    acts = str(recorded(administrator, ""))
    assert not any(secret in acts for secret in (PID, malee.pid_hash, *passwords))
    with entity_transaction(administrator.entity_id):
        kept = PeopleImport.objects.get(entity_id=administrator.entity_id)
    assert kept.lines == []


def test_the_same_list_again_says_that_everybody_is_here(client, administrator):
    content = filled(
        client, administrator, person("มาลี ศรีสุข", **{"Role 1": "Clerk of the local government"}), person("สมหญิง ดีงาม")
    )
    client.post(f"{send(client, administrator, content).url}take/", {"mode": "all"})

    again = send(client, administrator, content)

    text = client.get(again.url).content.decode()
    assert text.count("Already here</span>") == 2
    assert "This very file was brought in" in text
    assert client.post(f"{again.url}take/", {"mode": "all"}).status_code == 422
    assert len(recorded(administrator, "identity.add_person")) == 2


def test_errors_stand_at_their_cells_and_only_valid_rows_may_be_taken(client, administrator):
    twice = a_username()
    rows = [
        person("มาลี ดี", **{"User name": twice}),
        person("วรรณา ดี", **{"User name": twice}),
        person("", Telephone="x"),
    ]
    sent = send(client, administrator, filled(client, administrator, *rows))

    preview = client.get(sent.url).content.decode()
    all_of_it = client.post(f"{sent.url}take/", {"mode": "all"})
    valid = client.post(f"{sent.url}take/", {"mode": "valid"}, follow=True).content.decode()

    assert [cell for cell in ("A3", "B4", "G4") if re.search(rf"<td[^>]*>{cell}</td>", preview)] == ["A3", "B4", "G4"]
    assert all_of_it.status_code == 422
    assert "rows hold errors" in all_of_it.content.decode()
    assert "1 added, 0 changed" in valid


def test_a_list_is_read_only_within_its_limits(client, administrator):
    nobody = send(client, administrator, filled(client, administrator))
    large = send(client, administrator, b"x" * (FILE_BYTES_MAX + 1))
    lines = "\n".join(f"u{number},ชื่อ" for number in range(PEOPLE_MAX + 1))
    many = send(client, administrator, f"username,full_name\n{lines}".encode(), name="many.csv")
    empty = client.post(f"/{administrator.entity_code}/people/import/", {})

    # identity.file_without_people, toolkit.table_too_large, identity.file_too_many_people, identity.file_missing
    texts = ["names nobody", "larger than 2 MB", "301 people", "No file was chosen"]
    answers = (nobody, large, many, empty)
    assert [(each.status_code, text in each.content.decode()) for each, text in zip(answers, texts, strict=True)] == [
        (422, True)
    ] * 4


def test_only_the_administrator_brings_people_in_and_none_of_another_entity(client, administrator):
    sent = send(client, administrator, filled(client, administrator, person("มาลี ศรีสุข")))
    number = uuid.UUID(sent.url.strip("/").rpartition("/")[2])
    other = an_administrator()
    clerk = builders.a_person("clerk", entity=queries.entity(code=administrator.entity_code))

    for actor, code in ((other, "identity.import_unknown"), (clerk, "identity.not_permitted")):
        for act in (
            lambda who: commands.take_people_file(actor=who, import_id=number, mode="all", at=now()),
            lambda who: commands.give_first_passwords(actor=who, import_id=number, at=now()),
        ):
            with pytest.raises(Refused, match=code.replace(".", r"\.")):
                act(actor)
    with pytest.raises(Refused, match=r"identity\.not_permitted"):
        commands.send_people_file(actor=clerk, key=uuid.uuid4(), name="x.csv", content=b"username,full_name", at=now())
    builders.sign_in(client, clerk)
    assert client.get(sent.url).status_code == 403
    builders.sign_in(client, other)
    assert client.get(sent.url.replace(administrator.entity_code, other.entity_code)).status_code == 404


def test_a_preview_asks_as_many_questions_for_one_row_as_for_many(client, administrator):
    def asked(count):
        sent = send(client, administrator, filled(client, administrator, *(person(f"คน {n}") for n in range(count))))
        client.get(sent.url)
        with CaptureQueriesContext(connection) as found:
            client.get(sent.url)
        return len(found)

    assert asked(1) == asked(9)


def test_a_taken_list_cannot_be_changed_or_removed_by_sql(client, administrator):
    sent = send(client, administrator, filled(client, administrator, person("มาลี ศรีสุข")))
    client.post(f"{sent.url}take/", {"mode": "all"})

    for statement in (
        "UPDATE identity_people_import SET taken = '[]'",
        "UPDATE identity_people_import SET done_at = NULL",
        "DELETE FROM identity_people_import",
    ):
        with (
            pytest.raises((DatabaseError, psycopg.Error)),
            transaction.atomic(),
            entity_transaction(administrator.entity_id),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
