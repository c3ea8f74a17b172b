"""Reading what was typed, states and moves, files, search: pure."""

import json
import uuid
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khlang.journal_vouchers.rules import (
    FILE_BYTES_MAX,
    LINES_MAX,
    MOVES,
    Act,
    LineContent,
    VoucherContent,
    VoucherState,
    approval_path,
    check_content,
    check_file,
    check_move,
    content_of,
    content_size_refusals,
    effects_of,
    read_content,
    state_after,
)
from khlang.journal_vouchers.rules.views import EventView
from khlang.kernel.file_kinds import DOCX, JPG, PDF, PNG, XLSX, clean_file_name, file_kind
from khlang.kernel.money import ZERO, Baht, baht
from khlang.ledger.rules import AccountFact, BalanceRow, LedgerFacts, LineDraft, YearFact
from tests.journal_vouchers.makers import AT, an_office_file, content

TODAY = date(2024, 10, 3)
FACTS = LedgerFacts(
    accounts={
        "1101010101": AccountFact("1101010101", "เงินสด", True, 2564),
        "4101010101": AccountFact("4101010101", "ภาษี", True, 2564),
        "1101000000": AccountFact("1101000000", "เงินสดและรายการเทียบเท่าเงินสด", False, 2564),
    },
    fund_sources=frozenset({"FS01"}),
    budget_types=frozenset(),
    kinds=frozenset({"general", "adjusting", "opening", "closing", "receipt"}),
    years={2568: YearFact("national-2564", dict.fromkeys(range(14), "open"))},
)
anything = st.text(max_size=40)
any_line = st.builds(LineContent, anything, anything, anything, anything, anything, anything)
any_content = st.builds(VoucherContent, anything, anything, anything, st.lists(any_line, max_size=5).map(tuple))
amounts = st.integers(min_value=1, max_value=10**12).map(Baht.from_satang)


def reasons(typed: VoucherContent) -> list[tuple[str, str]]:
    _, refusals = check_content(typed, FACTS, voucher_id=uuid.uuid4(), today=TODAY)
    return [(refusal.code, refusal.where) for refusal in refusals]


def typed(*lines: LineContent, **more: str) -> VoucherContent:
    return VoucherContent(more.get("date", "3/10/67"), more.get("kind", "general"), more.get("description", "x"), lines)


@given(any_content)
def test_content_survives_keeping_letter_for_letter(kept):
    text = json.loads(json.dumps(kept.as_json()))

    assert content_of(text) == content_of(kept.as_json())
    assert content_of(text).date == kept.date.replace("\x00", "")


@given(any_content)
def test_check_content_answers_whatever_is_typed(kept):
    journal, refusals = check_content(kept, FACTS, voucher_id=uuid.uuid4(), today=TODAY)

    assert (journal is None) == bool(refusals)


@given(st.lists(amounts, min_size=1, max_size=6))
def test_a_balanced_voucher_becomes_a_journal_of_the_same_sum(sums):
    total = sum(sums, ZERO)
    lines = [LineContent("1101010101", "FS01", "", amount.display(), "") for amount in sums]
    lines.append(LineContent("4101010101 ภาษี", "FS01", "", "", str(total)))

    journal, refusals = check_content(typed(*lines), FACTS, voucher_id=uuid.uuid4(), today=TODAY)

    assert refusals == []
    assert journal is not None
    assert (journal.debit, journal.credit) == (total, total)


@given(amounts, amounts)
def test_two_sides_that_differ_are_refused(debit, credit):
    lines = (
        LineContent("1101010101", "FS01", "", str(debit), ""),
        LineContent("4101010101", "FS01", "", "", str(credit)),
    )

    assert reasons(typed(*lines)) == ([] if debit == credit else [("ledger.unbalanced", "lines")])


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (LineContent("1101010101", "FS01", "", "abc", ""), [("kernel.amount_not_a_number", "lines.2.debit")]),
        (LineContent("1101010101", "FS01", "", "1.005", ""), [("kernel.amount_too_many_decimals", "lines.2.debit")]),
        (LineContent("1101010101", "FS01", "", "1" + "0" * 15, ""), [("kernel.amount_too_large", "lines.2.debit")]),
        (LineContent("1101010101", "FS01", "", "0", ""), [("ledger.line_without_amount", "lines.2.debit")]),
        (LineContent("1101010101", "FS01", "", "5", "5"), [("ledger.line_two_sided", "lines.2.debit")]),
        (LineContent("9999999999", "FS01", "", "5", "5"),
         [("ledger.account_unknown", "lines.2.account"), ("ledger.line_two_sided", "lines.2.debit")]),
        (LineContent("เงินสด", "FS01", "", "๕", "๕"),
         [("ledger.account_unknown", "lines.2.account"), ("ledger.line_two_sided", "lines.2.debit")]),
        (LineContent("1101000000", "FS01", "", "5", "5"),
         [("ledger.account_not_postable", "lines.2.account"), ("ledger.line_two_sided", "lines.2.debit")]),
        (LineContent("1101010101", "", "", "5", "5"),
         [("ledger.fund_source_unknown", "lines.2.fund_source"), ("ledger.line_two_sided", "lines.2.debit")]),
    ],
)  # fmt: skip
def test_each_wrong_cell_is_named_by_its_typed_row(line, expected):
    """A blank row stands before it: the place counts typed rows, not read lines."""
    good = content().lines

    assert reasons(typed(good[0], LineContent(fund_source="FS01"), line, good[1])) == expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ({"date": ""}, [("journal_vouchers.date_missing", "date")]),
        ({"date": "กลางเดือน"}, [("kernel.date_not_understood", "date")]),
        ({"date": "3/10/2565"}, [("ledger.year_not_open", "date")]),
        ({"description": "  "}, [("ledger.description_missing", "description")]),
        ({"kind": "receipt"}, [("journal_vouchers.kind_not_offered", "kind")]),
        ({"kind": "opening"}, [("ledger.date_outside_period", "date")]),
    ],
)
def test_each_wrong_field_of_the_header_is_named(header, expected):
    assert reasons(typed(*content().lines, **header)) == expected


def test_read_content_says_when_the_year_was_gregorian():
    reading = read_content(content(date="3/10/2024"), today=TODAY)

    assert (reading.day, reading.was_gregorian) == (date(2024, 10, 3), True)


def test_read_content_takes_thai_digits_and_commas():
    reading = read_content(typed(LineContent("๑๑๐๑๐๑๐๑๐๑", "FS01 เงินรายได้", "", "๑,๒๕๐.๕๐", "")), today=TODAY)

    assert reading.lines == (LineDraft("1101010101", "FS01", baht("1250.50")),)


def test_content_size_refusals_name_what_is_too_much():
    many = typed(*[LineContent("1")] * (LINES_MAX + 1), description="x" * 1001)

    assert [(refusal.code, refusal.where) for refusal in content_size_refusals(many)] == [
        ("journal_vouchers.too_many_lines", "lines"),
        ("journal_vouchers.text_too_long", "description"),
    ]


ALLOWED = {
    (Act.SAVE, VoucherState.DRAFT, VoucherState.DRAFT),
    (Act.SAVE, VoucherState.RETURNED, VoucherState.RETURNED),
    (Act.ATTACH, VoucherState.DRAFT, VoucherState.DRAFT),
    (Act.ATTACH, VoucherState.RETURNED, VoucherState.RETURNED),
    (Act.DETACH, VoucherState.DRAFT, VoucherState.DRAFT),
    (Act.DETACH, VoucherState.RETURNED, VoucherState.RETURNED),
    (Act.SUBMIT, VoucherState.DRAFT, VoucherState.SUBMITTED),
    (Act.SUBMIT, VoucherState.RETURNED, VoucherState.SUBMITTED),
    (Act.CANCEL, VoucherState.DRAFT, VoucherState.CANCELLED),
    (Act.CANCEL, VoucherState.RETURNED, VoucherState.CANCELLED),
    (Act.RETURN, VoucherState.SUBMITTED, VoucherState.RETURNED),
    (Act.POST, VoucherState.SUBMITTED, VoucherState.POSTED),
    (Act.REVERSE, VoucherState.POSTED, VoucherState.POSTED),
}


def test_moves_are_exactly_these():
    assert {(act, before, after) for act, moves in MOVES.items() for before, after in moves.items()} == ALLOWED


@given(st.sampled_from(Act), st.sampled_from(VoucherState))
def test_check_move_refuses_every_other_move(act, state):
    refused = "journal_vouchers.move_not_allowed" in {each.code for each in check_move(act, state, reason="why")}

    assert refused == (state_after(act, state) is None)


@pytest.mark.parametrize("act", [Act.RETURN, Act.CANCEL, Act.REVERSE])
def test_check_move_asks_for_a_reason(act):
    state = next(iter(MOVES[act]))

    assert [each.code for each in check_move(act, state, reason="  ")] == ["journal_vouchers.reason_missing"]


@pytest.mark.parametrize(
    ("state", "acts", "marks"),
    [
        (VoucherState.DRAFT, [Act.CREATE], ["now", "ahead", "ahead"]),
        (VoucherState.SUBMITTED, [Act.CREATE, Act.SUBMIT], ["done", "done", "now"]),
        (VoucherState.RETURNED, [Act.COPY, Act.SUBMIT, Act.RETURN], ["now", "ahead", "ahead"]),
        (VoucherState.POSTED, [Act.CREATE, Act.SUBMIT, Act.POST], ["done", "done", "done"]),
        (VoucherState.CANCELLED, [Act.CREATE, Act.CANCEL], ["ahead", "ahead", "ahead"]),
    ],
)
def test_approval_path_shows_what_is_done(state, acts, marks):
    events = [EventView(uuid.uuid4(), act, 1, "Malee", AT, "") for act in acts]

    assert [step.mark for step in approval_path(state=state, events=events)] == marks


@pytest.mark.parametrize(
    ("bytes_of_it", "kind"),
    [
        (b"%PDF-1.7", PDF),
        (b"\xff\xd8\xff\xe0", JPG),
        (b"\x89PNG\r\n\x1a\n", PNG),
        (an_office_file("xl/workbook.xml"), XLSX),
        (an_office_file("word/document.xml"), DOCX),
        (an_office_file("xl/workbook.xml", "xl/vbaProject.bin"), None),
        (an_office_file("other.txt"), None),
        (b"PK\x03\x04 half a parcel", None),
        (b"<html><script>", None),
        (b"MZ\x90", None),
        (b"", None),
    ],
)
def test_file_kind_goes_by_content(bytes_of_it, kind):
    assert file_kind(bytes_of_it) == kind


@pytest.mark.parametrize(
    ("bytes_of_it", "files", "code"),
    [
        (b"", 0, "journal_vouchers.file_empty"),
        (b"%PDF-" + bytes(FILE_BYTES_MAX), 0, "journal_vouchers.file_too_large"),
        (b"<svg/>", 0, "journal_vouchers.file_kind"),
        (b"%PDF-", 20, "journal_vouchers.too_many_files"),
    ],
)
def test_check_file_refuses(bytes_of_it, files, code):
    assert [each.code for each in check_file(name="a.pdf", content=bytes_of_it, files=files)] == [code]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("ใบเสร็จ.pdf", "ใบเสร็จ.pdf"),
        ("../../etc/passwd", "etc passwd.pdf"),
        ("scan.exe", "scan.exe.pdf"),
        ('a"b\r\nSet-Cookie: x', "a b Set-Cookie x.pdf"),
        ("", "file.pdf"),
    ],
)
def test_clean_file_name_is_safe_to_send(name, kept):
    assert clean_file_name(name, PDF) == kept


def test_effects_of_sums_by_account_and_fund():
    lines = [
        LineDraft("1", "FS01", debit=baht("10")),
        LineDraft("1", "FS01", debit=baht("5")),
        LineDraft("2", "FS01", credit=baht("15")),
    ]
    balances = [BalanceRow("1", "", "FS01", baht("100"), ZERO, ZERO, ZERO)]

    found = effects_of(lines=lines, balances=balances, names={"1": "Cash"})

    assert [(each.account, each.name, each.before, each.after) for each in found] == [
        ("1", "Cash", baht("100"), baht("115")),
        ("2", "", ZERO, baht("-15")),
    ]
