"""The commands about books: entities, users, years, accounts, export, verify. In one process, on real commits."""

import json
import uuid

import pytest
from click.testing import CliRunner
from django.utils import timezone, translation

from khlang.cli import main
from khlang.identity import queries as identity
from khlang.kernel.money import Baht
from khlang.ledger import commands, queries
from khlang.toolkit.tenancy import entity_transaction
from tests.builders import BANK, a_fiscal_year, a_journal, a_posted_journal, an_entity, lines_of
from tests.database.attacks import KEY, attack

pytestmark = pytest.mark.usefixtures("committed_db")


@pytest.fixture
def khlang(monkeypatch):
    """Run one command; answers its exit code and what it printed as JSON."""
    monkeypatch.setenv("KHLANG_LANGUAGE", "en")

    def run(*words, **environment):
        done = CliRunner().invoke(main.root(), [*words, "--json"], env=environment)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.output
        return done.exit_code, json.loads(done.stdout)

    with translation.override("en"):
        yield run


def a_code():
    return uuid.uuid4().hex[:12].upper()


def test_entities_add_makes_a_local_government_and_its_unit(khlang):
    code, unit = a_code(), a_code()
    kind = "subdistrict_administrative_organization"

    made = khlang("entities", "add", "--code", code, "--kind", kind, "--name", "Practice", "--province", "12")
    child = khlang("entities", "add", "--code", unit, "--kind", "school", "--name", "School", "--parent", code)

    assert (made[0], made[1]["code"], made[1]["level"], made[1]["province"]) == (0, code, "local_government", "12")
    assert (child[0], child[1]["parent"], child[1]["level"]) == (0, code, "unit")


def test_entities_add_answers_a_refusal_with_exit_code_1(khlang):
    exit_code, said = khlang("entities", "add", "--code", a_code(), "--kind", "weather", "--name", "Practice")

    assert (exit_code, [each["code"] for each in said["refused"]]) == (1, ["identity.entity_kind_unknown"])


def test_entities_import_takes_a_file_and_list_finds_it(khlang, tmp_path):
    code = a_code()
    file = tmp_path / "entities.csv"
    kind = "subdistrict_municipality"
    file.write_text(f"code,kind,name_th,name_en,province,parent\n{code},{kind},Practice town,,12,\n", encoding="utf-8")

    assert khlang("entities", "import", str(file)) == (0, {"added": 1, "changed": 0, "same": 0})
    assert khlang("entities", "import", str(file)) == (0, {"added": 0, "changed": 0, "same": 1})
    assert [each["code"] for each in khlang("entities", "list", "--search", code)[1]["entities"]] == [code]


def test_users_are_added_and_given_roles(khlang):
    entity, name = an_entity(), f"user-{a_code()}"
    secret = {"KHLANG_PASSWORD": "a long enough secret"}

    exit_code, made = khlang("users", "add", "--username", name, "--name", "Malee Example", **secret)
    khlang("users", "grant", "--username", name, "--entity", entity.code, "--role", "auditor")

    actor = identity.actor(user_id=made["user_id"], user_name="Malee", entity_code=entity.code, at=timezone.now())
    assert (exit_code, actor.roles) == (0, frozenset({"auditor"}))
    khlang("users", "revoke", "--username", name, "--entity", entity.code, "--role", "auditor")
    assert (
        identity.actor(user_id=made["user_id"], user_name="Malee", entity_code=entity.code, at=timezone.now()) is None
    )


def test_users_grant_refuses_a_name_that_nobody_has(khlang):
    said = khlang("users", "grant", "--username", "nobody-here", "--entity", an_entity().code, "--role", "auditor")

    assert (said[0], said[1]["refused"][0]["code"]) == (1, "identity.username_unknown")


def test_fiscal_years_open_close_reopen_and_carry_forward(khlang):
    code = an_entity().code
    where = ("--entity", code, "--year")

    assert khlang("fiscal-years", "open", *where, "2568") == (0, {"fiscal_year": 2568, "opened": True})
    assert khlang("fiscal-years", "open", *where, "2568")[1]["opened"] is False
    khlang("fiscal-years", "open", *where, "2569")
    a_posted_journal(actor=identity.operator(entity_code=code))
    closed = khlang("fiscal-years", "close-period", *where, "2568", "--period", "1")
    opened = khlang("fiscal-years", "reopen-period", *where, "2568", "--period", "1", "--reason", "Late receipt")
    carried = khlang("fiscal-years", "carry-forward", *where, "2569")
    again = khlang("fiscal-years", "carry-forward", *where, "2569")

    assert (closed[1]["state"], opened[1]["state"]) == ("soft_closed", "open")
    assert carried[1]["journal"].endswith(" 1/2569")
    assert (again[0], again[1]["refused"][0]["code"]) == (1, "ledger.already_carried")
    wrong = khlang("fiscal-years", "close-period", *where, "2568", "--period", "1", "--for-good")
    assert wrong[1]["refused"][0]["code"] == "ledger.period_not_soft_closed"


def test_accounts_list_shows_the_chart_and_own_leaves(khlang):
    code = an_entity().code
    khlang("accounts", "add", "--entity", code, "--account", BANK, "--sub-account", "01", "--name", "Own bank account")

    exit_code, said = khlang("accounts", "list", "--entity", code, "--year", "2568", "--postable", "--search", BANK)

    assert exit_code == 0
    assert [(row["account"], row["postable"], row["cash"]) for row in said["accounts"]] == [
        (BANK, True, True),
        (f"{BANK}-01", True, True),
    ]


def some_books():
    actor = a_fiscal_year()
    commands.post_journals(actor=actor, journals=[a_journal(), a_journal(lines=lines_of("0.01", debit=BANK))])
    return actor


@pytest.mark.parametrize("style", ["beancount", "hledger", "jsonl"])
def test_ledger_export_writes_the_year_whole(khlang, tmp_path, style):
    actor = some_books()
    file = tmp_path / f"books.{style}"

    exit_code, said = khlang(
        "ledger", "export", "--entity", actor.entity_code, "--year", "2568", "--format", style, "--output", str(file)
    )

    text = file.read_text(encoding="utf-8")
    assert (exit_code, said["journals"]) == (0, 2)
    assert text.count("0.01") > 0
    assert list(tmp_path.iterdir()) == [file]


def test_ledger_verify_holds_and_prints_the_last_hash(khlang):
    actor = some_books()

    exit_code, said = khlang("ledger", "verify", "--entity", actor.entity_code)

    with entity_transaction(actor.entity_id):
        last = queries.journal(fiscal_year=2568, sequence_no=2)
        assert sum((row.balance for row in queries.balances(fiscal_year=2568)), Baht(0)) == Baht(0)
    assert exit_code == 0
    assert said["holds"] is True
    assert said["entities"] == [
        {
            "entity": actor.entity_code,
            "journals": 2,
            "lines": 4,
            "last_hash": last.hash.hex(),
            "holds": True,
            "first_broken_act": None,
            "faults": [],
        }
    ]


def test_ledger_verify_names_the_first_wrong_entry_and_exits_with_1(khlang, superuser_connection):
    actor = some_books()
    superuser_connection.execute("SET session_replication_role = replica")
    attack(superuser_connection, actor, f"UPDATE ledger_journal SET description = 'x' WHERE {KEY} AND sequence_no = 2")
    superuser_connection.commit()

    exit_code, said = khlang("ledger", "verify", "--entity", actor.entity_code)
    everybody = khlang("ledger", "verify", "--all")

    assert exit_code == 1
    assert [(fault["code"], fault["facts"]["sequence_no"]) for fault in said["entities"][0]["faults"]] == [
        ("ledger.fault_content", 2)
    ]
    assert (everybody[0], everybody[1]["holds"]) == (1, False)
    assert actor.entity_code in {each["entity"] for each in everybody[1]["entities"] if not each["holds"]}


def test_ledger_verify_wants_one_entity_or_all(monkeypatch):
    monkeypatch.setenv("KHLANG_LANGUAGE", "en")

    assert CliRunner().invoke(main.root(), ["ledger", "verify"]).exit_code == 2


def test_users_who_cannot_log_in_are_helped(khlang):
    entity, name = an_entity(), f"u{uuid.uuid4().hex[:12]}"
    secret = {"KHLANG_PASSWORD": "a long pass phrase 68"}
    khlang("users", "add", "--username", name, "--name", "Malee Example", **secret)
    khlang("users", "grant", "--username", name, "--entity", entity.code, "--role", "auditor")
    _, reset = khlang("users", "reset-password", "--username", name, "--entity", entity.code)
    _, unlocked = khlang("users", "unlock", "--username", name, "--entity", entity.code)
    _, listed = khlang("users", "sessions", "--username", name, "--end")
    exit_code, _ = khlang("users", "lock-secrets-anew")

    assert (reset["username"], len(reset["password"])) == (name, 19)
    assert unlocked == {"username": name, "forgiven": 0}
    assert listed == {"username": name, "sessions": [], "ended": True}
    assert exit_code == 0
