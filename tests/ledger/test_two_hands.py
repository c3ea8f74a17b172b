"""A soft-closed period opens by two people: head of treasury and clerk, never one (R331)."""

import uuid
from datetime import UTC, datetime

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from khlang.audit import queries as audit
from khlang.audit.rules import ActFilter
from khlang.kernel.refusals import Refused
from khlang.ledger import commands, queries
from khlang.ledger.rules import PeriodState, ReopeningState
from khlang.toolkit.tenancy import entity_transaction
from tests.builders import a_fiscal_year, a_person, an_actor, an_entity, an_exception

pytestmark = pytest.mark.django_db
PERIOD, YEAR = 3, 2568


class Office:
    """Head, clerk and an officer of an entity whose third period is soft-closed."""

    def __init__(self):
        self.entity = an_entity()
        a_fiscal_year(actor=an_actor(entity=self.entity))
        self.head = a_person("head_of_treasury", entity=self.entity, name="Somchai Head")
        self.clerk = a_person("clerk", entity=self.entity, name="Wanna Clerk")
        self.close()

    def close(self):
        commands.change_period(actor=self.head, fiscal_year=YEAR, period=PERIOD, state=PeriodState.SOFT_CLOSED)

    def state(self):
        with entity_transaction(self.entity.entity_id):
            return queries.periods(fiscal_year=YEAR)[PERIOD].state


@pytest.fixture
def office():
    return Office()


def ask(actor, *, key=None, reason="A receipt came late"):
    return commands.ask_reopening(
        actor=actor, request_id=key or uuid.uuid4(), fiscal_year=YEAR, period=PERIOD, reason=reason
    )


def agree(actor, found):
    return commands.agree_reopening(actor=actor, request_id=found.request_id, at=datetime.now(UTC))


def refused(call, *arguments, **named):
    with pytest.raises(Refused) as caught:
        call(*arguments, **named)
    return [refusal.code for refusal in caught.value.refusals]


@pytest.mark.parametrize(("first", "second"), [("head", "clerk"), ("clerk", "head")])
def test_a_period_opens_when_the_other_hand_agrees(office, first, second):
    asking, agreeing = getattr(office, first), getattr(office, second)

    found = agree(agreeing, ask(asking))

    assert office.state() is PeriodState.OPEN
    assert (found.state, found.asked_by_name, found.answered_by_name) == (
        ReopeningState.AGREED,
        asking.name,
        agreeing.name,
    )
    assert {found.asked_as, found.answered_as} == {"head_of_treasury", "clerk"}
    with entity_transaction(office.entity.entity_id):
        told = [(act.act, act.actor_name) for act in audit.acts(ActFilter(document=f"period:{YEAR}:{PERIOD}", limit=2))]
    assert told == [("ledger.agree_reopening", agreeing.name), ("ledger.ask_reopening", asking.name)]


def test_one_person_never_opens_a_period_alone_even_with_both_hats_and_an_exception(office):
    both = a_person("head_of_treasury", "clerk", entity=office.entity, name="Both Hats")
    an_exception(person=both, reviewer=office.clerk)
    found = ask(both)

    assert refused(agree, both, found) == ["identity.same_person"]
    assert refused(
        commands.change_period, actor=both, fiscal_year=YEAR, period=PERIOD, state=PeriodState.OPEN, reason="x"
    ) == ["ledger.reopening_needs_two_hands"]
    assert office.state() is PeriodState.SOFT_CLOSED


@pytest.mark.parametrize("other", ["head_of_treasury", "clerk"])
def test_who_holds_both_hats_takes_the_one_the_other_does_not_hold(office, other):
    both = a_person("head_of_treasury", "clerk", entity=office.entity, name="Both Hats")
    second = a_person(other, entity=office.entity, name="Second")

    found = agree(second, ask(both))

    assert (found.answered_as, office.state()) == (other, PeriodState.OPEN)
    assert found.asked_as != other


def test_two_people_of_one_hat_do_not_open_a_period(office):
    second = a_person("head_of_treasury", entity=office.entity, name="Second Head")

    assert refused(agree, second, ask(office.head)) == ["ledger.reopening_needs_two_hands"]


def test_an_agreement_opens_the_period_once(office):
    agree(office.clerk, ask(office.head))
    office.close()

    assert refused(
        commands.change_period, actor=office.clerk, fiscal_year=YEAR, period=PERIOD, state=PeriodState.OPEN, reason="x"
    ) == ["ledger.reopening_needs_two_hands"]


def test_the_operator_of_the_server_opens_alone_and_the_record_names_him(office):
    found = ask(office.head)

    commands.change_period(
        actor=an_actor(entity=office.entity), fiscal_year=YEAR, period=PERIOD, state=PeriodState.OPEN, reason="Restored"
    )

    with entity_transaction(office.entity.entity_id):
        (act,) = audit.acts(ActFilter(act="ledger.change_period", limit=1))
        after = queries.reopening(request_id=found.request_id)
    assert '"hat": "operator"' in act.authority
    assert after.state is ReopeningState.LAPSED


def test_the_same_request_and_the_same_answer_again_change_nothing(office):
    key = uuid.uuid4()
    assert ask(office.head, key=key) == ask(office.head, key=key)

    first = agree(office.clerk, ask(office.head, key=key))

    assert agree(office.clerk, first) == first
    with entity_transaction(office.entity.entity_id):
        assert len(audit.acts(ActFilter(act="ledger.agree_reopening"))) == 1


def test_ask_reopening_refuses_with_its_reasons(office):
    assert refused(ask, office.head, reason=" ") == ["ledger.reason_missing"]
    ask(office.head)
    assert refused(ask, office.clerk) == ["ledger.reopening_asked_already"]
    assert refused(
        commands.ask_reopening, actor=office.head, request_id=uuid.uuid4(), fiscal_year=YEAR, period=4, reason="x"
    ) == ["ledger.period_is_open"]
    assert refused(
        commands.ask_reopening, actor=office.head, request_id=uuid.uuid4(), fiscal_year=2599, period=4, reason="x"
    ) == ["ledger.year_not_open"]


def test_decline_reopening_needs_a_note_from_the_other_and_none_from_who_asked(office):
    found = ask(office.head)
    assert refused(commands.decline_reopening, actor=office.clerk, request_id=found.request_id, note="") == [
        "ledger.reason_missing"
    ]

    declined = commands.decline_reopening(actor=office.clerk, request_id=found.request_id, note="Reports were sent")
    taken_back = commands.decline_reopening(actor=office.head, request_id=ask(office.head).request_id, note="")

    assert (declined.state, declined.note) == (ReopeningState.REFUSED, "Reports were sent")
    assert taken_back.state is ReopeningState.WITHDRAWN
    assert refused(agree, office.clerk, declined) == ["ledger.reopening_answered"]
    assert refused(commands.decline_reopening, actor=office.head, request_id=uuid.uuid4(), note="") == [
        "ledger.reopening_unknown"
    ]
    assert office.state() is PeriodState.SOFT_CLOSED


def test_the_function_looks_up_the_hats_itself_whatever_the_code_claims(office):
    officer = a_person("finance_officer", entity=office.entity)
    found = ask(office.head)

    with (
        entity_transaction(office.entity.entity_id),
        pytest.raises(DatabaseError, match="reopening_needs_two_hands"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "SELECT ledger_answer_reopening(%s, %s, true, '', %s, 'Forged')",
            (office.entity.entity_id, found.request_id, officer.user_id),
        )


@pytest.mark.parametrize("answerer", ["head", "clerk"])
def test_the_other_hand_finds_the_request_among_her_work(office, answerer):
    ask(office.head)

    with entity_transaction(office.entity.entity_id):
        (task,) = queries.reopening_tasks(actor=getattr(office, answerer))

    assert task.urgency == ("waiting" if answerer == "head" else "due")
    assert "A receipt came late" in task.detail_th


RAW = {
    "agree for her": "UPDATE ledger_reopening SET state = 'agreed', answered_by = 999, answered_as = 'clerk', answered_at = now()",
    "forge a request": "INSERT INTO ledger_reopening (entity_id, request_id, fiscal_year, period, reason, asked_by,"
    " asked_by_name, asked_as) VALUES (1, gen_random_uuid(), 2568, 3, 'x', 1, 'x', 'clerk')",
    "forget it": "DELETE FROM ledger_reopening",
    "empty it": "TRUNCATE ledger_reopening",
}


@pytest.mark.parametrize("statement", RAW.values(), ids=RAW.keys())
def test_the_application_role_writes_no_request_itself(app_connection, statement):
    app_connection.execute("SET LOCAL khlang.entity_id = 1")

    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app_connection.execute(statement)
