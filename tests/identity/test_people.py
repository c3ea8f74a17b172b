"""Who is on the list of an entity: added, renamed, given roles, let go; and never touched by another entity."""

import json
import uuid
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khlang.audit import queries as audit
from khlang.audit.rules import ActFilter
from khlang.identity import commands, queries
from khlang.identity.models import User
from khlang.identity.rules import PersonDraft, PersonFilter, check_person, chosen_people
from khlang.identity.rules.people import PersonRow, PersonView
from khlang.kernel.refusals import Refused
from khlang.kernel.thai_text import normalise, sort_key
from khlang.toolkit.tenancy import entity_transaction
from tests import builders
from tests.identity.people_makers import a_username, added, an_administrator, now


def codes(caught) -> set[str]:
    return {refusal.code for refusal in caught.value.refusals}


def row_of(actor, user_id) -> PersonRow:
    with entity_transaction(actor.entity_id):
        found = queries.person(user_id=user_id, at=now())
    assert found is not None
    return found


def acts_of(actor, user_id) -> list[tuple[str, dict]]:
    with entity_transaction(actor.entity_id):
        found = audit.acts(ActFilter(document=f"person:{user_id}"))
    return [(act.act, json.loads(act.facts)) for act in found]


# ---- rules -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        (PersonDraft("malee.s", "มาลี ศรีสุข"), set()),
        (PersonDraft("มาลี", "มาลี ศรีสุข"), {"identity.username_malformed"}),
        (PersonDraft("ab", ""), {"identity.username_malformed", "identity.name_missing"}),
        (PersonDraft("malee", "มาลี\u202eศรี"), {"identity.name_malformed"}),
        (PersonDraft("malee", "ก" * 121), {"identity.name_malformed"}),
        (PersonDraft("malee", "มาลี", title="ก\u202e"), {"identity.title_malformed"}),
        (
            PersonDraft("malee", "มาลี", phone="call me", email="nowhere"),
            {"identity.phone_malformed", "identity.email_malformed"},
        ),
        (PersonDraft("malee", "วรรณา ใจดี", title="ปลัด"), {"identity.person_same_name"}),
        (PersonDraft("malee", "วรรณา ใจดี", title="นิติกร"), set()),
        (PersonDraft("malee", "", known=True), set()),
    ],
)
def test_check_person_yields_every_reason(draft, expected):
    colleagues = [PersonView(1, "วรรณา ใจดี", "ปลัด")]

    assert {refusal.code for refusal in check_person(draft, colleagues=colleagues)} == expected


# One name as keyboards, copied papers and other programs spell it.
SPELLINGS = (
    "น้ำผึ้ง แก้วกำเนิด",
    "น้ําผึ้ง แก้วกําเนิด",
    "  น้ำผึ้ง   แก้วกำเนิด ",
    "น้ำ\u200bผึ้ง แก้ว\u200cกำเนิด",
    "น้ำผึ้ง\u00a0เเก้วกำเนิด",
    "\ufeffน้ำผึ้ง\tแก้วกำเนิด",
)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_thai_name_has_one_spelling_however_it_is_typed(spelling):
    assert normalise(spelling) == SPELLINGS[0]
    assert [
        r.code
        for r in check_person(PersonDraft("malee", spelling, "ปลัด"), colleagues=[PersonView(1, SPELLINGS[0], "ปลัด")])
    ] == ["identity.person_same_name"]


@given(st.lists(st.text(min_size=1, max_size=12), max_size=8), st.booleans())
def test_the_list_is_in_dictionary_order_both_ways(names, down):
    rows = [
        PersonRow(n, f"u{n}", name, "", "", "", now(), None, None, False, False, True) for n, name in enumerate(names)
    ]

    found = chosen_people(rows, PersonFilter(order="-name" if down else "name"))

    keys = [sort_key(row.name) for row in found]
    assert keys == sorted(keys, reverse=down)
    assert {row.user_id for row in found} == {row.user_id for row in rows}


# ---- commands --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_add_person_makes_an_account_whose_password_is_shown_once():
    actor, key, at = an_administrator(), uuid.uuid4(), now()
    draft = PersonDraft(a_username(), SPELLINGS[3], "นักวิชาการคลัง", roles=("treasury_analyst",))

    made = commands.add_person(actor=actor, draft=draft, key=key, at=at)
    again = commands.add_person(actor=actor, draft=draft, key=key, at=at)

    row = row_of(actor, made.user_id)
    assert (row.name, row.title, row.worn) == (SPELLINGS[0], "นักวิชาการคลัง", {"treasury_analyst"})
    assert (row.must_change_password, row.is_ours) == (True, True)
    assert User.objects.get(pk=made.user_id).check_password(made.password)
    assert (again.user_id, again.password, again.replayed) == (made.user_id, "", True)
    assert [act for act, _ in acts_of(actor, made.user_id)] == ["identity.add_person"]
    assert made.password not in json.dumps(acts_of(actor, made.user_id))


@pytest.mark.django_db
def test_add_person_takes_a_colleague_of_another_entity_by_the_exact_user_name():
    there, here = an_administrator(), an_administrator()
    known = added(there, name="สมชาย ใจดี")
    draft = PersonDraft(known.username, "ignored", "ผู้ช่วย", known=True)

    made = commands.add_person(actor=here, draft=draft, key=uuid.uuid4(), at=now())

    row = row_of(here, made.user_id)
    assert (made.user_id, made.password, row.name, row.is_ours) == (known.user_id, "", "สมชาย ใจดี", False)
    with pytest.raises(Refused) as caught:
        commands.add_person(actor=here, draft=draft, key=uuid.uuid4(), at=now())
    assert codes(caught) == {"identity.person_on_list"}


@pytest.mark.django_db
def test_add_person_refuses_every_reason_at_once():
    actor = an_administrator()
    taken = added(actor)

    draft = PersonDraft(taken.username, " ", phone="x", roles=("mayor",))
    with pytest.raises(Refused) as caught:
        commands.add_person(actor=actor, draft=draft, key=uuid.uuid4(), at=now())
    assert codes(caught) == {
        "identity.username_used",
        "identity.name_missing",
        "identity.phone_malformed",
        "identity.role_unknown",
    }
    with pytest.raises(Refused, match=r"identity\.username_unknown"):
        commands.add_person(actor=actor, draft=PersonDraft("nobody.here", known=True), key=uuid.uuid4(), at=now())
    with pytest.raises(Refused, match=r"identity\.roles_incompatible"):
        added(actor, "local_administrator", "finance_officer")


@pytest.mark.django_db
def test_rename_person_keeps_the_old_name_in_the_record_and_on_the_page():
    actor = an_administrator()
    malee = added(actor, name="มาลี ศรีสุข")

    with pytest.raises(Refused, match=r"identity\.reason_missing"):
        commands.rename_person(actor=actor, user_id=malee.user_id, full_name="มาลี ใจดี", reason=" ", at=now())
    commands.rename_person(actor=actor, user_id=malee.user_id, full_name="มาลี  ใจดี", reason="สมรส", at=now())

    with entity_transaction(actor.entity_id):
        former = queries.former_names(user_id=malee.user_id)
    assert row_of(actor, malee.user_id).name == "มาลี ใจดี"
    assert [(each.name, each.changed_by) for each in former] == [("มาลี ศรีสุข", actor.name)]
    act, facts = acts_of(actor, malee.user_id)[0]
    assert act == "identity.rename_person"
    assert facts == {"before": "มาลี ศรีสุข", "after": "มาลี ใจดี", "reason": "สมรส"}


@pytest.mark.django_db
def test_two_people_with_one_name_need_two_titles():
    actor = an_administrator()
    added(actor, name="สมชาย ใจดี", title="นิติกร")
    other = added(actor, name="สมชาย ใจดี", title="วิศวกร")

    with pytest.raises(Refused) as caught:
        commands.change_contact(actor=actor, user_id=other.user_id, title=" นิติกร ", phone="", email="", at=now())

    assert codes(caught) == {"identity.person_same_name"}
    commands.change_contact(
        actor=actor, user_id=other.user_id, title="วิศวกรโยธา", phone="02-123 4567", email="", at=now()
    )
    assert row_of(actor, other.user_id).title == "วิศวกรโยธา"


@pytest.mark.django_db
def test_leave_ends_roles_and_the_log_in_and_keeps_the_row():
    actor = an_administrator()
    person = added(actor, "finance_officer", "head_of_treasury")

    commands.leave(actor=actor, user_id=person.user_id, reason="โอนย้าย", at=now())

    row = row_of(actor, person.user_id)
    assert row.left_at is not None
    assert row.hats == ()
    assert {(held.hat, held.ended_reason) for held in row.past} == {
        ("finance_officer", "โอนย้าย"),
        ("head_of_treasury", "โอนย้าย"),
    }
    assert not User.objects.get(pk=person.user_id).is_active
    with pytest.raises(Refused, match=r"identity\.person_left"):
        commands.grant_role(actor=actor, user_id=person.user_id, role="clerk", reason="x", at=now())


@pytest.mark.django_db
def test_who_leaves_one_entity_works_on_in_the_other_which_then_keeps_the_account():
    first, second = an_administrator(), an_administrator()
    person = added(first, "finance_officer")
    draft = PersonDraft(person.username, title="ครู", roles=("finance_officer",), known=True)
    commands.add_person(actor=second, draft=draft, key=uuid.uuid4(), at=now())

    commands.leave(actor=first, user_id=person.user_id, reason="โอนย้าย", at=now())

    assert User.objects.get(pk=person.user_id).is_active
    assert row_of(second, person.user_id).is_ours
    assert row_of(second, person.user_id).worn == {"finance_officer"}


@pytest.mark.django_db
def test_leave_refuses_the_administrator_herself():
    actor = an_administrator()

    with pytest.raises(Refused, match=r"identity\.leaving_oneself"):
        commands.leave(actor=actor, user_id=actor.user_id, reason="x", at=now())


@pytest.mark.django_db
def test_an_administrator_cannot_touch_a_person_of_another_entity():
    ours, theirs = an_administrator(), an_administrator()
    person = added(theirs, "finance_officer")
    at, number = now(), person.user_id

    attempts = [
        lambda: commands.grant_role(actor=ours, user_id=number, role="clerk", reason="x", at=at),
        lambda: commands.end_role(actor=ours, user_id=number, role="finance_officer", reason="x", at=at),
        lambda: commands.rename_person(actor=ours, user_id=number, full_name="ใหม่", reason="x", at=at),
        lambda: commands.change_contact(actor=ours, user_id=number, title="x", phone="", email="", at=at),
        lambda: commands.leave(actor=ours, user_id=number, reason="x", at=at),
        lambda: commands.set_pid_hash(actor=ours, user_id=number, pid_hash="h", at=at),
    ]

    for attempt in attempts:
        with pytest.raises(Refused) as caught:
            attempt()
        assert codes(caught) == {"identity.person_unknown"}
    assert row_of(theirs, number).worn == {"finance_officer"}


@pytest.mark.django_db
def test_only_the_entity_that_keeps_the_account_changes_name_and_citizen_number():
    home, guest = an_administrator(), an_administrator()
    person = added(home)
    draft = PersonDraft(person.username, title="ครู", known=True)
    commands.add_person(actor=guest, draft=draft, key=uuid.uuid4(), at=now())

    for attempt in (
        lambda: commands.rename_person(actor=guest, user_id=person.user_id, full_name="ใหม่ ใจดี", reason="x", at=now()),
        lambda: commands.set_pid_hash(actor=guest, user_id=person.user_id, pid_hash="h", at=now()),
    ):
        with pytest.raises(Refused) as caught:
            attempt()
        assert codes(caught) == {"identity.home_elsewhere"}
    commands.set_pid_hash(actor=home, user_id=person.user_id, pid_hash=uuid.uuid4().hex, at=now())
    assert row_of(home, person.user_id).has_citizen_number


@pytest.mark.django_db
def test_a_citizen_number_belongs_to_one_person():
    actor, pid_hash = an_administrator(), uuid.uuid4().hex
    one, two = added(actor), added(actor)
    commands.set_pid_hash(actor=actor, user_id=one.user_id, pid_hash=pid_hash, at=now())

    with pytest.raises(Refused, match=r"identity\.citizen_number_used"):
        commands.set_pid_hash(actor=actor, user_id=two.user_id, pid_hash=pid_hash, at=now())

    assert pid_hash not in json.dumps(acts_of(actor, one.user_id))


@pytest.mark.django_db
def test_managing_people_needs_the_role_and_a_fresh_proof():
    administrator = an_administrator()
    clerk = builders.an_actor("clerk", entity=queries.entity(code=administrator.entity_code))

    with pytest.raises(Refused, match=r"identity\.not_permitted"):
        added(clerk)
    with pytest.raises(Refused, match=r"identity\.step_up_needed"):
        added(replace(administrator, fresh=False))
