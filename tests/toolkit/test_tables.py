"""Lists that people send: read as texts with their cells, and nothing larger or stranger than a list."""

import zipfile
from io import BytesIO

import pytest
import xlsxwriter

from khlang.kernel.refusals import Refused
from khlang.kernel.tables import TableRow, cell_letter, find_columns
from khlang.toolkit.tables import TableLimits, read_table

LIMITS = TableLimits(bytes_max=2**20, rows_max=20, columns_max=12, sheets_max=3)


def a_workbook(cells, *, sheets=("List",)):
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False}) as book:
        for name in sheets:
            sheet = book.add_worksheet(name)
            for place, cell in cells.items():
                if isinstance(cell, tuple):
                    sheet.write_formula(place, *cell)
                else:
                    sheet.write(place, cell)
    return out.getvalue()


def changed(before, after, *, part="xl/sharedStrings.xml"):
    """A workbook in which one part says something else."""
    source, out = zipfile.ZipFile(BytesIO(a_workbook({"A1": "x"}))), BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parcel:
        for name in source.namelist():
            body = source.read(name)
            assert name != part or before in body
            parcel.writestr(name, body.replace(before, after) if name == part else body)
    return out.getvalue()


def read(content, **more):
    return read_table(name="list.xlsx", content=content, limits=LIMITS, **more)


def test_a_workbook_is_read_as_texts_at_their_own_cells_although_columns_and_rows_are_empty():
    content = a_workbook({"B2": "ชื่อ", "C2": "เลข", "B4": "มาลี", "C4": 1234567890123})

    assert read(content) == [
        TableRow(2, ("", "ชื่อ", "เลข")),
        TableRow(4, ("", "มาลี", "1234567890123"), numbers=frozenset({2})),
    ]


def test_a_formula_is_read_as_its_value_and_one_without_value_or_with_an_error_is_a_fault_at_its_cell():
    content = a_workbook(
        {
            "A1": ("=LOWER(B1)", None, "malee"),
            "A2": "x",
            "C2": ("=HYPERLINK(1)", None, ""),
            "D2": ("=1/0", None, "#DIV/0!"),
        }
    )

    first, second = read(content)

    assert first == TableRow(1, ("malee", *first.cells[1:]))
    # toolkit.formula_without_value, toolkit.cell_is_error
    assert [(each.code, each.where) for each in second.faults] == [
        ("toolkit.formula_without_value", "C2"),
        ("toolkit.cell_is_error", "D2"),
    ]


def test_a_csv_is_read_by_records_with_the_row_that_excel_shows():
    text = 'name;note\nมาลี;"two\nlines"\n\nวรรณา;x\n'

    rows = read_table(name="list.csv", content=text.encode("utf-8-sig"), limits=LIMITS)

    assert [(row.number, row.cells) for row in rows] == [
        (1, ("name", "note")),
        (2, ("มาลี", "two\nlines")),
        (4, ("วรรณา", "x")),
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"x" * (2**20 + 1), "toolkit.table_too_large"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "toolkit.table_locked"),
        (b"PK\x03\x04" + bytes(600), "kernel.file_damaged"),
        (b"", "toolkit.table_not_read"),
        (b"a\x00b", "toolkit.table_not_read"),
        ("ชื่อ".encode("cp874"), "toolkit.table_not_utf8"),
        (b"a\n" * 21, "toolkit.table_too_many_rows"),
        (b"," * 13, "toolkit.table_too_many_columns"),
        (a_workbook({"A21": "x"}), "toolkit.table_too_many_rows"),
        (a_workbook({"M1": "x"}), "toolkit.table_too_many_columns"),
        (a_workbook({"A1": "x"}, sheets="abcd"), "toolkit.table_too_many_sheets"),
        # Room for the rectangle between them would be five hundred gigabytes.
        (a_workbook({"A1": "x", "XFD1048576": "y"}), "toolkit.table_too_many_rows"),
        (a_workbook({"A1": "x", "XFD2": "y"}), "toolkit.table_too_many_rows"),
        (changed(b'uniqueCount="1"', b'uniqueCount="4294967295"'), "toolkit.table_not_read"),
    ],
    ids=range(14),
)
def test_what_is_no_list_or_too_large_a_one_is_refused(content, code):
    with pytest.raises(Refused) as caught:
        read(content)

    assert [each.code for each in caught.value.refusals] == [code]


def test_the_named_sheet_is_read_and_else_the_first():
    content = a_workbook({"A1": "x"}, sheets=("One", "Two"))

    assert read(content, sheets={"Two"}) == read(content)


def test_columns_are_found_below_a_title_whatever_their_spelling():
    rows = [
        TableRow(1, ("รายชื่อ ปี 2570",)),
        TableRow(3, ("ที่", "ชื่อผู้ใช้ *", "ชื่อ-สกุล", "ชื่อผู้ใช้")),
    ]

    columns = find_columns(rows, {"username": ("User name", "ชื่อผู้ใช้"), "full_name": ("ชื่อ-สกุล",), "phone": ("โทร",)})

    assert (columns.row, dict(columns.places)) == (3, {"username": 1, "full_name": 2})
    assert [cell_letter(each) for each in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
