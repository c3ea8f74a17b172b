"""What every benchmark stands on: a home of its own, entities, sample journals, a clock."""

import json
import os
import random
import resource
import statistics
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.setdefault("KHLANG_HOME", str(ROOT / ".khlang" / "bench")))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khlang.settings.local")
YEAR, DAY, PERIOD = 2570, date(2026, 11, 3), 2
LINES = 5


def entity_code(number: int) -> str:
    return f"BENCH{number:04d}"


def prepare(entities: int) -> list[int]:
    """Open Django, make the entities with a fiscal year each; returns their numbers."""
    import django

    django.setup()
    from khlang.identity.commands import EntityDraft, add_entity
    from khlang.identity.queries import operator
    from khlang.ledger.commands import open_fiscal_year

    numbers = []
    for number in range(entities):
        code = entity_code(number)
        made = add_entity(draft=EntityDraft(code, "subdistrict_administrative_organization", code, province="12"))
        open_fiscal_year(actor=operator(entity_code=code), fiscal_year=YEAR)
        numbers.append(made.entity_id)
    return numbers


def postable_accounts() -> list[str]:
    from khlang.toolkit import sql

    rows = sql.rows(
        "SELECT code FROM reference_account WHERE is_postable AND chart = 'national-2564' ORDER BY code LIMIT 300"
    )
    return [code for (code,) in rows]


def amounts(number: int) -> list[tuple[str, str]]:
    """(debit, credit) of the five lines of sample journal `number`."""
    one = 100 + number % 900
    return [(f"{one}.00", "0")] * (LINES - 1) + [("0", f"{one * (LINES - 1)}.00")]


def draft(accounts: list[str], number: int):
    from khlang.kernel.money import Baht
    from khlang.ledger.rules import JournalDraft, LineDraft

    lines = tuple(
        LineDraft(accounts[(number * 7 + k) % len(accounts)], "FS01", Baht(debit), Baht(credit))
        for k, (debit, credit) in enumerate(amounts(number))
    )
    return JournalDraft(uuid.uuid4(), DAY, "general", f"Benchmark journal {number}", lines)


def request(accounts: list[str], number: int) -> str:
    """The same journal as the SQL function takes it."""
    lines = [
        {"account": accounts[(number * 7 + k) % len(accounts)], "fund_source": "FS01", "debit": debit, "credit": credit}
        for k, (debit, credit) in enumerate(amounts(number))
    ]
    head = {"idempotency_key": str(uuid.uuid4()), "date": DAY.isoformat(), "fiscal_year": YEAR, "period": PERIOD}
    return json.dumps([{**head, "kind": "general", "description": f"Benchmark journal {number}", "lines": lines}])


def timed(calls: list[Callable[[], object]]) -> dict[str, float]:
    """Run each call once; rate, percentiles in ms, and client CPU per call."""
    laps = []
    cpu, start = cpu_seconds(), time.perf_counter()
    for call in calls:
        begun = time.perf_counter()
        call()
        laps.append(time.perf_counter() - begun)
    wall = time.perf_counter() - start
    return {
        "n": len(calls),
        "per_s": round(len(calls) / wall, 1),
        "p50_ms": round(statistics.median(laps) * 1e3, 2),
        "p95_ms": round(sorted(laps)[int(len(laps) * 0.95)] * 1e3, 2),
        "client_cpu_ms": round((cpu_seconds() - cpu) / len(calls) * 1e3, 2),
    }


def cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def peak_memory_mb() -> float:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


@contextmanager
def lap() -> Iterator[dict[str, float]]:
    """Seconds of a block, under "s"."""
    measured: dict[str, float] = {}
    start = time.perf_counter()
    yield measured
    measured["s"] = round(time.perf_counter() - start, 3)


def shuffled(numbers: list[int], count: int, *, seed: int = 2570) -> list[int]:
    """`count` entity numbers, each about as often as any other, in an order that is the same in every run."""
    chooser = random.Random(seed)  # noqa: S311
    return [chooser.choice(numbers) for _ in range(count)]


def say(result: object) -> None:
    """Hand a result to run.py: one JSON document on standard output."""
    json.dump(result, sys.stdout)
    sys.stdout.write("\n")
