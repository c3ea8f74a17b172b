"""The page on which the department sets the mode."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from khlang.identity import queries as identity
from khlang.operations import queries
from tests import builders
from tests.operations.makers import switch, the_department

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real_modes")]


@pytest.fixture
def operator():
    return the_department()


@pytest.fixture
def client(operator):
    client = Client()
    builders.sign_in(client, operator)
    return client


@pytest.fixture
def address(operator):
    return f"/{operator.entity_code}/operations/modes/"


def filled(**change):
    tomorrow = timezone.localdate() + timedelta(days=1)
    day = f"{tomorrow.day}/{tomorrow.month}/{tomorrow.year + 543}"
    typed = {
        "mode": "maintenance",
        "starts_on": day,
        "starts_time": "๒๒:๐๐",
        "ends_on": day,
        "ends_time": "23.30",
        "words_th": "ปรับปรุงเครื่องแม่ข่าย",
        "words_en": "Work on the servers",
        "reason": "คำสั่งที่ 5/2569",
        "key": str(uuid.uuid4()),
    }
    return {**typed, **change}


def test_a_mode_planned_on_the_page_is_read_by_the_thai_clock(client, address):
    answer = client.post(f"{address}set/", filled(), follow=True)

    planned = queries.situation(at=timezone.now()).next
    assert (planned.mode, timezone.localtime(planned.starts_at).strftime("%H:%M")) == ("maintenance", "22:00")
    assert planned.expected_end - planned.starts_at == timedelta(minutes=90)
    assert "ปรับปรุงเครื่องแม่ข่าย" in answer.content.decode()


def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(client, address):
    answer = client.post(f"{address}set/", filled(ends_on="", words_en="", starts_time="25:00"))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert [refusal.code for refusal in answer.context["refusals"]] == ["operations.time_not_understood"]
    assert "ปรับปรุงเครื่องแม่ข่าย" in page

    answer = client.post(f"{address}set/", filled(ends_on="", words_en=""))

    assert [refusal.code for refusal in answer.context["refusals"]] == [
        "operations.end_missing",
        "operations.words_missing",
    ]


def test_a_planned_mode_is_called_off_on_the_page(client, address):
    number = switch("maintenance", starts_in=timedelta(hours=3))

    refused = client.post(f"{address}{number}/call-off/", {"reason": ""})
    done = client.post(f"{address}{number}/call-off/", {"reason": "ไม่จำเป็นแล้ว"}, follow=True)

    assert refused.status_code == 422
    assert [refusal.code for refusal in refused.context["refusals"]] == ["operations.reason_missing"]
    assert queries.situation(at=timezone.now()).next is None
    assert "ยกเลิกโดย" in done.content.decode()


def test_the_page_is_the_operators_alone(address, operator):
    client = Client()
    builders.sign_in(client, the_department("department_officer"))
    assert client.get(address).status_code == 404

    officer = builders.a_person("department_officer", entity=identity.entity(code=operator.entity_code))
    builders.sign_in(client, officer)
    assert client.get(address).status_code == 403
