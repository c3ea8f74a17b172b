"""Tryton: create and post the same five-line journal, one commit each. Runs in the peers' own environment.

Needs BENCH_URI (postgresql://…/ without a database name) and BENCH_DATABASE, where the module `account` is activated.
"""

import json
import os
import statistics
import sys
import time
from decimal import Decimal

from trytond import config

config.set("database", "uri", os.environ["BENCH_URI"])
from trytond.pool import Pool  # noqa: E402
from trytond.transaction import Transaction, TransactionError  # noqa: E402

DATABASE = os.environ["BENCH_DATABASE"]
Pool.start()
pool = Pool(DATABASE)
pool.init()
with Transaction().start(DATABASE, 0) as opened, opened.set_context(_check_access=False):
    USER = pool.get("res.user").search([("login", "=", "admin")])[0].id


def in_transaction(work, **options):
    """Restart with the lock Tryton asks for, as its own dispatcher does."""
    extras = {}
    while True:
        try:
            with Transaction().start(DATABASE, USER, **options, **extras):
                return work()
        except TransactionError as asked:
            asked.fix(extras)


def set_up() -> int:
    from trytond.modules.account.tests.test_module import create_chart, get_fiscalyear
    from trytond.modules.company.tests import create_company, set_company

    found = pool.get("company.company").search([], limit=1)
    if found:
        return found[0].id
    company = create_company()
    with set_company(company):
        create_chart(company)
        year = get_fiscalyear(company)
        year.save()
        pool.get("account.fiscalyear").create_period([year])
    return company.id


company = in_transaction(set_up)
with Transaction().start(DATABASE, USER, context={"company": company}):
    (year,) = pool.get("account.fiscalyear").search([])
    periods = [(period.id, period.start_date) for period in year.periods]
    journal = pool.get("account.journal").search([("code", "=", "EXP")], limit=1)[0].id
    plain = [("type", "!=", None), ("closed", "!=", True), ("party_required", "=", False)]
    accounts = [account.id for account in pool.get("account.account").search(plain)]


def post(number: int) -> None:
    period, day = periods[number % len(periods)]
    amount = Decimal(100 + number % 900)
    chosen = [accounts[(number + k) % len(accounts)] for k in range(5)]
    lines = [{"account": account, "debit": amount, "credit": Decimal(0)} for account in chosen[:4]]
    lines.append({"account": chosen[4], "debit": Decimal(0), "credit": amount * 4})

    def work() -> None:
        move_model = pool.get("account.move")
        head = {"period": period, "journal": journal, "date": day, "company": company}
        (move,) = move_model.create([{**head, "description": f"Benchmark {number}", "lines": [("create", lines)]}])
        move_model.post([move])

    in_transaction(work, context={"company": company})


post(0)
laps = []
for number in range(int(sys.argv[1])):
    begun = time.perf_counter()
    post(number)
    laps.append(time.perf_counter() - begun)
rate = round(len(laps) / sum(laps), 1)
print(json.dumps({"n": len(laps), "per_s": rate, "p50_ms": round(statistics.median(laps) * 1e3, 1)}))
