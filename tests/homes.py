"""Homes of their own, for tests of commands and crashes: one in a run is made from nothing, the others are copies of it."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from khlang.toolkit import postgres, postgres_home

KHLANG = [sys.executable, "-m", "khlang.cli.main"]


def environment_of(home: Path) -> dict[str, str]:
    """For a program that works in this home, with the settings that people have."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("KHLANG_", "DATABASE_URL"))}
    return {**kept, "KHLANG_HOME": str(home), "DJANGO_SETTINGS_MODULE": "khlang.settings.local"}


def start_begun(home: Path) -> None:
    """Start the database of an empty home as if `khlang database start` had been there before."""
    pattern = postgres_home.recorded_place(_pattern()).data
    place, _account = postgres_home.prepared_place(postgres_home.prepared_home(home))
    subprocess.run(["cp", "-a", str(pattern), str(place.data)], check=True)
    with pytest.MonkeyPatch.context() as plain:
        plain.delenv("KHLANG_DATABASE_NAME", raising=False)
        postgres.start(home)


def end(home: Path) -> None:
    """Stop the database of a home and remove both, wherever the data lies."""
    postgres.stop(home)
    postgres_home.remove(home)


def _pattern() -> Path:
    """Made by whichever worker needs it first; stopped, so that it can be copied. tests/conftest.py removes it."""
    home = postgres_home.prepared_home(Path(os.environ["KHLANG_TEST_HOME"]) / "pattern")
    with (home / "pattern.lock").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "pattern.ready").exists():
            for word in ("start", "stop"):
                subprocess.run(
                    [*KHLANG, "database", word], env=environment_of(home), cwd=home, check=True, capture_output=True
                )
            (home / "pattern.ready").touch()
    return home
