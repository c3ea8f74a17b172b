"""Commands are run as people run them: a process of their own, a home of their own."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from khlang.toolkit import postgres_home

KHLANG = [sys.executable, "-m", "khlang.cli.main"]


class Home:
    """A throw-away KHLANG_HOME and the commands given in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "KHLANG_TEST_HOME")}
        self.environment = {
            **kept,
            "DJANGO_SETTINGS_MODULE": "khlang.settings.local",
            "KHLANG_HOME": str(folder),
            "KHLANG_DATABASE_NAME": "",
            "KHLANG_LANGUAGE": "en",
        }

    def khlang(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run one command to its end."""
        return subprocess.run(
            [*KHLANG, *arguments],
            env={**self.environment, **environment},
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )

    def answer(self, *arguments: str):
        """Run one command with --json; it must do what was asked."""
        done = self.khlang(*arguments, "--json")
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)


def _make_home():
    folder = Path(tempfile.mkdtemp(prefix="khlang-home-"))
    folder.chmod(0o711)
    return Home(folder)


def _remove(home: Home) -> None:
    home.khlang("database", "stop")
    postgres_home.remove(home.folder)


@pytest.fixture
def home():
    made = _make_home()
    yield made
    _remove(made)


@pytest.fixture
def other_home():
    made = _make_home()
    yield made
    _remove(made)


@pytest.fixture(scope="module")
def started_home():
    """A home with its database started, shared by the tests of one file."""
    made = _make_home()
    made.answer("database", "start")
    yield made
    _remove(made)
