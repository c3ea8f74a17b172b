"""All benchmarks in one run on one machine: results/<date>.json and the table in docs/performance.md.

run.py                  everything
run.py --quick          a tenth of the work
run.py --only posting   one part: posting, peers, importing, reading, pages, acting, signing_in, budget
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import ground
import table

HERE = Path(__file__).resolve().parent
PEERS = ground.ROOT / ".khlang" / "bench-venv"
# Versions of the peers as they were measured; they never enter the project's own environment.
PEER_PACKAGES = [
    "django-hordak==2.0.0",
    "django~=5.2",
    "psycopg[binary,pool]~=3.3",
    "trytond~=8.0",
    "trytond-account~=8.0",
]
# The installer that set this checkout up, or the one of the machine.
TOOLS = ground.ROOT / ".khlang" / "tools" / "bin"
UV = shutil.which("uv", path=f"{TOOLS}{os.pathsep}{os.environ.get('PATH', '')}") or "uv"
PARTS = ("posting", "peers", "importing", "reading", "pages", "acting", "signing_in", "budget")


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def script(name: str, *arguments: object, python: Path | str = sys.executable, **environment: str) -> Any:
    """Run one script; its result, or why there is none."""
    words = [str(argument) for argument in arguments]
    say(f"  {name} {' '.join(words)}")
    started = time.monotonic()
    done = subprocess.run(
        [str(python), str(HERE / name), *words],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        say(f"    failed: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else done.stdout[-300:]}")
        return {"failed": (done.stderr or done.stdout).strip()[-600:]}
    say(f"    {time.monotonic() - started:.0f} s")
    return json.loads(done.stdout.strip().splitlines()[-1])


def posting(scale: int) -> dict[str, Any]:
    return {
        "one_entity": script("posting.py", "--count", 2000 // scale, "--entities", 1),
        "two_hundred_entities": script("posting.py", "--count", 2000 // scale, "--entities", 200),
        "eight_workers_one_entity": script("posting.py", "--count", 4000 // scale, "--entities", 1, "--workers", 8),
        "eight_workers_two_hundred": script("posting.py", "--count", 4000 // scale, "--entities", 200, "--workers", 8),
        "one_worker_again": script("posting.py", "--count", 2000 // scale, "--entities", 200),
    }


def peers(scale: int) -> dict[str, Any]:
    """django-hordak and Tryton on the same server, in databases of their own; ours again right after them."""
    from khlang.toolkit import postgres

    if os.environ.get("DATABASE_URL"):
        return {"failed": "the peers need a database server of our own"}
    if not (PEERS / "bin" / "python").exists():
        say("  installing the peers into .khlang/bench-venv")
        subprocess.run([UV, "venv", "-q", str(PEERS)], check=True)
        subprocess.run(
            [UV, "pip", "install", "-q", "--python", str(PEERS / "bin" / "python"), *PEER_PACKAGES], check=True
        )
    socket = postgres.postgres_home.recorded_place(ground.HOME).socket
    fresh_databases(postgres.dsn(ground.HOME, "postgres", database="postgres"))
    program = PEERS / "bin" / "python"
    where = {"BENCH_HOST": str(socket), "BENCH_PORT": "5432", "BENCH_USER": "postgres"}
    hordak = script("peer_hordak.py", 1000 // scale, python=program, **where, BENCH_DATABASE="bench_hordak")
    ours = script("posting.py", "--count", 2000 // scale, "--entities", 1)
    uri = f"postgresql://postgres@/?host={socket}"
    config = ground.HOME / "trytond.conf"
    config.write_text(f"[database]\nuri = {uri}\n", encoding="utf-8")
    admin = [str(PEERS / "bin" / "trytond-admin"), "-c", str(config), "-d", "bench_tryton"]
    made = subprocess.run(
        [*admin, "-u", "account", "--activate-dependencies", "--email", "a@b.example", "-p"],
        input="bench-password-1\nbench-password-1\n", capture_output=True, text=True, check=False,
        env={**os.environ, "TRYTONPASSFILE": str(password_file())},
    )  # fmt: skip
    if made.returncode:
        say(f"    tryton could not be set up: {made.stderr[-200:]}")
    tryton = script("peer_tryton.py", 300 // scale, python=program, BENCH_URI=uri, BENCH_DATABASE="bench_tryton")
    return {"hordak": hordak, "ours_between": ours, "tryton": tryton}


def password_file() -> Path:
    file = ground.HOME / "tryton-password"
    file.write_text("bench-password-1", encoding="utf-8")
    return file


def fresh_databases(dsn: str) -> None:
    import psycopg

    with psycopg.connect(dsn, autocommit=True) as connection:
        for name in ("bench_hordak", "bench_tryton"):
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {name}")


def importing(scale: int) -> dict[str, Any]:
    return {
        "jsonl_10k": script("importing.py", "--count", 10_000 // scale, "--form", "jsonl"),
        "jsonl_50k": script("importing.py", "--count", 50_000 // scale, "--form", "jsonl"),
        "csv_10k": script("importing.py", "--count", 10_000 // scale, "--form", "csv"),
        "csv_50k": script("importing.py", "--count", 50_000 // scale, "--form", "csv"),
    }


def reading(scale: int) -> dict[str, Any]:
    return script("reading.py", "--lines", 1_000_000 // scale)


def pages(scale: int) -> dict[str, Any]:
    return script("pages.py", "--count", max(10, 60 // scale))


def signing_in(scale: int) -> dict[str, Any]:
    return script("signing_in.py", "--count", max(8, 40 // scale))


def acting(scale: int) -> dict[str, Any]:
    return script("acting.py", "--count", 2000 // scale)


def budget(scale: int) -> dict[str, Any]:
    return script("budget.py", "--count", 2000 // scale, "--lines", 3000 // scale)


MEASURES = {
    "posting": posting,
    "peers": peers,
    "importing": importing,
    "reading": reading,
    "pages": pages,
    "acting": acting,
    "signing_in": signing_in,
    "budget": budget,
}


def machine() -> dict[str, Any]:
    from khlang.toolkit import postgres

    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    names = [
        line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line
    ]
    return {
        "cpu": names[0] if names else platform.processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(memory / 1e9),
        "system": platform.platform(),
        "python": platform.python_version(),
        "postgresql": postgres.status().version,
        "load_before": round(os.getloadavg()[0], 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", choices=PARTS, action="append")
    asked = parser.parse_args()
    scale = 10 if asked.quick else 1
    say("starting a database of its own")
    subprocess.run([sys.executable, "-m", "khlang.cli.main", "database", "start"], check=True, capture_output=True)
    result: dict[str, Any] = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "scale": scale,
        "machine": machine(),
    }
    folder = HERE / "results"
    folder.mkdir(exist_ok=True)
    file = folder / f"{result['at'][:10]}{'-quick' if asked.quick else ''}.json"
    if asked.only and file.exists():
        result = {**json.loads(file.read_text(encoding="utf-8")), **result}
    for part in asked.only or PARTS:
        say(part)
        result[part] = MEASURES[part](scale)
        result["machine"]["load_after"] = round(os.getloadavg()[0], 1)
        # After each part, so that a run cut short keeps what it has measured.
        file.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    text = table.page(result)
    if not asked.quick:
        (ground.ROOT / "docs" / "performance.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
