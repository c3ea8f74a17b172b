"""Every use of an exception is shown, reviewed by another, and never hidden (R12, R333)."""

import io
import uuid
from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from openpyxl import load_workbook

from khlang.identity import queries as identity
from khlang.identity.commands import review_exception
from khlang.identity.models import ExceptionReview, ExceptionUse
from khlang.kernel.refusals import Refused
from khlang.oversight import queries
from khlang.oversight.rules import document_link, is_overdue
from khlang.toolkit.tenancy import entity_transaction
from tests import builders
from tests.journal_vouchers.makers import a_submitted
from tests.journal_vouchers.test_two_hands import a_lonely_officer, post

database = pytest.mark.django_db


def a_use():
    """A voucher that one person prepared and posted under an order, and its reviewer."""
    alone, reviewer = a_lonely_officer()
    builders.an_exception(person=alone, reviewer=reviewer)
    post(alone, a_submitted(alone).row)
    with entity_transaction(alone.entity_id):
        (use,) = identity.exception_uses()
    return alone, refreshed(reviewer), use


def refreshed(actor):
    """The same person with the hats she wears now."""
    found = identity.actor(
        user_id=actor.user_id, user_name=actor.name, entity_code=actor.entity_code, at=datetime.now(UTC)
    )
    assert found is not None
    return found


def review(actor, use, finding="in_order", note=""):
    review_exception(actor=actor, use_id=use.use_id, finding=finding, note=note, at=datetime.now(UTC))


def refused(call, *arguments, **named):
    with pytest.raises(Refused) as caught:
        call(*arguments, **named)
    return [refusal.code for refusal in caught.value.refusals]


def found_of(actor):
    with entity_transaction(actor.entity_id):
        return [(use.finding, use.note, use.reviewed_by_name) for use in identity.exception_uses()]


@database
def test_whoever_an_order_names_as_reviewer_wears_the_duty_and_reviews_once():
    alone, reviewer, use = a_use()

    review(reviewer, use)
    review(reviewer, use)

    assert found_of(alone) == [("in_order", "", "Wanna Review")]
    other = builders.a_person("auditor", entity=identity.entity(code=alone.entity_code))
    builders.an_exception(person=alone, reviewer=other)
    assert refused(review, refreshed(other), use) == ["identity.reviewed_already"]


@database
def test_review_exception_refuses_with_its_reasons():
    alone, reviewer, use = a_use()
    builders.an_exception(person=reviewer, reviewer=alone)

    assert refused(review, refreshed(alone), use) == ["identity.own_exception"]
    assert refused(review, reviewer, use, "questioned", " ") == ["identity.question_missing"]
    assert refused(review, reviewer, use, "fine") == ["identity.exception_use_unknown"]
    assert refused(review, builders.a_person("auditor", entity=identity.entity(code=alone.entity_code)), use) == [
        "identity.not_permitted"
    ]


@database
def test_the_reviewer_keeps_the_duty_until_everything_is_reviewed_though_the_order_ended():
    alone, reviewer, use = a_use()
    later = datetime.now(UTC) + timedelta(days=90)

    def duties():
        with entity_transaction(alone.entity_id):
            return [
                each.hat
                for each in identity.authorities_of(entity_id=alone.entity_id, user_id=reviewer.user_id, at=later)
            ]

    assert "compensating_reviewer" in duties()
    review(reviewer, use)
    assert "compensating_reviewer" not in duties()


@database
@pytest.mark.parametrize(("days", "urgency"), [(0, "due"), (1, "due"), (2, "overdue")])
def test_the_review_stands_among_the_reviewers_work_and_grows_overdue(days, urgency):
    alone, reviewer, use = a_use()
    today = localdate(use.used_at) + timedelta(days=days)

    def work(actor):
        with entity_transaction(actor.entity_id):
            return [task.urgency for task in queries.tasks(actor=actor, today=today, now=timezone.now())]

    assert work(reviewer) == [urgency]
    assert work(refreshed(alone)) == []
    review(reviewer, use)
    assert work(reviewer) == []


@database
def test_the_auditor_sees_every_use_and_takes_it_as_a_workbook(client):
    alone, reviewer, use = a_use()
    review(reviewer, use, "questioned", "Paper is missing")
    auditor = builders.a_person("auditor", entity=identity.entity(code=alone.entity_code))
    builders.sign_in(client, auditor)
    listed = reverse("oversight:exceptions", kwargs={"entity_code": alone.entity_code})

    page = client.get(listed).content.decode()
    book = load_workbook(io.BytesIO(client.get(f"{listed}exceptions.xlsx").content)).active
    one = client.get(f"{listed}{use.use_id}/").content.decode()

    assert "Alone Jaidee" in page
    assert "Paper is missing" in page
    assert (
        reverse(
            "journal_vouchers:detail",
            kwargs={"entity_code": alone.entity_code, "voucher_id": use.document.removeprefix("voucher:")},
        )
        in page
    )
    assert [cell.value for cell in book[2]][1:3] == ["Alone Jaidee", "R331"]
    assert 'name="finding"' not in one


@database
def test_the_reviewer_answers_on_the_page(client):
    alone, reviewer, use = a_use()
    builders.sign_in(client, reviewer)
    listed = reverse("oversight:exceptions", kwargs={"entity_code": alone.entity_code})

    assert f'value="{use.use_id}"' in client.get(listed).content.decode()
    assert client.post(f"{listed}{use.use_id}/", {"finding": "questioned"}).status_code == 422
    assert client.post(f"{listed}review/", {"use": [use.use_id, "x"]}).status_code == 302
    assert found_of(alone) == [("in_order", "", "Wanna Review")]


@database
def test_a_stranger_sees_no_use(client):
    alone, _, use = a_use()
    builders.sign_in(client, builders.a_person("auditor", entity=builders.an_entity()))

    assert client.get(f"/{alone.entity_code}/exceptions/{use.use_id}/").status_code == 404


@database
@pytest.mark.parametrize(
    "change",
    [{"rule": "R327"}, {"user_id": 999}, {"order_id": uuid.uuid4()}, {"used_at": datetime(2020, 1, 1, tzinfo=UTC)}],
    ids=["rule", "person", "order", "day"],
)
def test_the_database_refuses_a_use_that_rests_on_no_order(change):
    alone, reviewer, use = a_use()
    fields = {"entity_id": alone.entity_id, "use_id": uuid.uuid4(), "order_id": use.order_id, "rule": "R331",
              "step": "journal_approved", "act": "x", "document": "voucher:x", "user_id": alone.user_id,
              "user_name": "x", "reviewer_id": reviewer.user_id, "used_at": datetime.now(UTC)}  # fmt: skip

    with entity_transaction(alone.entity_id):
        ExceptionUse.objects.create(**fields)
        with pytest.raises(DatabaseError, match=r"identity\.exception_unfounded"), transaction.atomic():
            ExceptionUse.objects.create(**{**fields, "use_id": uuid.uuid4(), **change})


@database
def test_the_database_refuses_a_review_of_ones_own_act_or_without_the_duty():
    alone, _, use = a_use()
    stranger = builders.a_person("auditor", entity=builders.an_entity())
    with entity_transaction(alone.entity_id):
        for number in (alone.user_id, stranger.user_id):
            with pytest.raises(DatabaseError, match=r"identity\.own_exception"), transaction.atomic():
                ExceptionReview.objects.create(
                    entity_id=alone.entity_id, use_id=use.use_id, finding="in_order", reviewed_by=number,
                    reviewed_by_name="x", reviewed_at=datetime.now(UTC),
                )  # fmt: skip


@pytest.mark.parametrize("table", ["identity_exception_use", "identity_exception_review"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_nobody_hides_a_use_not_even_the_owner(committed_db, owner_connection, app_connection, table, statement):
    alone, reviewer, use = a_use()
    review(reviewer, use)
    for connection, why in ((app_connection, "permission denied"), (owner_connection, "immutable")):
        connection.execute(f"SET LOCAL khlang.entity_id = {alone.entity_id}")
        with pytest.raises(psycopg.DatabaseError, match=why):
            connection.execute(statement.format(table))


def test_a_document_key_leads_to_its_page():
    link = document_link("journal:2570:12")

    assert link is not None
    assert (link.name, dict(link.parameters)) == ("reporting:journal", {"fiscal_year": "2570", "sequence_no": "12"})
    assert document_link("journal:2570") is None
    assert document_link("nothing:1") is None
    assert not is_overdue(used_on=date(2026, 1, 1), today=date(2026, 1, 2))
