"""django-hordak: the same five-line journal, one commit each. Runs in the peers' own environment.

Needs BENCH_HOST (socket folder), BENCH_PORT, BENCH_USER, BENCH_DATABASE (an empty database).
"""

import json
import os
import statistics
import sys
import time
from datetime import date, timedelta

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="bench",
    USE_TZ=True,
    DEBUG=False,
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "djmoney", "mptt", "hordak"],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    DEFAULT_CURRENCY="THB",
    CURRENCIES=["THB"],
    HORDAK_DEFAULT_CURRENCY="THB",
    HORDAK_INTERNAL_CURRENCY="THB",
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": os.environ["BENCH_DATABASE"],
            "HOST": os.environ["BENCH_HOST"],
            "PORT": os.environ["BENCH_PORT"],
            "USER": os.environ["BENCH_USER"],
        }
    },
)
django.setup()
from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from hordak.models import Account, AccountType, Leg, Transaction  # noqa: E402
from moneyed import Money  # noqa: E402

call_command("migrate", verbosity=0)
KINDS = [AccountType.asset, AccountType.liability, AccountType.equity, AccountType.income, AccountType.expense]
accounts = list(Account.objects.all()) or [
    Account.objects.create(name=f"A{i:03d}", code=f"{i:03d}", type=KINDS[i % 5], currencies=["THB"]) for i in range(93)
]


def post(number: int, *, bulk: bool) -> None:
    amount = 100 + number % 900
    chosen = [accounts[(number + k) % len(accounts)] for k in range(5)]
    legs = [{"account": account, "debit": Money(amount, "THB")} for account in chosen[:4]]
    legs.append({"account": chosen[4], "credit": Money(amount * 4, "THB")})
    with transaction.atomic():
        journal = Transaction.objects.create(
            date=date(2026, 10, 1) + timedelta(number % 365), description=f"Benchmark {number}"
        )
        if bulk:
            Leg.objects.bulk_create([Leg(transaction=journal, **leg) for leg in legs])
        else:
            for leg in legs:
                Leg.objects.create(transaction=journal, **leg)


def measure(count: int, *, bulk: bool) -> dict[str, float]:
    for number in range(10):
        post(number, bulk=bulk)
    laps = []
    for number in range(count):
        begun = time.perf_counter()
        post(number, bulk=bulk)
        laps.append(time.perf_counter() - begun)
    return {"n": count, "per_s": round(count / sum(laps), 1), "p50_ms": round(statistics.median(laps) * 1e3, 2)}


count = int(sys.argv[1])
print(json.dumps({"create": measure(count, bulk=False), "bulk_create": measure(count, bulk=True)}))
