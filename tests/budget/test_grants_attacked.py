"""Grants attacked with raw SQL: by the role that serves, by the owner, by a superuser."""

import psycopg
import pytest

from tests.budget import makers
from tests.budget.grant_makers import an_open_grant
from tests.budget.test_attacks import OURS, attack

pytestmark = pytest.mark.usefixtures("committed_db")
WRITES = {
    "give more": f"UPDATE budget_grant SET amount = amount * 2 WHERE {OURS}",
    "begin anew": f"UPDATE budget_grant SET state = 'draft', entry_no = NULL WHERE {OURS}",
    "delete a grant": f"DELETE FROM budget_grant WHERE {OURS}",
    "turn a clock": f"UPDATE budget_grant_clock SET spend_by = '2099-01-01' WHERE {OURS}",
    "stop a clock": f"DELETE FROM budget_grant_clock WHERE {OURS}",
    "change cash": f"UPDATE budget_grant_money SET amount = 1 WHERE {OURS}",
    "forget cash": f"DELETE FROM budget_grant_money WHERE {OURS}",
    "give a line to the ordinance": f"UPDATE budget_line SET grant_id = NULL WHERE {OURS}",
}
FORGED = (
    "INSERT INTO budget_grant_money SELECT entity_id, gen_random_uuid(), grant_id, '{kind}', {amount}, happened_on, 'x', '', 1,"
    f" 'x', now() FROM budget_grant_money WHERE {OURS} LIMIT 1"
)
GIVE_TWICE = (
    "SELECT budget_move(%(entity)s, 1, 'x', '', 'x', jsonb_build_object('key', gen_random_uuid(), 'fiscal_year', fiscal_year,"
    " 'on', '2026-01-05', 'document', jsonb_build_object('kind', 'grant', 'id', grant_id, 'label', 'x'), 'moves',"
    " jsonb_build_array(jsonb_build_object('line_id', line_id, 'kind', 'approve', 'amount', '0.01'))))"
    f" FROM budget_line WHERE {OURS}"
)


@pytest.fixture(scope="module")
def books(django_db_setup, django_db_blocker):
    """An open grant of a hundred baht, of which ninety came."""
    with django_db_blocker.unblock():
        actor = makers.a_house()
        an_open_grant(actor, received="90.00")
        return actor


@pytest.mark.parametrize("who", ["app_connection", "owner_connection", "superuser_connection"])
@pytest.mark.parametrize("name", WRITES)
def test_nobody_rewrites_a_grant(books, request, who, name):
    refused = r"budget\.document_is_settled|ledger\.immutable|permission denied"
    with pytest.raises(psycopg.DatabaseError, match=refused):
        attack(request.getfixturevalue(who), books, WRITES[name])


@pytest.mark.parametrize(
    ("kind", "amount"), [("received", "10.01"), ("lent", "10.01"), ("cleared", "0.01"), ("returned", "90.01")]
)
def test_nobody_invents_cash_of_a_grant(books, app_connection, kind, amount):
    with pytest.raises(psycopg.DatabaseError, match=r"budget\.grant_money_does_not_fit"):
        attack(app_connection, books, FORGED.format(kind=kind, amount=amount))


def test_a_line_of_the_ordinance_is_given_nothing_by_a_letter(books, app_connection):
    makers.in_force(makers.line("5.00"), actor=books)
    other = GIVE_TWICE.replace("grant_id, 'label'", "(SELECT id FROM budget_grant LIMIT 1), 'label'")

    with pytest.raises(psycopg.DatabaseError, match=r"budget\.grant_of_other_letter"):
        attack(app_connection, books, f"{other} AND grant_id IS NULL")


def test_a_letter_gives_no_more_than_it_says(books, app_connection):
    with pytest.raises(psycopg.DatabaseError) as refused:
        attack(app_connection, books, f"{GIVE_TWICE} AND grant_id IS NOT NULL")

    told = refused.value.diag.message_detail
    assert "budget.grant_does_not_add_up" in told
    assert "budget.document_is_settled" in told


def test_a_letter_words_no_line_of_the_ordinance(app_connection):
    actor = makers.a_house()
    an_open_grant(actor)
    makers.in_force(makers.line("5.00"), actor=actor)
    moves = GIVE_TWICE[GIVE_TWICE.index("'moves'") : GIVE_TWICE.index("))))")]
    words = "'explanations', jsonb_build_array(jsonb_build_object('line_id', line_id, 'content', '{}'::jsonb"
    other = GIVE_TWICE.replace(moves, words).replace(
        "grant_id, 'label'", "(SELECT id FROM budget_grant LIMIT 1), 'label'"
    )

    with pytest.raises(psycopg.DatabaseError, match=r"budget\.grant_of_other_letter"):
        attack(app_connection, actor, f"{other} AND grant_id IS NULL")


def test_a_letter_without_a_clock_was_over_before_it_began(books, superuser_connection):
    asked = "SELECT o_obligate_by = '-infinity', o_spend_by = '-infinity' FROM budget_grant_deadline(%(entity)s, gen_random_uuid())"

    assert attack(superuser_connection, books, asked).fetchone() == (True, True)
