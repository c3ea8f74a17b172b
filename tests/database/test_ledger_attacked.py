"""The ledger's tables attacked with raw SQL, as the application, as the owner and as superuser.

Everything here is refused; what goes round the guards is found, see test_ledger_forged.py. That each guard is what
refuses is shown at the end: with the guard taken away the same statement passes.
"""

import psycopg
import pytest
from psycopg import errors

from tests.builders import a_fiscal_year
from tests.database.attacks import A_HEAD, A_LINE, IMMUTABLE, WRITES, attack, reversed_third, three_journals

pytestmark = pytest.mark.usefixtures("committed_db")


@pytest.fixture
def books():
    return three_journals()


def ledger_tables(connection):
    query = (
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND (relname LIKE 'ledger\\_%' OR relname LIKE"
        " 'audit\\_act%') ORDER BY 1"
    )
    return [name for (name,) in connection.execute(query)]


@pytest.mark.parametrize("name", WRITES)
def test_application_role_may_write_nothing_itself(books, app_connection, name):
    with pytest.raises(errors.InsufficientPrivilege):
        attack(app_connection, books, WRITES[name])


def test_application_role_may_truncate_no_table_and_no_partition(books, app_connection):
    tables = ledger_tables(app_connection)
    assert len(tables) > 30

    for table in tables:
        with pytest.raises(errors.InsufficientPrivilege), app_connection.transaction():
            app_connection.execute(f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize(
    "call",
    [
        "SELECT ledger_write(%(entity)s, NULL, NULL, 0, '', NULL)",
        "SELECT ledger_chain(%(entity)s, NULL, 0, '', NULL, NULL)",
        "SELECT ledger_count_batch(%(entity)s, NULL, 1)",
    ],
)
def test_application_role_may_not_call_the_inner_functions(books, app_connection, call):
    with pytest.raises(errors.InsufficientPrivilege):
        attack(app_connection, books, call)


@pytest.mark.parametrize("role", ["khlang_owner", "postgres"])
def test_application_role_may_become_nobody_else(app_connection, role):
    with pytest.raises(errors.InsufficientPrivilege):
        app_connection.execute(f"SET ROLE {role}")


def test_application_role_may_not_switch_off_triggers(app_connection):
    with pytest.raises(errors.InsufficientPrivilege):
        app_connection.execute("SET session_replication_role = replica")


def test_nothing_is_seen_without_an_entity(books, app_connection):
    with pytest.raises(errors.UndefinedObject):
        app_connection.execute("SELECT count(*) FROM ledger_journal")


@pytest.mark.parametrize("table", ["ledger_journal", "ledger_journal_2568", "ledger_journal_line_2568"])
def test_rows_of_another_entity_are_not_seen(books, app_connection, table):
    query = f"SELECT count(*) FROM {table} WHERE entity_id = %(entity)s"
    assert attack(app_connection, books, query).fetchone() != (0,)

    app_connection.execute(f"SET LOCAL khlang.entity_id = {a_fiscal_year().entity_id}")

    assert app_connection.execute(query, {"entity": books.entity_id}).fetchone() == (0,)


def test_posting_for_another_entity_is_refused_by_the_function(books, app_connection):
    app_connection.execute(f"SET LOCAL khlang.entity_id = {a_fiscal_year().entity_id}")

    with pytest.raises(psycopg.DatabaseError, match=r"ledger\.wrong_entity"):
        app_connection.execute(
            "SELECT * FROM ledger_post_journals(%s, 0, '', '', NULL, '[]'::jsonb)", (books.entity_id,)
        )


def test_a_table_put_in_front_of_ours_does_not_catch_the_function(books, app_connection):
    """The functions run with the owner's rights; their search path is fixed."""
    app_connection.execute(
        "CREATE TEMPORARY TABLE ledger_chain_head (entity_id bigint, sequence_no bigint, hash bytea)"
    )
    app_connection.execute("SET LOCAL search_path = pg_temp, public")
    attack(app_connection, books, "SELECT ledger_set_estimates(%(entity)s, 2568, '[]'::jsonb)")

    assert app_connection.execute("SELECT count(*) FROM pg_temp.ledger_chain_head").fetchone() == (0,)


@pytest.mark.parametrize("who", ["owner_connection", "superuser_connection"])
@pytest.mark.parametrize("name", IMMUTABLE)
def test_owner_and_superuser_are_refused_by_name(books, request, who, name):
    reversed_third(books)
    connection = request.getfixturevalue(who)

    with pytest.raises(psycopg.DatabaseError, match=r"ledger\.immutable"):
        attack(connection, books, WRITES[name])


@pytest.mark.parametrize("who", ["owner_connection", "superuser_connection"])
def test_owner_and_superuser_truncate_no_table_and_no_partition(books, request, who):
    connection = request.getfixturevalue(who)

    for table in ledger_tables(connection):
        with pytest.raises(psycopg.DatabaseError, match=r"ledger\.immutable"), connection.transaction():
            connection.execute(f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize(("debit", "credit"), [(5, 5), (0, 0), (-5, 0), (0, -5)])
def test_a_line_has_one_positive_side_for_the_owner_too(books, owner_connection, debit, credit):
    with pytest.raises(errors.CheckViolation, match="ledger_line_has_one_positive_side"):
        attack(owner_connection, books, A_LINE.format(number=1, line=3, debit=debit, credit=credit))


def test_a_number_is_given_once_for_the_owner_too(books, owner_connection):
    twice = A_HEAD.replace("series, 4,", "series, 3,")
    with pytest.raises(errors.UniqueViolation, match="number"):
        attack(owner_connection, books, twice)


def test_owner_sees_no_rows_without_an_entity(books, owner_connection):
    with pytest.raises(errors.UndefinedObject):
        owner_connection.execute("SELECT count(*) FROM ledger_journal")


# Guard → what takes it away; then the attack named passes. All of it is rolled back.
GUARDS = {
    "change an amount": "ALTER TABLE ledger_journal_line DISABLE TRIGGER immutable",
    "change words": "ALTER TABLE ledger_journal DISABLE TRIGGER immutable",
    "delete a key": "ALTER TABLE ledger_idempotency DISABLE TRIGGER immutable",
    "delete a reversal": "ALTER TABLE ledger_reversal DISABLE TRIGGER immutable",
    "change a period's record": "ALTER TABLE ledger_period_change DISABLE TRIGGER immutable",
    "delete a balance": "ALTER TABLE ledger_account_balance DISABLE TRIGGER kept",
}


@pytest.mark.parametrize("name", GUARDS)
def test_without_its_trigger_the_attack_would_pass(books, owner_connection, name):
    reversed_third(books)
    owner_connection.execute(GUARDS[name])

    assert attack(owner_connection, books, WRITES[name]).rowcount > 0


def test_without_its_check_a_two_sided_line_would_pass(books, owner_connection):
    owner_connection.execute("ALTER TABLE ledger_journal_line DROP CONSTRAINT ledger_line_has_one_positive_side")

    assert attack(owner_connection, books, A_LINE.format(number=1, line=3, debit=5, credit=5)).rowcount == 1


def test_without_its_policy_another_entity_would_be_seen(books, owner_connection):
    owner_connection.execute("ALTER TABLE ledger_journal NO FORCE ROW LEVEL SECURITY")
    owner_connection.execute(f"SET LOCAL khlang.entity_id = {a_fiscal_year().entity_id}")

    query = "SELECT count(*) FROM ledger_journal WHERE entity_id = %s"
    assert owner_connection.execute(query, (books.entity_id,)).fetchone() == (3,)


def test_without_its_trigger_a_partition_would_be_emptied(books, owner_connection):
    owner_connection.execute("ALTER TABLE ledger_journal_line_2575 DISABLE TRIGGER not_truncated")

    assert owner_connection.execute("TRUNCATE ledger_journal_line_2575").statusmessage == "TRUNCATE TABLE"
