"""A file of journals through `khlang journals import`, in a process of its own: parse, check, post; its peak memory.

importing.py --count 50000 --form jsonl
"""

import argparse
import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
import uuid
from pathlib import Path

import ground

HEADINGS = ["reference", "date", "kind", "description", "account", "fund_source", "debit", "credit"]


def write_jsonl(path: Path, count: int, accounts: list[str]) -> None:
    with path.open("w", encoding="utf-8") as out:
        for number in range(count):
            lines = [
                {
                    "account": accounts[(number * 7 + k) % len(accounts)],
                    "fund_source": "FS01",
                    **({"debit": debit} if debit != "0" else {"credit": credit}),
                }
                for k, (debit, credit) in enumerate(ground.amounts(number))
            ]
            head = {"idempotency_key": str(uuid.uuid4()), "date": ground.DAY.isoformat(), "kind": "general"}
            out.write(json.dumps({**head, "description": f"Journal {number}", "lines": lines}) + "\n")


def write_csv(path: Path, count: int, accounts: list[str]) -> None:
    run = uuid.uuid4().hex[:8]
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(HEADINGS)
        for number in range(count):
            for k, (debit, credit) in enumerate(ground.amounts(number)):
                account = accounts[(number * 7 + k) % len(accounts)]
                sides = ["" if side == "0" else side for side in (debit, credit)]
                rows.writerow([f"{run}-{number}", "3/11/2569", "general", f"Journal {number}", account, "FS01", *sides])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=50_000)
    parser.add_argument("--form", choices=("jsonl", "csv"), default="jsonl")
    asked = parser.parse_args()
    ground.prepare(2)
    accounts = ground.postable_accounts()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"journals.{asked.form}"
        {"jsonl": write_jsonl, "csv": write_csv}[asked.form](path, asked.count, accounts)
        command = [sys.executable, "-m", "khlang.cli.main", "journals", "import", str(path)]
        with ground.lap() as whole:
            done = subprocess.run(
                [*command, "--entity", ground.entity_code(1), "--json"],
                capture_output=True,
                text=True,
                check=False,
                env={**os.environ, "KHLANG_LANGUAGE": "en"},
            )
        size = path.stat().st_size
    if done.returncode:
        sys.exit(done.stdout[-2000:] + done.stderr[-2000:])
    answer = json.loads(done.stdout)
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    ground.say(
        {
            "n": asked.count,
            "form": asked.form,
            "file_mb": round(size / 1e6, 1),
            "posted": answer["posted"],
            "seconds": whole["s"],
            "per_s": round(asked.count / whole["s"]),
            "memory_peak_mb": round(memory, 1),
        }
    )


if __name__ == "__main__":
    main()
