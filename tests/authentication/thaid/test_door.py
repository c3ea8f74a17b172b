"""The door of ThaiD on the log-in page: a registered officer comes in, everybody else hears why not."""

import re

import pytest
from django.utils import timezone

from khlang.authentication.models import Attempt
from khlang.identity import commands as identity
from khlang.identity import queries as people
from khlang.toolkit.citizen_number import pid_hash
from tests import builders
from tests.authentication.thaid.conftest import Browser
from thaid_simulator.people import person as invented

HOME = "/"


@pytest.fixture
def officer(configure, db):
    """A finance officer whom her administrator registered as malee."""
    found = builders.a_person("finance_officer", entity=builders.an_entity())
    register(found, "malee")
    return found


def register(actor, key: str) -> None:
    identity.set_pid_hash(
        actor=people.operator(entity_code=actor.entity_code),
        user_id=actor.user_id,
        pid_hash=pid_hash(pid=invented(key).pid),
        at=timezone.now(),
    )


def through(client, *, person: str = "malee", next_page: str = HOME):
    """Press the door, answer at ThaiD, come back."""
    away = client.get("/login/thaid/", {"next": next_page})
    return client.get("/login/thaid/back/", Browser().approve(away, person=person))


def test_a_registered_officer_comes_in_and_goes_on(client, officer) -> None:
    answer = through(client, next_page=f"/{officer.entity_code}/")

    assert (answer.status_code, answer["Location"]) == (302, f"/{officer.entity_code}/")
    assert client.session["_auth_user_id"] == str(officer.user_id)
    assert [
        *Attempt.objects.filter(door="thaid", user_id=officer.user_id)
        .order_by("attempt_id")
        .values_list("outcome", flat=True)
    ] == [
        "tried",
        "succeeded",
    ]


def test_nothing_of_the_citizen_is_kept_in_session_or_record(client, officer) -> None:
    through(client)

    kept = f"{dict(client.session)} {list(Attempt.objects.values_list())}"
    assert invented("malee").pid not in kept
    assert pid_hash(pid=invented("malee").pid) not in kept


def test_somebody_who_was_not_registered_hears_whom_to_ask(client, officer) -> None:
    answer = through(client, person="malee_namesake")

    assert answer.status_code == 422
    assert "ยังไม่มีการลงทะเบียนคุณในระบบนี้" in answer.content.decode()
    assert "_auth_user_id" not in client.session
    assert Attempt.objects.get(outcome="refused").reason == "authentication.thaid_not_registered"


def test_an_officer_who_was_proved_too_lightly_hears_what_her_role_asks_for(client, officer) -> None:
    register(officer, "thawi")

    answer = through(client, person="thawi")

    assert answer.status_code == 422
    assert "ต้องพิสูจน์ตัวตนระดับ 2.3" in answer.content.decode()
    assert Attempt.objects.get(outcome="refused").reason == "authentication.assurance_too_low"


def test_an_inactive_officer_does_not_come_in(client, officer, django_user_model) -> None:
    django_user_model.objects.filter(pk=officer.user_id).update(is_active=False)

    assert through(client).status_code == 422


def test_a_thaid_that_is_down_leads_back_to_the_other_doors(client, officer, faults) -> None:
    faults.switch_on("down")

    answer = client.get("/login/thaid/", {"next": "/a/"})
    page = answer.content.decode()

    assert answer.status_code == 503
    assert "ThaiD ไม่ตอบภายใน 5 วินาที" in page
    assert 'name="password"' in page
    assert 'name="next" value="/a/"' in page
    assert re.search(r"chip bad\">ThaiD ไม่ตอบ<", page)


def test_a_refusal_at_thaid_leads_back_to_the_other_doors(client, officer, faults) -> None:
    faults.switch_on("user_denied")

    answer = through(client)

    assert answer.status_code == 422
    assert "ไม่ได้ยินยอม" in answer.content.decode()
    assert not [
        each for each in answer.cookies.values() if each["max-age"] != 0 and each.key.startswith("khlang-thaid")
    ]


def test_the_log_in_page_shows_how_thaid_does_and_that_it_is_simulated(client, officer, configure) -> None:
    configure(simulated=True)

    page = client.get("/login/").content.decode()

    assert "ThaiD ใช้งานได้" in page
    assert "ระบบจำลอง ไม่ใช่ ThaiD จริง" in page


@pytest.mark.django_db
def test_the_log_in_page_has_no_thaid_door_where_there_is_no_thaid(client) -> None:
    assert "ThaiD" not in client.get("/login/").content.decode()
    assert client.get("/login/thaid/").status_code == 422


def test_a_tab_of_its_own_says_that_it_may_be_closed(client, officer) -> None:
    answer = through(client, next_page="/account/done/")

    assert answer["Location"] == "/account/done/"
    assert client.session["proved_by"] == "thaid"
    assert "ปิดแท็บนี้ได้" in client.get("/account/done/").content.decode()
