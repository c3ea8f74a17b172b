"""Acts that ask for a new proof: the form waits inside the question, and goes on with the answer."""

import re
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.test import Client

from khlang.authentication.models import Attempt, Session
from khlang.authentication.session_store import hashed
from khlang.identity.access import PROVED_AT
from khlang.identity.models import User
from khlang.ledger import queries as ledger
from khlang.toolkit.tenancy import entity_transaction
from tests import builders
from tests.authentication.makers import words

pytestmark = pytest.mark.django_db
SCRIPT = {"HTTP_X_REQUESTED_WITH": "fetch"}


@pytest.fixture
def head():
    entity = builders.an_entity()
    builders.a_fiscal_year(actor=builders.an_actor(entity=entity))
    return builders.a_person("head_of_treasury", entity=entity)


@pytest.fixture
def late(client, head):
    """Her browser, an hour after she proved who she is."""
    builders.sign_in(client, head)
    session = client.session
    session[PROVED_AT] = int(datetime.now(UTC).timestamp()) - 3600
    session.save()
    return client


def requests(head):
    with entity_transaction(head.entity_id, read_only=True):
        return [view.reason for view in ledger.reopenings(fiscal_year=2568)]


def ask_to_reopen(client, head, *, headers=None, **more):
    address = f"/{head.entity_code}/periods/2568/1/"
    client.post(address, {"state": "soft_closed"})
    return client.post(f"{address}reopen/", {"reason": "ลืมใบสำคัญ & <b>", **more}, **(headers or {}))


def hidden(page):
    return re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)


def test_an_act_of_a_stale_session_asks_and_keeps_what_was_typed(late, head):
    answer = late.post(f"/{head.entity_code}/periods/2568/carry-forward/", {"words": "ปีก่อน", "two": ["a", "b"]})
    page = answer.content.decode()

    assert answer.status_code == 401
    assert "ยืนยันตัวตน" in page
    assert [(name, value) for name, value in hidden(page) if not name.startswith(("csrf", "step_up"))] == [
        ("words", "ปีก่อน"),
        ("two", "a"),
        ("two", "b"),
    ]
    assert f'action="/{head.entity_code}/periods/2568/carry-forward/"' in page


def test_the_proof_lets_the_act_go_on_at_once(late, head):
    asked = ask_to_reopen(late, head)
    before = requests(head)
    done = ask_to_reopen(late, head, step_up="1", step_up_password=builders.PASSWORD)

    assert (asked.status_code, before) == (401, [])
    assert "ลืมใบสำคัญ &amp; &lt;b&gt;" in asked.content.decode()
    assert done.status_code == 302
    assert requests(head) == ["ลืมใบสำคัญ & <b>"]


def test_a_wrong_proof_asks_again_with_everything_still_there(late, head):
    answer = ask_to_reopen(late, head, step_up="1", step_up_password="not-hers-77")
    page = answer.content.decode()

    assert answer.status_code == 422
    assert words("authentication.password_wrong") in page
    assert ("reason", "ลืมใบสำคัญ &amp; &lt;b&gt;") in hidden(page)
    assert "not-hers-77" not in page
    assert requests(head) == []


def test_without_a_proof_the_question_says_so(late, head):
    answer = ask_to_reopen(late, head, headers=SCRIPT, step_up="1")

    assert (answer.status_code, answer.json()["code"]) == (422, "authentication.proof_missing")


def test_guessing_at_the_question_is_paused(late, head):
    answers = [ask_to_reopen(late, head, step_up="1", step_up_password="wrong").status_code for _ in range(6)]

    assert answers == [422, 422, 422, 422, 429, 429]


def test_a_script_is_told_to_ask_and_may_prove_apart(late, head):
    address = f"/{head.entity_code}/periods/2568/carry-forward/"
    asked = late.post(address, **SCRIPT)
    form = late.get("/account/prove/", **SCRIPT).content.decode()
    proved = late.post("/account/prove/", {"password": builders.PASSWORD}, **SCRIPT)

    assert (asked.status_code, asked["HX-Trigger"], asked["HX-Reswap"]) == (401, "step-up-needed", "none")
    assert "<html" not in form
    assert 'name="password"' in form
    assert (proved.status_code, proved.json()["proved"]) == (200, True)
    assert late.post(address).status_code != 401


def test_the_api_names_what_is_lacking(late, head):
    answer = late.post(f"/api/v1/{head.entity_code}/journals/check", "{}", content_type="application/json")

    assert answer.status_code in {403, 422}
    late.post("/account/prove/", {"password": "wrong"}, **SCRIPT)


def test_a_proof_changes_the_key_of_the_session(late, head):
    name = settings.SESSION_COOKIE_NAME
    before = late.cookies[name].value
    late.post("/account/prove/", {"password": builders.PASSWORD})

    assert late.cookies[name].value != before
    assert hashed(before) != hashed(late.cookies[name].value)
    assert late.get("/session/").json()["user"] == head.user_id


def test_the_question_cannot_be_answered_from_another_site(head):
    client = Client(enforce_csrf_checks=True)
    builders.sign_in(client, head)
    answer = client.post("/account/prove/", {"password": builders.PASSWORD})

    assert answer.status_code == 403
    assert not Attempt.objects.filter(user_id=head.user_id, outcome="succeeded").exists()


def test_after_the_proof_one_goes_on_to_a_page_of_ours_only(late, head):
    ours = late.post("/account/prove/", {"password": builders.PASSWORD, "next": f"/{head.entity_code}/"})
    theirs = late.post("/account/prove/", {"password": builders.PASSWORD, "next": "//evil.example/"})

    assert (ours["Location"], theirs["Location"]) == (f"/{head.entity_code}/", "/")


def test_changing_how_one_proves_oneself_asks_for_a_proof(late):
    assert late.post("/account/codes/").status_code == 401
    assert late.post("/account/app/remove/").status_code == 401


def test_a_new_password_needs_the_old_one_and_ends_other_sessions(late, head):
    username = User.objects.get(pk=head.user_id).username
    other = Client()
    builders.sign_in(other, head)
    new = "another long phrase 69"
    typed = {"current_password": builders.PASSWORD, "new_password": new, "new_password_again": new}

    def refused(**change):
        return late.post("/account/password/", typed | change)

    assert words("authentication.password_wrong") in refused(current_password="wrong").content.decode()
    assert words("authentication.passwords_differ") in refused(new_password_again="x").content.decode()
    short = refused(new_password="short", new_password_again="short")
    assert 'href="#new_password"' in short.content.decode()
    same = refused(new_password=builders.PASSWORD, new_password_again=builders.PASSWORD)
    assert words("authentication.password_same") in same.content.decode()
    assert late.post("/account/password/", typed)["Location"] == "/account/"
    assert Session.objects.filter(user_id=head.user_id, replaced_at__isnull=True).count() == 1
    assert late.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 302
    assert Client().post("/login/", {"username": username, "password": new}).status_code == 302


def test_whoever_has_a_password_made_by_somebody_else_sets_her_own_first(late, head):
    User.objects.filter(pk=head.user_id).update(must_change_password=True)
    fetched = late.get(f"/{head.entity_code}/")

    assert fetched["Location"] == "/account/password/"
    assert "ผู้อื่นออกให้" in late.get("/account/password/").content.decode()
    assert late.get("/session/").status_code == 200


def test_the_account_says_what_is_kept_about_a_person(late):
    page = late.get("/account/").content.decode()

    assert "ข้อมูลของฉันที่ระบบเก็บ" in page
    assert "90 วัน" in page


def test_whoever_proved_it_in_another_tab_goes_on_without_typing(late, head):
    stale = late.post("/account/prove/", {}, **SCRIPT)
    session = late.session
    session[PROVED_AT] = int(datetime.now(UTC).timestamp())
    session.save()
    proved = late.post("/account/prove/", {}, **SCRIPT)

    assert (stale.status_code, stale.json()["code"]) == (422, "authentication.proof_missing")
    assert (proved.status_code, proved.json()["proved"]) == (200, True)


def test_a_person_sees_her_sessions_and_ends_them(late, head):
    other = Client(headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Firefox/115.0"})
    builders.sign_in(other, head)
    other.get("/session/")
    page = late.get("/account/").content.decode()

    assert "Firefox · Linux" in page
    assert page.count("เครื่องนี้</span>") == 1
    number = re.search(r'name="session" value="([0-9a-f]{16})"', page)[1]
    late.post("/account/sessions/", {"session": number})
    assert other.get("/session/").json()["user"] is None
    assert (
        words("authentication.session_unknown") in late.post("/account/sessions/", {"session": number}).content.decode()
    )
