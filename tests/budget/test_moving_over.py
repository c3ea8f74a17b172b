"""The workbook of remaining budget: read as it is, every fault at its cell, opened as a budget whose figures are the same."""

import uuid
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from khlang.budget import commands, queries, readers
from khlang.budget.rules import Balance, OrdinanceState
from khlang.budget.rules.remaining_budget import read_remaining
from khlang.kernel.money import Baht, baht
from khlang.kernel.refusals import Refused
from khlang.toolkit.tenancy import entity_transaction
from tests.budget import makers
from tests.budget.old_workbooks import OldLine, write
from tests.budget.test_rules import FACTS

STEMS = ("99690111330100", "99690111330800", "99690113340100", "99690312421000")


@st.composite
def lines(draw) -> list[OldLine]:
    """Lines whose transfers sum to zero and whose use stays within what they have."""
    found = []
    for number in range(draw(st.integers(1, 12))):
        approved = draw(st.integers(0, 10**9))
        code = f"{draw(st.sampled_from(STEMS))}{number + 1:02d}"
        obligated = draw(st.integers(0, approved))
        found.append(OldLine(code, approved, obligated=obligated, disbursed=draw(st.integers(0, approved - obligated))))
    if len(found) > 1:
        moved = draw(st.integers(0, found[0].remaining))
        found[0].transferred_out, found[1].transferred_in = moved, moved
    return found


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(lines())
def test_what_is_written_is_read_back(tmp_path, written):
    sheet = readers.remaining_sheet(write(tmp_path / "B_RemainedBudget.xlsx", written))

    book = read_remaining(sheet=sheet, facts=FACTS)

    assert (book.fiscal_year, book.all_faults, book.entity_name) == (2569, (), "องค์การบริหารส่วนตำบลฝึกหัด")
    assert [row.code for row in book.rows] == [line.code for line in written]
    for row, line in zip(book.rows, written, strict=True):
        names = ("approved", "transferred_in", "transferred_out", "obligated", "disbursed", "remaining")
        assert [getattr(row, name) for name in names] == [Baht.from_satang(getattr(line, name)) for name in names]
        assert (row.work, row.budget_type) == (f"0{line.code[4:8]}", f"5{line.code[8:14]}")


GOOD = "9969011133010001"
FAULTS = {
    "a row that does not add up": (OldLine(GOOD, 100, changed={14: 0.99}), ["budget.import_does_not_add_up O9"]),
    "an unknown code": (OldLine("9969999999999901", 100), ["budget.import_code_unknown F9"]),
    "no code": (OldLine("", 100), ["budget.import_code_unknown F9"]),
    "another year": (OldLine("9968011133010001", 100), ["budget.import_other_year F9"]),
    "an amount that is none": (
        OldLine(GOOD, 100, changed={11: "many"}),
        ["budget.import_amount_not_read L9"],
    ),
    "a negative amount": (
        OldLine(GOOD, 100, changed={8: -1.0, 14: 0}),
        ["budget.import_amount_not_read I9"],
    ),
    "overspent": (
        OldLine(GOOD, 100, disbursed=150, changed={14: "(0.50)"}),
        ["budget.import_amount_not_read O9", "budget.import_does_not_add_up O9", "budget.import_overspent O9"],
    ),
    "transfers apart": (OldLine(GOOD, 100, transferred_in=5), ["budget.import_transfers_apart "]),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_told_at_its_cell(tmp_path, name):
    line, expected = FAULTS[name]

    book = read_remaining(sheet=readers.remaining_sheet(write(tmp_path / "b.xlsx", [line])), facts=FACTS)

    assert [f"{fault.code} {fault.where}" for fault in book.all_faults] == expected


def test_a_workbook_without_year_or_lines_is_told(tmp_path):
    sheet = readers.remaining_sheet(write(tmp_path / "b.xlsx", [], year=""))

    assert [each.code for each in read_remaining(sheet=sheet, facts=FACTS).faults] == [
        "budget.import_not_this_form",
        "budget.import_year_missing",
    ]
    assert [each.code for each in read_remaining(sheet=sheet, facts=FACTS, fiscal_year=2569).faults] == [
        "budget.import_not_this_form"
    ]


def test_a_code_kept_as_a_number_and_a_name_of_another_year_are_guesses(tmp_path):
    line = OldLine(GOOD, 100, work="งานชื่อเดิม")

    book = read_remaining(
        sheet=readers.remaining_sheet(write(tmp_path / "b.xlsx", [line], number_codes=True)), facts=FACTS
    )

    assert book.all_faults == ()
    assert [(each.code, each.where) for each in book.guesses] == [
        ("budget.import_code_was_a_number", "F9"),
        ("budget.import_name_differs", "B9"),
    ]


def test_a_file_that_is_no_workbook_is_refused(tmp_path):
    (tmp_path / "b.xlsx").write_bytes(b"no workbook")

    with pytest.raises(Refused) as caught:
        readers.remaining_sheet(tmp_path / "b.xlsx")
    assert caught.value.refusals[0].code == "budget.import_not_a_workbook"


def test_a_workbook_beyond_all_measure_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(readers, "BYTES_MAX", 10)

    with pytest.raises(Refused) as caught:
        readers.remaining_sheet(write(tmp_path / "b.xlsx", [OldLine(GOOD, 100)]))
    assert caught.value.refusals[0].code == "budget.import_too_large"


def opened(actor, path, *, divisions, ordinance_id=None):
    book = commands.preview_remaining(actor=actor, path=path, fiscal_year=makers.YEAR)
    return commands.open_from_remaining(
        actor=actor,
        book=book,
        divisions=divisions,
        ordinance_id=ordinance_id or uuid.uuid4(),
        effective_on=date(2026, 1, 4),
        at=makers.AT,
    )


@pytest.mark.django_db
def test_a_year_goes_on_from_the_old_system_with_the_same_figures(tmp_path):
    actor = makers.a_house()
    written = [
        OldLine(GOOD, 100_000, transferred_out=30_000, obligated=10_000, disbursed=20_000),
        OldLine("9969031242100001", 500_000, transferred_in=30_000, obligated=400_000, item="Road to village 3"),
        OldLine("9969031242100002", 500_000, item="Road to village 3"),
        OldLine("9969011133080001", 0),
    ]
    path, ordinance_id = write(tmp_path / "b.xlsx", written), uuid.uuid4()

    first = opened(actor, path, divisions={"": "01", "00312": "02"}, ordinance_id=ordinance_id)
    again = opened(actor, path, divisions={"": "01", "00312": "02"}, ordinance_id=ordinance_id)

    assert (first.replayed, again.replayed) == (False, True)
    with entity_transaction(actor.entity_id):
        board = queries.board(fiscal_year=makers.YEAR)
        ordinance = queries.ordinance(ordinance_id=ordinance_id)
        rows = [each.source_row for each in queries.draft_lines(ordinance_id=ordinance_id)]
    assert [(each.line.identity.division, str(each.balance.available)) for each in board.lines] == [
        ("01", "400.00"),
        ("01", "0.00"),
        ("02", "1300.00"),
        ("02", "5000.00"),
    ]
    assert board.lines[0].balance == Balance(
        approved=baht("1000.00"), transferred_out=baht("300.00"), obligated=baht("100.00"), paid=baht("200.00")
    )
    assert ordinance.state is OrdinanceState.IN_FORCE
    assert sorted(rows) == ["10", "11", "13", "9"]
    assert makers.faults(actor) == []


@pytest.mark.django_db
def test_a_year_is_opened_whole_or_not_at_all(tmp_path):
    actor = makers.a_house()
    path = write(tmp_path / "b.xlsx", [OldLine(GOOD, 100), OldLine("9969011133080001", 100, changed={14: 7})])

    with pytest.raises(Refused) as caught:
        opened(actor, path, divisions={})
    assert [each.code for each in caught.value.refusals] == [
        "budget.import_does_not_add_up",
        "budget.import_division_missing",
    ]
    with entity_transaction(actor.entity_id):
        assert queries.ordinances() == []


@pytest.mark.django_db
def test_an_import_does_not_change_an_approved_budget(tmp_path):
    actor = makers.a_house()
    lines = makers.in_force(makers.line("10.00"), actor=actor)

    with pytest.raises(Refused) as caught:
        opened(actor, write(tmp_path / "b.xlsx", [OldLine(GOOD, 100)]), divisions={"": "01"})
    assert [each.code for each in caught.value.refusals] == ["budget.ordinance_exists"]
    assert makers.balance(actor, lines[makers.SUPPLIES]) == Balance(approved=baht("10.00"))
