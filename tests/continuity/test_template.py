"""The template: what it holds, that it can be filled in and imported, and that an office suite opens it."""

import io
import shutil
import subprocess

import pytest
from openpyxl import load_workbook

from khlang.continuity import queries
from khlang.toolkit.tenancy import entity_transaction
from tests.builders import YEAR, a_fiscal_year
from tests.continuity.files import CASH, TAX, posted, sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor():
    return a_fiscal_year()


def the_template(actor) -> bytes:
    buffer = io.BytesIO()
    with entity_transaction(actor.entity_id):
        facts = queries.template_facts(actor=actor, fiscal_year=YEAR)
    queries.template_to(buffer, facts=facts)
    return buffer.getvalue()


def filled_in(content: bytes) -> bytes:
    """What an officer does: two rows under the samples, accounts chosen from the list."""
    book = load_workbook(io.BytesIO(content))
    sheet = book["รายการ"]
    sheet["A4"], sheet["B4"], sheet["D4"] = "รบ-1", "3/10/2567", "รับภาษี"
    sheet["E4"], sheet["F4"], sheet["G4"] = f"{CASH} เงินสด", "FS01 เงินรายได้ อปท. (เงินงบประมาณ)", 1500.25
    sheet["E5"], sheet["F5"], sheet["H5"] = TAX, "FS01", 1500.25
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_template_offers_lists_and_checks_and_locks_its_headers(actor):
    sheet = load_workbook(io.BytesIO(the_template(actor)))["รายการ"]

    rules = {
        str(rule.sqref).split(":")[0]: (rule.type, rule.formula1) for rule in sheet.data_validations.dataValidation
    }
    assert rules["E2"] == ("list", "khlang_accounts")
    assert rules["F2"] == ("list", "khlang_fund_sources")
    assert rules["C2"] == ("list", "khlang_kinds")
    assert rules["G2"][0] == "decimal"
    assert rules["B2"][0] == "date"
    assert sheet.protection.sheet
    assert sheet["A1"].protection.locked
    assert not sheet["A2"].protection.locked
    assert "เลขที่เอกสาร" in sheet["A1"].comment.text


def test_template_as_it_comes_has_only_samples_and_says_so(actor):
    view = sent(actor, the_template(actor))

    assert [f.refusal.code for f in view.findings] == ["continuity.nothing_to_import"]


def test_template_filled_in_is_imported(actor):
    view = posted(actor, filled_in(the_template(actor)))

    assert (view.posted, view.errors, view.fiscal_year) == (1, 0, YEAR)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not on this machine")
def test_template_opens_in_an_office_suite_and_keeps_its_figures(actor, tmp_path):
    (tmp_path / "t.xlsx").write_bytes(filled_in(the_template(actor)))
    command = [
        "soffice",
        "--headless",
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--convert-to",
        "ods",
        "--outdir",
        tmp_path,
    ]

    subprocess.run([*command, tmp_path / "t.xlsx"], check=True, capture_output=True, timeout=120)
    back = [*command[:4], "xlsx:Calc MS Excel 2007 XML", "--outdir", tmp_path / "back"]
    subprocess.run([*back, tmp_path / "t.ods"], check=True, capture_output=True, timeout=120)

    view = posted(actor, (tmp_path / "back" / "t.xlsx").read_bytes())
    assert (view.posted, view.errors) == (1, 0)
