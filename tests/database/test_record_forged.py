"""The record of acts attacked: refused to every pen; what a superuser forges past the triggers is found, act by act."""

import json

import psycopg
import pytest
from click.testing import CliRunner
from django.utils import translation

from khlang.audit import commands, queries
from khlang.cli import main
from khlang.toolkit.tenancy import entity_transaction
from tests import builders

pytestmark = pytest.mark.usefixtures("committed_db")

FORGED = {
    "act": "act = 'test.other'",
    "document": "document = 'paper:forged'",
    "facts": """facts = '{"amount": "1.00"}'""",
    "actor": "actor_id = 999",
    "name": "actor_name = 'Somebody Else'",
    "request": "request_id = 'x'",
    "time": "acted_at = acted_at - interval '1 day'",
    "authority": """authority = '[{"hat": "executive", "basis": "position"}]'""",
    "address": "address = '10.0.0.1'",
    "version": "version = 1",
    "link": "previous_hash = sha256('x')",
    "hash": "hash = sha256('x')",
}


@pytest.fixture
def books():
    actor = builders.an_actor()
    with entity_transaction(actor.entity_id):
        for number in range(4):
            commands.record(actor=actor, act="test.act", document=f"paper:{number}", facts={"amount": "10.00"})
    return actor


def forge(connection, actor, statement):
    """What somebody with the whole database might do: triggers off, one statement, triggers on."""
    for line in ("SET session_replication_role = replica", statement, "SET session_replication_role = DEFAULT"):
        connection.execute(line)
    connection.commit()


def report(actor):
    with entity_transaction(actor.entity_id):
        return queries.verified_chain()


@pytest.mark.parametrize("change", FORGED.values(), ids=FORGED.keys())
@pytest.mark.parametrize("number", [1, 3, 4])
def test_a_change_of_anything_in_any_act_is_found_at_its_number(books, superuser_connection, change, number):
    assert report(books).holds

    where = f"entity_id = {books.entity_id} AND sequence_no = {number}"
    forge(superuser_connection, books, f"UPDATE audit_act SET {change} WHERE {where}")

    assert report(books).first_broken == number


@pytest.mark.parametrize(("statement", "broken"), [
    ("DELETE FROM audit_act WHERE entity_id = {entity} AND sequence_no = 2", 2),
    ("DELETE FROM audit_act WHERE entity_id = {entity} AND sequence_no = 4", 5),
    ("DELETE FROM audit_act WHERE entity_id = {entity}", 1),
    ("UPDATE audit_act SET sequence_no = 9 WHERE entity_id = {entity} AND sequence_no = 4", 4),
    ("UPDATE audit_head SET hash = sha256('x') WHERE entity_id = {entity}", 5),
    ("UPDATE audit_head SET sequence_no = 3 WHERE entity_id = {entity}", 5),
    (("INSERT INTO audit_act SELECT entity_id, 5, act, document, facts, actor_id, actor_name, request_id, acted_at, hash,"
     " hash, version, authority, address FROM audit_act WHERE entity_id = {entity} AND sequence_no = 4"), 5),
])  # fmt: skip
def test_an_act_taken_out_added_or_moved_is_found(books, superuser_connection, statement, broken):
    forge(superuser_connection, books, statement.format(entity=books.entity_id))

    found = report(books)
    assert not found.holds
    assert found.first_broken in {broken, broken - 1}


@pytest.mark.parametrize("statement", ["UPDATE audit_act SET act = 'x'", "DELETE FROM audit_act", "TRUNCATE audit_act"])
def test_application_and_owner_change_nothing(books, app_connection, owner_connection, statement):
    for connection, why in ((app_connection, "permission denied"), (owner_connection, "immutable")):
        connection.execute(f"SET LOCAL khlang.entity_id = {books.entity_id}")
        with pytest.raises(psycopg.DatabaseError, match=why):
            connection.execute(statement)


@pytest.fixture
def khlang(monkeypatch):
    """Run one command in English; answers its exit code and what it printed."""
    monkeypatch.setenv("KHLANG_LANGUAGE", "en")

    def run(*words):
        done = CliRunner().invoke(main.root(), [*words])
        return done.exit_code, done.stdout

    with translation.override("en"):
        yield run


def test_verify_says_how_far_the_chain_is_whole_and_where_it_breaks(books, khlang, superuser_connection):
    _number, last = report(books).acts, report(books).last_hash
    code = books.entity_code

    whole = khlang("audit", "verify", "--entity", code)
    for_machines = khlang("audit", "verify", "--entity", code, "--json")
    slip = khlang("audit", "verify", "--entity", code, "--witness", f"4:{last[:32]} {last[32:]}")
    wrong_slip = khlang("audit", "verify", "--entity", code, "--witness", f"3:{last}")
    forge(
        superuser_connection,
        books,
        f"UPDATE audit_act SET facts = '{{}}' WHERE entity_id = {books.entity_id} AND sequence_no = 2",
    )
    broken = khlang("audit", "verify", "--entity", code)

    assert whole == (0, f"{code}: chain whole up to act 4. Last hash {last}\n")
    assert json.loads(for_machines[1]) == {
        "holds": True,
        "entities": [{"entity": code, "acts": 4, "last_hash": last, "first_broken": None, "holds": True}],
    }
    assert slip == whole
    assert wrong_slip == (1, f"{code}: the chain is whole, but it is NOT the one the slip was printed from.\n")
    assert broken == (1, f"{code}: the record does NOT hold from act 2 on.\n")


@pytest.mark.parametrize("style", ["jsonl", "csv"])
def test_export_writes_every_act_into_the_file(books, khlang, tmp_path, style):
    output = tmp_path / f"record.{style}"

    code, told = khlang(
        "audit", "export", "--entity", books.entity_code, "--format", style, "--output", str(output), "--json"
    )

    assert (code, json.loads(told)["acts"]) == (0, 4)
    assert output.read_text(encoding="utf-8").count("paper:") == 4
