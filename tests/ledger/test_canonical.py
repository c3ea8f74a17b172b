"""The canonical text has one form, written twice: in SQL where it is hashed, in Python where it is checked."""

import uuid
from dataclasses import replace

import pytest

from khlang.ledger import commands, queries
from khlang.ledger.rules import content_text, journal_hash
from khlang.toolkit import sql
from khlang.toolkit.tenancy import entity_transaction
from tests.builders import BANK, DAY, TAX, a_fiscal_year, a_journal, a_line, an_actor

pytestmark = pytest.mark.django_db


def test_canonical_text_and_hash_in_sql_are_those_of_python():
    actor = a_fiscal_year(actor=an_actor("head_of_treasury", "finance_officer"))
    commands.add_sub_account(actor=actor, account=BANK, sub_account="01", name_th="Bank 01")
    batch = uuid.uuid4()
    commands.open_batch(actor=actor, batch_id=batch, kind="test", title="t", content=b"1")
    rich = a_journal(
        lines=[
            a_line(f"{BANK}-01", debit="1234567.80", budget_type="411012"),
            replace(a_line(TAX, credit="1234567.80"), description="\N{THAI CHARACTER KO KAI} | ' \\ \""),
        ],
        source_area="journal_vouchers",
        source_id=uuid.uuid4(),
    )
    commands.post_journals(actor=actor, journals=[rich, a_journal(amount="0.10")], batch_id=batch)
    commands.reverse_journal(
        actor=actor, fiscal_year=2568, sequence_no=1, day=DAY, reason="Why", idempotency_key=uuid.uuid4()
    )

    with entity_transaction(actor.entity_id):
        journals = list(queries.stream_journals())
        stored = sql.rows(
            "SELECT i.content_hash, j.hash, j.previous_hash FROM ledger_journal j"
            " JOIN ledger_idempotency i USING (entity_id, idempotency_key) WHERE j.entity_id = %s ORDER BY j.sequence_no",
            (actor.entity_id,),
        )
        twins = sql.rows(
            "SELECT encode(sha256(convert_to(t.text, 'UTF8')), 'hex') FROM unnest(%s::text[]) AS t (text)",
            ([content_text(journal) for journal in journals],),
        )

    assert len(journals) == 3
    assert [bytes(row[0]).hex() for row in stored] == [row[0] for row in twins]
    assert [bytes(row[1]) for row in stored] == [
        journal_hash(journal, entity_id=actor.entity_id, previous_hash=bytes(row[2]))
        for journal, row in zip(journals, stored, strict=True)
    ]
