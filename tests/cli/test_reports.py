"""`khlang reports`: in one process, on real commits."""

import csv
import io
import json
from datetime import date

import pytest
from click.testing import CliRunner
from django.utils import translation

from khlang.cli import main
from khlang.reporting.rules.requests import REPORTS
from tests.builders import CASH, TAX, YEAR, a_fiscal_year, a_posted_journal

SIGNATURES = {"json": b"{", "csv": b"\xef\xbb\xbf", "xlsx": b"PK", "pdf": b"%PDF"}

pytestmark = pytest.mark.usefixtures("committed_db")


@pytest.fixture
def office():
    """An entity with one journal in October and one in January."""
    actor = a_fiscal_year()
    a_posted_journal(actor=actor, amount="100.00", day=date(2024, 10, 3))
    a_posted_journal(actor=actor, amount="1.50", day=date(2025, 1, 3))
    return actor.entity_code


@pytest.fixture
def khlang(monkeypatch):
    monkeypatch.setenv("KHLANG_LANGUAGE", "en")

    def run(*words):
        done = CliRunner().invoke(main.root(), ["reports", *words])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.output
        return done.exit_code, done.stdout_bytes

    with translation.override("en"):
        yield run


def given(entity_code, *more):
    return ("--entity", entity_code, "--year", str(YEAR), *more)


def test_trial_balance_answers_in_the_agreed_json(khlang, office):
    code, out = khlang("trial-balance", *given(office, "--to", "2024-12-31", "--format", "json"))

    answer = json.loads(out)
    assert code == 0
    assert [(row["account"], row["debit"], row["credit"]) for row in answer.pop("rows")] == [
        (CASH, "100.00", "0.00"),
        (TAX, "0.00", "100.00"),
    ]
    assert answer == {
        "entity": office,
        "fiscal_year": YEAR,
        "to": "2024-12-31",
        "total_debit": "100.00",
        "total_credit": "100.00",
    }


@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize("style", SIGNATURES)
def test_every_report_is_written_in_every_style(khlang, office, tmp_path, report, style):
    target = tmp_path / f"report.{style}"

    code, _ = khlang(report, *given(office, "--format", style, "--output", str(target)))

    assert code == 0
    assert target.read_bytes().startswith(SIGNATURES[style])
    assert list(tmp_path.iterdir()) == [target]


def test_csv_without_a_file_goes_to_standard_output(khlang, office):
    _, out = khlang("trial-balance", *given(office, "--format", "csv"))

    assert list(csv.reader(io.StringIO(out.decode())))[-1] == ["", "Total", "101.50", "101.50"]


def test_known_at_leaves_out_what_was_posted_later(khlang, office):
    _, out = khlang("trial-balance", *given(office, "--known-at", "2024-12-31"))

    assert json.loads(out)["rows"] == []


def test_a_year_that_is_not_open_is_refused_with_exit_code_1(khlang, office):
    code, out = khlang("trial-balance", "--entity", office, "--year", "2560", "--json")

    assert code == 1
    assert json.loads(out)["refused"][0]["code"] == "reporting.year_not_open"


def test_a_pdf_without_a_file_is_misuse(khlang, office):
    assert khlang("trial-balance", *given(office, "--format", "pdf"))[0] == 2
