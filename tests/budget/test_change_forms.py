"""The form of a change as typed: what can be read, and at which field it cannot."""

import uuid

from khlang.budget.rules import ChangeKind, Explanation, KnownLine, LineIdentity, fields_of, read_change, without_row
from khlang.kernel.money import baht
from khlang.kernel.refusals import Refusal
from tests.budget.makers import COMPUTER
from tests.budget.test_rules import FACTS

GIVER, TAKER = uuid.uuid4(), uuid.uuid4()
NOW = Explanation(text="Road", place="Village 3", quantity="200 m")
LINES = {"9969001113301001": KnownLine(GIVER, Explanation()), "9969031242100001": KnownLine(TAKER, NOW)}
NEW = {"division": "01", "work": "00111", "budget_type": COMPUTER, "item": "Computer", "fund_source": "FS01"}
FORM = {
    "reason": " Less needed ",
    "from.0.line": "9969001113301001",
    "from.0.amount": "๑,๐๐๐.๕๐",
    "from.1.line": "",
    "from.1.amount": "",
    "to.0.line": "9969031242100001",
    "to.0.amount": "1000.50",
    "to.0.place": "Village 4",
    "to.0.quantity": "-",
} | {f"new.0.{name}": "FS01" if name == "fund_source" else "" for name in NEW}


def read(fields, kind=ChangeKind.TRANSFER):
    return read_change(fields, kind=kind, fiscal_year=2569, lines=LINES, facts=FACTS)


def test_rows_are_read_and_blank_ones_passed_over():
    reading = read(FORM)

    giver, taker = reading.draft.parts
    assert reading.refusals == ()
    assert (giver.side, giver.amount, giver.line_id, giver.explanation) == ("from", baht("1000.50"), GIVER, None)
    assert (taker.side, taker.amount) == ("to", baht("1000.50"))
    assert taker.explanation == Explanation(text="Road", place="Village 4")
    assert (reading.places, reading.draft.reason) == (("from.0", "to.0"), "Less needed")


def test_each_fault_is_said_at_its_field_and_the_rest_is_read():
    new = {f"new.0.{name}": text for name, text in NEW.items()}
    wrong = new | {"from.0.amount": "much", "to.0.line": "77", "new.0.budget_type": "999", "new.0.amount": "x"}

    reading = read(FORM | wrong)

    assert [(each.code, each.where) for each in reading.refusals] == [
        ("kernel.amount_not_a_number", "from.0.amount"),
        ("budget.line_unknown", "to.0.line"),
        ("kernel.amount_not_a_number", "new.0.amount"),
        ("budget.code_unknown", "new.0.budget_type"),
    ]
    assert reading.draft.parts == ()


def test_a_new_line_and_a_reworded_one_are_read():
    new = {f"new.0.{name}": text for name, text in NEW.items()} | {"new.0.amount": "5", "new.0.text": "Desk computer"}

    (part,) = read(new).draft.parts
    (worded,) = read({"line.0.line": "9969031242100001"}, ChangeKind.EXPLANATION).draft.parts

    assert part.new_line == LineIdentity(**NEW)
    assert (part.amount, part.explanation, part.is_project) == (baht("5.00"), Explanation(text="Desk computer"), False)
    assert (worded.amount, worded.explanation) == (baht("0.00"), NOW)


def test_what_is_read_is_written_as_the_same_form():
    codes = {known.line_id: code for code, known in LINES.items()}
    new = {f"new.0.{name}": text for name, text in NEW.items()} | {"new.0.amount": "5", "new.0.text": "Desk computer"}
    draft = read({**FORM, **new}).draft

    again = read(fields_of(draft, codes)).draft

    assert again.parts[0] == draft.parts[0]
    assert again.parts[2] == draft.parts[2]
    assert again.reason == draft.reason


def test_refusals_of_the_rules_find_the_field_they_are_about():
    reading = read(FORM)

    assert reading.placed(Refusal("budget.not_enough", where="lines.1")).where == "to.0.amount"
    assert reading.placed(Refusal("budget.explanation_missing", where="lines.0")).where == "from.0.text"
    assert reading.placed(Refusal("budget.reason_missing", where="reason")).where == "reason"
    assert reading.placed(Refusal("budget.change_empty", where="lines")).where == "lines"


def test_a_row_taken_out_moves_the_others_up():
    fields = {"from.0.line": "a", "from.2.line": "b", "to.0.line": "c"}

    assert without_row(fields, "from", 0) == {"from.0.line": "b", "to.0.line": "c"}
