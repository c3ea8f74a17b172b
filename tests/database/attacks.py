"""Raw statements against the ledger, and the books they are tried on."""

import uuid

from khlang.ledger import commands, queries
from khlang.toolkit.tenancy import entity_transaction
from tests.builders import BANK, CASH, TAX, a_fiscal_year, a_journal, lines_of

KEY = "entity_id = %(entity)s AND fiscal_year = 2568"
HASH = "decode(repeat('ab', 32), 'hex')"
A_HEAD = (
    "INSERT INTO ledger_journal SELECT entity_id, fiscal_year, 4, series, 4, kind, period, journal_date, description,"
    " source_area, source_id, batch_id, NULL, NULL, posted_at, posted_by, posted_by_name, gen_random_uuid(), hash,"
    f" {HASH} FROM ledger_journal WHERE {KEY} AND sequence_no = 3"
)
A_LINE = (
    "INSERT INTO ledger_journal_line VALUES (%(entity)s, 2568, {number}, {line}, 1, '2024-10-03', '1101010101', '',"
    " 'FS01', NULL, {debit}, {credit}, '')"
)
WRITES = {
    "insert a line": A_LINE.format(number=1, line=3, debit=5, credit=0),
    "insert a journal": A_HEAD,
    "change an amount": f"UPDATE ledger_journal_line SET debit = 1 WHERE {KEY} AND debit > 0",
    "turn a side": f"UPDATE ledger_journal_line SET debit = credit, credit = debit WHERE {KEY}",
    "move a line": f"UPDATE ledger_journal_line SET sequence_no = 2, line_no = 9 WHERE {KEY} AND sequence_no = 1",
    "change a number": f"UPDATE ledger_journal SET number = 77 WHERE {KEY} AND sequence_no = 2",
    "change words": f"UPDATE ledger_journal SET description = 'other' WHERE {KEY}",
    "delete a line": f"DELETE FROM ledger_journal_line WHERE {KEY} AND sequence_no = 1 AND line_no = 1",
    "delete a journal": f"DELETE FROM ledger_journal WHERE {KEY}",
    "delete a key": "DELETE FROM ledger_idempotency WHERE entity_id = %(entity)s",
    "delete a reversal": f"DELETE FROM ledger_reversal WHERE {KEY}",
    "change a period's record": f"DELETE FROM ledger_period_change WHERE {KEY}",
    "change a balance": f"UPDATE ledger_account_balance SET debit = debit + 1 WHERE {KEY}",
    "delete a balance": f"DELETE FROM ledger_account_balance WHERE {KEY}",
    "turn back a series": f"UPDATE ledger_series SET last_number = 0 WHERE {KEY}",
    "turn back the chain": "UPDATE ledger_chain_head SET sequence_no = 0 WHERE entity_id = %(entity)s",
    "open a closed period": f"UPDATE ledger_period SET state = 'open' WHERE {KEY}",
    "close nothing": "DELETE FROM ledger_period WHERE entity_id = %(entity)s",
    "forget a year": "DELETE FROM ledger_fiscal_year WHERE entity_id = %(entity)s",
    "make an account of one's own": "INSERT INTO ledger_sub_account VALUES (%(entity)s, '1101010101', '66', 'x', true)",
    "write into the record": "INSERT INTO audit_act VALUES (%(entity)s, 99, 'a', '', '{}', 1, '', '', now(), '', '')",
}
# What triggers refuse, to the owner and to a superuser as well.
IMMUTABLE = [
    "change an amount",
    "turn a side",
    "move a line",
    "change a number",
    "change words",
    "delete a line",
    "delete a journal",
    "delete a key",
    "delete a reversal",
    "change a period's record",
    "delete a balance",
    "close nothing",
    "forget a year",
]


def three_journals():
    """Three journals of one entity, and a period closed for now."""
    actor = a_fiscal_year()
    commands.post_journals(
        actor=actor,
        journals=[
            a_journal(amount="100.00"),
            a_journal(lines=lines_of("100.00", debit=BANK, credit=CASH)),
            a_journal(lines=lines_of("30.00", debit=BANK, credit=TAX)),
        ],
    )
    commands.change_period(actor=actor, fiscal_year=2568, period=5, state="soft_closed")
    return actor


def reversed_third(actor):
    with entity_transaction(actor.entity_id):
        day = queries.journal(fiscal_year=2568, sequence_no=3).date
    commands.reverse_journal(
        actor=actor, fiscal_year=2568, sequence_no=3, day=day, reason="x", idempotency_key=uuid.uuid4()
    )


def attack(connection, actor, statement, **values):
    connection.execute(f"SET LOCAL khlang.entity_id = {actor.entity_id}")
    return connection.execute(statement, {"entity": actor.entity_id, **values})


def faults(actor):
    with entity_transaction(actor.entity_id, snapshot=True):
        return queries.verify(entity_code=actor.entity_code).faults
