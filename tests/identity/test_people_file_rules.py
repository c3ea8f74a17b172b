"""Every row of a list of people is judged by the rules of one person by page, at its cell."""

import unicodedata

import pytest

from khlang.identity.rules import (
    LineKind,
    ListFacts,
    PersonHere,
    check_people_columns,
    check_taking,
    judge_lines,
    line_as_facts,
    line_of_facts,
    people_columns,
    people_lines,
)
from khlang.kernel.refusals import Refusal, message
from khlang.kernel.tables import TableRow

HEADS = ("ชื่อผู้ใช้", "ชื่อ-สกุล", "ตำแหน่ง", "บทบาท 1", "บทบาท 2", "โทรศัพท์", "อีเมล", "เลขประจำตัวประชาชน", "มีบัญชีอยู่แล้ว")
ROLES = frozenset({"finance_officer", "clerk", "local_administrator"})
PID = "1101700230708"
MALEE = PersonHere(7, "มาลี ศรีสุข", "นักวิชาการเงิน", "", "", frozenset({"clerk"}))
FACTS = ListFacts({"malee": MALEE}, {"malee": "มาลี ศรีสุข", "far": "ไกล บ้านอื่น"}, ROLES)


def read(*rows, numbers=()):
    table = [TableRow(1, HEADS), *(TableRow(n, cells, frozenset(numbers)) for n, cells in enumerate(rows, start=2))]
    return [each.line for each in people_lines(table, people_columns(table), roles=ROLES)]


def row(username="new.one", name="คน ใหม่", title="นิติกร", **more):
    fields = ("role", "second", "phone", "email", "pid", "known")
    return (username, name, title, *(more.get(field, "") for field in fields))


def judged(*rows, facts=FACTS, numbers=()):
    return judge_lines(read(*rows, numbers=numbers), facts)


def reasons(*rows, **more):
    return [(each.code, each.where) for verdict in judged(*rows, **more) for each in verdict.refusals]


def test_a_row_is_read_in_one_spelling_whatever_form_it_was_typed_in():
    typed = unicodedata.normalize("NFD", "นํ้า ศรีสุข").replace("\N{THAI CHARACTER SARA AM}", "\u0e4d\u0e32")
    line = read(row(" MALEE.๑ ", f"{typed}\u200b", role="ปลัดองค์กรปกครองส่วนท้องถิ่น; finance officer", known="ใช่"))[0]

    assert line.draft.username == "malee.1"
    assert line.draft.full_name == "น้ำ ศรีสุข"
    assert unicodedata.is_normalized("NFC", line.draft.full_name)
    assert line.draft.known
    assert line.draft.roles == ("clerk", "finance_officer")
    assert line_of_facts(line_as_facts(line)) == line


@pytest.mark.parametrize(
    ("wrong", "code", "cell"),
    [
        (row(username="ก"), "identity.username_malformed", "A2"),
        (row(username="far"), "identity.username_used", "A2"),
        (row(username="nobody", known="ใช่"), "identity.username_unknown", "A2"),
        (row(name=""), "identity.name_missing", "B2"),
        (row(name="มาลี\u202eศรีสุข"), "identity.name_malformed", "B2"),
        (row(name="มาลี ศรีสุข", title="นักวิชาการเงิน"), "identity.person_same_name", "C2"),
        (row(role="นายกสมาคม"), "identity.role_unknown", "D2"),
        (row(role="local_administrator", second="finance_officer"), "identity.roles_incompatible", "E2"),
        (row(phone="x"), "identity.phone_malformed", "F2"),
        (row(email="x"), "identity.email_malformed", "G2"),
        (row(pid="1101700230709"), "identity.citizen_number_wrong", "H2"),
        (row(known="อาจจะ"), "identity.answer_unknown", "I2"),
        (row(username="malee", name="คน อื่น"), "identity.import_name_differs", "B2"),
        (row(username="malee", name="", title=PID), "identity.citizen_number_misplaced", "C2"),
    ],
)
def test_each_fault_is_named_at_its_cell(wrong, code, cell):
    assert (code, cell) in reasons(wrong)


def test_a_citizen_number_is_repeated_in_no_reason_wherever_it_was_typed():
    found = [
        message(each, language)
        for wrong in (row(pid=PID[:-1] + "9"), row(phone=PID), row(username=PID), row(name=PID), row(role=PID))
        for verdict in judged(wrong)
        for each in verdict.refusals
        for language in ("th", "en")
    ]

    assert len(found) >= 10
    assert not any(PID in text or PID[:-1] in text for text in found)
    assert PID not in str([line_as_facts(each) for each in read(row(pid=PID), row(title=PID))])


def test_roles_are_told_by_their_names_and_a_user_name_is_never_taken_for_one():
    clash = judged(row(role="local_administrator", second="finance_officer"))[0].refusals[0]
    taken = Refusal("identity.username_used", {"username": "auditor"})

    assert "Finance officer" in message(clash, "en")
    assert "finance_officer" not in message(clash, "th")
    assert "auditor" in message(taken, "en")


def test_a_telephone_number_that_excel_made_a_number_is_refused():
    assert reasons(row(phone="812345678"), numbers={5}) == [("identity.phone_lost_zero", "F2")]


def test_rows_are_judged_among_each_other():
    same = [
        row("one", "มาลี ดี", "ครู"),
        row("one", "วรรณา ดี"),
        row("two", "มาลี ดี", "ครู"),
        row("three", "มาลี ดี", "นายช่าง"),
    ]

    assert reasons(*same) == [("identity.username_twice_in_file", "A3"), ("identity.person_same_name", "C4")]


def test_citizen_numbers_twice_or_of_another_are_refused():
    lines = read(row("one"), row("two", "คน สอง"), row("three", "คน สาม"))
    hashed = [
        type(each)(each.row, each.draft, each.places, each.faults, number)
        for each, number in zip(lines, "aab", strict=True)
    ]
    found = judge_lines(hashed, ListFacts(roles=ROLES, pid_owners={"b": "far"}))

    assert [(each.code, each.where) for verdict in found for each in verdict.refusals] == [
        ("identity.citizen_number_twice_in_file", "H3"),
        ("identity.citizen_number_used", "H4"),
    ]


def test_whoever_is_here_is_left_alone_or_changed_by_what_is_filled_in():
    same, changed = (
        judged(row("malee", "มาลี ศรีสุข", "", role="ปลัดองค์กรปกครองส่วนท้องถิ่น"), facts=FACTS)[0],
        judged(row("malee", "", "นักวิชาการเงินชำนาญการ", role="finance_officer", phone="0812345678"))[0],
    )

    assert (same.kind, same.user_id, same.changes) == (LineKind.SAME, 7, ())
    assert (changed.kind, changed.changes, changed.roles) == (
        LineKind.CHANGE,
        ("title", "phone", "roles"),
        ("finance_officer",),
    )


def test_taking_is_refused_with_errors_where_all_is_wanted_and_where_nothing_is_to_do():
    wrong, same, new = judged(row("ก"), row("malee", "", ""), row())

    def codes(verdicts, mode):
        return [each.code for each in check_taking(verdicts, mode=mode)]

    assert codes((wrong, new), "all") == ["identity.import_has_errors"]
    assert codes((wrong, new), "valid") == []
    assert codes((wrong, same), "valid") == ["identity.import_nothing_to_do"]
    assert codes((new,), "some") == ["identity.import_mode_unknown"]


def test_a_list_without_its_columns_is_refused():
    columns = people_columns([TableRow(1, ("โทรศัพท์",))])

    assert [each.code for each in check_people_columns(columns)] == ["identity.file_column_missing"] * 2
