"""Every table of an entity attacked as the application role: without an entity, and with that of somebody else.

Nothing is listed: tables, functions and rights are read from the catalogue, so that a new table is attacked the day it
arrives. A table that neither `a_full_office` nor chance can fill is a failure with the place to mend named.
"""

import pytest
from psycopg import sql

from tests.database.isolation import PARTITIONS, as_application, count, forged_row, reached, tables, touched, wrote


def test_every_table_has_rows_of_both_offices_that_could_leak(attacker, two_offices):
    empty = [
        (table, office.code)
        for table in tables(attacker)
        for office in two_offices
        if not count(attacker, table, office)
    ]

    assert len(tables(attacker)) > 20
    assert empty == []


def test_what_the_commands_made_is_seen_by_its_own_office(attacker, two_offices):
    """The attack below would see rows if it were allowed: with the right entity it does."""
    ours, _ = two_offices
    with as_application(attacker, ours):
        seen = [table for table in tables(attacker) if list(reached(attacker, table, ours.entity.entity_id))]

    assert {"ledger_journal", "ledger_journal_line", "journal_vouchers_voucher", "audit_act"} <= set(seen)


def test_without_an_entity_no_table_gives_or_takes_a_row(attacker, two_offices):
    _, theirs = two_offices
    with as_application(attacker):
        leaks = [leak for table in tables(attacker) for leak in reached(attacker, table, theirs.entity.entity_id)]

    assert leaks == []


def test_with_another_entity_no_table_gives_or_takes_a_row(attacker, two_offices):
    ours, theirs = two_offices
    with as_application(attacker, ours, person=ours.people["finance_officer"]):
        leaks = [leak for table in tables(attacker) for leak in reached(attacker, table, theirs.entity.entity_id)]

    assert leaks == []


@pytest.mark.parametrize("is_set", [False, True], ids=["without entity", "with another"])
def test_no_row_is_written_into_another_entity(attacker, two_offices, is_set):
    ours, theirs = two_offices
    forged = {table: forged_row(attacker, table, theirs) for table in tables(attacker)}
    with as_application(attacker, ours if is_set else None):
        leaks = [table for table, (names, values) in forged.items() if wrote(attacker, table, names, values)]

    assert leaks == []


def test_no_row_of_ours_is_moved_to_another_entity(attacker, two_offices):
    ours, theirs = two_offices
    there = theirs.entity.entity_id
    with as_application(attacker, ours):
        moved = [
            table
            for table in tables(attacker)
            if touched(attacker, sql.SQL("UPDATE {} SET entity_id = {}").format(sql.Identifier(table), there))
        ]

    assert moved == []


def test_no_partition_is_reached_past_its_table(attacker, two_offices):
    ours, theirs = two_offices
    partitions = tables(attacker, PARTITIONS)
    with as_application(attacker, ours):
        leaks = [leak for table in partitions for leak in reached(attacker, table, theirs.entity.entity_id)]

    assert len(partitions) > 20
    assert leaks == []


def test_a_word_of_another_office_is_not_drawn_out_by_a_function_of_ones_own(attacker, two_offices):
    """A cheap function that talks would run before a careless policy does."""
    ours, _ = two_offices
    heard: list[str] = []
    attacker.add_notice_handler(lambda notice: heard.append(notice.message_primary or ""))
    with as_application(attacker, ours):
        attacker.execute(
            "CREATE FUNCTION pg_temp.tell(text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS"
            " $$BEGIN RAISE NOTICE 'row %', $1; RETURN true; END$$"
        )
        rows = attacker.execute("SELECT 1 FROM ledger_journal WHERE pg_temp.tell(entity_id::text)").rowcount

    assert rows > 0
    assert set(heard) == {f"row {ours.entity.entity_id}"}


def test_without_its_policy_a_table_would_leak(attacker, two_offices):
    """The guard taken away, the same attack succeeds: it is the policy that refuses."""
    ours, theirs = two_offices
    attacker.execute("ALTER TABLE journal_vouchers_voucher DISABLE ROW LEVEL SECURITY")
    with as_application(attacker, ours):
        leaks = list(reached(attacker, "journal_vouchers_voucher", theirs.entity.entity_id))

    assert "select journal_vouchers_voucher" in leaks
