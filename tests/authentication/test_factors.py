"""Second factors: an app's code counts once, a recovery code too, and secrets lie locked up."""

import re
from datetime import UTC, datetime

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from khlang.authentication import commands, mfa_adapter, queries
from khlang.authentication.models import Attempt
from khlang.identity.models import User
from tests import builders
from tests.authentication.makers import words

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)


@pytest.fixture
def person():
    return builders.a_person(
        "finance_officer",
        entity=builders.an_entity(),
        name="\N{THAI CHARACTER KO KAI}\N{THAI CHARACTER SARA AM} Srisuk",
    )


@pytest.fixture
def user(person):
    return User.objects.get(pk=person.user_id)


@pytest.fixture
def at_nine():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def code_now(secret, steps=0):
    counter = int(datetime.now(UTC).timestamp()) // 30 + steps
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def set_up(client, person):
    """An authenticator app through the pages; its secret and the recovery codes."""
    builders.sign_in(client, person)
    page = client.get("/account/app/").content.decode()
    secret = re.search(r'<code class="mono">([A-Z2-7 ]+)</code>', page)[1].replace(" ", "")
    shown = client.post("/account/app/", {"code": code_now(secret)}).content.decode()
    return secret, [code.replace(" ", "") for code in re.findall(r"<li>(\d{4} \d{4})</li>", shown)]


def first_step(user):
    client = Client()
    answer = client.post("/login/", {"username": user.username, "password": builders.PASSWORD})
    return client, answer


def second(client, code, **more):
    return client.post("/login/second-step/", {"code": code}, **more)


def test_log_in_asks_for_the_second_step_when_there_is_an_app(client, person, user, at_nine):
    secret, codes = set_up(client, person)
    at_nine.shift(60)
    browser, answer = first_step(user)

    assert answer["Location"] == "/login/second-step/"
    assert browser.get("/session/").json()["user"] is None
    assert user.full_name in browser.get("/login/second-step/").content.decode()
    done = second(browser, code_now(secret))
    assert (done.status_code, browser.get("/session/").json()["user"]) == (302, user.pk)
    assert len(set(codes)) == 10


def test_a_code_of_the_app_counts_once(client, person, user, at_nine):
    secret, _ = set_up(client, person)
    at_nine.shift(60)
    code = code_now(secret)
    browsers = [first_step(user)[0] for _ in range(2)]
    answers = [second(browser, f"{code[:3]} {code[3:]}") for browser in browsers]

    assert [answer.status_code for answer in answers] == [302, 422]
    assert "authentication" not in answers[1].content.decode()


def test_the_code_that_set_up_the_app_does_not_also_log_in(client, person, user, at_nine):
    secret, _ = set_up(client, person)
    browser, _ = first_step(user)

    assert second(browser, code_now(secret)).status_code == 422


@pytest.mark.parametrize(("steps", "status"), [(-2, 422), (-1, 302), (0, 302), (1, 302), (2, 422)])
def test_a_clock_may_be_half_a_minute_wrong(person, user, at_nine, steps, status):
    secret, _ = set_up(Client(), person)
    at_nine.shift(300)
    browser, _ = first_step(user)

    assert second(browser, code_now(secret, steps)).status_code == status


def test_an_older_code_is_worthless_once_a_newer_one_was_taken(client, person, user, at_nine):
    secret, _ = set_up(client, person)
    at_nine.shift(300)
    codes = code_now(secret, -1), code_now(secret)
    second(first_step(user)[0], codes[1])

    assert second(first_step(user)[0], codes[0]).status_code == 422


def test_a_recovery_code_counts_once_and_the_account_says_how_many_are_left(client, person, user, at_nine):
    _, codes = set_up(client, person)
    answers = [second(first_step(user)[0], codes[3]).status_code for _ in range(2)]

    assert answers == [302, 422]
    assert queries.second_factors(user_id=user.pk).recovery_left == 9
    assert "เหลืออีก 9 รหัส" in client.get("/account/").content.decode()


def test_guessing_codes_is_paused_like_guessing_passwords(client, person, user, at_nine):
    secret, _ = set_up(client, person)
    at_nine.shift(60)
    browser, _ = first_step(user)
    answers = [second(browser, "000000").status_code for _ in range(6)]

    assert answers == [422, 422, 422, 422, 429, 429]
    assert second(browser, code_now(secret)).status_code == 429


def test_the_first_step_alone_opens_nothing_and_is_forgotten_after_ten_minutes(client, person, user, at_nine):
    secret, _ = set_up(client, person)
    browser, _ = first_step(user)
    assert browser.get("/account/").status_code == 302
    at_nine.shift(601)

    assert second(browser, code_now(secret))["Location"] == "/login/"
    assert Client().get("/login/second-step/")["Location"] == "/login/"


def test_an_empty_second_step_names_its_field(client, person, user, at_nine):
    set_up(client, person)
    answer = second(first_step(user)[0], "", HTTP_X_REQUESTED_WITH="fetch")

    assert (answer.status_code, answer.json()["code"]) == (422, "authentication.code_missing")


def test_a_script_hears_that_a_second_step_follows(client, person, user, at_nine):
    secret, _ = set_up(client, person)
    at_nine.shift(60)
    browser = Client(headers={"X-Requested-With": "fetch"})
    heard = browser.post("/login/", {"username": user.username, "password": builders.PASSWORD})

    assert (heard.status_code, heard.json()["second_step"]) == (202, ["code"])
    assert second(browser, "123456").json()["code"] == "authentication.code_wrong"
    assert second(browser, code_now(secret)).json()["user"] == user.pk


def test_secrets_lie_locked_up_and_the_key_can_be_changed(client, person, user, at_nine, monkeypatch):
    monkeypatch.setenv("KHLANG_SECOND_FACTOR_KEYS", "old")
    mfa_adapter.lock.cache_clear()
    secret, codes = set_up(client, person)
    data = {row.type: row.data for row in Authenticator.objects.filter(user=user)}
    assert secret not in str(data)

    monkeypatch.setenv("KHLANG_SECOND_FACTOR_KEYS", "new old")
    mfa_adapter.lock.cache_clear()
    assert commands.lock_anew() >= 2
    monkeypatch.setenv("KHLANG_SECOND_FACTOR_KEYS", "new")
    mfa_adapter.lock.cache_clear()
    at_nine.shift(60)
    assert second(first_step(user)[0], code_now(secret)).status_code == 302
    assert second(first_step(user)[0], codes[0]).status_code == 302
    mfa_adapter.lock.cache_clear()


def test_a_second_app_is_refused_until_the_first_is_removed(client, person, user, at_nine):
    set_up(client, person)
    again = client.post("/account/app/", {"code": "123456"})
    assert words("authentication.app_exists") in again.content.decode()

    client.post("/account/app/remove/")
    assert not queries.second_factors(user_id=user.pk).any
    assert queries.second_factors(user_id=user.pk).recovery_left is None


def test_a_wrong_first_code_shows_the_same_secret_again(client, person, at_nine):
    builders.sign_in(client, person)
    find = re.compile(r'<code class="mono">([A-Z2-7 ]+)</code>')
    first = find.search(client.get("/account/app/").content.decode())[1]
    again = client.post("/account/app/", {"code": "000000"})

    assert again.status_code == 422
    assert words("authentication.app_code_wrong") in again.content.decode()
    assert find.search(again.content.decode())[1] == first


def test_new_recovery_codes_make_the_old_worthless(client, person, user, at_nine):
    _, old = set_up(client, person)
    shown = client.post("/account/codes/").content.decode()
    new = [code.replace(" ", "") for code in re.findall(r"<li>(\d{4} \d{4})</li>", shown)]

    assert second(first_step(user)[0], old[0]).status_code == 422
    assert second(first_step(user)[0], new[0]).status_code == 302


def test_recovery_codes_without_a_factor_are_refused(client, person):
    builders.sign_in(client, person)
    answer = client.post("/account/codes/")

    assert answer.status_code == 422
    assert words("authentication.codes_without_factor") in answer.content.decode()


def test_changes_stand_in_the_record_of_sign_ins(client, person, user, at_nine):
    set_up(client, person)
    client.post("/account/app/remove/")
    page = client.get("/account/sign-ins/").content.decode()

    assert page.index("ยกเลิกแอปยืนยันตัวตน") < page.index("ตั้งแอปยืนยันตัวตน")
    assert Attempt.objects.filter(user_id=user.pk, outcome="changed").count() == 2


def test_people_of_one_name_have_factors_of_their_own(client, person, user, at_nine):
    twin = builders.a_person("finance_officer", entity=builders.an_entity(), name=user.full_name)
    secret, _ = set_up(client, person)
    other = User.objects.get(pk=twin.user_id)
    at_nine.shift(60)

    assert other.full_name == user.full_name
    assert first_step(other)[1]["Location"] == "/"
    assert second(first_step(user)[0], code_now(secret)).status_code == 302


def test_a_passkey_that_is_none_is_refused_and_named(client, person, user):
    for given in ("", "{}", "[]", "null", '{"id": "x", "response": {"userHandle": "MQ"}}', "not json"):
        answer = Client().post("/login/passkey/", {"credential": given}, HTTP_X_REQUESTED_WITH="fetch")
        assert (given, answer.status_code, answer.json()["code"]) == (given, 422, "authentication.passkey_refused")
    builders.sign_in(client, person)
    made = client.post("/account/passkeys/", {"credential": "{}", "name": "x"})
    assert words("authentication.passkey_not_made") in made.content.decode()
    renamed = client.post("/account/passkeys/999999/", {"name": "x"})
    assert words("authentication.passkey_unknown") in renamed.content.decode()


def test_whoever_has_an_app_does_not_prove_herself_by_the_password(client, person, user, at_nine):
    secret, _ = set_up(client, person)
    at_nine.shift(60)
    script = {"HTTP_X_REQUESTED_WITH": "fetch"}
    by_password = client.post("/account/prove/", {"password": builders.PASSWORD}, **script)
    by_code = client.post("/account/prove/", {"code": code_now(secret)}, **script)

    assert (by_password.status_code, by_password.json()["code"]) == (422, "authentication.factor_asked")
    assert by_code.json()["proved"] is True


def test_a_passkey_without_a_name_keeps_its_name(client, person, user):
    row = Authenticator.objects.create(user=user, type="webauthn", data={"name": "old", "credential": {}})
    builders.sign_in(client, person)
    answer = client.post(f"/account/passkeys/{row.pk}/", {"name": "  "})

    assert words("authentication.name_missing") in answer.content.decode()
    assert queries.second_factors(user_id=user.pk).passkeys[0].name == "old"
    other = builders.a_person("finance_officer", entity=builders.an_entity())
    stranger = Client()
    builders.sign_in(stranger, other)
    stranger.post(f"/account/passkeys/{row.pk}/", {"remove": "1"})
    assert len(queries.second_factors(user_id=user.pk).passkeys) == 1
