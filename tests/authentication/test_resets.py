"""What an administrator does for the people of her entity: only there, only hers, and always recorded."""

import re
from datetime import UTC, datetime

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from khlang.audit import queries as audit
from khlang.audit.rules import ActFilter
from khlang.authentication import commands, queries
from khlang.identity.models import User
from khlang.kernel.refusals import Refused
from khlang.toolkit.tenancy import entity_transaction
from tests import builders
from tests.authentication.makers import username_of, wrong

pytestmark = pytest.mark.django_db


@pytest.fixture
def entity():
    return builders.an_entity()


@pytest.fixture
def administrator(entity):
    return builders.a_person("local_administrator", entity=entity)


@pytest.fixture
def person(entity):
    return builders.a_person("finance_officer", entity=entity, name="มาลี ศรีสุข")


def clause(act, **given):
    with pytest.raises(Refused) as caught:
        act(**given)
    return caught.value.refusals[0].code


def acts(actor):
    with entity_transaction(actor.entity_id, read_only=True):
        return [act.act for act in audit.acts(ActFilter()) if act.act.startswith("authentication.")]


def now():
    return datetime.now(UTC)


def test_a_one_time_password_logs_in_once_and_ends_every_session(administrator, person):
    desk = Client()
    builders.sign_in(desk, person)
    for _ in range(6):
        wrong(username_of(person), at=now())
    password = commands.reset_password(actor=administrator, user_id=person.user_id, at=now())
    visitor = Client()
    answer = visitor.post("/login/", {"username": username_of(person), "password": password})

    assert desk.get("/session/").json()["user"] is None
    assert answer.status_code == 302
    assert visitor.get(f"/{person.entity_code}/")["Location"] == "/account/password/"
    page = visitor.get("/account/password/").content.decode()
    assert 'name="current_password"' not in page
    assert acts(administrator) == ["authentication.reset_password"]


def test_a_person_whose_account_another_entity_keeps_is_not_reset(administrator, entity):
    guest = builders.a_person("finance_officer", entity=builders.an_entity())
    builders.give_role(user_id=guest.user_id, entity_code=entity.code, role="auditor")
    stranger = builders.a_person("finance_officer", entity=builders.an_entity())

    for act in (commands.reset_password, commands.reset_factors, commands.unlock):
        assert clause(act, actor=administrator, user_id=guest.user_id, at=now()) == "identity.home_elsewhere"
        assert clause(act, actor=administrator, user_id=stranger.user_id, at=now()) == "identity.person_unknown"


def test_the_department_and_colleagues_cannot_reset(person, entity):
    department = builders.an_entity()
    for role in ("department_officer", "clerk", "head_of_treasury"):
        actor = builders.an_actor(role, entity=department if role.startswith("department") else entity)
        for act in (commands.reset_password, commands.reset_factors, commands.unlock, commands.end_sessions_of):
            assert clause(act, actor=actor, user_id=person.user_id, at=now()) == "identity.not_permitted"


def test_lost_factors_are_taken_away(administrator, person):
    user = User.objects.get(pk=person.user_id)
    Authenticator.objects.create(user=user, type="webauthn", data={"name": "lost", "credential": {}})
    commands.reset_factors(actor=administrator, user_id=person.user_id, at=now())

    assert not queries.second_factors(user_id=person.user_id).any
    assert acts(administrator) == ["authentication.reset_factors"]


def test_a_pause_is_lifted_and_the_tries_stay_in_the_record(administrator, person):
    name = username_of(person)
    codes = [wrong(name, at=now()) for _ in range(6)]
    forgiven = commands.unlock(actor=administrator, user_id=person.user_id, at=now())

    assert codes[-1] == "account_paused_here"
    assert forgiven == 5
    assert wrong(name, at=now()) == "log_in_failed"
    events = [each.event for each in queries.sign_ins(user_id=person.user_id)]
    assert events.count("ended") == 5


def test_sessions_of_a_person_are_ended(administrator, person):
    desk = Client()
    builders.sign_in(desk, person)

    assert commands.end_sessions_of(actor=administrator, user_id=person.user_id, at=now()) >= 1
    assert desk.get("/session/").json()["user"] is None


def test_the_page_of_a_person_shows_the_password_once(client, administrator, person):
    builders.sign_in(client, administrator)
    address = f"/{person.entity_code}/people/{person.user_id}/doors/"
    page = client.post(address, {"act": "password"}).content.decode()
    password = re.search(r'class="big mono">([A-Z2-9-]{19})<', page)[1]

    assert password not in client.get(address).content.decode()
    for act in ("unlock", "sessions", "factors"):
        assert client.post(address, {"act": act})["Location"] == address
    assert client.post(address, {"act": "other"}).status_code == 404
    assert client.get(f"/{person.entity_code}/people/1/doors/").status_code == 404


def test_the_page_says_which_entity_keeps_the_account(client, administrator, entity):
    home = builders.an_entity()
    guest = builders.a_person("finance_officer", entity=home)
    builders.give_role(user_id=guest.user_id, entity_code=entity.code, role="auditor")
    builders.sign_in(client, administrator)
    address = f"/{entity.code}/people/{guest.user_id}/doors/"
    page = client.get(address).content.decode()

    assert home.name_th in page
    assert 'value="password"' not in page
    assert client.post(address, {"act": "password"}).status_code == 422


def test_a_passkey_instead_of_a_password_gives_the_password_up(person):
    user = User.objects.get(pk=person.user_id)
    User.objects.filter(pk=user.pk).update(must_change_password=True)
    user.refresh_from_db()
    from tests.authentication.makers import an_origin

    commands.give_up_password(user=user, origin=an_origin(), at=now())

    assert not user.must_change_password
    assert Client().post("/login/", {"username": user.username, "password": builders.PASSWORD}).status_code == 422


def test_log_out_everywhere_and_switch_of_user(person):
    desks = [Client(), Client()]
    for desk in desks:
        builders.sign_in(desk, person)
    switched = desks[0].post("/logout/", {"switch": "1", "next": f"/{person.entity_code}/accounts/"})
    assert switched["Location"] == f"/login/?next=/{person.entity_code}/accounts/"
    assert desks[0].post("/logout/", {"switch": "1", "next": "https://evil.example/"})["Location"] == "/login/"
    builders.sign_in(desks[0], person)
    desks[0].post("/logout/", {"everywhere": "1"})

    assert [desk.get("/session/").json()["user"] for desk in desks] == [None, None]
