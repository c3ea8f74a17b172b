import csv
import io
import shutil
import subprocess
from datetime import date

import openpyxl
import pytest

from khlang.kernel.money import Baht
from khlang.reporting.rules.exports import safe_text
from khlang.reporting.rules.general_ledger import LedgerAccount, general_ledger
from khlang.reporting.rules.trial_balance import trial_balance
from khlang.reporting.rules.values import Account
from khlang.reporting.workbooks import statement_workbook
from tests.reporting.paper_books import ACCOUNTS, a_busy_month, a_scope

OFFICE = shutil.which("soffice")


def a_statement():
    accounts = ACCOUNTS | {"2111020199": Account("2111020199", "=1+1", "liability")}
    return trial_balance(scope=a_scope(), accounts=accounts, balances=a_busy_month().balances())


def the_sheet(statement, language="th"):
    return openpyxl.load_workbook(io.BytesIO(statement_workbook(statement=statement, language=language))).active


def test_workbook_holds_real_numbers_and_no_formula():
    sheet = the_sheet(a_statement())

    head = next(row[0].row for row in sheet.iter_rows() if row[0].value == "เลขที่บัญชี")
    assert [cell.value for cell in sheet[head + 1]] == ["1101030102-01", "ออมทรัพย์ กรุงไทย", 1111.5, None]
    assert sheet.cell(head + 4, 2).value == "'=1+1"
    assert sheet.cell(head + 7, 3).value == 1251.5
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_workbook_is_ready_to_print_on_a4_with_a_repeated_frozen_head():
    sheet = the_sheet(a_statement())

    assert sheet.page_setup.paperSize == 9
    assert sheet.freeze_panes == "A6"
    assert sheet.print_title_rows == "$5:$5"
    assert sheet.cell(5, 1).font.name == "TH Sarabun New"


def test_workbook_says_whether_the_checks_hold():
    texts = [str(row[0].value) for row in the_sheet(a_statement()).iter_rows()]

    assert "✓ ยอดเดบิตรวมเท่ากับยอดเครดิตรวม: 1,251.50 = 1,251.50" in texts


def test_workbook_keeps_days_as_dates():
    entries = tuple(entry for entry in a_busy_month().entries() if entry.account == "1102010101")
    book = LedgerAccount("1102010101", Baht(0), entries, entries[0].debit)
    sheet = the_sheet(general_ledger(scope=a_scope(), accounts=ACCOUNTS, books=[book]))

    days = [row[0].value.date() for row in sheet.iter_rows() if hasattr(row[0].value, "date")]
    assert days == [date(2024, 10, 1), date(2025, 1, 5), date(2025, 9, 30)]


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not on this machine")
def test_workbook_opened_in_libreoffice_shows_the_figures_of_the_statement(tmp_path):
    statement = a_statement()
    source = tmp_path / "statement.xlsx"
    source.write_bytes(statement_workbook(statement=statement))

    # Token 3 of the filter: quote marks; 76 is UTF-8; the last says "as shown" is false, so numbers come out plain.
    target = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false"
    subprocess.run(
        [OFFICE, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", target,
         "--outdir", str(tmp_path), str(source)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip

    rows = list(csv.reader(io.StringIO((tmp_path / "statement.csv").read_text(encoding="utf-8"))))
    head = next(at for at, row in enumerate(rows) if row[0] == "เลขที่บัญชี")
    found = [[_as_number(cell) for cell in row[:4]] for row in rows[head + 1 : head + 1 + len(statement.rows)]]
    assert found == [[_expected(cell) for cell in row.cells] for row in statement.rows]


def _as_number(text):
    return f"{float(text):.2f}" if text.replace(".", "", 1).isdigit() and len(text) < 10 else text


def _expected(cell):
    if isinstance(cell, str):
        return safe_text(cell)
    return "" if cell is None else str(cell)
