"""The record of acts: chained, and refused to every pen."""

import pytest
from django.db import DatabaseError, connection, transaction

from khlang.audit import commands, queries
from khlang.audit.rules import ActFilter, act_hash
from khlang.toolkit.tenancy import entity_transaction
from tests import builders

pytestmark = pytest.mark.django_db


def test_record_chains_each_act_to_the_one_before():
    actor = builders.an_actor()

    with entity_transaction(actor.entity_id):
        commands.record(actor=actor, act="test.first", document="paper:1", facts={"amount": "10.00"})
        commands.record(actor=actor, act="test.second", document="paper:1")
        second, first = queries.acts(ActFilter(document="paper:1"))

    assert (first.act, second.act) == ("test.first", "test.second")
    assert second.previous_hash == first.hash
    assert act_hash(second) == second.hash


def test_first_broken_act_is_none_when_nothing_was_touched():
    actor = builders.an_actor()

    with entity_transaction(actor.entity_id):
        for number in range(3):
            commands.record(actor=actor, act="test.act", document=f"paper:{number}")

        assert queries.first_broken_act() is None


@pytest.mark.parametrize("statement", ["UPDATE audit_act SET act = 'x'", "DELETE FROM audit_act", "TRUNCATE audit_act"])
def test_record_refuses_every_change_to_the_application(statement):
    actor = builders.an_actor()

    with entity_transaction(actor.entity_id):
        commands.record(actor=actor, act="test.act", document="paper:1")
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(statement)


def test_acts_of_another_entity_are_not_seen():
    ours, theirs = builders.an_actor(), builders.an_actor()

    with entity_transaction(theirs.entity_id):
        commands.record(actor=theirs, act="test.secret", document="paper:1")
    with entity_transaction(ours.entity_id):
        seen = [act.act for act in queries.acts(ActFilter(document="paper:1"))]

    assert "test.secret" not in seen
