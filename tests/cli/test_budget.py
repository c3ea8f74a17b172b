"""`khlang budget`: a division, the workbook of the old system, the board as a workbook, how the year stands."""

import json

import pytest
from click.testing import CliRunner
from django.utils import timezone, translation

from khlang.cli import main
from khlang.kernel.fiscal_calendar import fiscal_year_of
from tests.budget.old_workbooks import OldLine, write
from tests.builders import an_entity

pytestmark = pytest.mark.usefixtures("committed_db")


@pytest.fixture
def khlang(monkeypatch):
    """Run one command; answers its exit code and what it printed as JSON."""
    monkeypatch.setenv("KHLANG_LANGUAGE", "en")

    def run(*words):
        done = CliRunner().invoke(main.root(), [*map(str, words), "--json"])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.output
        return done.exit_code, json.loads(done.stdout)

    with translation.override("en"):
        yield run


def test_a_budget_is_taken_over_written_out_and_told(khlang, tmp_path):
    entity, year = an_entity(), fiscal_year_of(timezone.localdate())
    code = f"99{year % 100}011133010001"
    lines = [
        OldLine(code, 100_000, obligated=10_000, disbursed=5_000),
        OldLine(code[:-2] + "02", 50, item="Paper fair"),
    ]
    path, told = write(tmp_path / "b.xlsx", lines, year=str(year)), ("--entity", entity.code, "--year", year)

    assert khlang("budget", "division", "--entity", entity.code, "--code", "01", "--name", "Treasury")[0] == 0
    dry = khlang("budget", "import", path, *told, "--dry-run")
    no_division = khlang("budget", "import", path, *told)
    first = khlang("budget", "import", path, *told, "--division", "01")
    again = khlang("budget", "import", path, *told, "--division", "01")
    written = khlang("budget", "export", *told, "--output", tmp_path / "out.xlsx")
    state, stands = khlang("budget", "status", *told)

    assert (dry[0], dry[1]["opened"], dry[1]["rows"]) == (0, False, 2)
    assert (no_division[0], no_division[1]["refused"][0]["code"]) == (1, "budget.import_division_missing")
    assert (first[1]["opened"], first[1]["replayed"], again[1]["replayed"]) == (True, False, True)
    assert (written[0], written[1]["lines"], (tmp_path / "out.xlsx").exists()) == (0, 2, True)
    assert (state, stands["left"], stands["faults"]) == (0, "850.50", 0)
    assert [(row["plan"], row["given"], row["held"], row["spent"], row["left"]) for row in stands["plans"]] == [
        ("00110", "1000.50", "100.00", "50.00", "850.50")
    ]


def test_a_workbook_with_a_fault_is_told_and_nothing_is_opened(khlang, tmp_path):
    entity, year = an_entity(), fiscal_year_of(timezone.localdate())
    line = OldLine(f"99{year % 100}011133010001", 100, changed={14: 7})
    path = write(tmp_path / "b.xlsx", [line], year=str(year))

    state, told = khlang("budget", "import", path, "--entity", entity.code, "--year", year, "--division", "01")

    assert (state, told["opened"]) == (1, False)
    assert [(each["code"], each["where"]) for each in told["refused"]] == [("budget.import_does_not_add_up", "O9")]
