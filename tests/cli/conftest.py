"""Commands are run as people run them: a process of their own, a home of their own."""

import json
import subprocess
import tempfile
from pathlib import Path

import pytest

from tests import homes
from tests.homes import KHLANG


class Home:
    """A throw-away KHLANG_HOME and the commands given in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {**homes.environment_of(folder), "KHLANG_LANGUAGE": "en"}

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


@pytest.fixture
def home():
    """An empty one."""
    made = _make_home()
    yield made
    homes.end(made.folder)


@pytest.fixture
def other_home():
    made = _make_home()
    yield made
    homes.end(made.folder)


@pytest.fixture(scope="module")
def started_home():
    """A home with its database started, shared by the tests of one file."""
    made = _make_home()
    homes.start_begun(made.folder)
    yield made
    homes.end(made.folder)
