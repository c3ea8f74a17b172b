"""Eight processes at one budget: the last baht goes to one of them; without the lock the same work goes wrong."""

import json
import subprocess
import sys
import uuid
from collections import Counter
from pathlib import Path

import psycopg
import pytest
from django.db import connections

from khlang.budget import queries
from khlang.kernel.money import Baht, baht
from khlang.toolkit import postgres
from khlang.toolkit.postgres_roles import OWNER
from khlang.toolkit.tenancy import entity_transaction
from tests.budget import makers
from tests.conftest import test_home

pytestmark = pytest.mark.usefixtures("committed_db")
SPENDER = Path(__file__).with_name("spender.py")
WORKERS = 8
LOCK = "PERFORM ledger_lock(p_entity);"
# The moment between looking and writing, made long enough to be met on any machine.
PAUSE = "IF jsonb_array_length(v_refusals) > 0 THEN PERFORM ledger_refuse(v_refusals); END IF;"


def spend(actor, lines, *, steps: int, function: str = "budget_move", dsn: str = "") -> tuple[Counter, list[str]]:
    """Eight processes that begin at one instant; what was answered in all, and what broke."""
    dsn = dsn or postgres.dsn(test_home(), "khlang_app")
    command = [sys.executable, str(SPENDER), dsn, str(actor.entity_id), str(makers.YEAR), function]
    running = [
        subprocess.Popen(
            [*command, str(seed), str(steps), *map(str, lines)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in range(WORKERS)
    ]
    assert [each.stdout.readline() for each in running] == ["ready\n"] * WORKERS
    for each in running:
        each.stdin.write("go\n")
        each.stdin.flush()
    answers, errors = Counter(), []
    for each in running:
        told = json.loads(each.communicate(timeout=120)[0])
        answers += Counter(told["answers"])
        errors += told["errors"]
    return answers, errors


def copy_of_the_function(connection, name: str, *, without_lock: bool, pause: str = "0.003") -> None:
    """budget_move under another name, with a pause between looking and writing; with the tenant's lock or without."""
    (text,) = connection.execute(
        "SELECT pg_get_functiondef('budget_move(bigint, bigint, text, text, text, jsonb)'::regprocedure)"
    ).fetchone()
    assert LOCK in text
    assert PAUSE in text
    text = text.replace("FUNCTION public.budget_move(", f"FUNCTION public.{name}(").replace(
        PAUSE, f"{PAUSE} PERFORM pg_sleep({pause});"
    )
    if without_lock:
        text = text.replace(LOCK, "")
    connection.execute(text)
    connection.execute(f"GRANT EXECUTE ON FUNCTION {name} TO khlang_app")


@pytest.fixture
def laboratory():
    """An owner's connection whose copies of the function are taken away again."""
    made = []
    with psycopg.connect(postgres.dsn(test_home(), OWNER), autocommit=True) as connection:

        def copy(*, without_lock: bool) -> str:
            name = f"race_{uuid.uuid4().hex[:12]}"
            copy_of_the_function(connection, name, without_lock=without_lock)
            made.append(name)
            return name

        yield copy
        for name in made:
            connection.execute(f"DROP FUNCTION {name}")


def a_small_budget():
    """Three lines of ten baht: soon spent, so that the last satang is fought for."""
    actor = makers.a_house()
    types = (makers.SUPPLIES, makers.FUEL, "5330200")
    lines = makers.in_force(*(makers.line("10.00", budget_type=each) for each in types), actor=actor)
    return actor, list(lines.values())


def test_eight_processes_leave_a_budget_whose_every_figure_is_a_sum_of_movements():
    actor, lines = a_small_budget()

    answers, errors = spend(actor, lines, steps=60)

    assert errors == []
    assert answers["done"] > 100
    assert answers["budget.not_enough"] > 0
    assert answers["budget.more_than_held"] > 0
    assert makers.faults(actor) == []
    with entity_transaction(actor.entity_id):
        total = queries.board(fiscal_year=makers.YEAR).total
    assert total.appropriation == baht("30.00")
    assert all(makers.balance(actor, line).available >= Baht(0) for line in lines)


def ask_at_once(actor, line_id, *, function: str = "budget_move", dsn: str = "") -> list[str]:
    """Eight processes that each ask for one baht of one line at one instant; their answers."""
    dsn = dsn or postgres.dsn(test_home(), "khlang_app")
    asked = [sys.executable, "-c", ASK_ONCE, dsn, str(actor.entity_id), str(line_id), function]
    running = [
        subprocess.Popen(asked, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(WORKERS)
    ]
    assert [each.stdout.readline() for each in running] == ["ready\n"] * WORKERS
    for each in running:
        each.stdin.write("go\n")
        each.stdin.flush()
    return sorted(each.communicate(timeout=60)[0].strip() for each in running)


def test_the_last_baht_goes_to_exactly_one_of_eight_who_ask_at_once():
    actor, line_id = makers.a_budget("1.00")

    answers = ask_at_once(actor, line_id)

    assert answers == ["budget.not_enough"] * (WORKERS - 1) + ["done"]
    assert makers.balance(actor, line_id).available == Baht(0)


ASK_ONCE = """
import json, sys, uuid, psycopg
dsn, entity, line, function = sys.argv[1:]
asked = {"key": str(uuid.uuid4()), "fiscal_year": 2569, "on": "2026-01-05", "document": {"kind": "voucher", "id": str(uuid.uuid4()),
  "label": "1"}, "moves": [{"line_id": line, "kind": "request", "amount": "1.00", "hold_id": str(uuid.uuid4())}]}
with psycopg.connect(dsn) as connection:
    print("ready", flush=True)
    sys.stdin.readline()
    try:
        with connection.transaction():
            connection.execute(f"SET LOCAL khlang.entity_id = {int(entity)}")
            connection.execute("SELECT * FROM " + function + "(%s, 0, 'race', '', 'budget.use', %s::jsonb)", (int(entity), json.dumps(asked)))
        print("done")
    except psycopg.DatabaseError as error:
        print(error.diag.message_primary)
"""


def test_the_same_work_with_the_lock_and_a_pause_goes_right(laboratory):
    actor, lines = a_small_budget()

    answers, errors = spend(actor, lines, steps=12, function=laboratory(without_lock=False))

    assert errors == []
    assert answers["done"] > 20
    assert makers.faults(actor) == []


def test_the_same_work_with_the_lock_removed_goes_wrong(laboratory):
    """The guard taken away: two take one number or one balance. Checks and keys of the tables still stop the money."""
    actor, lines = a_small_budget()

    _, errors = spend(actor, lines, steps=12, function=laboratory(without_lock=True))

    assert errors != []
    assert makers.faults(actor) == []


def test_with_lock_and_checks_removed_the_last_baht_is_spent_twice(superuser_connection):
    """In a database of its own: without the lock and the checks, what the issue forbids does happen."""
    actor, line_id = makers.a_budget("1.00")
    name = f"race_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(postgres.dsn(test_home(), "postgres", database="postgres"), autocommit=True) as server:
        source = superuser_connection.info.dbname
        superuser_connection.close()
        connections.close_all()
        server.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{source}'")
        server.execute(f"CREATE DATABASE {name} TEMPLATE {source} OWNER {OWNER}")
        try:
            with psycopg.connect(postgres.dsn(test_home(), "postgres", database=name), autocommit=True) as connection:
                connection.execute(UNGUARDED)
                # Long enough for all eight to have looked before the first of them writes.
                copy_of_the_function(connection, "race", without_lock=True, pause="1")
                connection.execute("ALTER FUNCTION race OWNER TO khlang_owner")
                connection.execute(f"GRANT CONNECT ON DATABASE {name} TO khlang_app")
                dsn = postgres.dsn(test_home(), "khlang_app", database=name)
                assert ask_at_once(actor, line_id, function="race", dsn=dsn).count("done") > 1
                least = connection.execute(
                    "SELECT min(available) FROM budget_balance WHERE entity_id = %s", (actor.entity_id,)
                )
                assert least.fetchone()[0] < 0
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


UNGUARDED = """
ALTER TABLE budget_balance DROP CONSTRAINT budget_is_never_overspent;
ALTER TABLE budget_hold DROP CONSTRAINT budget_hold_gives_no_more_than_it_holds;
ALTER TABLE budget_movement DROP CONSTRAINT budget_movement_pkey;
DO $$ DECLARE c record; BEGIN
  FOR c IN SELECT conname, conrelid::regclass AS t FROM pg_constraint WHERE contype = 'f' AND confrelid = 'budget_entry'::regclass
           AND conparentid = 0 LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', c.t, c.conname);
  END LOOP; END $$;
ALTER TABLE budget_entry DROP CONSTRAINT budget_entry_pkey;
"""
