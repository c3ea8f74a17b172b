"""Entities come from a file or one by one; people get roles; what is wrong is told all at once."""

import uuid
from datetime import UTC, datetime

import pytest

from khlang.identity import commands, queries
from khlang.identity.commands import EntityDraft
from khlang.kernel.refusals import Refused
from tests import builders

pytestmark = pytest.mark.django_db

SUBDISTRICT = "subdistrict_administrative_organization"


def a_code() -> str:
    return uuid.uuid4().hex[:10].upper()


def reasons(caught) -> list[tuple[str, str]]:
    return [(refusal.code, refusal.where) for refusal in caught.value.refusals]


def a_file(tmp_path, *rows: str, header: str = "code,kind,name_th,name_en,province,parent"):
    path = tmp_path / "entities.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8-sig")
    return path


def test_add_entity_makes_an_entity_that_can_be_found_by_its_code():
    code = a_code()

    made = commands.add_entity(draft=EntityDraft(code, SUBDISTRICT, "อบต.บางน้ำใส", "Bang Nam Sai", "12"))

    assert queries.entity(code=code) == made
    assert (made.level, made.province_code, made.name_th) == ("local_government", "12", "อบต.บางน้ำใส")


def test_add_entity_again_brings_the_name_up_to_date_and_keeps_the_number():
    code = a_code()
    first = commands.add_entity(draft=EntityDraft(code, SUBDISTRICT, "เก่า", province="12"))

    again = commands.add_entity(draft=EntityDraft(code, SUBDISTRICT, "ใหม่", province="12"))

    assert (again.entity_id, again.name_th) == (first.entity_id, "ใหม่")


def test_a_unit_takes_the_province_of_its_local_government():
    parent = builders.an_entity()

    school = commands.add_entity(draft=EntityDraft(a_code(), "school", "โรงเรียนบ้านคลอง", parent=parent.code))

    assert (school.parent_code, school.province_code, school.level) == (parent.code, parent.province_code, "unit")


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        (EntityDraft("ก1", SUBDISTRICT, "ชื่อ"), [("identity.entity_code_malformed", "code")]),
        (EntityDraft("NEW1", "kingdom", "ชื่อ"), [("identity.entity_kind_unknown", "kind")]),
        (EntityDraft("NEW1", SUBDISTRICT, "  "), [("identity.name_missing", "name_th")]),
        (EntityDraft("NEW1", SUBDISTRICT, "ชื่อ", province="00"), [("identity.province_unknown", "province")]),
        (EntityDraft("NEW1", "school", "ชื่อ"), [("identity.parent_unknown", "parent")]),
        (EntityDraft("NEW1", SUBDISTRICT, "ชื่อ", parent="NOWHERE"), [("identity.parent_unknown", "parent")]),
        (
            EntityDraft("!", SUBDISTRICT, "", province="00"),
            [
                ("identity.entity_code_malformed", "code"),
                ("identity.name_missing", "name_th"),
                ("identity.province_unknown", "province"),
            ],
        ),
    ],
)
def test_add_entity_refuses_with_every_reason(draft, expected):
    with pytest.raises(Refused) as caught:
        commands.add_entity(draft=draft)

    assert reasons(caught) == expected


def test_add_entity_refuses_a_code_that_another_kind_has():
    taken = builders.an_entity()

    with pytest.raises(Refused) as caught:
        commands.add_entity(draft=EntityDraft(taken.code, "city_municipality", "เทศบาลนคร", province="12"))

    assert reasons(caught) == [("identity.entity_code_used", "code")]


def test_a_unit_cannot_stand_under_a_unit():
    parent = builders.an_entity()
    school = builders.an_entity(kind="school", parent=parent.code)

    with pytest.raises(Refused) as caught:
        builders.an_entity(kind="school", parent=school.code)

    assert reasons(caught) == [("identity.parent_unknown", "parent")]


def test_import_entities_counts_what_it_added_changed_and_left(tmp_path):
    one, two = a_code(), a_code()
    rows = [f"{one},{SUBDISTRICT},อบต.หนึ่ง,,12,", f"{two},school,โรงเรียน,,,{one}"]

    first = commands.import_entities(path=a_file(tmp_path, *rows))
    again = commands.import_entities(path=a_file(tmp_path, rows[0].replace("หนึ่ง", "สอง"), rows[1]))

    assert (first.added, first.changed, first.same) == (2, 0, 0)
    assert (again.added, again.changed, again.same) == (0, 1, 1)


def test_import_entities_is_all_or_nothing_and_names_every_cell(tmp_path):
    good = a_code()
    rows = [f"{good},{SUBDISTRICT},อบต.ดี,,12,", f"{a_code()},kingdom,ชื่อ,,12,", f"{a_code()},{SUBDISTRICT},,,99,"]

    with pytest.raises(Refused) as caught:
        commands.import_entities(path=a_file(tmp_path, *rows))

    assert reasons(caught) == [
        ("identity.entity_kind_unknown", "B3"),
        ("identity.name_missing", "C4"),
        ("identity.province_unknown", "E4"),
    ]
    with pytest.raises(Refused, match=r"identity\.entity_unknown"):
        queries.entity(code=good)


def test_import_entities_refuses_a_file_without_its_columns_or_in_another_encoding(tmp_path):
    with pytest.raises(Refused, match=r"identity\.file_column_missing"):
        commands.import_entities(path=a_file(tmp_path, header="code,name"))

    thai = tmp_path / "thai.csv"
    thai.write_bytes("code,kind,name_th\n1,x,บางตะไนย์\n".encode("cp874"))
    with pytest.raises(Refused, match=r"toolkit\.table_not_utf8"):
        commands.import_entities(path=thai)


def test_add_user_refuses_a_weak_password_a_used_name_and_no_name():
    username = f"u{uuid.uuid4().hex[:12]}"

    with pytest.raises(Refused, match=r"identity\.password_too_weak"):
        commands.add_user(username=username, full_name="มาลี ศรีสุข", password="1234567890")
    with pytest.raises(Refused, match=r"identity\.name_missing"):
        commands.add_user(username=username, full_name=" ", password=builders.PASSWORD)
    commands.add_user(username=username, full_name="มาลี ศรีสุข", password=builders.PASSWORD)
    with pytest.raises(Refused, match=r"identity\.username_used"):
        commands.add_user(username=username, full_name="มาลี ศรีสุข", password=builders.PASSWORD)


def now() -> datetime:
    return datetime.now(UTC)


def as_actor(person, entity):
    return queries.actor(user_id=person.user_id, user_name=person.name, entity_code=entity.code, at=now())


def test_a_role_opens_one_entity_and_its_end_closes_it():
    ours, theirs = builders.an_entity(), builders.an_entity()
    person = builders.a_person("finance_officer", entity=ours)

    seen = as_actor(person, ours)
    elsewhere = as_actor(person, theirs)
    commands.end_role(actor=builders.an_actor(entity=ours), user_id=person.user_id, role="finance_officer", at=now())

    assert seen is not None
    assert seen.roles == {"finance_officer"}
    assert elsewhere is None
    assert as_actor(person, ours) is None


@pytest.mark.parametrize("role", ["mayor", "operator"])
def test_grant_role_refuses_what_nobody_can_be_given(role):
    entity = builders.an_entity()
    person = builders.a_person(entity=entity)

    with pytest.raises(Refused, match=r"identity\.role_unknown"):
        commands.grant_role(actor=builders.an_actor(entity=entity), user_id=person.user_id, role=role, at=now())
