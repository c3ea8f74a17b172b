"""Authority: which hats a person wears at a moment, what they allow, and which hands must differ."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from khlang.identity import queries
from khlang.identity.models import Membership, Order, OrderLine
from khlang.identity.permissions import MATRIX, authorities_for, check, may
from khlang.identity.rules import PAIRS, Duty, ExceptionView, Role, check_combination, check_separation, hat_words
from khlang.kernel.refusals import Refusal, fact_words, message
from khlang.toolkit.tenancy import entity_transaction
from tests import builders

ORDER = "0192f0c0-0000-7000-8000-000000000001"
DAY = date(2026, 11, 25)


def an_exception(*, user_id=7, reviewer_id=8, rule="R331"):
    span = (date(2026, 11, 1), date(2026, 11, 30))
    return ExceptionView(ORDER, "12/2570", rule, user_id, "Malee", reviewer_id, "Wanna", "Prasit", *span)


def an_order(entity, *, user_id, hat, starts_on, ends_on, kind="acting", acting_for="Somchai"):
    with entity_transaction(entity.entity_id):
        Order.objects.create(
            entity_id=entity.entity_id,
            order_id=ORDER,
            number="12/2570",
            ordered_on=starts_on,
            kind=kind,
            subject="Acting head of treasury",
            signed_by="Prasit",
            signed_as="Chief executive",
            recorded_by=0,
            recorded_at=datetime.now(UTC),
        )
        OrderLine.objects.create(
            entity_id=entity.entity_id,
            order_id=ORDER,
            line_no=1,
            user_id=user_id,
            hat=hat,
            acting_for=acting_for,
            starts_on=starts_on,
            ends_on=ends_on,
        )


def test_every_hat_has_words_in_both_languages():
    assert all(hat_words(hat).th and hat_words(hat).en for hat in [*Role, *Duty])


def test_require_asks_for_a_new_proof_before_an_approval():
    head = builders.Actor(7, "Somchai", 1, "X", "Somewhere", frozenset({Role.HEAD_OF_TREASURY}), fresh=False)

    refusal = check(head, "journal_vouchers.post")

    assert refusal is not None
    assert refusal.code == "identity.step_up_needed"
    assert check(replace(head, fresh=True), "journal_vouchers.post") is None
    assert check(head, "ledger.read") is None


def test_only_a_duty_by_order_opens_what_no_role_opens():
    reviewer = builders.Actor(
        7, "Wanna", 1, "X", "S", frozenset({Role.CLERK}), duties=frozenset({Duty.COMPENSATING_REVIEWER})
    )

    assert may(reviewer, "oversight.review_exceptions")
    assert not may(replace(reviewer, duties=frozenset()), "oversight.review_exceptions")


def test_whoever_keeps_the_list_of_users_holds_no_finance_role():
    def clash(role, held, *, excepted=False):
        return [refusal.code for refusal in check_combination(role=role, held=held, excepted=excepted)]

    assert clash("local_administrator", ["finance_officer"]) == ["identity.roles_incompatible"]
    assert clash("finance_officer", ["local_administrator"]) == ["identity.roles_incompatible"]
    assert clash("local_administrator", ["finance_officer"], excepted=True) == []
    assert clash("local_administrator", ["clerk"]) == []
    assert clash("finance_officer", ["head_of_treasury"]) == []


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.rule} {pair.first}/{pair.second}")
def test_one_person_never_takes_both_steps_of_a_pair(pair):
    for first, second in ((pair.first, pair.second), (pair.second, pair.first)):
        taken = {first: [7]}

        _, refusals = check_separation(step=second, user_id=7, taken=taken, exceptions=[], day=DAY)

        assert [(refusal.code, refusal.facts["rule"]) for refusal in refusals] == [("identity.same_person", pair.rule)]
        assert check_separation(step=second, user_id=8, taken=taken, exceptions=[], day=DAY)[1] == ()


@pytest.mark.parametrize(
    ("exception", "day", "passes"),
    [
        (an_exception(), DAY, True),
        (an_exception(), date(2026, 12, 1), False),
        (an_exception(user_id=9), DAY, False),
        (an_exception(reviewer_id=7), DAY, False),
        (an_exception(rule="R327"), DAY, False),
    ],
)
def test_a_written_exception_covers_its_person_rule_and_days_only(exception, day, passes):
    taken = {"journal_prepared": [7]}

    separated, refusals = check_separation(
        step="journal_approved", user_id=7, taken=taken, exceptions=[exception], day=day
    )

    assert (refusals == ()) is passes
    assert separated.used == ((exception,) if passes else ())


@pytest.mark.django_db
def test_an_order_that_ends_at_midnight_ends_during_the_session():
    entity = builders.an_entity()
    person = builders.a_person("finance_officer", entity=entity)
    an_order(entity, user_id=person.user_id, hat="head_of_treasury", starts_on=DAY, ends_on=DAY)
    last_second = datetime(2026, 11, 25, 16, 59, 59, tzinfo=UTC)  # 23:59:59 in Bangkok

    def roles(at):
        found = queries.authorities_of(entity_id=entity.entity_id, user_id=person.user_id, at=at)
        return {each.hat for each in found if each.basis == "acting"}

    assert roles(last_second) == {"head_of_treasury"}
    assert roles(last_second + timedelta(seconds=1)) == set()
    assert roles(datetime(2026, 11, 24, 16, 59, 59, tzinfo=UTC)) == set()


@pytest.mark.django_db
def test_an_acting_officer_shows_the_order_she_acts_on():
    entity = builders.an_entity()
    person = builders.a_person("finance_officer", entity=entity)
    today = datetime.now(UTC) + timedelta(hours=7)
    an_order(entity, user_id=person.user_id, hat="head_of_treasury", starts_on=today.date(), ends_on=None)

    actor = queries.actor(user_id=person.user_id, user_name="Malee", entity_code=entity.code, at=datetime.now(UTC))

    assert actor is not None
    [authority] = authorities_for(actor, "journal_vouchers.post")
    assert (authority.basis, authority.order_number, authority.acting_for) == ("acting", "12/2570", "Somchai")
    assert "journal_vouchers.post" in MATRIX


@pytest.mark.django_db
def test_an_end_once_set_is_not_moved():
    entity = builders.an_entity()
    person = builders.a_person("clerk", entity=entity)
    with entity_transaction(entity.entity_id):
        rows = Membership.objects.filter(user_id=person.user_id)
        rows.update(ended_at=datetime.now(UTC))
        with pytest.raises(DatabaseError, match=r"identity\.already_ended"), transaction.atomic():
            rows.update(ended_at=datetime.now(UTC) + timedelta(days=1))


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["identity_membership", "identity_order_line", "identity_order", "identity_visit"])
def test_what_people_were_given_is_never_deleted_by_the_application(table):
    entity = builders.an_entity()
    with (
        entity_transaction(entity.entity_id),
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"DELETE FROM {table}")


def test_a_refusal_says_steps_of_a_transaction_in_words():
    steps = {step for pair in PAIRS for step in (pair.first, pair.second)}
    refusal = Refusal("identity.same_person", {"rule": "R331", "first": "journal_prepared", "second": "x", "who": "-"})

    assert steps <= set(fact_words())
    assert "preparing the entry" in message(refusal, "en")
    assert "จัดทำรายการบัญชี" in message(refusal, "th")
