"""The half-yearly review: due in time, whole, and ending what it marks."""

import uuid
from datetime import date, timedelta
from io import BytesIO

import openpyxl
import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from khlang.identity import commands, queries
from khlang.identity.models import User
from khlang.identity.rules import Judgement, check_review, review_due_on
from khlang.kernel.refusals import Refused
from khlang.toolkit.tenancy import entity_transaction
from tests import builders
from tests.identity.people_makers import added, an_administrator, now


@pytest.mark.parametrize(
    ("last", "began", "due"),
    [
        (None, None, None),
        (None, date(2026, 8, 31), date(2027, 2, 28)),
        (date(2026, 11, 25), date(2020, 1, 1), date(2027, 5, 25)),
        (date(2027, 8, 31), None, date(2028, 2, 29)),
    ],
)
def test_a_review_is_due_six_months_after_the_last_or_after_the_list_began(last, began, due):
    assert review_due_on(last=last, months=6, first_person_on=began) == due


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 24))
def test_the_day_of_a_review_lies_the_months_ahead(last, months):
    due = review_due_on(last=last, months=months, first_person_on=None)

    assert due is not None
    assert (due.year * 12 + due.month) - (last.year * 12 + last.month) == months
    assert due.day <= last.day


def test_a_review_judges_everybody_with_a_reason_for_each_end():
    judged = [Judgement(1, "keep"), Judgement(2, "end"), Judgement(9, "keep"), Judgement(4, "end", "x")]

    found = [(each.code, each.where) for each in check_review(judged, listed=[1, 2, 3, 4], reviewer=4)]

    assert found == [
        ("identity.review_incomplete", "verdict.3"),
        ("identity.review_reason_missing", "reason.2"),
        ("identity.person_unknown", "reason.9"),
        ("identity.leaving_oneself", "reason.4"),
    ]


def tasks_of(actor, day):
    with entity_transaction(actor.entity_id):
        return [task.urgency for task in queries.tasks(actor=actor, today=day)]


@pytest.mark.django_db
def test_the_task_appears_a_month_before_and_turns_overdue():
    actor = an_administrator()
    # builders put people on the list in 2015, so the first review is long due.
    today = now().date()

    assert tasks_of(actor, today) == ["overdue"]
    commands.sign_review(actor=actor, review_id=uuid.uuid4(), judged=[Judgement(actor.user_id, "keep")], at=now())
    assert tasks_of(actor, today) == []
    assert tasks_of(actor, today + timedelta(days=170)) == ["due"]
    assert tasks_of(builders.an_actor("finance_officer"), today) == []


@pytest.mark.django_db
def test_signing_ends_whoever_was_marked_and_is_kept_for_good():
    actor, key = an_administrator(), uuid.uuid4()
    kept, gone = added(actor, "clerk"), added(actor, "finance_officer")
    judged = [
        Judgement(actor.user_id, "keep"),
        Judgement(kept.user_id, "keep"),
        Judgement(gone.user_id, "end", "ย้ายไปแล้ว"),
    ]

    with pytest.raises(Refused, match=r"identity\.review_incomplete"):
        commands.sign_review(actor=actor, review_id=key, judged=judged[:2], at=now())
    made = commands.sign_review(actor=actor, review_id=key, judged=judged, at=now())
    again = commands.sign_review(actor=actor, review_id=key, judged=judged, at=now())

    assert again == made
    assert made.ended == 1
    assert not User.objects.get(pk=gone.user_id).is_active
    assert queries.authorities_of(entity_id=actor.entity_id, user_id=gone.user_id, at=now()) == ()
    with (
        entity_transaction(actor.entity_id),
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE identity_people_review SET people = '[]'")


@pytest.mark.django_db
def test_the_page_asks_signs_keeps_what_was_typed_and_shows_the_history(client):
    actor = an_administrator()
    person = added(actor, "clerk", name="วรรณา ใจดี")
    builders.sign_in(client, actor)
    address = f"/{actor.entity_code}/review/"
    fields = {"idempotency_key": str(uuid.uuid4()), f"verdict.{actor.user_id}": "keep"}

    refused = client.post(address, {**fields, f"verdict.{person.user_id}": "end"})
    signed = client.post(
        address, {**fields, f"verdict.{person.user_id}": "end", f"reason.{person.user_id}": "ลาออก"}, follow=True
    )
    book = client.get(signed.redirect_chain[-1][0] + "review.xlsx")

    assert refused.status_code == 422
    assert 'value="end" checked' in refused.content.decode()
    assert "ลาออก" in signed.content.decode()
    rows = list(openpyxl.load_workbook(BytesIO(book.content)).active.iter_rows(values_only=True))
    assert ("วรรณา ใจดี", "ลาออก") in [(row[0], row[5]) for row in rows]
    assert client.get(f"{address}{uuid.uuid4()}/").status_code == 404
    assert client.get(address).status_code == 200
