"""Whoever prepared a voucher does not post it; where an order allows it, its use is kept and shown (R331, R333)."""

import uuid
from contextlib import contextmanager
from datetime import UTC, datetime

import psycopg
import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from khlang.audit import queries as audit
from khlang.audit.rules import ActFilter
from khlang.identity import queries as identity
from khlang.journal_vouchers import commands
from khlang.journal_vouchers.models import Voucher
from khlang.official_forms import queries as forms
from khlang.official_forms.rules.paper import Printing
from khlang.official_forms.rules.voucher_form import voucher_form
from khlang.toolkit.tenancy import entity_transaction
from tests.builders import a_person, an_exception, sign_in
from tests.journal_vouchers.makers import a_submitted, a_team, codes, the_entity_of

database = pytest.mark.django_db


def a_lonely_officer():
    """One who prepares and posts, and somebody who may review it."""
    maker, _ = a_team()
    entity = the_entity_of(maker)
    alone = a_person("finance_officer", "head_of_treasury", entity=entity, name="Alone Jaidee")
    return alone, a_person("clerk", entity=entity, name="Wanna Review")


def post(actor, row):
    return commands.post_voucher(
        actor=actor, voucher_id=row.voucher_id, revision=row.revision, key=uuid.uuid4(), at=datetime.now(UTC)
    )


def uses(actor):
    with entity_transaction(actor.entity_id):
        return identity.exception_uses()


@database
def test_post_voucher_keeps_the_use_of_an_exception_and_names_the_order_in_the_record():
    alone, reviewer = a_lonely_officer()
    number = an_exception(person=alone, reviewer=reviewer)
    row = a_submitted(alone).row

    posted = post(alone, row)

    (use,) = uses(alone)
    assert (use.rule, use.step, use.act) == ("R331", "journal_approved", "journal_vouchers.post")
    assert (use.document, use.user_id) == (f"voucher:{row.voucher_id}", alone.user_id)
    assert (use.order_number, use.reviewer_name, use.finding) == (number, "Wanna Review", "")
    with entity_transaction(alone.entity_id):
        (act,) = audit.acts(ActFilter(act="journal_vouchers.post"))
    assert f'"order": "{number}"' in act.facts
    assert posted.row.journal is not None


@database
def test_post_voucher_keeps_no_use_when_two_people_did_it():
    maker, poster = a_team()
    an_exception(person=poster, reviewer=maker)

    post(poster, a_submitted(maker).row)

    assert uses(maker) == []


@database
@pytest.mark.parametrize("rule", ["R327", "R330"])
def test_post_voucher_refuses_one_person_under_an_exception_to_another_rule(rule):
    alone, reviewer = a_lonely_officer()
    an_exception(person=alone, reviewer=reviewer, rule=rule)
    row = a_submitted(alone).row

    assert codes(post, actor=alone, row=row) == [("identity.same_person", "")]
    assert uses(alone) == []


@database
def test_page_and_paper_say_that_one_person_did_both(client):
    alone, reviewer = a_lonely_officer()
    number = an_exception(person=alone, reviewer=reviewer)
    row = a_submitted(alone).row
    sign_in(client, alone)
    address = reverse(
        "journal_vouchers:detail", kwargs={"entity_code": alone.entity_code, "voucher_id": row.voucher_id}
    )

    before = client.get(address).content.decode()
    post(alone, row)
    after = client.get(address).content.decode()

    assert number in before
    assert f"ผู้จัดทำและผู้อนุมัติเป็นคนเดียวกัน ตามคำสั่ง {number}" in after
    with entity_transaction(alone.entity_id):
        paper = forms.voucher_paper(actor=alone, voucher_id=row.voucher_id)
    assert paper.one_hand is not None
    form = voucher_form(voucher=paper, printing=Printing(printed_at=datetime.now(UTC), printed_by="A", language="th"))
    assert any(number in str(sentence) for sentence in form["standing"])


@contextmanager
def refused_by_the_database():
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        yield
    assert "same_person" in str(caught.value) or "stays on it" in str(caught.value)


def forged(row, **columns):
    """What a script would write as the application role, past every command."""
    Voucher.objects.filter(entity_id=row.entity_id, id=row.id).update(**columns)


@database
def test_the_database_refuses_a_voucher_posted_by_its_maker_whatever_code_is_at_work():
    alone, reviewer = a_lonely_officer()
    first, second = a_submitted(alone).row, a_submitted(alone).row
    an_exception(person=alone, reviewer=reviewer)
    journal = post(alone, first).row.journal

    with entity_transaction(alone.entity_id):
        row = Voucher.objects.get(entity_id=alone.entity_id, id=second.voucher_id)
        with refused_by_the_database():
            forged(row, state="posted", journal_year=journal[0], journal_no=journal[1])


@database
@pytest.mark.parametrize("columns", [{"prepared_by": []}, {"prepared_by": [999]}, {"made_by": 999}])
def test_the_database_keeps_whoever_prepared_a_voucher_on_it(columns):
    maker, _ = a_team()
    voucher = a_submitted(maker).row

    with entity_transaction(maker.entity_id):
        row = Voucher.objects.get(entity_id=maker.entity_id, id=voucher.voucher_id)
        with refused_by_the_database():
            forged(row, **columns)


@pytest.mark.parametrize("assignment", ["prepared_by = '[]'", "made_by = 999"])
def test_the_owner_of_the_tables_is_bound_too(committed_db, owner_connection, assignment):
    maker, _ = a_team()
    voucher = a_submitted(maker).row
    owner_connection.execute(f"SET LOCAL khlang.entity_id = {maker.entity_id}")

    with pytest.raises(psycopg.DatabaseError, match="stays on it"):
        owner_connection.execute(
            f"UPDATE journal_vouchers_voucher SET {assignment} WHERE id = %s", (voucher.voucher_id,)
        )


def test_the_application_role_cannot_switch_it_off(app_connection):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app_connection.execute("ALTER TABLE journal_vouchers_voucher DISABLE TRIGGER journal_vouchers_two_hands")
