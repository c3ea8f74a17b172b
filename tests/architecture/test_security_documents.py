"""What docs/security says is so: the tests it names exist, and each guard stands where its list says."""

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "docs" / "security"
sys.path.insert(0, str(ROOT / "scripts"))

import guards  # noqa: E402  (a script beside the package)


@pytest.fixture(scope="module")
def known():
    """Every test, by its name and by its file and name."""
    found = set()
    for file in (ROOT / "tests").rglob("test_*.py"):
        place = str(file.relative_to(ROOT))
        names = re.findall(r"^\s*def (test_\w+)\(", file.read_text(encoding="utf-8"), re.MULTILINE)
        found |= {place, file.name, *names, *(f"{place}::{name}" for name in names)}
    return found


def test_every_test_that_a_page_names_exists(known):
    told = {
        name
        for page in PAGES.glob("*.md")
        for name in re.findall(r"`((?:tests/[\w/]+/)?test_\w+(?:\.py)?)`", page.read_text(encoding="utf-8"))
    }

    assert len(told) > 60
    assert told - known == set()


def test_every_guard_stands_once_where_its_list_says(known):
    lost = [
        each.guard for each in guards.guards() if (ROOT / each.file).read_text(encoding="utf-8").count(each.take) != 1
    ]
    unknown = {test.split("[")[0] for each in guards.guards() for test in each.tests} - known

    assert lost == []
    assert unknown == set()


def test_the_page_of_guards_is_the_list():
    assert guards.PAGE.read_text(encoding="utf-8") == guards.page(), "run scripts/guards.py write"
