"""The budget attacked with raw SQL: by the role that serves, by the owner, by a superuser; and killed half-way."""

import os
import subprocess
import sys
import time
import uuid
from datetime import date
from pathlib import Path

import psycopg
import pytest
from psycopg import errors

from khlang.budget import commands, queries
from khlang.budget.rules import Balance, OrdinanceState
from khlang.kernel.money import baht
from khlang.toolkit.tenancy import entity_transaction
from tests.budget import makers
from tests.budget.makers import AT, a_move, line, use
from tests.budget.test_changes import approve, down, sent, transfer, up

pytestmark = pytest.mark.usefixtures("committed_db")
ROOT = Path(__file__).resolve().parents[2]
OURS = "entity_id = %(entity)s"
WRITES = {
    "give a line money": f"UPDATE budget_balance SET approved = approved + 1 WHERE {OURS}",
    "forget what was spent": f"UPDATE budget_balance SET requested = 0 WHERE {OURS}",
    "delete a balance": f"DELETE FROM budget_balance WHERE {OURS}",
    "change a movement": f"UPDATE budget_movement SET amount = 0.01 WHERE {OURS}",
    "delete a movement": f"DELETE FROM budget_movement WHERE {OURS}",
    "invent a movement": (
        "INSERT INTO budget_movement SELECT entity_id, fiscal_year, entry_no, 99, line_id, 'approve', 1, '', 'approved', moved_on"
        f" FROM budget_movement WHERE {OURS} LIMIT 1"
    ),
    "change a document's name": f"UPDATE budget_entry SET document_label = 'x' WHERE {OURS}",
    "delete an entry": f"DELETE FROM budget_entry WHERE {OURS}",
    "free a key": f"UPDATE budget_entry SET idempotency_key = gen_random_uuid() WHERE {OURS}",
    "rename a line": f"UPDATE budget_line SET type_name = 'x' WHERE {OURS}",
    "move a line to another division": f"UPDATE budget_line SET division = '02' WHERE {OURS}",
    "delete a line": f"DELETE FROM budget_line WHERE {OURS}",
    "change an explanation": f"UPDATE budget_explanation SET content = '{{}}' WHERE {OURS}",
    "delete an explanation": f"DELETE FROM budget_explanation WHERE {OURS}",
    "hold more": f"UPDATE budget_hold SET amount = amount * 2 WHERE {OURS}",
    "hold for another line": f"UPDATE budget_hold SET stage = 'paid' WHERE {OURS}",
    "let go of what is held": f"DELETE FROM budget_hold WHERE {OURS}",
}
# What the database refuses to everybody by a trigger.
IMMUTABLE = [name for name in WRITES if name not in ("give a line money", "forget what was spent", "invent a movement")]
TABLES = (
    "budget_entry",
    "budget_line",
    "budget_explanation",
    "budget_hold",
    "budget_movement",
    "budget_movement_2569",
    "budget_balance",
)


@pytest.fixture(scope="module")
def books(django_db_setup, django_db_blocker):
    """A budget with something held."""
    with django_db_blocker.unblock():
        actor, line_id = makers.a_budget("100.00")
        use(actor, a_move(line_id, "request", "40.00"))
        return actor, line_id


def attack(connection, actor, statement):
    connection.execute(f"SET LOCAL khlang.entity_id = {actor.entity_id}")
    return connection.execute(statement, {"entity": actor.entity_id})


@pytest.mark.parametrize("name", WRITES)
def test_the_application_role_writes_nothing_of_the_budget_itself(books, app_connection, name):
    with pytest.raises(errors.InsufficientPrivilege):
        attack(app_connection, books[0], WRITES[name])


@pytest.mark.parametrize("who", ["owner_connection", "superuser_connection"])
@pytest.mark.parametrize("name", IMMUTABLE)
def test_owner_and_superuser_are_refused_what_would_rewrite_the_budget(books, request, who, name):
    with pytest.raises(psycopg.DatabaseError, match=r"ledger\.immutable"):
        attack(request.getfixturevalue(who), books[0], WRITES[name])


@pytest.mark.parametrize("who", ["app_connection", "owner_connection", "superuser_connection"])
@pytest.mark.parametrize("table", TABLES)
def test_no_role_empties_a_table_of_the_budget(books, request, who, table):
    with pytest.raises(psycopg.DatabaseError, match=r"ledger\.immutable|permission denied"):
        attack(request.getfixturevalue(who), books[0], f"TRUNCATE {table} CASCADE")


OVERSPENT = {
    "requested": "budget_is_never_overspent",
    "reserved": "budget_is_never_overspent",
    "transferred_out": "budget_is_never_overspent",
    "refunded": "budget_refunds_what_was_paid",
}


@pytest.mark.parametrize("pot", OVERSPENT)
def test_the_owner_cannot_overspend_a_line_either(books, owner_connection, pot):
    statement = f"UPDATE budget_balance SET {pot} = {pot} + 100.01 WHERE {OURS}"

    with pytest.raises(errors.CheckViolation, match=OVERSPENT[pot]):
        attack(owner_connection, books[0], statement)


@pytest.mark.parametrize(
    "pot", ["approved", "reserved", "obligated", "requested", "advanced", "carried", "paid", "refunded"]
)
def test_the_owner_cannot_push_a_pot_below_zero(books, owner_connection, pot):
    with pytest.raises(errors.CheckViolation):
        attack(owner_connection, books[0], f"UPDATE budget_balance SET {pot} = -0.01, supplemented = 999 WHERE {OURS}")


def test_what_is_available_is_written_by_nobody(books, owner_connection):
    with pytest.raises(errors.GeneratedAlways):
        attack(owner_connection, books[0], f"UPDATE budget_balance SET available = 1 WHERE {OURS}")


def test_without_its_check_a_line_would_be_overspent(books, owner_connection):
    """The guard taken away, the same attack passes; all of it is rolled back."""
    owner_connection.execute("ALTER TABLE budget_balance DROP CONSTRAINT budget_is_never_overspent")

    assert (
        attack(owner_connection, books[0], f"UPDATE budget_balance SET requested = 100.01 WHERE {OURS}").rowcount == 1
    )


@pytest.mark.parametrize(
    "call",
    [
        "SELECT budget_apply(%(entity)s, 2569, '{}')",
        "SELECT budget_open_lines(%(entity)s, 2569, 1, '{}')",
        "SELECT budget_step(%(entity)s, 2569, 1, '2026-01-05', 1, gen_random_uuid(), 'approve', 1, NULL, NULL)",
    ],
)
def test_the_application_role_calls_no_inner_function(books, app_connection, call):
    with pytest.raises(errors.InsufficientPrivilege):
        attack(app_connection, books[0], call)


@pytest.mark.parametrize("call", ["budget_lock(%s)", "budget_move(%s, 0, '', '', 'a', '{}')"])
def test_the_functions_serve_only_the_entity_that_is_set(books, app_connection, call):
    app_connection.execute(f"SET LOCAL khlang.entity_id = {books[0].entity_id + 1}")

    with pytest.raises(psycopg.DatabaseError, match=r"ledger\.wrong_entity"):
        app_connection.execute(f"SELECT {call}", (books[0].entity_id,))


DOCUMENTS = {
    "an ordinance in force": "UPDATE budget_ordinance SET state = 'preparing', entry_no = NULL WHERE {ours}",
    "a line of an ordinance in force": "UPDATE budget_draft_line SET amount = 1 WHERE {ours}",
    "an estimate of an ordinance in force": "UPDATE budget_revenue_estimate SET amount = 1 WHERE {ours}",
    "an approved change": "UPDATE budget_change SET number = 77 WHERE {ours}",
    "a step": "UPDATE budget_ordinance_step SET document_number = 'x' WHERE {ours}",
    "an ordinance away": "DELETE FROM budget_ordinance WHERE {ours}",
    "a change away": "DELETE FROM budget_change WHERE {ours}",
}


@pytest.mark.parametrize("who", ["app_connection", "owner_connection"])
@pytest.mark.parametrize("name", DOCUMENTS)
def test_settled_documents_are_not_rewritten(request, who, name):
    actor = makers.a_house()
    lines = makers.in_force(line("10.00"), line("5.00", budget_type=makers.FUEL), actor=actor)
    approve(actor, sent(actor, transfer(down(lines[makers.SUPPLIES], "1.00"), up(lines[makers.FUEL], "1.00"))))
    connection = request.getfixturevalue(who)

    with pytest.raises(psycopg.DatabaseError, match=r"budget\.document_is_settled|ledger\.immutable|permission denied"):
        attack(connection, actor, DOCUMENTS[name].format(ours=OURS))


def a_sent_change():
    actor = makers.a_house()
    lines = makers.in_force(line("10.00"), line("5.00", budget_type=makers.FUEL), actor=actor)
    change_id = sent(actor, transfer(down(lines[makers.SUPPLIES], "1.00"), up(lines[makers.FUEL], "1.00")))
    return actor, change_id, lines


@pytest.mark.parametrize("who", ["app_connection", "owner_connection"])
def test_a_change_is_not_called_approved_by_hand(request, who):
    actor, change_id, _lines = a_sent_change()
    by_hand = (
        f"UPDATE budget_change SET state = 'approved', number = 1, entry_no = 1 WHERE {OURS} AND id = '{change_id}'"
    )

    with pytest.raises(psycopg.DatabaseError, match=r"budget\.not_as_the_change_says"):
        attack(request.getfixturevalue(who), actor, by_hand)


FREE = """CREATE OR REPLACE FUNCTION budget_change_refusals(p_entity bigint, p_year int, p_entry int, p_request jsonb)
RETURNS jsonb LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN NULL; END $$"""
MOVED = """SELECT budget_move(%(entity)s, 0, 'a', '', 'budget.use', jsonb_build_object('key', gen_random_uuid(), 'fiscal_year', 2569,
 'on', '2026-01-05', 'document', jsonb_build_object('kind', 'contract', 'id', gen_random_uuid()), 'moves', jsonb_build_array(
 jsonb_build_object('line_id', '{out}', 'kind', 'transfer_out', 'amount', '1.00'),
 jsonb_build_object('line_id', '{into}', 'kind', 'transfer_in', 'amount', '1.00'))))"""


def test_without_its_tie_money_would_move_without_a_change(owner_connection):
    """The guard taken away, the same attack passes; all of it is rolled back."""
    actor, _change_id, lines = a_sent_change()
    moved = MOVED.format(out=lines[makers.SUPPLIES], into=lines[makers.FUEL])
    with pytest.raises(psycopg.DatabaseError, match=r"budget\.not_as_the_change_says"):
        attack(owner_connection, actor, moved)
    owner_connection.rollback()

    owner_connection.execute(FREE)

    assert attack(owner_connection, actor, moved).rowcount == 1


# ---- killed while an ordinance comes into force ----------------------------------------------------------------------------

FORCE = """
import sys, uuid, os, json
os.environ["DJANGO_SETTINGS_MODULE"] = "khlang.settings.test"
import django; django.setup()
from datetime import date
from khlang.budget import commands
from khlang.identity.queries import entity
from tests.budget.makers import AT
from tests.builders import an_actor
code, ordinance, key = sys.argv[1:]
print("ready", flush=True)
sys.stdin.readline()
actor = an_actor(entity=entity(code=code))
commands.bring_into_force(actor=actor, ordinance_id=uuid.UUID(ordinance), effective_on=date(2025, 10, 1),
                          idempotency_key=uuid.UUID(key), at=AT)
print("done", flush=True)
"""


@pytest.mark.parametrize("seconds", [0.02, 0.1, 0.2, 0.35, 0.6])
def test_killed_while_coming_into_force_an_ordinance_is_in_force_whole_or_not_at_all(seconds):
    actor = makers.a_house()
    drafts = [line("1.00", budget_type=makers.COMPUTER, item=f"PC {number}") for number in range(400)]
    ordinance_id, key = makers.announced(actor, makers.a_draft(*drafts, actor=actor)), uuid.uuid4()
    asked = [sys.executable, "-c", FORCE, actor.entity_code, str(ordinance_id), str(key)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    worker = subprocess.Popen(asked, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
    assert worker.stdout.readline() == "ready\n"
    worker.stdin.write("go\n")
    worker.stdin.flush()
    time.sleep(seconds)
    worker.kill()
    worker.communicate()

    with entity_transaction(actor.entity_id):
        board, state = queries.board(fiscal_year=makers.YEAR), queries.ordinance(ordinance_id=ordinance_id).state
    assert (len(board.lines), state) in {(0, OrdinanceState.ANNOUNCED), (400, OrdinanceState.IN_FORCE)}

    # Once more with the same key: it is in force, once.
    commands.bring_into_force(
        actor=actor, ordinance_id=ordinance_id, effective_on=date(2025, 10, 1), idempotency_key=key, at=AT
    )
    with entity_transaction(actor.entity_id):
        assert queries.board(fiscal_year=makers.YEAR).total == Balance(approved=baht("400.00"))
    assert makers.faults(actor) == []
