"""A draft out to Excel and back: what each row would do, errors at their cells, whole or right rows only, twice as once."""

import io
import random
import uuid

import openpyxl
import pytest
from django.test import Client

from khlang.budget import commands, queries
from khlang.budget.commands import LineSave
from khlang.budget.commands.draft_workbooks import LIMITS
from khlang.budget.rules import DraftLineView, LineIdentity, OrdinanceState, Step
from khlang.budget.rules.draft_sheet import KEYS, SheetAct, cell_name, compared, missing_columns, read_rows
from khlang.kernel.money import baht
from khlang.kernel.refusals import Refused
from khlang.kernel.tables import TableRow
from khlang.toolkit.tenancy import entity_transaction
from tests.budget import makers
from tests.budget.makers import AT, FUEL, ROAD, SUPPLIES, line
from tests.builders import a_person, an_actor, an_entity, sign_in

ORDINANCE = uuid.UUID(int=7)
PLAN = "page 12 no. 3"


def row(**cells):
    found = {"division": "01 Office", "work": "00111", "budget_type": SUPPLIES, "fund_source": "FS01", "amount": "10"}
    found |= {"text": "As planned", "plan_reference": PLAN, **cells}
    return [found.get(key, "") for key in KEYS]


def read(rows):
    return list(read_rows([TableRow(number, tuple(cells)) for number, cells in enumerate(rows, 3)], KEYS))


def a_line(number, draft, revision=1):
    return DraftLineView(uuid.UUID(int=number), ORDINANCE, revision, draft, "Orn")


def acts(rows, *lines, gone=None):
    current = {each.id: each for each in lines}
    found = compared(read(rows), ordinance_id=ORDINANCE, current=current, gone=gone or {})
    return [str(each.act) for each in found]


def test_rows_are_new_changed_taken_out_or_unchanged():
    kept = [a_line(1, line("10.00")), a_line(2, line("20.00", budget_type=FUEL)), a_line(3, line("5.00", work="00113"))]
    known = {"line_id": str(uuid.UUID(int=1)), "revision": "1"}
    rows = [
        row(**known),
        row(line_id=str(uuid.UUID(int=2)), revision="1", budget_type=f"{FUEL} Fuel", amount="21.50"),
        row(line_id=str(uuid.UUID(int=3)), revision="1", work="00113", remove="x"),
        [""] * len(KEYS),
        row(budget_type="5330200"),
    ]

    assert acts(rows, *kept) == ["unchanged", "changed", "removed", "new"]
    assert [each.number for each in read(rows)] == [3, 4, 5, 7]


def test_a_new_row_is_the_same_line_whenever_it_is_read():
    rows = [row(budget_type=FUEL)]
    (first,) = compared(read(rows), ordinance_id=ORDINANCE, current={}, gone={})
    brought_in = DraftLineView(first.line_id, ORDINANCE, 1, first.row.draft, "Orn")

    assert acts(rows, brought_in) == ["unchanged"]
    # With another amount it is a line that stands already; taken out meanwhile it comes back over its last version.
    assert acts([row(budget_type=FUEL, amount="11")], brought_in) == ["wrong"]
    (back,) = compared(read(rows), ordinance_id=ORDINANCE, current={}, gone={first.line_id: 4})
    assert (back.act, back.revision) == (SheetAct.NEW, 4)


def test_what_cannot_be_read_is_told_at_its_cell():
    twice = row(line_id=str(uuid.UUID(int=1)), revision="1", amount="11")
    rows = [row(amount="ten"), row(line_id="mine", budget_type=FUEL), twice, twice]
    found = compared(read(rows), ordinance_id=ORDINANCE, current={uuid.UUID(int=1): a_line(1, line("10.00"))}, gone={})

    assert [(r.code, r.where) for each in found for r in each.refusals] == [
        ("kernel.amount_not_a_number", "K3"),
        ("budget.sheet_id_changed", "A4"),
        ("budget.line_exists", "A6"),
    ]
    assert (cell_name(KEYS, "plan_reference", 9), missing_columns(KEYS[1:])) == ("S9", ["line_id"])


def test_text_like_a_formula_comes_back_as_it_was():
    (found,) = read([row(item="'=1+1", text="'-5 %")])

    assert (found.draft.identity.item, found.draft.explanation.text) == ("=1+1", "-5 %")


@pytest.fixture
def house(db):
    entity = an_entity()
    operator = makers.a_house(actor=an_actor(entity=entity))
    clerk = a_person("unit_clerk", entity=entity, name="Kik Division")
    commands.set_division_member(actor=operator, division="01", user_id=clerk.user_id, is_member=True, at=AT)
    return entity, operator, clerk, a_person("budget_officer", entity=entity)


def browser(actor):
    client = Client()
    sign_in(client, actor)
    return client


def exported(client, home):
    return openpyxl.load_workbook(io.BytesIO(client.get(f"{home}lines.xlsx").content))


def send(client, home, book):
    """Send a workbook; the address of its preview."""
    out = io.BytesIO()
    if isinstance(book, bytes):
        out.write(book)
    else:
        book.save(out)
    out.seek(0)
    out.name = "draft.xlsx"
    return client.post(f"{home}imports/", {"file": out, "upload_id": str(uuid.uuid4())})


def drafts(actor, ordinance_id):
    with entity_transaction(actor.entity_id):
        return queries.draft_lines(ordinance_id=ordinance_id)


def test_hundreds_of_lines_go_out_and_come_back_the_same(house):
    entity, operator, _clerk, officer = house
    chance = random.Random(2569)
    lines = [
        line(f"{chance.randrange(1, 10**8) / 100:.2f}", budget_type=ROAD, item=f"=Road {n}", is_project=n % 2 == 0)
        for n in range(200)
    ]
    ordinance_id = makers.a_draft(*lines, line("5.00", enterprise="WATER"), actor=operator)
    home, client = f"/{entity.code}/budget/ordinances/{ordinance_id}/", browser(officer)
    before = drafts(operator, ordinance_id)

    book = exported(client, home)
    page = client.get(send(client, home, book).url)
    sheet = book.worksheets[0]
    for number in range(3, 123):
        sheet.cell(number, KEYS.index("amount") + 1).value = 1
    changed = send(client, home, book).url

    assert {str(word): count for word, _tone, count in page.context["counts"] if count} == {"เหมือนเดิม": 201}
    assert client.post(changed, {"rows": "all"}).status_code == 302
    assert client.post(changed, {"rows": "all"}).status_code == 302
    after = {each.id: each for each in drafts(operator, ordinance_id)}
    assert sum(each.draft.amount == baht("1.00") for each in after.values()) == 120
    assert [each.draft.identity for each in before] == [after[each.id].draft.identity for each in before]
    assert {each.revision for each in after.values()} == {1, 2}
    # Codes are chosen from lists; nobody changes an id by mistake.
    assert len(sheet.data_validations.dataValidation) == 6
    assert sheet.protection.sheet
    assert sheet.cell(3, 1).protection.locked
    assert not sheet.cell(3, KEYS.index("amount") + 1).protection.locked


def test_an_import_leaves_what_is_approved_of_others_or_newer_and_says_which(house):
    entity, operator, clerk, _officer = house
    makers.in_force(line("9.00"), actor=operator)
    (approved,) = drafts(operator, next(iter(_ordinances(operator))))
    mine, newer = line("1.00", budget_type="5330200"), line("2.00", budget_type="5330300")
    ordinance_id = makers.a_draft(mine, newer, line("3.00", division="02"), actor=operator, year=makers.YEAR + 1)
    home, client = f"/{entity.code}/budget/ordinances/{ordinance_id}/", browser(clerk)
    book = exported(client, home)
    sheet, amount = book.worksheets[0], KEYS.index("amount") + 1
    kept = {each.draft.identity: each for each in drafts(operator, ordinance_id)}
    save = LineSave(kept[newer.identity].id, 1, line("7.00", budget_type="5330300"))
    commands.save_lines(actor=operator, ordinance_id=ordinance_id, lines=[save], at=AT)
    for number in range(3, 6):
        sheet.cell(number, amount).value = 100
    for column, text in enumerate(row(line_id=str(approved.id), revision="1", budget_type=FUEL), 1):
        sheet.cell(6, column).value = text or None

    preview = send(client, home, book).url
    page = client.get(preview)
    whole = client.post(preview, {"rows": "all"})
    told = {r.code: r.where for each in page.context["rows"] for r in each.refusals}

    assert told == {
        "budget.changed_meanwhile": "K5",
        "budget.not_your_division": "E3",
        "budget.line_of_other_ordinance": "K6",
    }
    assert whole.status_code == 422
    assert {each.draft.amount for each in drafts(operator, ordinance_id)} == {baht("1.00"), baht("7.00"), baht("3.00")}
    assert client.post(preview, {"rows": "right"}).status_code == 302
    amounts = {each.draft.identity: str(each.draft.amount) for each in drafts(operator, ordinance_id)}
    assert amounts[LineIdentity("01", "00111", "5330200", "FS01")] == "100.00"
    assert sorted(amounts.values()) == ["100.00", "3.00", "7.00"]
    gone = Step(OrdinanceState.LAPSED, makers.DAY, note="Withdrawn")
    commands.take_step(actor=operator, ordinance_id=ordinance_id, step_id=uuid.uuid4(), step=gone, at=AT)
    assert client.post(preview, {"rows": "right"}).status_code == 422


def _ordinances(actor):
    with entity_transaction(actor.entity_id):
        return [each.id for each in queries.ordinances()]


def test_a_file_that_is_no_draft_is_refused_with_its_reason(house):
    entity, operator, _clerk, officer = house
    home = f"/{entity.code}/budget/ordinances/{makers.a_draft(line('1.00'), actor=operator)}/"
    client = browser(officer)
    sent = [
        send(client, home, each)
        for each in (b"PK not a zip", openpyxl.Workbook(), b"PK" + b" " * (LIMITS.bytes_max + 1))
    ]

    told = [answer.context["refusals"][0].code for answer in sent]
    assert told == ["kernel.file_damaged", "budget.sheet_not_ours", "toolkit.table_too_large"]
    with pytest.raises(Refused) as caught:
        commands.import_draft_workbook(
            actor=operator,
            ordinance_id=uuid.UUID(home.split("/")[-2]),
            upload_id=uuid.uuid4(),
            right_rows_only=True,
            at=AT,
        )
    assert caught.value.refusals[0].code == "budget.import_gone"
    assert client.get(f"{home}imports/{uuid.uuid4()}/").status_code == 404
