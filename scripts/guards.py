"""Take out each guard of docs/security/guards.toml once, and see the tests fail that are named beside it.

python scripts/guards.py [words]     in a copy of the program; only guards whose theme or name holds a word
python scripts/guards.py write       docs/security/guards.md anew, without trying anything

Takes about a quarter of a minute for each guard, and is no part of CI. Ends with 1 when a guard is missed by nobody.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "docs" / "security" / "guards.toml"
PAGE = LIST.with_suffix(".md")
_FAILED = re.compile(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", re.MULTILINE)
HEAD = """# Guards, and the tests that miss them

Whoever changes a guard reads here which tests fail without it. Made by `scripts/guards.py write` from
[guards.toml](guards.toml); `scripts/guards.py` takes each out in a copy of the program and sees its tests fail.
"""


@dataclass(frozen=True, slots=True)
class Guard:
    """One guard: where it stands, what is put in its place, and the tests that must fail then."""

    theme: str
    guard: str
    file: str
    take: str
    tests: tuple[str, ...]
    give: str = ""


def guards() -> list[Guard]:
    """All of them, in the order of the list."""
    found = tomllib.loads(LIST.read_text(encoding="utf-8"))["guard"]
    return [Guard(**{**each, "tests": tuple(each["tests"])}) for each in found]


def page() -> str:
    """The list as a page for readers."""
    lines = [HEAD]
    for theme, each in groupby(guards(), key=lambda one: one.theme):
        lines += [f"## {theme}\n", "| Guard | Stands in | Without it these fail |", "|---|---|---|"]
        for one in each:
            tests = "<br>".join(f"`{test.rpartition('/')[2]}`" for test in one.tests)
            lines.append(f"| {one.guard} | `{one.file.removeprefix('src/khlang/')}` | {tests} |")
        lines.append("")
    return "\n".join(lines)


def _copy(place: Path) -> Path:
    for name in ("src", "tests", "docs", "scripts", "ops"):
        shutil.copytree(ROOT / name, place / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "uv.lock", "Makefile"):
        shutil.copy(ROOT / name, place / name)
    return place


def _unnoticed(place: Path, guard: Guard) -> list[str]:
    """The tests that pass although the guard is gone."""
    file = place / guard.file
    whole = file.read_text(encoding="utf-8")
    if whole.count(guard.take) != 1:
        raise SystemExit(f"guards: {guard.guard}: does not stand exactly once in {guard.file}")
    file.write_text(whole.replace(guard.take, guard.give), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-n0", "-q", "-rfE", "--tb=no", "--show-capture=no", *guard.tests]
    environment = {**os.environ, "PYTHONPATH": str(place / "src")}
    try:
        told = subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True, check=False)
    finally:
        file.write_text(whole, encoding="utf-8")
    failed = _FAILED.findall(told.stdout)
    return [test for test in guard.tests if not any(each == test or each.startswith(f"{test}[") for each in failed)]


def main(words: list[str]) -> int:
    """Try the guards that are asked for."""
    if words == ["write"]:
        PAGE.write_text(page(), encoding="utf-8")
        return 0
    chosen = [
        each for each in guards() if not words or any(word in f"{each.theme} {each.guard}".lower() for word in words)
    ]
    missed = 0
    with tempfile.TemporaryDirectory(prefix="khlang-guards-") as folder:
        place = _copy(Path(folder))
        for each in chosen:
            unnoticed = _unnoticed(place, each)
            missed += bool(unnoticed)
            word = f"NOT MISSED BY {', '.join(unnoticed)}" if unnoticed else f"missed by {len(each.tests)}"
            print(f"guards: {each.theme}: {each.guard}: {word}", flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
