"""Books forged behind the triggers: `ledger.queries.verify` finds it and names the first wrong entry."""

import pytest

from khlang.kernel.refusals import Refusal, message, next_step
from tests.builders import BANK, TAX
from tests.database.attacks import A_HEAD, A_LINE, HASH, KEY, attack, faults, reversed_third, three_journals

pytestmark = pytest.mark.usefixtures("committed_db")


@pytest.fixture
def books():
    return three_journals()


# Whoever goes round the triggers leaves a mark: name → (statements, first fault, journal or account it names)
FORGERIES = {
    "one-sided line added": ([A_LINE.format(number=2, line=3, debit=5, credit=0)], "fault_unbalanced", 2),
    "a cent changed": (
        [f"UPDATE ledger_journal_line SET debit = debit + 0.01 WHERE {KEY} AND sequence_no = 2 AND line_no = 1"],
        "fault_unbalanced",
        2,
    ),
    "both sides doubled": (
        [f"UPDATE ledger_journal_line SET debit = debit * 2, credit = credit * 2 WHERE {KEY} AND sequence_no = 2"],
        "fault_content",
        2,
    ),
    "sides turned": (
        [f"UPDATE ledger_journal_line SET debit = credit, credit = debit WHERE {KEY} AND sequence_no = 2"],
        "fault_content",
        2,
    ),
    "account changed": (
        [f"UPDATE ledger_journal_line SET account_code = '{BANK}' WHERE {KEY} AND sequence_no = 1 AND line_no = 1"],
        "fault_content",
        1,
    ),
    "a line moved between entries": (
        [
            f"UPDATE ledger_journal_line SET sequence_no = 1, line_no = 9 WHERE {KEY} AND sequence_no = 2 AND line_no = 2"
        ],
        "fault_unbalanced",
        1,
    ),
    "lines of two entries swapped": (
        [
            f"UPDATE ledger_journal_line SET sequence_no = 9 WHERE {KEY} AND sequence_no = 1 AND line_no = 1",
            f"UPDATE ledger_journal_line SET sequence_no = 1 WHERE {KEY} AND sequence_no = 2 AND line_no = 1",
            f"UPDATE ledger_journal_line SET sequence_no = 2 WHERE {KEY} AND sequence_no = 9 AND line_no = 1",
        ],
        "fault_content",
        1,
    ),
    "a line removed": (
        [f"DELETE FROM ledger_journal_line WHERE {KEY} AND sequence_no = 3 AND line_no = 2"],
        "fault_unbalanced",
        3,
    ),
    "all lines removed": ([f"DELETE FROM ledger_journal_line WHERE {KEY} AND sequence_no = 2"], "fault_unbalanced", 2),
    "words changed": (
        [f"UPDATE ledger_journal SET description = 'other' WHERE {KEY} AND sequence_no = 2"],
        "fault_content",
        2,
    ),
    "poster changed": (
        [f"UPDATE ledger_journal SET posted_by_name = 'other' WHERE {KEY} AND sequence_no = 3"],
        "fault_content",
        3,
    ),
    "posting time changed": (
        [f"UPDATE ledger_journal SET posted_at = posted_at - interval '1 day' WHERE {KEY} AND sequence_no = 1"],
        "fault_content",
        1,
    ),
    "number changed": ([f"UPDATE ledger_journal SET number = 77 WHERE {KEY} AND sequence_no = 2"], "fault_number", 2),
    "entry removed": (
        [
            f"DELETE FROM ledger_journal_line WHERE {KEY} AND sequence_no = 2",
            f"DELETE FROM ledger_journal WHERE {KEY} AND sequence_no = 2",
        ],
        "fault_sequence",
        3,
    ),
    "last entry removed": (
        [
            f"DELETE FROM ledger_journal_line WHERE {KEY} AND sequence_no = 3",
            f"DELETE FROM ledger_journal WHERE {KEY} AND sequence_no = 3",
        ],
        "fault_line",
        None,
    ),
    "entry added": (
        [
            A_HEAD,
            A_LINE.format(number=4, line=1, debit=5, credit=0),
            A_LINE.format(number=4, line=2, debit=0, credit=5),
        ],
        "fault_content",
        4,
    ),
    "entry moved to another day": (
        [f"UPDATE ledger_journal SET journal_date = '2024-10-04' WHERE {KEY} AND sequence_no = 2"],
        "fault_content",
        2,
    ),
    "line moved to another day": (
        [f"UPDATE ledger_journal_line SET journal_date = '2024-10-04' WHERE {KEY} AND sequence_no = 2"],
        "fault_line",
        2,
    ),
    "hash replaced": ([f"UPDATE ledger_journal SET hash = {HASH} WHERE {KEY} AND sequence_no = 1"], "fault_content", 1),
    "link replaced": (
        [f"UPDATE ledger_journal SET previous_hash = {HASH} WHERE {KEY} AND sequence_no = 2"],
        "fault_link",
        2,
    ),
    "key removed": (
        [f"DELETE FROM ledger_idempotency WHERE {KEY} AND sequence_no = 2"],
        "fault_key",
        2,
    ),
    "reversal forgotten": ([f"DELETE FROM ledger_reversal WHERE {KEY}"], "fault_reversal", 3),
    "reversal invented": (["INSERT INTO ledger_reversal VALUES (%(entity)s, 2568, 1, 2568, 2)"], "fault_reversal", 1),
    "chain head turned back": (
        ["UPDATE ledger_chain_head SET sequence_no = 1 WHERE entity_id = %(entity)s"],
        "fault_head",
        None,
    ),
    "series turned back": ([f"UPDATE ledger_series SET last_number = 1 WHERE {KEY}"], "fault_series", None),
    "series removed": ([f"DELETE FROM ledger_series WHERE {KEY}"], "fault_series", None),
    "balance changed": (
        [f"UPDATE ledger_account_balance SET debit = debit + 0.01 WHERE {KEY} AND account_code = '{TAX}'"],
        "fault_balance",
        None,
    ),
    "balance removed": ([f"DELETE FROM ledger_account_balance WHERE {KEY}"], "fault_balance", None),
    "balance invented": (
        ["INSERT INTO ledger_account_balance VALUES (%(entity)s, 2568, 1, '5104010110', '', 'FS01', 1, 0)"],
        "fault_balance",
        None,
    ),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_the_checker_names_what_was_forged_behind_the_triggers(books, superuser_connection, name):
    statements, code, sequence_no = FORGERIES[name]
    if name == "reversal forgotten":
        reversed_third(books)
    assert faults(books) == ()

    superuser_connection.execute("SET session_replication_role = replica")
    for statement in statements:
        assert attack(superuser_connection, books, statement).rowcount > 0
    superuser_connection.commit()

    first = faults(books)[0]
    if name == "last entry removed":
        # Nothing in the chain is wrong; the places that remember it are.
        assert {fault.code for fault in faults(books)} >= {
            "ledger.fault_head",
            "ledger.fault_series",
            "ledger.fault_balance",
        }
        return
    assert first.code == f"ledger.{code}"
    assert sequence_no in (None, first.facts.get("sequence_no"))
    for language in ("th", "en"):
        said = message(Refusal(first.code, first.facts), language) + next_step(
            Refusal(first.code, first.facts), language
        )
        assert "{" not in said


def test_owner_who_switches_triggers_off_is_found_out(books, owner_connection):
    owner_connection.execute("ALTER TABLE ledger_journal_line DISABLE TRIGGER immutable")
    attack(
        owner_connection,
        books,
        f"UPDATE ledger_journal_line SET debit = debit + 1 WHERE {KEY} AND sequence_no = 2 AND line_no = 1",
    )
    owner_connection.execute("ALTER TABLE ledger_journal_line ENABLE TRIGGER immutable")
    owner_connection.commit()

    first = faults(books)[0]
    assert (first.code, first.facts["sequence_no"]) == ("ledger.fault_unbalanced", 2)
