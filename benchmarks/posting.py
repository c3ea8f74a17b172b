"""Posting: the bare SQL function against the command, block by block in turn.

posting.py --count 2000 --entities 1 --workers 1
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable

import ground

BLOCK = 200
QUERY = "SELECT * FROM ledger_post_journals(%s, 7, 'bench', '', NULL, %s::jsonb)"


def bare_calls(numbers: list[int], accounts: list[str], connection) -> list[Callable[[], object]]:
    """The floor: one prepared statement in a transaction opened for the entity, requests made beforehand."""
    requests = [(entity, ground.request(accounts, index)) for index, entity in enumerate(numbers)]

    def call(entity: int, body: str) -> None:
        with connection.transaction():
            connection.execute(f"SET LOCAL khlang.entity_id = {entity}")
            connection.execute(QUERY, (entity, body)).fetchall()

    return [lambda entity=entity, body=body: call(entity, body) for entity, body in requests]


def command_calls(numbers: list[int], accounts: list[str]) -> list[Callable[[], object]]:
    from khlang.identity.rules import Role
    from khlang.kernel.actors import Actor
    from khlang.ledger.commands import post_journal

    roles = frozenset({Role.HEAD_OF_TREASURY})
    work = [
        (Actor(7, "bench", entity, "B", "B", roles), ground.draft(accounts, index))
        for index, entity in enumerate(numbers)
    ]
    return [lambda actor=actor, journal=journal: post_journal(actor=actor, journal=journal) for actor, journal in work]


def measure(count: int, entities: list[int], way: str) -> dict[str, dict[str, float]]:
    """Blocks of both ways in turn, so that a busy moment of the machine hits both."""
    import psycopg

    from khlang.toolkit import postgres

    accounts = ground.postable_accounts()
    chosen = ground.shuffled(entities, count)
    with psycopg.connect(postgres.dsn(ground.HOME, "khlang_app"), prepare_threshold=2) as connection:
        both = {
            "bare": bare_calls(chosen, accounts, connection) if way != "command" else [],
            "command": command_calls(chosen, accounts) if way != "bare" else [],
        }
        ways = {name: calls for name, calls in both.items() if calls}
        for calls in ways.values():
            ground.timed(calls[:20])
        laps: dict[str, list[dict[str, float]]] = {name: [] for name in ways}
        for start in range(20, count, BLOCK):
            for name, calls in ways.items():
                laps[name].append(ground.timed(calls[start : start + BLOCK]))
    return {name: together(found) for name, found in laps.items()}


def together(laps: list[dict[str, float]]) -> dict[str, float]:
    n = sum(lap["n"] for lap in laps)
    seconds = sum(lap["n"] / lap["per_s"] for lap in laps)
    middle = sorted(laps, key=lambda lap: lap["per_s"])[len(laps) // 2]
    return {**middle, "n": n, "per_s": round(n / seconds, 1)}


def in_processes(count: int, workers: int, entities: int, way: str) -> dict[str, float]:
    """`workers` processes that begin at one moment, each doing its share; the rate of all together."""
    share = ["--count", str(count // workers), "--entities", str(entities), "--way", way, "--worker"]
    running = [
        subprocess.Popen(
            [sys.executable, __file__, *share],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ,
        )
        for _ in range(workers)
    ]
    for process in running:
        process.stdout.readline()
    start = time.perf_counter()
    for process in running:
        process.stdin.write("go\n")
        process.stdin.flush()
    posted = sum(int(process.communicate()[0].split()[-1]) for process in running)
    wall = time.perf_counter() - start
    return {"n": posted, "per_s": round(posted / wall, 1), "wall_s": round(wall, 2)}


def work(count: int, entities: list[int], way: str) -> None:
    """One of several workers: say when ready, wait, post, say how many."""
    import psycopg

    from khlang.toolkit import postgres

    accounts = ground.postable_accounts()
    chosen = ground.shuffled(entities, count, seed=os.getpid())
    with psycopg.connect(postgres.dsn(ground.HOME, "khlang_app"), prepare_threshold=2) as connection:
        made = {
            "bare": lambda: bare_calls(chosen, accounts, connection),
            "command": lambda: command_calls(chosen, accounts),
        }
        calls = made[way]()
        for call in calls[:20]:
            call()
        print("ready", flush=True)
        sys.stdin.readline()
        for call in calls[20:]:
            call()
        print(len(calls) - 20, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--entities", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--way", default="both")
    parser.add_argument("--worker", action="store_true")
    asked = parser.parse_args()
    if asked.workers > 1:
        ways = ("bare", "command")
        ground.say({way: in_processes(asked.count, asked.workers, asked.entities, way) for way in ways})
        return
    numbers = ground.prepare(asked.entities)
    if asked.worker:
        work(asked.count, numbers, asked.way)
        return
    ground.say(measure(asked.count, numbers, asked.way))


if __name__ == "__main__":
    main()
