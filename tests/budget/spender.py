"""A worker of its own process, for the tests of races: spends from the lines of one entity at random until told it is enough.

spender.py DSN ENTITY YEAR FUNCTION SEED STEPS LINE...   says "ready", waits for a line on standard input, then works and
prints one JSON object: how often each answer was given ("done" or a code), and errors that are no refusals.
"""

import json
import random
import sys
import uuid
from collections import Counter

import psycopg

NEXT = {
    "reserved": ("obligate", "request", "advance", "release", "cancel"),
    "obligated": ("request", "release", "cancel"),
    "requested": ("pay", "cancel"),
    "advanced": ("clear", "release", "cancel"),
    "paid": ("refund", "cancel"),
}
STAGE = {
    "reserve": "reserved",
    "obligate": "obligated",
    "request": "requested",
    "advance": "advanced",
    "pay": "paid",
    "clear": "paid",
}


def moves(
    chance: random.Random, lines: list[str], held: list[tuple[str, str, str, int]]
) -> tuple[list[dict], tuple | None]:
    """One document: from what is available, from what is held, or a transfer between two lines."""
    amount = chance.randint(1, 400)
    way = chance.random()
    if way < 0.1 and len(lines) > 1:
        down, up = chance.sample(lines, 2)
        return [move(down, "transfer_out", amount), move(up, "transfer_in", amount)], None
    if way < 0.55 or not held:
        kind = chance.choice(("reserve", "obligate", "request", "advance"))
        hold = str(uuid.uuid4())
        line = chance.choice(lines)
        return [move(line, kind, amount, hold)], (hold, line, STAGE[kind], amount)
    hold, line, stage, most = chance.choice(held)
    kind = chance.choice(NEXT[stage])
    # Sometimes more than was held: that is to be refused.
    amount = chance.randint(1, most + 1)
    opened = str(uuid.uuid4()) if kind in STAGE else None
    return [move(line, kind, amount, opened, hold)], (opened, line, STAGE[kind], amount) if opened else None


def move(line: str, kind: str, satang: int, hold: str | None = None, takes: str | None = None) -> dict:
    asked = {"line_id": line, "kind": kind, "amount": f"{satang // 100}.{satang % 100:02d}"}
    return asked | ({"hold_id": hold} if hold else {}) | ({"from_hold_id": takes} if takes else {})


def main(dsn: str, entity: str, year: str, *told: str) -> None:
    function, seed, steps, *lines = told
    chance, held, answers, errors = random.Random(int(seed)), [], Counter(), []
    day = f"{int(year) - 543}-01-05"
    with psycopg.connect(dsn) as connection:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        for _ in range(int(steps)):
            asked, opened = moves(chance, list(lines), held)
            request = {"key": str(uuid.uuid4()), "fiscal_year": int(year), "on": day, "moves": asked}
            request["document"] = {"kind": "contract", "id": str(uuid.uuid4()), "label": "race"}
            try:
                with connection.transaction():
                    connection.execute(f"SET LOCAL khlang.entity_id = {int(entity)}")
                    call = f"SELECT * FROM {function}(%s, 0, 'race', '', 'budget.use', %s::jsonb)"
                    connection.execute(call, (int(entity), json.dumps(request)))
            except psycopg.DatabaseError as error:
                if (error.sqlstate or "").startswith("KL"):
                    answers[error.diag.message_primary] += 1
                else:
                    errors.append(f"{error.sqlstate} {error.diag.message_primary}")
                continue
            answers["done"] += 1
            if opened:
                held.append(opened)
    sys.stdout.write(json.dumps({"answers": answers, "errors": errors}) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
