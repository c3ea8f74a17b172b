"""Log-in, log-out, lock-out, and what a script hears when its session is gone."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from khlang.identity.commands import add_user
from khlang.kernel.refusals import catalogue
from tests import builders

pytestmark = pytest.mark.django_db
SCRIPT = {"HTTP_X_REQUESTED_WITH": "fetch"}


@pytest.fixture
def person():
    return builders.a_person("finance_officer", entity=builders.an_entity())


@pytest.fixture
def username(person, django_user_model):
    return django_user_model.objects.get(pk=person.user_id).username


def log_in(client, username, password=builders.PASSWORD, **more):
    return client.post("/login/", {"username": username, "password": password}, **more)


def test_a_person_with_one_entity_lands_on_her_work(client, person, username):
    answer = client.post("/login/", {"username": username, "password": builders.PASSWORD}, follow=True)

    assert answer.redirect_chain[-1][0] == f"/{person.entity_code}/"
    assert answer.status_code == 200


def test_a_person_with_several_entities_chooses(client, person, username):
    other = builders.an_entity()
    builders.give_role(user_id=person.user_id, entity_code=other.code, role="auditor")
    answer = client.post("/login/", {"username": username, "password": builders.PASSWORD}, follow=True)

    assert answer.request["PATH_INFO"] == "/"
    assert other.code in answer.content.decode()
    assert person.entity_code in answer.content.decode()


def test_a_person_in_no_entity_is_told_whom_to_ask(client, django_user_model):
    add_user(username="nobody-yet", full_name="Nobody Yet", password=builders.PASSWORD)
    answer = client.post("/login/", {"username": "nobody-yet", "password": builders.PASSWORD}, follow=True)

    assert "ผู้ดูแลระบบของหน่วยงาน" in answer.content.decode()


def test_log_in_goes_on_to_a_page_of_ours_only(client, username, person):
    home = f"/{person.entity_code}/"
    ours = client.post("/login/", {"username": username, "password": builders.PASSWORD, "next": home})
    theirs = Client().post(
        "/login/", {"username": username, "password": builders.PASSWORD, "next": "https://evil.example/"}
    )

    assert (ours["Location"], theirs["Location"]) == (home, "/")


def test_a_wrong_password_says_how_many_tries_are_left(client, username):
    answer = log_in(client, username, "wrong")
    page = answer.content.decode()

    assert answer.status_code == 422
    assert "ชื่อผู้ใช้หรือรหัสผ่านไม่ถูกต้อง" in page
    assert "เหลืออีก 4 ครั้ง" in page
    assert f'value="{username}"' in page


def test_an_empty_field_is_named(client):
    page = log_in(client, "someone", "").content.decode()

    assert 'href="#password"' in page


def test_five_wrong_passwords_close_the_door_and_say_until_when(client, username):
    answers = [log_in(client, username, "wrong") for _ in range(5)]

    assert answers[-1].status_code == 429
    assert "พักการเข้าใช้" in answers[-1].content.decode()
    assert "ลองใหม่ได้ตั้งแต่" in answers[-1].content.decode()
    assert log_in(client, username).status_code == 429


def test_log_out_ends_the_session_and_only_by_a_form(client, username, person):
    log_in(client, username)
    assert client.get("/logout/").status_code == 405
    client.post("/logout/")

    assert client.get(f"/{person.entity_code}/").status_code == 302


def test_a_document_is_sent_to_log_in_and_comes_back(client, person):
    answer = client.get(f"/{person.entity_code}/")

    assert answer["Location"] == f"/login/?next=/{person.entity_code}/"


@pytest.mark.parametrize(
    "headers", [SCRIPT, {"HTTP_HX_REQUEST": "true"}, {"HTTP_SEC_FETCH_MODE": "cors"}], ids=["fetch", "htmx", "browser"]
)
def test_a_script_hears_401_and_never_the_log_in_page(client, person, headers):
    answer = client.get(reverse("web:palette", kwargs={"entity_code": person.entity_code}), **headers)

    assert answer.status_code == 401
    assert answer["HX-Trigger"] == "session-expired"
    assert answer["HX-Reswap"] == "none"
    assert json.loads(answer.content) == {"code": "session-expired"}


def test_a_script_with_an_old_token_hears_the_same(username):
    client = Client(enforce_csrf_checks=True)

    assert log_in(client, username, **SCRIPT).status_code == 401


def test_a_page_with_an_old_token_says_that_nothing_changed():
    answer = Client(enforce_csrf_checks=True).post("/login/", {"username": "a", "password": "b"})

    assert answer.status_code == 403
    assert "ไม่มีข้อมูลใดเปลี่ยนแปลง" in answer.content.decode()


def test_a_script_may_log_in_again_and_gets_a_fresh_token(client, person, username):
    answer = log_in(client, username, **SCRIPT).json()

    assert answer["user"] == person.user_id
    assert len(answer["csrf"]) == 64


def test_a_script_is_told_why_it_may_not_log_in(client, username):
    answer = log_in(client, username, "wrong", **SCRIPT)

    assert answer.status_code == 422
    assert answer.json()["message"].startswith(catalogue()["authentication.log_in_failed"]["th"])


def test_the_session_page_says_who_is_there_and_for_how_long(client, person, username):
    assert client.get("/session/").json()["user"] is None
    log_in(client, username)
    answer = client.get("/session/").json()

    assert answer["user"] == person.user_id
    assert 0 < answer["expires_in"] <= 12 * 60 * 60


def test_the_session_is_kept_on_by_one_press(client, username):
    assert client.post("/session/").status_code == 401
    log_in(client, username)
    answer = client.post("/session/")

    assert answer.json()["expires_in"] == 8 * 60 * 60
    assert answer.cookies["sessionid"]["max-age"] == 12 * 60 * 60


def test_pages_of_the_books_are_kept_by_no_cache(client, person, username):
    log_in(client, username)

    assert client.get(f"/{person.entity_code}/")["Cache-Control"] == "private, no-store"


def test_a_locked_out_name_has_words_in_both_languages():
    assert {"authentication.account_paused_here", "authentication.log_in_incomplete"} <= set(catalogue())
