"""Forms are typeset and looked at as pictures; amounts are asserted in the data, never in the printed text."""

import json
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date, datetime

import pytest

from khlang.kernel.money import baht
from khlang.official_forms.printing import statement_pdf, voucher_pdf
from khlang.official_forms.rules.paper import Printing
from khlang.official_forms.rules.statement_form import statement_form
from khlang.official_forms.rules.voucher_form import VoucherLine, VoucherPaper, voucher_form
from khlang.reporting.rules.exports import fingerprint
from khlang.reporting.rules.trial_balance import trial_balance
from tests.reporting.paper_books import ACCOUNTS, a_busy_month, a_scope

POPPLER = pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="poppler is not on this machine")
PRINTING = Printing(printed_at=datetime(2026, 11, 23, 9, 42), printed_by="สุดารัตน์ ใจดี")


def a_statement(**changes):
    return trial_balance(scope=a_scope(**changes), accounts=ACCOUNTS, balances=a_busy_month().balances())


def a_voucher(**changes):
    given = {
        "entity_name": "องค์การบริหารส่วนตำบลตัวอย่าง",
        "kind": "general",
        "day": date(2024, 12, 15),
        "description": "ค่าจ้างซ่อมแซมถนน",
        "lines": (
            VoucherLine("1101030102-01", "ออมทรัพย์", "FS01", credit=baht("239560.25")),
            VoucherLine("5104030206", "ค่าใช้สอย", "FS01", debit=baht("239560.25")),
        ),
        "label": "ทป 12/2568",
        "attachments": ("สัญญาจ้าง 14-2568.pdf",),
        "sequence_no": 123,
        "posted_at": datetime(2024, 12, 15, 14, 3),
        "posted_by": "นายประเสริฐ มั่นคง",
    }
    return VoucherPaper(**given | changes)


def form_of(statement, printing=PRINTING):
    return statement_form(statement=statement, printing=printing, fingerprint=fingerprint(statement=statement))


def test_statement_form_carries_the_amounts_as_they_are_shown():
    form = form_of(a_statement())

    assert form["rows"][0]["cells"][2:] == ["1,111.50", ""]
    assert form["rows"][-1]["cells"][2:] == ["1,251.50", "1,251.50"]
    assert form["lines"] == ["ณ วันที่ 30 กันยายน 2568"]
    assert next(place["role"] for place in form["signatures"]).replace("\u2060", "") == "ผู้จัดทำ"


def test_statement_form_writes_thai_digits_when_asked():
    form = form_of(a_statement(), replace(PRINTING, thai_digits=True))

    assert form["rows"][0]["cells"][2] == "๑,๑๑๑.๕๐"
    assert form["lines"] == ["ณ วันที่ ๓๐ กันยายน ๒๕๖๘"]


def test_statement_form_turns_the_page_when_columns_are_many():
    movement = trial_balance(scope=a_scope(), accounts=ACCOUNTS, balances=a_busy_month().balances(), variant="movement")

    assert form_of(movement)["landscape"] is True
    assert form_of(a_statement())["landscape"] is False


def test_statement_form_shows_the_check_code_of_its_figures():
    statement = a_statement()

    assert form_of(statement)["fingerprint"].replace(" ", "") == fingerprint(statement=statement)[:16]


def test_voucher_form_puts_debits_first_and_says_the_sum_in_words():
    form = voucher_form(voucher=a_voucher(), printing=PRINTING)

    assert [line["account"] for line in form["lines"]] == ["5104030206", "1101030102-01"]
    assert (form["debit"], form["credit"]) == ("239,560.25", "239,560.25")
    assert form["in_words"].replace("\u2060", "") == "สองแสนสามหมื่นเก้าพันห้าร้อยหกสิบบาทยี่สิบห้าสตางค์"
    assert form["watermark"] == ""


def test_voucher_form_of_a_draft_is_marked():
    form = voucher_form(voucher=a_voucher(posted_at=None, label=""), printing=PRINTING)

    assert form["watermark"] == "ร่าง"
    assert form["standing"] == ["ยังไม่ได้ลงบัญชี"]


def test_voucher_form_names_the_voucher_that_reverses_it():
    form = voucher_form(voucher=a_voucher(reversed_by="ทป 13/2568"), printing=PRINTING)

    assert form["standing"][1].replace("\u2060", "") == "ถูกกลับรายการแล้วโดย ทป 13/2568"


@pytest.mark.parametrize("language", ["th", "en"])
def test_statement_pdf_carries_its_data(tmp_path, language):
    content = statement_pdf(statement=a_statement(language=language), printing=PRINTING.in_language(language))

    assert content.startswith(b"%PDF")
    assert b"/EmbeddedFile" in content or b"/EmbeddedFiles" in content


@POPPLER
def test_pdf_has_only_our_fonts_embedded_and_its_data_attached(tmp_path):
    path = tmp_path / "voucher.pdf"
    path.write_bytes(voucher_pdf(voucher=a_voucher(), printing=PRINTING))

    fonts = subprocess.run(["pdffonts", path], check=True, capture_output=True, text=True).stdout.splitlines()[2:]
    subprocess.run(["pdfdetach", "-saveall", "-o", tmp_path, path], check=True, capture_output=True)

    assert fonts
    assert all(re.match(r"[A-Z]{6}\+Sarabun", line) and " yes yes " in line for line in fonts)
    attached = json.loads((tmp_path / "voucher.json").read_text(encoding="utf-8"))
    assert [line["debit"] for line in attached["lines"]] == ["0.00", "239560.25"]


@POPPLER
def test_long_statement_repeats_its_head_and_keeps_signatures_with_figures(tmp_path):
    rows = a_statement().rows
    long = replace(a_statement(), rows=(*rows[:-1] * 22, rows[-1]))
    path = tmp_path / "long.pdf"
    path.write_bytes(statement_pdf(statement=long, printing=PRINTING))

    pages = subprocess.run(["pdftotext", "-layout", path, "-"], check=True, capture_output=True, text=True).stdout
    found = [page for page in pages.split("\f") if page.strip()]

    assert len(found) > 2
    assert all("เดบิต" in page for page in found)
    assert "1,251.50" in found[-1]


def test_a_name_of_markup_is_printed_as_it_is():
    voucher = a_voucher(description='#panic("x") *bold* $1$ @ref', entity_name="#import")

    assert voucher_pdf(voucher=voucher, printing=PRINTING).startswith(b"%PDF")
