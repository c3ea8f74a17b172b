"""Files that are not what they say, and cells that are not what they should be: each fault by its code, at its place."""

import io
import json
import uuid
import zipfile
from datetime import date, datetime

import openpyxl
import pytest

from khlang.budget.readers import remaining_sheet
from khlang.continuity.readers import parcels, texts
from khlang.continuity.readers.workbooks import Workbook
from khlang.kernel.refusals import Refused
from tests.builders import a_fiscal_year
from tests.continuity.files import (
    CASH,
    FUEL,
    TAX,
    Formula,
    a_csv,
    a_json_line,
    a_workbook,
    headers,
    json_lines,
    sent,
    two_rows,
)

pytestmark = pytest.mark.django_db

MIB = 2**20


def found(content: bytes, name: str = "journals.xlsx", **options) -> set[str]:
    """The codes of everything said about a file in the books of a new entity."""
    view = sent(a_fiscal_year(), content, name, **options)
    return {finding.refusal.code.removeprefix("continuity.") for finding in view.findings}


def at(content: bytes, code: str, name: str = "journals.xlsx") -> str:
    """The place of one finding."""
    view = sent(a_fiscal_year(), content, name)
    return next(finding.refusal.where for finding in view.findings if finding.refusal.code == code)


def a_zip(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return buffer.getvalue()


def test_two_cells_at_the_corners_of_a_sheet_are_refused_before_room_is_made_for_all_between(tmp_path):
    book = openpyxl.Workbook()
    book.active["A1"] = book.active["XFD1048576"] = "x"
    book.save(tmp_path / "far.xlsx")

    with pytest.raises(Refused, match=r"continuity\.too_many_rows"):
        Workbook(tmp_path / "far.xlsx").sheet("Sheet")
    with pytest.raises(Refused, match=r"budget\.import_too_large"):
        remaining_sheet(tmp_path / "far.xlsx")


def a_bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("[Content_Types].xml", "xl/workbook.xml"):
            archive.writestr(name, "<x/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _ in range(50):
                sheet.write(b"0" * MIB)
    return buffer.getvalue()


def rows_with(**changes) -> list[list]:
    """Two good rows, the first of them changed by column."""
    names = ["reference", "date", "kind", "description", "account", "fund_source", "debit", "credit", "text", "budget"]
    first, second = two_rows("A-1")
    for name, value in changes.items():
        first[names.index(name)] = value
    return [first, second]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("journals.pdf", b"%PDF-1.7", "file_kind_unknown"),
        ("journals.xlsx", b"", "file_empty"),
        ("journals.csv", b"  \r\n", "file_empty"),
        ("journals.xlsx", b"reference,date", "not_a_workbook"),
        ("journals.xlsx", a_zip(word__document_xml=b"<x/>"), "not_a_workbook"),
        ("journals.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 512, "file_locked"),
        ("journals.xlsx", a_workbook(two_rows("A-1"))[:-400], "file_damaged"),
        ("journals.xlsx", a_bomb(), "zip_bomb"),
        ("journals.csv", b"\x00\x01\x02reference", "not_text"),
        ("journals.csv", "วันที่".encode()[:-1], "file_cut"),
        ("journals.csv", b"reference\n\xff\xfd\xa0\xdb", "encoding_unknown"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_reason(name, content, code):
    actor = a_fiscal_year()

    try:
        view = sent(actor, content, name)
        codes = {finding.refusal.code for finding in view.findings}
        assert view.state == "refused"
    except Refused as refused:
        codes = {refusal.code for refusal in refused.refusals}

    assert codes == {f"continuity.{code}"}


def test_a_file_larger_than_allowed_is_refused_before_it_is_read(tmp_path):
    big = tmp_path / "big.xlsx"
    with big.open("wb") as file:
        file.truncate(600 * MIB)

    for read in (parcels.check_parcel, texts.text_file):
        with pytest.raises(Refused, match=r"continuity\.file_too_large"):
            read(big)


def test_thai_of_windows_is_read_and_said():
    assert found(a_csv(two_rows("A-1", text="รับภาษี"), encoding="cp874"), "journals.csv") == {"encoding_read"}


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"version": "khlang-journals-99"}, "version_unknown"),
        ({"version": ""}, "version_missing"),
        ({"entity": "SOMEBODYELSE"}, "other_entity"),
    ],
)
def test_a_template_of_another_version_or_office_is_told(options, code):
    assert code in found(a_workbook(two_rows("A-1"), **options))


def test_a_workbook_without_our_sheets_or_headers_is_told():
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.add_worksheet("Other").write(0, 0, "x")
    assert "sheet_missing" in found(buffer.getvalue())

    assert "header_missing" in found(b"a,b,c\n1,2,3\n", "journals.csv")
    head = headers("journals")
    without_account = [name for name in head if name != head[4]] + ["Remark of our own"]
    line = ",".join(without_account) + "\nA-1,2024-10-03,,x,FS01,100,,,\n"
    assert {"column_missing", "column_unknown"} <= found(line.encode(), "journals.csv")


def test_a_file_with_nothing_to_import_says_so():
    assert "nothing_to_import" in found(a_workbook([]))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"reference": ""}, "reference_missing"),
        ({"date": ""}, "date_missing"),
        ({"date": 45568.5}, "date_is_number"),
        ({"date": "3/10/2024"}, "date_was_gregorian"),
        ({"date": "31/2/2568"}, "kernel.date_not_understood"),
        ({"date": "3/10/24"}, "kernel.date_year_ambiguous"),
        ({"kind": "carnival"}, "kind_unknown"),
        ({"account": ""}, "account_missing"),
        ({"account": date(2025, 1, 1)}, "code_became_date"),
        ({"account": "9999999999"}, "ledger.account_unknown"),
        ({"account": "1101000000"}, "ledger.account_not_postable"),
        ({"fund_source": ""}, "fund_source_missing"),
        ({"fund_source": "FS99"}, "fund_source_unknown"),
        ({"budget": "no such type"}, "budget_type_unknown"),
        ({"debit": "a lot"}, "kernel.amount_not_a_number"),
        ({"debit": "1.234"}, "kernel.amount_too_many_decimals"),
        ({"debit": 1.234}, "kernel.amount_too_many_decimals"),
        ({"debit": 1e15}, "kernel.amount_too_large"),
        ({"debit": datetime(2025, 1, 1)}, "amount_is_date"),
        ({"debit": True}, "amount_is_logical"),
        ({"debit": Formula("=SUM(G9)")}, "formula_without_value"),
        ({"debit": Formula("=1/0", "#DIV/0!")}, "cell_is_error"),
        ({"debit": -100.0}, "ledger.amount_negative"),
        ({"debit": 0}, "ledger.line_without_amount"),
        ({"debit": 99.0}, "ledger.unbalanced"),
        ({"credit": 100.0}, "ledger.line_two_sided"),
        ({"date": "2023-10-03"}, "ledger.year_not_open"),
        ({"description": ""}, "ledger.description_missing"),
    ],
)
def test_a_wrong_cell_is_told_by_its_code(changes, code):
    assert code in found(a_workbook(rows_with(**changes)))


def test_a_wrong_cell_is_told_at_its_place():
    content = a_workbook(rows_with(debit="a lot"))

    assert at(content, "kernel.amount_not_a_number").endswith("!G2")


def test_a_year_other_than_that_of_the_template_is_told():
    assert "date_outside_year" in found(a_workbook(two_rows("A-1", day="2025-10-03"), year="2568"))


def test_rows_that_contradict_the_first_row_of_their_journal_are_told():
    first, second = two_rows("A-1")
    second[1], second[2] = "2024-10-04", "adjusting"

    assert {"date_differs", "kind_differs"} <= found(a_workbook([first, second]))


def test_references_rows_and_journals_that_come_twice_are_told():
    again = [*two_rows("A-1"), *two_rows("A-2", 5.0), *two_rows("A-1")]
    same_content = [*two_rows("A-1"), *two_rows("A-2")]
    twice = two_rows("A-1")
    twice = [twice[0], [*twice[0]], twice[1], [*twice[1]]]

    assert "reference_again" in found(a_workbook(again))
    assert "journal_repeated" in found(a_workbook(same_content))
    assert "row_repeated" in found(a_workbook(twice))


def test_a_code_that_lost_its_zero_in_excel_is_told():
    assert "code_lost_zero" in found(a_workbook(rows_with(account=10)))


def test_side_sheets_are_told_their_faults():
    estimates = [[TAX, "", 100], [TAX, "", 200], [FUEL, "", -5]]
    sub_accounts = [[CASH, "1", "เงินสดในมือ"], [CASH, "01", ""], [CASH, "02", "ก"], [CASH, "02", "ข"]]
    year = {"year": "2568"}

    def rows_of(sheet, rows):
        width = len(headers(sheet))
        return [(row + [""] * width)[:width] for row in rows]

    seen = found(a_workbook(two_rows("A-1"), estimates=rows_of("estimates", estimates), **year))
    seen |= found(a_workbook(two_rows("A-1"), sub_accounts=rows_of("sub_accounts", sub_accounts), **year))

    assert {"estimate_again", "estimate_negative"} <= seen
    assert {"sub_account_malformed", "name_missing", "sub_account_again"} <= seen


def test_opening_balances_without_a_year_are_told():
    width = len(headers("opening"))

    assert "year_unknown" in found(a_workbook([], opening=[[CASH, "FS01", 100] + [""] * (width - 3)]))


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("not json", "line_not_json"),
        ("[1]", "line_not_json"),
        (json.dumps(a_json_line(key="not-a-uuid")), "key_not_uuid"),
        (json.dumps(a_json_line(day="3/10/2567")), "date_not_iso"),
        (json.dumps(a_json_line(lines="many")), "lines_not_list"),
        (json.dumps(a_json_line(colour="red")), "field_unknown"),
        (json.dumps(a_json_line(period="first")), "field_not_whole"),
        (json.dumps({"date": "2024-10-03"}), "field_missing"),
        (json.dumps(a_json_line(amount="1.234")), "kernel.amount_too_many_decimals"),
        (json.dumps(a_json_line(amount=1.234)), "kernel.amount_too_many_decimals"),
    ],
)
def test_a_wrong_line_of_json_is_told(line, code):
    assert code in found(line.encode(), "journals.jsonl")


def test_one_key_twice_in_a_file_is_a_repeat_or_a_conflict():
    key = str(uuid.uuid4())

    assert "key_again" in found(json_lines([a_json_line(key=key), a_json_line(key=key)]), "journals.jsonl")
    different = json_lines([a_json_line(key=key), a_json_line(key=key, amount="5.00")])
    assert "key_with_other_content" in found(different, "journals.jsonl")


def test_a_line_without_end_does_not_fill_the_memory():
    assert "line_too_long" in found(b"x" * (3 * MIB), "journals.jsonl")
