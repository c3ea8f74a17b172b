"""Two officers let a third in: three people, two halves, a quarter of an hour, once; and all of it in the record."""

import re
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from khlang.audit import queries as audit
from khlang.audit.rules import ActFilter
from khlang.authentication import commands, queries
from khlang.authentication.commands import emergencies
from khlang.authentication.models import Emergency
from khlang.authentication.rules import EmergencyState, read_half, shown_half, state_of
from khlang.identity.models import User
from khlang.kernel.refusals import Refused
from khlang.toolkit.tenancy import entity_transaction
from tests import builders
from tests.authentication.makers import an_origin, username_of, words, wrong

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
LATER = timedelta(minutes=5)


@pytest.fixture
def office(db):
    entity = builders.an_entity()
    clerk = builders.a_person("clerk", entity=entity, name="ปลัด ใจดี")
    head = builders.a_person("head_of_treasury", entity=entity, name="ผอ. กองคลัง")
    third = builders.a_person("finance_officer", entity=entity, name="มาลี ศรีสุข")
    return clerk, head, third


def clause(act, **given):
    with pytest.raises(Refused) as caught:
        act(**given)
    return [refusal.code.split(".")[1] for refusal in caught.value.refusals]


def ask(actor, third, *, at=NOW, reason="โทรศัพท์หาย"):
    return commands.ask_emergency(actor=actor, user_id=third.user_id, reason=reason, at=at)


def both(office, *, at=NOW):
    clerk, head, third = office
    number, first = ask(clerk, third, at=at)
    return number, (first, commands.second_emergency(actor=head, emergency_id=number, at=at + LATER))


def come_in(third, halves, *, at):
    return commands.try_emergency(username=username_of(third), halves=halves, origin=an_origin(), at=at)


def recorded(actor):
    with entity_transaction(actor.entity_id, read_only=True):
        found = [act.act for act in audit.acts(ActFilter())][::-1]
        return [act for act in found if act.startswith("authentication.")]


def test_both_halves_open_the_account_once_and_everything_is_recorded(office):
    _, halves = both(office)
    third = office[2]
    attempt = come_in(third, (shown_half(halves[1]).lower(), f" {halves[0]} "), at=NOW + LATER * 3)

    assert attempt.account.user_id == third.user_id
    assert User.objects.get(pk=third.user_id).must_change_password
    assert clause(come_in, third=third, halves=halves, at=NOW + LATER * 3) == ["emergency_wrong"]
    asked, seconded, used = (f"authentication.emergency_{act}" for act in ("asked", "seconded", "used"))
    assert recorded(third) == [asked, seconded, used]


def test_of_two_who_come_at_the_same_moment_one_comes_in(office):
    both(office)
    row = emergencies._ready(office[2].user_id, NOW + LATER)

    assert [emergencies._use(row, NOW + LATER) for _ in range(2)] == [True, False]


def test_one_half_twice_opens_nothing_and_the_failure_is_recorded(office):
    _, (first, second) = both(office)
    third = office[2]
    for halves in ((first, first), (second, second), (first, ""), ("", "")):
        assert clause(come_in, third=third, halves=halves, at=NOW + LATER) == ["emergency_wrong"]

    assert recorded(third)[-4:] == ["authentication.emergency_failed"] * 4


def test_the_code_counts_a_quarter_of_an_hour_after_the_second_officer(office):
    _, halves = both(office)

    assert clause(come_in, third=office[2], halves=halves, at=NOW + LATER * 4) == ["emergency_wrong"]


def test_the_request_lapses_when_no_second_officer_comes(office):
    clerk, head, third = office
    number, _ = ask(clerk, third)
    over = NOW + timedelta(minutes=15)

    assert clause(commands.second_emergency, actor=head, emergency_id=number, at=over) == ["emergency_over"]
    assert ask(clerk, third, at=over)[0] != number


def test_nobody_is_two_of_the_three(office):
    clerk, head, third = office
    number, _ = ask(clerk, head)

    assert clause(ask, actor=clerk, third=clerk) == ["emergency_for_oneself"]
    same = clause(commands.second_emergency, actor=clerk, emergency_id=number, at=NOW)
    own = clause(commands.second_emergency, actor=head, emergency_id=number, at=NOW)
    assert (same, own) == (["emergency_same_officer"], ["emergency_for_oneself"])
    assert clause(ask, actor=third, third=clerk) == ["not_permitted"]


def test_every_reason_is_given_at_once(office):
    stranger = builders.a_person("finance_officer", entity=builders.an_entity())
    ask(office[0], office[2])

    assert clause(ask, actor=office[0], third=stranger, reason=" ") == [
        "emergency_stranger",
        "emergency_reason_missing",
    ]
    assert clause(ask, actor=office[1], third=office[2]) == ["emergency_open"]


def test_officers_of_another_entity_cannot_agree(office):
    number, _ = ask(office[0], office[2])
    other = builders.a_person("clerk", entity=builders.an_entity())

    assert clause(commands.second_emergency, actor=other, emergency_id=number, at=NOW) == ["emergency_over"]


def test_a_request_taken_back_opens_nothing(office):
    number, halves = both(office)
    commands.cancel_emergency(actor=office[1], emergency_id=number, at=NOW + LATER)

    assert clause(come_in, third=office[2], halves=halves, at=NOW + LATER) == ["emergency_wrong"]
    again = clause(commands.cancel_emergency, actor=office[1], emergency_id=number, at=NOW + LATER)
    assert again == ["emergency_over"]


def test_halves_lie_hashed(office):
    number, halves = both(office)
    with entity_transaction(office[0].entity_id, read_only=True):
        row = Emergency.objects.get(entity_id=office[0].entity_id, emergency_id=number)

    assert not {row.first_half, row.second_half} & set(halves)
    assert len(row.first_half) == 64


def test_strangers_who_try_the_account_do_not_close_its_last_door(office):
    _, halves = both(office)
    third = office[2]
    for number in range(25):
        wrong(username_of(third), origin=an_origin(f"198.51.100.{number}"), at=NOW + LATER)

    assert come_in(third, halves, at=NOW + LATER).account.user_id == third.user_id


def test_a_name_that_nobody_has_is_answered_the_same(office):
    found = clause(
        commands.try_emergency, username="nobody here", halves=("a", "b"), origin=an_origin(), at=NOW + LATER
    )

    assert found == ["emergency_wrong"]


@given(used=st.booleans(), cancelled=st.booleans(), seconded=st.booleans(), late=st.booleans())
def test_a_request_is_ready_only_while_nothing_ended_it(used, cancelled, seconded, late):
    at = NOW + LATER if late else NOW - LATER
    state = state_of(used=used, cancelled=cancelled, seconded=seconded, expires_at=NOW, at=at)

    assert (state is EmergencyState.READY) == (seconded and not used and not cancelled and not late)


def test_a_half_is_read_however_it_is_typed():
    assert read_half(" abcd-ef gh ") == read_half(shown_half("ABCDEFGH")) == "ABCDEFGH"


def test_the_database_keeps_three_people_and_an_end(office, owner_connection, app_connection):
    number, _ = both(office)
    clerk = office[0]
    insert = (
        "INSERT INTO authentication_emergency (entity_id, emergency_id, user_id, user_name, reason, first_id, first_name,"
        " first_half, asked_at, second_id, second_name, second_half, expires_at)"
        " VALUES (%s, gen_random_uuid(), %s, '', 'x', %s, '', '', now(), %s, '', '', now())"
    )
    del number
    owner_connection.execute(f"SET khlang.entity_id = '{clerk.entity_id}'")
    for people in ((1, 1, None), (1, 2, 1), (1, 2, 2)):
        with pytest.raises(psycopg.errors.CheckViolation), owner_connection.transaction():
            owner_connection.execute(insert, (clerk.entity_id, *people))
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app_connection.execute("UPDATE authentication_emergency SET first_half = 'x'")


def test_officers_and_the_third_do_it_on_pages(office):
    clerk, head, third = office
    desks = {actor: Client() for actor in (clerk, head)}
    for actor, desk in desks.items():
        builders.sign_in(desk, actor)
    address = f"/{clerk.entity_code}/emergency/"
    half = re.compile(r'class="big mono">([A-Z2-9]{4}-[A-Z2-9]{4})<')
    empty = desks[clerk].post(address, {"user_id": "", "reason": ""}).content.decode()
    assert words("authentication.emergency_reason_missing") in empty
    page = desks[clerk].post(address, {"user_id": third.user_id, "reason": "ลืมรหัส"}).content.decode()
    first = half.search(page)[1]
    listed = desks[head].get(address).content.decode()
    number = re.search(r"/emergency/([0-9a-f-]{36})/", listed)[1]
    second = half.search(desks[head].post(f"{address}{number}/", {"agree": "1"}).content.decode())[1]

    assert first not in listed
    visitor = Client()
    wrong = visitor.post("/login/emergency/", {"username": username_of(third), "first_half": first, "second_half": "x"})
    assert words("authentication.emergency_wrong") in wrong.content.decode()
    given = {"username": username_of(third), "first_half": second, "second_half": first}
    assert visitor.post("/login/emergency/", given)["Location"] == "/"
    assert visitor.get(f"/{third.entity_code}/")["Location"] == "/account/password/"
    new = "a fresh long phrase 70"
    visitor.post("/account/password/", {"new_password": new, "new_password_again": new})
    assert visitor.get(f"/{third.entity_code}/").status_code == 200
    assert queries.sign_ins(user_id=third.user_id)[1].door == "break_glass"


def test_taking_back_on_the_page(office):
    clerk, _, third = office
    desk = Client()
    builders.sign_in(desk, clerk)
    number, _ = ask(clerk, third, at=datetime.now(UTC))
    address = f"/{clerk.entity_code}/emergency/{number}/"

    assert desk.post(address, {"cancel": "1"}).status_code == 302
    assert words("authentication.emergency_over") in desk.post(address, {"cancel": "1"}).content.decode()
    assert desk.post(address, {}).status_code == 404
