"""Sessions: keys are hashes, ends are kept, another browser is nobody, and a key handed out before log-in is worthless."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from khlang.authentication import commands, queries
from khlang.authentication.models import Attempt, Device, Session
from khlang.authentication.session_store import SessionStore, hashed
from khlang.identity.access import PROVED_AT
from khlang.identity.models import User
from khlang.kernel.refusals import Refused
from tests import builders
from tests.authentication.makers import CHROME, FIREFOX

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
OPEN = "/preferences/"


@pytest.fixture
def person():
    return builders.a_person("finance_officer", entity=builders.an_entity())


@pytest.fixture
def username(person):
    return User.objects.get(pk=person.user_id).username


def log_in(client, username, **more):
    more.setdefault("HTTP_USER_AGENT", CHROME)
    return client.post("/login/", {"username": username, "password": builders.PASSWORD}, **more)


def key_of(client):
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def who(client, **more):
    more.setdefault("HTTP_USER_AGENT", CHROME)
    return client.get("/session/", **more).json()["user"]


def test_the_table_holds_no_key_that_opens_a_session(client, person, username):
    log_in(client, username)
    row = Session.objects.get(user_id=person.user_id)

    assert row.session_key == hashed(key_of(client)) != key_of(client)
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = row.session_key
    assert who(thief) is None


def test_a_session_says_whose_it_is_and_from_where(client, person, username):
    log_in(client, username)
    row = Session.objects.get(user_id=person.user_id)

    assert (row.device, row.address, row.proved_by) == ("Chrome · Windows", "127.0.0.1", "password")


def test_a_stolen_cookie_on_another_browser_is_nobody_and_the_owner_stays(client, person, username):
    log_in(client, username)
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = key_of(client)

    assert who(thief, HTTP_USER_AGENT=FIREFOX) is None
    assert who(client) == person.user_id
    noted = Attempt.objects.filter(user_id=person.user_id, reason="authentication.session_elsewhere")
    assert [(row.outcome, row.device) for row in noted] == [("refused", "Firefox · Linux")]


def test_a_new_version_of_the_same_browser_is_the_same_browser(client, person, username):
    log_in(client, username)

    assert who(client, HTTP_USER_AGENT=CHROME.replace("156", "157")) == person.user_id
    assert who(client, HTTP_USER_AGENT=CHROME, REMOTE_ADDR="198.51.100.4") == person.user_id


def test_a_key_planted_before_log_in_opens_nothing_after_it(client, person, username):
    planted = SessionStore()
    planted["by"] = "thief"
    planted.create()
    client.cookies[settings.SESSION_COOKIE_NAME] = planted.session_key
    log_in(client, username)

    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = planted.session_key
    assert key_of(client) != planted.session_key
    assert (who(thief), who(client)) == (None, person.user_id)


def test_log_in_again_changes_the_key(client, username):
    log_in(client, username)
    first = key_of(client)
    log_in(client, username)

    assert key_of(client) != first
    assert not Session.objects.filter(session_key=hashed(first)).exists()


def test_a_renewed_session_keeps_its_age_and_the_old_key_lives_ten_seconds_more(person, username):
    with time_machine.travel(NOW, tick=False) as clock:
        client = Client()
        log_in(client, username)
        clock.move_to(NOW + timedelta(hours=1))
        session = client.session
        old = session.session_key
        session.renew()
        session.save()

        rows = {row.session_key: row for row in Session.objects.filter(user_id=person.user_id)}
        new = rows[hashed(session.session_key)]
        assert new.created_at == NOW
        assert rows[hashed(old)].replaced_at == NOW + timedelta(hours=1)
        assert who(client) == person.user_id
        clock.move_to(NOW + timedelta(hours=1, seconds=11))
        assert who(client) is None
        assert [view.number for view in queries.sessions(user_id=person.user_id, at=datetime.now(UTC))] == [
            new.session_key[:16]
        ]


def test_a_session_that_lay_idle_is_over(client, person, username):
    with time_machine.travel(NOW, tick=False) as clock:
        log_in(client, username)
        clock.move_to(NOW + timedelta(hours=7, minutes=59))
        assert who(client) == person.user_id
        clock.move_to(NOW + timedelta(hours=11, minutes=59))
        assert who(client) == person.user_id
        clock.move_to(NOW + timedelta(hours=12, seconds=1))
        assert who(client) is None


def test_nobody_at_the_desk_for_eight_hours_ends_it(client, username):
    with time_machine.travel(NOW, tick=False) as clock:
        log_in(client, username)
        for hour in range(1, 9):
            clock.move_to(NOW + timedelta(hours=hour))
            # The page asks whether the line is back; that is not a person.
            client.get("/health", HTTP_USER_AGENT=CHROME)
        clock.move_to(NOW + timedelta(hours=8, seconds=1))
        assert who(client) is None


def test_the_page_knows_when_the_session_ends(client, username):
    with time_machine.travel(NOW, tick=False) as clock:
        log_in(client, username)
        clock.move_to(NOW + timedelta(hours=10))
        client.get("/session/", HTTP_USER_AGENT=CHROME)

        assert client.get("/session/", HTTP_USER_AGENT=CHROME).json()["expires_in"] == 0
    with time_machine.travel(NOW, tick=False) as clock:
        log_in(client, username)
        for hour in (5, 10):
            clock.move_to(NOW + timedelta(hours=hour))
            left = client.post("/session/", HTTP_USER_AGENT=CHROME).json()["expires_in"]
        assert left == 2 * 60 * 60


def test_log_in_says_when_identity_was_proved(client, username):
    with time_machine.travel(NOW, tick=False):
        log_in(client, username)

        assert client.session[PROVED_AT] == int(NOW.timestamp())


def test_a_person_ends_one_session_or_all_and_devices_are_forgotten(person, username):
    desks = [Client() for _ in range(3)]
    for desk in desks:
        log_in(desk, username)
    now = datetime.now(UTC)
    own = hashed(key_of(desks[0]))
    listed = queries.sessions(user_id=person.user_id, at=now, own_key=own)
    other = next(view for view in listed if view.number == hashed(key_of(desks[1]))[:16])

    assert [view.own for view in listed].count(True) == 1
    commands.end_session(user_id=person.user_id, number=other.number)
    assert [who(desk) is None for desk in desks] == [False, True, False]
    assert commands.end_all_sessions(user_id=person.user_id, at=now, except_key=own) == 1
    assert [who(desk) is None for desk in desks] == [False, True, True]
    assert not Device.objects.filter(user_id=person.user_id, forgotten_at__isnull=True).exists()


def test_nobody_ends_the_session_of_another(client, person, username):
    log_in(client, username)
    number = queries.sessions(user_id=person.user_id, at=datetime.now(UTC))[0].number

    for user_id, given in ((person.user_id + 1, number), (person.user_id, ""), (person.user_id, "%" * 16)):
        with pytest.raises(Refused, match=r"authentication\.session_unknown"):
            commands.end_session(user_id=user_id, number=given)
    assert who(client) == person.user_id


def test_what_is_over_is_cleared(client, username):
    with time_machine.travel(NOW, tick=False):
        log_in(client, username)

    assert commands.clear_sessions(at=NOW + timedelta(hours=9)) >= 1
    assert not Session.objects.filter(expire_date__lt=NOW + timedelta(hours=9)).exists()


def test_tries_are_append_only_and_go_after_ninety_days(app_connection, owner_connection):
    with pytest.raises(Exception, match="permission denied"):
        app_connection.execute("DELETE FROM authentication_attempt")
    insert = (
        "INSERT INTO authentication_attempt (attempt_id, at, door, outcome, account_key, network, address, device, reason)"
        " VALUES (gen_random_uuid(), now() - make_interval(days => %s), 'password', 'tried', 'k', '', '', '', '')"
    )
    for days in (89, 91):
        owner_connection.execute(insert, (days,))

    assert owner_connection.execute("SELECT authentication_prune(1)").fetchone() == (1,)
    for statement in ("UPDATE authentication_attempt SET outcome = 'passed'", "DELETE FROM authentication_attempt"):
        with pytest.raises(Exception, match=r"ledger\.immutable"), owner_connection.transaction():
            owner_connection.execute(statement)
