"""The department, its provincial offices and the entities under them."""

import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from khlang.identity import commands, queries
from khlang.identity.commands import EntityDraft
from khlang.identity.rules import EntityFilter
from khlang.kernel.refusals import Refused
from tests import builders

pytestmark = pytest.mark.django_db


def test_the_department_and_its_offices_are_there_and_a_second_time_changes_nothing():
    department, office = queries.entity(code="DLA"), queries.entity(code="P12")

    assert (department.level, department.parent_code) == ("department", "")
    assert (office.level, office.parent_code, office.province_code) == ("province", "DLA", "12")
    assert len(queries.entities(level="province")) == 76
    assert commands.load_reference_data() == 0


def test_a_local_government_stands_under_the_office_of_its_province():
    assert builders.an_entity().parent_code == "P12"


def test_entities_are_found_by_part_of_code_or_name_in_pages():
    mark = uuid.uuid4().hex[:8].upper()
    for number in range(53):
        commands.add_entity(
            draft=EntityDraft(f"{mark}-{number:02}", "town_municipality", f"เทศบาลเมือง {mark} {number}", province="12")
        )

    first, second = (queries.entity_page(EntityFilter(search=f"เทศบาล {mark}", page=page)) for page in (1, 2))

    assert (first.count, len(first.rows), len(second.rows), first.pages) == (53, 50, 3, 2)
    assert queries.entity_page(EntityFilter(search=f"{mark}-07")).count == 1
    assert queries.entity_page(EntityFilter(search=mark, province_code="50")).count == 0
    assert queries.entity_counts(province_code="12")["local_government"] >= 53


def test_a_page_of_thirty_thousand_entities_is_read_by_its_index():
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO identity_entity (entity_id, code, level, kind, name_th, name_en, sort_key, province_code, search_text)"
            " SELECT 9000000 + n, 'Z' || n, 'local_government', 'town_municipality', 'Town ' || n, '', 'town ' || n, '12',"
            " 'z' || n || ' town ' || n FROM generate_series(1, 30000) AS n"
        )
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN SELECT * FROM identity_entity ORDER BY sort_key, code LIMIT 50")
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert "identity_entity_by_name" in plan
    assert queries.entity_page(EntityFilter(search="town 29999")).count == 1


@pytest.mark.parametrize(
    ("code", "role"), [("DLA", "department_officer"), ("DLA", "department_operator"), ("P12", "province_officer")]
)
def test_the_home_page_of_an_office_above_shows_its_entities_and_asks_for_no_books(client, code, role):
    builders.an_entity()
    person = builders.a_person(role, entity=queries.entity(code=code))
    builders.sign_in(client, person)
    client.cookies["khlang_language"] = "en"

    text = client.get(f"/{code}/").content.decode()

    assert "Local governments" in text
    assert "The books are not open yet" not in text


def test_the_department_finds_adds_and_brings_in_entities_and_nobody_else_may(client):
    person = builders.a_person("department_officer", entity=queries.entity(code="DLA"))
    builders.sign_in(client, person)
    client.cookies["khlang_language"] = "en"
    code, other = uuid.uuid4().hex[:10].upper(), uuid.uuid4().hex[:10].upper()
    fields = {"code": code, "kind": "town_municipality", "name_th": f"เทศบาลเมือง {code}", "province": "12"}
    lines = "code,kind,name_th,name_en,province,parent\n"

    def sends(text):
        file = SimpleUploadedFile("entities.csv", text.encode())
        return client.post("/DLA/entities/import/", {"file": file}, follow=True)

    kept = client.post("/DLA/entities/keep/", fields, follow=True)
    wrong = client.post("/DLA/entities/keep/", {**fields, "code": "!", "name_th": ""})
    none = client.post("/DLA/entities/import/", {})
    bad = sends(f"{lines}{other},kingdom,ชื่อ,,12,\n")
    good = sends(f"{lines}{other},town_municipality,เทศบาล {other},,12,\n")
    listed = client.get(f"/DLA/entities/?search={code}&province=12").content.decode()
    book = client.get(f"/DLA/entities/entities.xlsx?search={code}")

    assert code in kept.content.decode()
    # identity.file_missing
    assert "No file was chosen" in none.content.decode()
    assert (wrong.status_code, none.status_code, bad.status_code, book.status_code) == (422, 422, 422, 200)
    assert re.search(r"<td[^>]*>B2</td>", bad.content.decode())
    assert "1 added" in good.content.decode()
    assert f"เทศบาลเมือง {code}" in listed
    assert queries.entity(code=code).parent_code == "P12"
    builders.sign_in(client, builders.a_person("province_officer", entity=queries.entity(code="P12")))
    assert client.get("/P12/entities/").status_code == 403


def test_a_file_of_entities_that_is_too_large_is_refused():
    officer = builders.an_actor("department_officer", entity=queries.entity(code="DLA"))

    with pytest.raises(Refused, match=r"toolkit\.table_too_large"):
        commands.take_entities(actor=officer, content=b"x" * (commands.FILE_BYTES_MAX + 1), name="big.csv")
