"""The budget: one decision in the database, decisions on one entity by one and by eight workers, the board of 3,000 lines.

budget.py --count 2000 --lines 3000
"""

import argparse
import json
import os
import random
import subprocess
import sys
import time
import uuid
from datetime import UTC, date, datetime

import ground

ON = date(ground.YEAR - 543, 1, 5)
MOVE = "SELECT * FROM budget_move(%s, 7, 'bench', '', 'budget.use', %s::jsonb)"
WAY = (
    ("consolidated", date(2026, 8, 1), ""),
    ("exec_accepted", date(2026, 8, 3), ""),
    ("submitted", date(2026, 8, 14), "1"),
    ("reading_1", date(2026, 8, 20), "1"),
    ("committee", date(2026, 8, 21), ""),
    ("reading_2", date(2026, 8, 29), "2"),
    ("reading_3", date(2026, 8, 29), "2"),
    ("sent_for_approval", date(2026, 9, 1), "3"),
    ("approved", date(2026, 9, 10), "4"),
    ("signed", date(2026, 9, 15), "5"),
    ("announced", date(2026, 9, 16), "5"),
)


def in_force(actor, lines: int) -> dict[str, float]:
    """A budget of so many lines brought into force; seconds it took."""
    from khlang.budget import commands
    from khlang.budget.rules import (
        EstimateDraft,
        Explanation,
        LineDraft,
        LineIdentity,
        OrdinanceKind,
        OrdinanceState,
        Step,
    )
    from khlang.kernel.money import Baht

    at, ordinance_id = datetime(2027, 1, 5, 3, tzinfo=UTC), uuid.uuid4()
    told = {"actor": actor, "ordinance_id": ordinance_id, "at": at}
    commands.set_division(actor=actor, division="01", name_th="Bench")
    commands.open_ordinance(**told, kind=OrdinanceKind.ANNUAL, fiscal_year=ground.YEAR)
    explained = Explanation(text="Bench", plan_reference="p. 1")
    saves = [
        commands.LineSave(
            uuid.uuid4(),
            0,
            LineDraft(LineIdentity("01", "00312", "5421000", "FS01", f"Road {n}"), Baht(10_000_000), explained),
        )
        for n in range(lines)
    ]
    with ground.lap() as drafted:
        commands.save_lines(**told, lines=saves)
    commands.save_estimates(**told, estimates=[EstimateDraft("411001", Baht(10_000_000) * lines)])
    for state, day, number in WAY:
        commands.take_step(**told, step_id=uuid.uuid4(), step=Step(OrdinanceState(state), day, number))
    with ground.lap() as forced:
        commands.bring_into_force(**told, effective_on=date(2026, 10, 1), idempotency_key=uuid.uuid4())
    return {"lines": lines, "draft_s": drafted["s"], "force_s": forced["s"]}


def request(chance: random.Random, lines: list[str]) -> str:
    moves = [{"line_id": chance.choice(lines), "kind": "reserve", "amount": "1.00", "hold_id": str(uuid.uuid4())}]
    document = {"kind": "contract", "id": str(uuid.uuid4()), "label": "bench"}
    asked = {
        "key": str(uuid.uuid4()),
        "fiscal_year": ground.YEAR,
        "on": ON.isoformat(),
        "document": document,
        "moves": moves,
    }
    return json.dumps(asked)


def decisions(entity: int, lines: list[str], count: int) -> list:
    """Ready calls of the bare function on one connection, each a transaction."""
    import psycopg

    from khlang.toolkit import postgres

    chance = random.Random(os.getpid())  # noqa: S311
    connection = psycopg.connect(postgres.dsn(ground.HOME, "khlang_app"), prepare_threshold=2)

    def call(body: str) -> None:
        with connection.transaction():
            connection.execute(f"SET LOCAL khlang.entity_id = {entity}")
            connection.execute(MOVE, (entity, body)).fetchall()

    bodies = [request(chance, lines) for _ in range(count)]
    return [lambda body=body: call(body) for body in bodies]


def inside(entity: int, lines: list[str], count: int) -> float:
    """Milliseconds of the function alone, as the server measures them: commit and network left out."""
    import psycopg

    from khlang.toolkit import postgres

    chance, laps = random.Random(1), []  # noqa: S311
    with psycopg.connect(postgres.dsn(ground.HOME, "khlang_app")) as connection:
        for _ in range(count):
            with connection.transaction():
                connection.execute(f"SET LOCAL khlang.entity_id = {entity}")
                literal = request(chance, lines).replace("'", "''")
                plan = connection.execute(
                    f"EXPLAIN (ANALYZE, FORMAT JSON) SELECT * FROM budget_move({entity}, 7, 'b', '', 'budget.use', '{literal}')"
                ).fetchone()[0]
            laps.append(plan[0]["Execution Time"])
    return round(sorted(laps)[len(laps) // 2], 2)


def in_processes(entity: int, lines: list[str], count: int, workers: int) -> dict[str, float]:
    command = [sys.executable, __file__, "--worker", "--entity", str(entity), "--count", str(count // workers)]
    running = [
        subprocess.Popen(
            [*command, *lines[:200]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ
        )
        for _ in range(workers)
    ]
    for process in running:
        process.stdout.readline()
    start = time.perf_counter()
    for process in running:
        process.stdin.write("go\n")
        process.stdin.flush()
    done = sum(int(process.communicate()[0].split()[-1]) for process in running)
    wall = time.perf_counter() - start
    return {"n": done, "per_s": round(done / wall, 1), "wall_s": round(wall, 2)}


def board(actor) -> dict[str, dict[str, float]]:
    """What reads the board: every line as a workbook does; sums of a level and one page of lines as the page does."""
    from khlang.budget import queries
    from khlang.budget.rules import BoardFilter, Level
    from khlang.toolkit.tenancy import entity_transaction

    year = {"fiscal_year": ground.YEAR}
    reads = {
        "board": lambda: queries.board(**year).total,
        "board_groups": lambda: queries.board_groups(**year, level=Level.PLAN, names={}).total,
        "board_page": lambda: queries.board_page(**year, order="-available").total,
        "board_search": lambda: queries.board_page(**year, chosen=BoardFilter(search="road 29")).total,
        "board_warned": lambda: queries.warned_count(**year, today=ON),
    }

    def read(name: str) -> None:
        with entity_transaction(actor.entity_id, read_only=True):
            reads[name]()

    found = {}
    for name in reads:
        read(name)
        found[name] = ground.timed([lambda name=name: read(name)] * 15)
    return found


def board_pages(code: str) -> dict[str, dict[str, float]]:
    """The page of the board whole, from the request to the last byte, in this process."""
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

    from khlang.identity.commands import add_user, grant_role
    from khlang.identity.models import User
    from khlang.identity.queries import operator

    call_command("collectstatic", interactive=False, verbosity=0)
    at = datetime.now(UTC)
    number = add_user(username=code.lower(), full_name="Bench", password=uuid.uuid4().hex)
    grant_role(actor=operator(entity_code=code), user_id=number, role="budget_officer", at=at)
    client = Client(HTTP_HOST=settings.ALLOWED_HOSTS[0].strip("*.") or "localhost")
    client.force_login(User.objects.get(pk=number), "django.contrib.auth.backends.ModelBackend")

    def ask(by: str) -> None:
        answer = client.get(f"/{code}/budget/{ground.YEAR}/?by={by}")
        assert answer.status_code == 200, answer.status_code

    found = {}
    for by in ("plan", "line"):
        ask(by)
        found[f"board_page_by_{by}"] = ground.timed([lambda by=by: ask(by)] * 60)
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--lines", type=int, default=3000)
    parser.add_argument("--worker", action="store_true")
    parser.add_argument("--entity", type=int, default=0)
    parser.add_argument("line", nargs="*")
    asked = parser.parse_args()
    if asked.worker:
        calls = decisions(asked.entity, asked.line, asked.count + 20)
        for call in calls[:20]:
            call()
        print("ready", flush=True)
        sys.stdin.readline()
        for call in calls[20:]:
            call()
        print(len(calls) - 20, flush=True)
        return
    ground.say(measure(asked.count, asked.lines))


def measure(count: int, lines: int) -> dict[str, object]:
    import django

    django.setup()
    from khlang.identity.commands import EntityDraft, add_entity
    from khlang.identity.queries import operator
    from khlang.toolkit import sql
    from khlang.toolkit.tenancy import entity_transaction

    # An entity of its own each time: a budget comes into force once.
    code = f"BUDGET{uuid.uuid4().hex[:8].upper()}"
    add_entity(draft=EntityDraft(code, "subdistrict_administrative_organization", code, province="12"))
    actor = operator(entity_code=code)
    forced = in_force(actor, lines)
    with entity_transaction(actor.entity_id):
        found = sql.rows("SELECT line_id::text FROM budget_line WHERE entity_id = %s", (actor.entity_id,))
    ids = [line_id for (line_id,) in found]
    calls = decisions(actor.entity_id, ids, count)
    ground.timed(calls[:20])
    return {
        "force": forced,
        "decision_in_database_ms": inside(actor.entity_id, ids, 200),
        "one_worker": ground.timed(calls[20:]),
        "eight_workers": in_processes(actor.entity_id, ids, count, 8),
        **board(actor),
        **board_pages(code),
    }


if __name__ == "__main__":
    main()
