"""Requests to open a period, attacked as the owner of the tables: one hand never becomes two."""

import uuid

import psycopg
import pytest

from khlang.ledger import commands
from khlang.ledger.rules import PeriodState
from tests.builders import a_fiscal_year, a_person, an_actor, an_entity

pytestmark = pytest.mark.usefixtures("committed_db")
ANSWER = "UPDATE ledger_reopening SET state = 'agreed', answered_at = now(), answered_by = {by}, answered_as = '{hat}'"


@pytest.fixture
def asked(owner_connection):
    entity = an_entity()
    a_fiscal_year(actor=an_actor(entity=entity))
    head = a_person("head_of_treasury", entity=entity)
    commands.change_period(actor=head, fiscal_year=2568, period=3, state=PeriodState.SOFT_CLOSED)
    found = commands.ask_reopening(actor=head, request_id=uuid.uuid4(), fiscal_year=2568, period=3, reason="Late")
    owner_connection.execute(f"SET LOCAL khlang.entity_id = {entity.entity_id}")
    return found


@pytest.mark.parametrize(("by", "hat"), [("asked_by", "clerk"), ("999", "head_of_treasury"), ("NULL", "clerk")])
def test_the_owner_cannot_agree_with_one_hand_or_one_hat(asked, owner_connection, by, hat):
    with pytest.raises(psycopg.errors.CheckViolation, match="agreed_by_the_other_hand"):
        owner_connection.execute(ANSWER.format(by=by, hat=hat))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_reopening SET reason = 'Other'",
        "UPDATE ledger_reopening SET asked_by = 999",
        "DELETE FROM ledger_reopening",
        "TRUNCATE ledger_reopening",
    ],
)
def test_the_owner_changes_and_deletes_no_request(asked, owner_connection, statement):
    with pytest.raises(psycopg.DatabaseError, match=r"ledger\.immutable"):
        owner_connection.execute(statement)


def test_an_answer_is_given_once_for_the_owner_too(asked, owner_connection):
    owner_connection.execute(ANSWER.format(by="999", hat="clerk"))

    with pytest.raises(psycopg.DatabaseError, match=r"ledger\.immutable"):
        owner_connection.execute("UPDATE ledger_reopening SET state = 'refused'")
