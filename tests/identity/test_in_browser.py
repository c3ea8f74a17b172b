"""The pages of people, orders and rights in a real browser: no barrier, no width too many, no complaint."""

import uuid
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.test import Client

from khlang.identity import commands
from khlang.identity.rules import OrderDraft, OrderLineDraft
from tests import builders
from tests.identity.people_makers import added, an_administrator, now
from tests.looks import BY_LANGUAGE, faults_in_looks


@pytest.fixture
def office(live_khlang):
    """An office with people of all sorts, an order and somebody who left."""
    actor = an_administrator()
    malee = added(actor, "finance_officer", name="มาลี ศรีสุข", title="นักวิชาการเงินและบัญชีชำนาญการ")
    added(actor, "head_of_treasury", name="สมชาย ใจดี", title="ผู้อำนวยการกองคลัง")
    gone = added(actor, "clerk", name="วรรณา ปู่กี่", title="ปลัด")
    line = OrderLineDraft(malee.user_id, date(2026, 10, 1), now().date() + timedelta(days=30), "cash_committee")
    draft = OrderDraft("101/2570", date(2026, 10, 1), "appointment", "แต่งตั้งกรรมการ", "ประสิทธิ์", "นายก", lines=(line,))
    made = commands.record_order(actor=actor, order_id=uuid.uuid4(), draft=draft, at=now(), accepts_warnings=True)
    commands.leave(actor=actor, user_id=gone.user_id, reason="ลาออก", at=now())
    rows = b"username,full_name\nnew.person,New Person\n!,\n"
    sent = commands.send_people_file(actor=actor, key=uuid.uuid4(), name="people.csv", content=rows, at=now())
    return actor, malee.user_id, made.order_id, sent


@pytest.mark.parametrize(("language", "looks"), BY_LANGUAGE, ids=["th", "en"])
def test_no_page_of_people_has_a_barrier(page, office, live_khlang, language, looks):
    actor, person, order, sent = office
    client = Client()
    builders.sign_in(client, actor)
    cookie = settings.SESSION_COOKIE_NAME
    page.context.add_cookies(
        [
            {"name": cookie, "value": client.cookies[cookie].value, "url": live_khlang},
            {"name": "khlang_language", "value": language, "url": live_khlang},
        ]
    )
    found = []
    for address in (
        "people/?state=all",
        "people/new/",
        "people/import/",
        f"people/import/{sent}/",
        f"people/{person}/?ask=give",
        "orders/",
        f"orders/{order}/",
        "orders/new/",
        "orders/new/?kind=acting",
        "orders/new/?kind=exception",
        "permissions/",
        "rights/",
        "why/?act=journal_vouchers.post",
        "review/",
    ):
        page.goto(f"{live_khlang}/{actor.entity_code}/{address}")
        found += faults_in_looks(page, looks)

    assert found == []
