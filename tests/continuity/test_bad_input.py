"""Everything an office may send by mistake, and the exact words at the exact place."""

import io
import struct
import zipfile
from datetime import date, datetime

import pytest

from khlang.continuity import commands
from khlang.continuity.rules.values import day_of
from khlang.kernel.refusals import Refused, message, next_step
from khlang.ledger import commands as ledger_commands
from khlang.ledger import queries as ledger
from khlang.ledger.rules import JournalFilter, PeriodState
from khlang.toolkit.tenancy import entity_transaction
from tests.builders import YEAR, a_fiscal_year
from tests.continuity.files import (
    AT,
    CASH,
    TAX,
    Formula,
    a_csv,
    a_json_line,
    a_workbook,
    headers,
    json_lines,
    posted,
    reasons,
    sent,
    two_rows,
)

pytestmark = pytest.mark.django_db

BIG = "1000000000000000"


@pytest.fixture
def actor():
    return a_fiscal_year()


def nothing_posted(actor):
    with entity_transaction(actor.entity_id):
        return ledger.journals(JournalFilter(fiscal_year=YEAR)).count == 0


def rows_with(**cells):
    """A right journal in rows 2 and 3 with some cells replaced: G2=…, H3=…"""
    rows = two_rows("A-1")
    for address, value in cells.items():
        rows[int(address[1:]) - 2]["ABCDEFGHIJ".index(address[0])] = value
    return rows


@pytest.mark.parametrize(
    ("cells", "where", "code"),
    [
        ({"H3": 99.0}, "G2", "ledger.unbalanced"),
        ({"G2": -100.0, "H3": -100.0}, "G2", "ledger.amount_negative"),
        ({"G2": 0.0, "H3": 0.0}, "G2", "ledger.line_without_amount"),
        ({"G2": 100.001}, "G2", "kernel.amount_too_many_decimals"),
        ({"G2": "100.001"}, "G2", "kernel.amount_too_many_decimals"),
        ({"G2": BIG}, "G2", "kernel.amount_too_large"),
        ({"G2": 1e15}, "G2", "kernel.amount_too_large"),
        ({"G2": "สองร้อย"}, "G2", "kernel.amount_not_a_number"),
        ({"G2": datetime(2024, 10, 3)}, "G2", "continuity.amount_is_date"),
        ({"G2": Formula("=B1*2")}, "G2", "continuity.formula_without_value"),
        ({"G2": Formula("=1/0", "#DIV/0!")}, "G2", "continuity.cell_is_error"),
        ({"G2": 100.0, "H2": 100.0}, "G2", "ledger.line_two_sided"),
        ({"E2": "9999999999"}, "E2", "ledger.account_unknown"),
        ({"E2": "1101000000"}, "E2", "ledger.account_not_postable"),
        ({"E2": "021"}, "E2", "ledger.account_not_in_chart"),
        ({"E2": 21.0}, "E2", "continuity.code_lost_zero"),
        ({"E2": ""}, "E2", "continuity.account_missing"),
        ({"E2": datetime(2024, 1, 2)}, "E2", "continuity.code_became_date"),
        ({"F2": "FS99"}, "F2", "continuity.fund_source_unknown"),
        ({"F2": ""}, "F2", "continuity.fund_source_missing"),
        ({"C2": "ใบเสร็จ"}, "C2", "continuity.kind_unknown"),
        ({"J2": "999"}, "J2", "continuity.budget_type_unknown"),
        ({"B2": ""}, "B2", "continuity.date_missing"),
        ({"B2": "32/13/2567"}, "B2", "kernel.date_not_understood"),
        ({"B2": 45000.0}, "B2", "continuity.date_is_number"),
        ({"B2": "3/10/2570"}, "B2", "ledger.year_not_open"),
        ({"B3": "4/10/2567"}, "B3", "continuity.date_differs"),
        ({"C3": "CL"}, "C3", "continuity.kind_unknown"),
        ({"D2": ""}, "D2", "ledger.description_missing"),
    ],
)
def test_import_names_the_cell_and_the_reason_when_a_cell_is_wrong(actor, cells, where, code):
    view = sent(actor, a_workbook(rows_with(**cells)))

    assert (f"รายการ!{where}", code) in reasons(view)
    assert nothing_posted(actor)
    for finding in view.findings:
        assert "{" not in message(finding.refusal) + next_step(finding.refusal)


def test_import_names_only_the_cause_when_an_amount_cannot_be_read(actor):
    view = sent(actor, a_workbook(rows_with(G2="สองร้อย")))

    assert reasons(view) == [("รายการ!G2", "kernel.amount_not_a_number")]


def test_import_finds_every_error_of_a_journal_at_once(actor):
    view = sent(actor, a_workbook(rows_with(B2="", E2="x", F3="FS99", H3=1.0)))

    assert set(reasons(view)) == {
        ("รายการ!B2", "continuity.date_missing"),
        ("รายการ!E2", "ledger.account_unknown"),
        ("รายการ!F3", "continuity.fund_source_unknown"),
        ("รายการ!G2", "ledger.unbalanced"),
    }


def test_import_counts_every_error_and_shows_the_first_thousand(actor):
    view = sent(actor, json_lines({"idempotency_key": str(n)} for n in range(600)), "a.jsonl")

    assert view.errors == 2400
    assert len(view.findings) == 1000
    assert view.hidden_findings == 1400


def test_import_takes_the_two_decimals_that_excel_shows_when_a_formula_left_a_long_float(actor):
    long = 107.00000000000001
    view = posted(actor, a_workbook(rows_with(G2=Formula("=100*1.07", long), H3=107.0)))

    assert view.posted == 1


def test_import_refuses_a_journal_of_one_line(actor):
    view = sent(actor, a_workbook(two_rows("A-1")[:1]))

    assert {code for _, code in reasons(view)} == {"ledger.too_few_lines", "ledger.unbalanced"}


def test_import_refuses_a_reference_that_comes_back_later_in_the_file(actor):
    view = sent(actor, a_workbook([*two_rows("A-1"), *two_rows("A-2"), *two_rows("A-1", 7.0)]))

    assert reasons(view) == [("รายการ!A6", "continuity.reference_again")]
    assert view.findings[0].refusal.facts["row"] == 2


def test_import_warns_of_rows_and_journals_that_look_copied(actor):
    four = [*two_rows("A-1", 50.0), two_rows("A-1", 50.0)[0], two_rows("A-1", 50.0)[1]]
    for row in four[2:]:
        row[0:4] = ["", "", "", ""]
    view = sent(actor, a_workbook([*four, *two_rows("A-2"), *two_rows("A-3")]))

    assert view.errors == 0
    assert reasons(view, "warning") == [
        ("รายการ!E4", "continuity.row_repeated"),
        ("รายการ!E5", "continuity.row_repeated"),
        ("รายการ!A8", "continuity.journal_repeated"),
    ]


def test_import_refuses_a_closed_account_and_a_closed_period(actor):
    ledger_commands.add_sub_account(actor=actor, account=CASH, sub_account="01", name_th="เดิม")
    ledger_commands.close_sub_account(actor=actor, account=CASH, sub_account="01", name_th="เดิม")
    ledger_commands.change_period(actor=actor, fiscal_year=YEAR, period=1, state=PeriodState.SOFT_CLOSED)

    view = sent(actor, a_workbook(rows_with(E2=f"{CASH}-01")))

    assert reasons(view) == [
        ("รายการ!E2", "ledger.account_closed"),
        ("รายการ!B2", "ledger.period_soft_closed"),
    ]


def test_import_refuses_a_day_outside_the_year_of_the_template(actor):
    view = sent(actor, a_workbook(rows_with(B2="3/10/2566"), year=str(YEAR), entity=actor.entity_code))

    assert ("รายการ!B2", "continuity.date_outside_year") in reasons(view)


def test_import_reads_a_gregorian_year_typed_as_text_and_says_so(actor):
    view = sent(actor, a_workbook(rows_with(B2="3/10/2024")))

    assert (view.errors, reasons(view, "note")) == (0, [("รายการ!B2", "continuity.date_was_gregorian")])


def test_import_passes_over_sample_rows(actor):
    view = sent(actor, a_workbook([*two_rows("ตัวอย่าง-1"), *two_rows("A-1")]))

    assert (view.total, view.errors) == (1, 0)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"version": "khlang-journals-0"}, "continuity.version_unknown"),
        ({"entity": "SOMEBODY-ELSE"}, "continuity.other_entity"),
    ],
)
def test_import_refuses_a_template_of_another_version_or_entity(actor, given, code):
    view = sent(actor, a_workbook(two_rows("A-1"), **given))

    assert reasons(view) == [("khlang!B1", code)]


def test_import_names_missing_and_unknown_columns(actor):
    words = headers("journals")
    words[words.index("แหล่งเงิน")] = "ประเภทเงิน"
    lines = [words, *two_rows("A-1")]
    content = "\n".join(",".join("" if cell is None else str(cell) for cell in line) for line in lines)

    view = sent(actor, content.encode(), "a.csv")

    assert ("1", "continuity.column_missing") in reasons(view)
    assert ("F1", "continuity.column_unknown") in reasons(view)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.xlsx", b"%PDF-1.7 something else", "continuity.not_a_workbook"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "continuity.file_locked"),
        ("a.xlsx", a_workbook(two_rows("A-1"))[:3000], "continuity.file_damaged"),
        ("a.csv", bytes(range(200)), "continuity.not_text"),
        ("a.csv", "เลขที่อ้างอิง,วันที่".encode()[:-1], "continuity.file_cut"),
        ("a.csv", b"\n \n", "continuity.file_empty"),
        ("a.docx", b"PK", "continuity.file_kind_unknown"),
        ("a.csv", b"a,b\n1,2\n", "continuity.header_missing"),
        ("a.jsonl", json_lines([a_json_line()])[:-30], "continuity.line_not_json"),
        ("a.jsonl", b'{"a":' * 100000, "continuity.line_not_json"),
        ("a.csv", a_csv([]), "continuity.nothing_to_import"),
    ],
)
def test_import_says_in_words_when_the_file_itself_is_wrong(actor, name, content, code):
    view = sent(actor, content, name)

    assert [found for _, found in reasons(view)] == [code]
    assert view.state in ("refused", "checked")
    assert nothing_posted(actor)


def test_upload_refuses_an_empty_file(actor):
    with pytest.raises(Refused) as refused:
        sent(actor, b"", "a.xlsx")

    assert refused.value.refusals[0].code == "continuity.file_empty"


def a_bomb(size: int, *, claimed: int | None = None) -> bytes:
    """A workbook whose sheet unzips to `size` bytes; its header may claim less."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _ in range(size >> 20):
                sheet.write(bytes(1 << 20))
    content = bytearray(buffer.getvalue())
    if claimed is not None:
        at = content.rfind(b"PK\x01\x02")
        struct.pack_into("<I", content, at + 24, claimed)
    return bytes(content)


@pytest.mark.parametrize("claimed", [None, 1000])
def test_import_refuses_a_zip_bomb_of_fifty_megabytes_before_reading_it(actor, claimed):
    content = a_bomb(50 << 20, claimed=claimed)
    assert len(content) < 200_000

    view = sent(actor, content)

    assert [code for _, code in reasons(view)] == ["continuity.zip_bomb"]


def test_import_refuses_a_sheet_with_too_many_columns(actor):
    wide = [[None] * 70 + ["x"]]

    view = sent(actor, a_workbook(wide))

    assert [code for _, code in reasons(view)] == ["continuity.too_many_columns"]


@pytest.mark.parametrize("encoding", ["cp874", "utf-16", "utf-8-sig"])
def test_import_reads_thai_letters_whatever_the_csv_is_written_in(actor, encoding):
    view = posted(actor, a_csv(two_rows("ก-1", text="รับภาษีป้าย"), encoding=encoding), "a.csv")

    assert view.posted == 1
    notes = [f.refusal.facts.get("encoding") for f in view.findings if f.refusal.code == "continuity.encoding_read"]
    assert notes == ([] if encoding == "utf-8-sig" else [encoding])
    with entity_transaction(actor.entity_id):
        assert ledger.journals(JournalFilter(fiscal_year=YEAR)).rows[0].description == "รับภาษีป้าย (อ้างอิง ก-1)"


def test_import_reads_semicolons_quotes_and_thai_digits(actor):
    lines = [headers("journals"), *two_rows("A-1")]
    lines[1][6], lines[2][7] = '"๑,๒๓๔.๕๐"', "1234.5"
    content = "\n".join(";".join("" if cell is None else str(cell) for cell in line) for line in lines)

    assert posted(actor, content.encode(), "a.csv").posted == 1


@pytest.mark.parametrize(
    ("change", "where", "code"),
    [
        ({"idempotency_key": "not-a-uuid"}, "1:idempotency_key", "continuity.key_not_uuid"),
        ({"idempotency_key": None}, "1:idempotency_key", "continuity.field_missing"),
        ({"date": "3/10/2567"}, "1:date", "continuity.date_not_iso"),
        ({"kind": "imaginary"}, "1:kind", "ledger.kind_unknown"),
        ({"colour": "red"}, "1", "continuity.field_unknown"),
        ({"lines": "none"}, "1:lines", "continuity.lines_not_list"),
        ({"period": "first"}, "1:period", "continuity.field_not_whole"),
        (
            {
                "lines": [
                    {"account": CASH, "fund_source": "FS01", "debit": "1.005"},
                    {"account": TAX, "fund_source": "FS01", "credit": 1},
                ]
            },
            "1:lines.0.debit",
            "kernel.amount_too_many_decimals",
        ),
        ({"description": "a\u0007b"}, "1:description", "ledger.text_not_printable"),
    ],
)
def test_json_line_is_refused_at_its_field(actor, change, where, code):
    view = sent(actor, json_lines([a_json_line() | change]), "a.jsonl")

    assert (where, code) in reasons(view)


def test_json_key_used_twice_is_one_journal_when_the_content_is_the_same_and_refused_when_not(actor):
    first = a_json_line()

    same = sent(actor, json_lines([first, first]), "a.jsonl")
    other = sent(actor, json_lines([first, first | {"description": "Something else"}]), "b.jsonl")

    assert (same.valid, same.errors) == (1, 0)
    assert reasons(same, "warning") == [("2:idempotency_key", "continuity.key_again")]
    assert reasons(other) == [("2:idempotency_key", "continuity.key_with_other_content")]


def test_json_key_with_other_content_in_the_books_is_refused(actor):
    line = a_json_line()
    posted(actor, json_lines([line]), "a.jsonl")

    view = sent(actor, json_lines([line | {"description": "Something else"}]), "b.jsonl")

    assert reasons(view) == [("1:idempotency_key", "ledger.idempotency_conflict")]


def test_posting_checks_again_when_the_books_changed_after_the_check(actor):
    view = sent(actor, a_workbook(two_rows("A-1")))
    ledger_commands.change_period(actor=actor, fiscal_year=YEAR, period=1, state=PeriodState.SOFT_CLOSED)

    with pytest.raises(Refused) as refused:
        commands.post(actor=actor, import_id=view.id, at=AT)

    assert refused.value.refusals[0].code == "continuity.file_has_errors"
    assert nothing_posted(actor)


def test_posting_stops_and_says_where_when_another_file_took_a_reference_meanwhile(actor):
    ours = sent(actor, a_workbook([*two_rows("A-1"), *two_rows("A-2")]))
    posted(actor, a_workbook(two_rows("A-2", 77.0)))

    view = commands.post(actor=actor, import_id=ours.id, at=AT)

    assert (view.state, view.posted) == ("stopped", 0)
    assert reasons(view) == [("รายการ!A4", "ledger.idempotency_conflict")]
    assert commands.undo(actor=actor, import_id=ours.id, reason="ซ้ำกับไฟล์อื่น").state == "undone"


def test_a_day_typed_in_the_buddhist_era_on_leap_day_is_read():
    assert day_of("29/2/2567", today=date(2025, 1, 1)).day == date(2024, 2, 29)
