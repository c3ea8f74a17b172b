"""Reading a large entity: trial balance from kept balances and from lines, and the checker.

reading.py --lines 1000000
"""

import argparse
import time
from datetime import UTC, datetime

import ground

TRIAL_BALANCE = (
    "SELECT account_code, sub_account, sum(debit), sum(credit) FROM ledger_account_balance"
    " WHERE entity_id = %s AND fiscal_year = %s GROUP BY 1, 2 ORDER BY 1, 2"
)


def fill(entity_code: str, wanted: int, accounts: list[str]) -> int:
    """Post journals of 100 lines until the entity has `wanted` lines; returns how many it has."""
    from khlang.identity.queries import operator
    from khlang.kernel.money import Baht
    from khlang.ledger.commands import post_journals
    from khlang.ledger.rules import JournalDraft, LineDraft
    from khlang.toolkit import sql
    from khlang.toolkit.tenancy import entity_transaction

    actor = operator(entity_code=entity_code)
    with entity_transaction(actor.entity_id):
        have = int(sql.scalar("SELECT count(*) FROM ledger_journal_line WHERE entity_id = %s", (actor.entity_id,)))
    number = have
    while have < wanted:
        journals = []
        for _ in range(50):
            number += 1
            pairs = [(accounts[(number * 13 + k) % len(accounts)], Baht(100 + (number + k) % 900)) for k in range(50)]
            debits = [LineDraft(account, "FS01", debit=amount) for account, amount in pairs]
            credited = [LineDraft(account, "FS01", credit=amount) for account, amount in reversed(pairs)]
            base = ground.draft(accounts, number)
            journals.append(
                JournalDraft(base.idempotency_key, base.date, base.kind, base.description, (*debits, *credited))
            )
        post_journals(actor=actor, journals=journals)
        have += 50 * 100
    return have


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--lines", type=int, default=1_000_000)
    asked = parser.parse_args()
    ground.prepare(3)
    from django.db import connection

    from khlang.identity.queries import operator
    from khlang.ledger import queries
    from khlang.toolkit.tenancy import entity_transaction

    code = ground.entity_code(2)
    with ground.lap() as filling:
        lines = fill(code, asked.lines, ground.postable_accounts())
    actor = operator(entity_code=code)
    with entity_transaction(actor.entity_id):
        in_database = ground.timed([lambda: ask(connection, actor.entity_id)] * 50)
        through_query = ground.timed([lambda: queries.balances(fiscal_year=ground.YEAR)] * 20)
        now = datetime.now(UTC)
        from_lines = ground.timed([lambda: queries.balances(fiscal_year=ground.YEAR, known_at=now)] * 3)
    start = time.perf_counter()
    with entity_transaction(actor.entity_id):
        report = queries.verify(entity_code=code)
    verified = time.perf_counter() - start
    ground.say(
        {
            "lines": lines,
            "fill_s": filling["s"],
            "balances_sql": in_database,
            "balances_query": through_query,
            "from_lines": from_lines,
            "verify_s": round(verified, 2),
            "verify_lines_per_s": round(report.lines / verified),
            "verify_holds": report.holds,
        }
    )


def ask(connection, entity_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(TRIAL_BALANCE, (entity_id, ground.YEAR))
        cursor.fetchall()


if __name__ == "__main__":
    main()
