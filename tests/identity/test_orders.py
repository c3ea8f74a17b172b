"""Orders on the database and on pages: recorded once, judged at the moment, taken back, never edited."""

import html
import re
import uuid
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import openpyxl
import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from khlang.identity import commands, queries
from khlang.identity.rules import OrderDraft, OrderLineDraft
from khlang.kernel.refusals import Refused
from khlang.toolkit.tenancy import entity_transaction
from tests import builders
from tests.identity.people_makers import added, an_administrator, now

pytestmark = pytest.mark.django_db
BANGKOK = ZoneInfo("Asia/Bangkok")


def today() -> date:
    return now().astimezone(BANGKOK).date()


def a_draft(user_id: int, *, kind="acting", hat="head_of_treasury", days=10, number="", **more) -> OrderDraft:
    line = OrderLineDraft(user_id, today(), today() + timedelta(days=days), hat, acting_for="สมชาย ใจดี")
    line = replace(line, **more)
    number = number or f"{uuid.uuid4().hex[:8]}/2570"
    return OrderDraft(number, today(), kind, "รักษาราชการแทน", "ประสิทธิ์", "นายก อบต.", "executive", lines=(line,))


def record(actor, draft, key=None, **more):
    return commands.record_order(actor=actor, order_id=key or uuid.uuid4(), draft=draft, at=now(), **more)


def hats_of(actor, user_id, at=None) -> set[str]:
    found = queries.authorities_of(entity_id=actor.entity_id, user_id=user_id, at=at or now())
    return {each.hat for each in found}


@pytest.fixture
def actor():
    return an_administrator()


@pytest.fixture
def malee(actor):
    return added(actor, "finance_officer", name="มาลี ศรีสุข", title="นักวิชาการเงิน")


def test_an_order_gives_its_role_for_its_days_and_prints_the_title(actor, malee):
    made = record(actor, a_draft(malee.user_id))

    assert hats_of(actor, malee.user_id) == {"finance_officer", "head_of_treasury"}
    assert made.lines[0].position == "นักวิชาการเงิน"
    assert hats_of(actor, malee.user_id, now() + timedelta(days=12)) == {"finance_officer"}


def test_an_order_sent_twice_is_recorded_once_and_its_key_serves_no_other(actor, malee):
    draft, key = a_draft(malee.user_id), uuid.uuid4()

    first, again = record(actor, draft, key), record(actor, draft, key)

    assert again == first
    with pytest.raises(Refused, match=r"identity\.order_key_used"):
        record(actor, replace(draft, subject="อื่น"), key)
    with pytest.raises(Refused, match=r"identity\.order_number_used"):
        record(actor, replace(a_draft(malee.user_id), number=draft.number))


def test_a_warning_stops_until_it_is_accepted(actor, malee):
    draft = a_draft(malee.user_id)
    late = replace(draft, lines=(replace(draft.lines[0], starts_on=today() - timedelta(days=3)),))

    with pytest.raises(Refused, match=r"identity\.order_after_start"):
        record(actor, late)

    assert record(actor, late, accepts_warnings=True).lines[0].starts_on == today() - timedelta(days=3)


def test_an_order_taken_back_ends_now_or_at_midnight_and_stays_in_the_list(actor, malee):
    one, two = record(actor, a_draft(malee.user_id)), record(actor, a_draft(malee.user_id, hat="clerk"))

    def end(order, last_day, reason="กลับมาแล้ว"):
        return commands.end_order(
            actor=actor, order_id=uuid.UUID(order.order_id), last_day=last_day, reason=reason, at=now()
        )

    with pytest.raises(Refused, match=r"identity\.reason_missing"):
        end(one, today(), reason=" ")
    with pytest.raises(Refused, match=r"identity\.last_day_in_past"):
        end(one, today() - timedelta(days=2))
    with pytest.raises(Refused, match=r"identity\.last_day_after_end"):
        end(one, today() + timedelta(days=99))
    end(one, today() - timedelta(days=1))
    end(two, today())

    assert hats_of(actor, malee.user_id) == {"finance_officer", "clerk"}
    midnight = datetime.combine(today() + timedelta(days=1), time(), tzinfo=BANGKOK)
    assert "clerk" in hats_of(actor, malee.user_id, midnight - timedelta(seconds=1))
    assert "clerk" not in hats_of(actor, malee.user_id, midnight)
    with pytest.raises(Refused, match=r"identity\.already_ended"):
        end(one, today())
    with pytest.raises(Refused, match=r"identity\.order_unknown"):
        commands.end_order(actor=actor, order_id=uuid.uuid4(), last_day=today(), reason="x", at=now())


def test_an_order_of_another_entity_is_neither_seen_nor_ended(actor, malee):
    made, stranger = record(actor, a_draft(malee.user_id)), an_administrator()

    with entity_transaction(stranger.entity_id):
        assert queries.order(order_id=uuid.UUID(made.order_id)) is None
    with pytest.raises(Refused, match=r"identity\.order_unknown"):
        commands.end_order(actor=stranger, order_id=uuid.UUID(made.order_id), last_day=today(), reason="x", at=now())


def test_an_exception_lets_the_keeper_of_users_hold_a_finance_role_until_it_ends(actor):
    reviewer, both = added(actor, "clerk"), added(actor, "local_administrator")

    def give(role):
        commands.grant_role(actor=actor, user_id=both.user_id, role=role, reason="สำนักงานเล็ก", at=now())

    with pytest.raises(Refused, match=r"identity\.roles_incompatible"):
        give("finance_officer")
    line = {"rule": "R332", "acting_for": "", "reviewer_id": reviewer.user_id}
    record(actor, a_draft(both.user_id, kind="exception", hat="", **line))
    give("finance_officer")

    assert {"finance_officer", "local_administrator"} <= hats_of(actor, both.user_id)


def test_leaving_ends_the_orders_of_a_person_at_once(actor, malee):
    made = record(actor, a_draft(malee.user_id))

    commands.leave(actor=actor, user_id=malee.user_id, reason="ลาออก", at=now())

    with entity_transaction(actor.entity_id):
        line = queries.order(order_id=uuid.UUID(made.order_id)).lines[0]
    assert (line.ended_on, line.ended_reason) == (today() - timedelta(days=1), "ลาออก")
    assert hats_of(actor, malee.user_id) == set()


def test_nothing_of_an_order_is_changed_by_raw_sql(actor, malee):
    record(actor, a_draft(malee.user_id))

    for statement in (
        "UPDATE identity_order SET number = 'x'",
        "UPDATE identity_order_line SET hat = 'executive'",
        "UPDATE identity_order_line SET starts_on = '2020-01-01'",
        "UPDATE identity_membership SET role = 'executive'",
        "DELETE FROM identity_order_line",
        "DELETE FROM identity_staff",
    ):
        with (
            entity_transaction(actor.entity_id),
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


# ---- pages -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def signed_in(client, actor):
    builders.sign_in(client, actor)
    client.cookies["khlang_language"] = "en"
    return client


def thai(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year + 543}"


def fields_of(malee, **more):
    fields = {
        "idempotency_key": str(uuid.uuid4()),
        "kind": "acting",
        "number": f"{uuid.uuid4().hex[:8]}/2570",
        "ordered_on": thai(today()),
        "subject": "รักษาราชการแทน",
        "signed_by": "ประสิทธิ์",
        "signed_as": "นายก อบต.",
        "signed_role": "executive",
        "lines.0.user_id": str(malee.user_id),
        "lines.0.gives": "head_of_treasury",
        "lines.0.acting_for": "สมชาย ใจดี",
        "lines.0.starts_on": thai(today()),
        "lines.0.ends_on": thai(today() + timedelta(days=5)),
        "lines.1.user_id": "",
        "lines.1.gives": "head_of_treasury",
    }
    return {**fields, **more}


@pytest.mark.parametrize("kind", ["", "appointment", "acting", "delegation", "exception"])
def test_the_form_of_each_kind_opens(signed_in, actor, kind):
    response = signed_in.get(f"/{actor.entity_code}/orders/new/?kind={kind}")

    assert response.status_code == 200


def test_an_order_is_recorded_on_the_page_seen_listed_exported_and_taken_back(signed_in, actor, malee):
    home = f"/{actor.entity_code}/orders/"
    fields = fields_of(malee)

    made = signed_in.post(f"{home}new/", fields, follow=True)
    again = signed_in.post(f"{home}new/", fields, follow=True)
    listed = html.unescape(signed_in.get(f"{home}?state=valid&kind=acting&search=มาลี").content.decode())
    book = signed_in.get(f"{home}orders.xlsx?state=valid")
    one = made.redirect_chain[-1][0]
    refused = signed_in.post(f"{one}end/", {"last_day": "someday", "reason": ""})
    back = signed_in.post(f"{one}end/", {"last_day": "เมื่อวาน", "reason": "กลับมาแล้ว"}, follow=True)

    assert made.status_code == again.status_code == 200
    assert again.redirect_chain[-1][0] == one
    assert fields["number"] in listed
    rows = list(openpyxl.load_workbook(BytesIO(book.content)).active.iter_rows(values_only=True))
    assert (rows[1][0], rows[1][6]) == (fields["number"], "มาลี ศรีสุข")
    assert refused.status_code == 422
    assert "Taken back" in back.content.decode()
    assert "กลับมาแล้ว" in back.content.decode()


def test_a_refused_order_says_everything_at_once_and_keeps_what_was_typed(signed_in, actor, malee):
    wrong = {"number": "", "lines.0.ends_on": "someday", "lines.0.acting_for": "", "note": "เก็บไว้"}

    response = signed_in.post(f"/{actor.entity_code}/orders/new/", fields_of(malee, **wrong))

    text = html.unescape(response.content.decode())
    assert response.status_code == 422
    assert "3 things to correct" in text
    assert 'value="someday"' in text
    assert 'value="เก็บไว้"' in text
    assert re.search(r'id="lines\.0\.acting_for"[^>]*aria-invalid="true"', text)


def test_a_warning_is_shown_with_a_box_to_accept_it(signed_in, actor, malee):
    address = f"/{actor.entity_code}/orders/new/"
    fields = fields_of(malee, **{"lines.0.starts_on": thai(today() - timedelta(days=2))})

    warned = signed_in.post(address, fields)
    accepted = signed_in.post(address, {**fields, "accept_warnings": "yes"})

    assert warned.status_code == 422
    assert "accept_warnings" in warned.content.decode()
    assert accepted.status_code == 302


def test_adding_a_row_without_scripts_keeps_what_was_typed(signed_in, actor, malee):
    response = signed_in.post(f"/{actor.entity_code}/orders/new/?add=row", fields_of(malee))

    text = response.content.decode()
    assert response.status_code == 200
    assert 'name="lines.2.user_id"' in text
    assert 'value="สมชาย ใจดี"' in text


def test_who_may_not_record_orders_still_reads_them(client, actor, malee):
    made = record(actor, a_draft(malee.user_id))
    builders.sign_in(client, replace(actor, user_id=malee.user_id))

    assert client.get(f"/{actor.entity_code}/orders/{made.order_id}/").status_code == 200
    assert client.get(f"/{actor.entity_code}/orders/new/").status_code == 403
    assert client.get(f"/{actor.entity_code}/orders/{uuid.uuid4()}/").status_code == 404


@pytest.mark.parametrize("count", [1, 6])
def test_the_list_of_orders_asks_the_same_number_of_questions_for_one_and_for_many(signed_in, actor, malee, count):
    for number in range(count):
        person = added(actor, name=f"คน {number}")
        record(actor, a_draft(person.user_id))
    signed_in.get(f"/{actor.entity_code}/orders/")

    with CaptureQueriesContext(connection) as asked:
        signed_in.get(f"/{actor.entity_code}/orders/")

    assert len(asked) <= 26


def test_an_order_that_ends_at_midnight_closes_pages_in_the_same_session(client):
    with time_machine.travel(datetime(2026, 11, 25, 23, 55, tzinfo=BANGKOK), tick=False) as clock:
        actor = an_administrator()
        malee = added(actor, "unit_clerk")
        record(actor, a_draft(malee.user_id, days=0))
        builders.sign_in(client, replace(actor, user_id=malee.user_id))
        books, why = f"/{actor.entity_code}/vouchers/", f"/{actor.entity_code}/why/?act=journal_vouchers.post"
        before = client.get(books), client.get(why).content.decode()

        clock.move_to(datetime(2026, 11, 26, 0, 0, 1, tzinfo=BANGKOK))
        after = client.get(books), client.get(why).content.decode()
        posted = client.post(f"/{actor.entity_code}/vouchers/{uuid.uuid4()}/post/", {})

    assert [each.status_code for each in (before[0], after[0], posted)] == [200, 403, 403]
    assert "ข้อใดข้อหนึ่ง" in before[1]
    assert "คุณไม่มีบทบาทเหล่านี้" in after[1]
    assert "คุณเคยมีสิทธินี้" in after[1]
