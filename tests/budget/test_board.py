"""The board and what hangs on it: sums of the database, lines with their papers, plans, the palette, what runs out."""

import uuid
from datetime import date, timedelta
from http import HTTPStatus
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from khlang.budget import commands, queries, rules
from khlang.budget.forms.board import board_form, filter_form, filter_query
from khlang.budget.forms.plans import plans_form, spread
from khlang.budget.rules import Balance, BoardFilter, BoardGroup, Level, Pot
from khlang.identity import queries as identity
from khlang.kernel.money import ZERO, Baht, baht
from khlang.kernel.refusals import Refused
from khlang.toolkit.tenancy import entity_transaction
from tests.budget import makers
from tests.budget.makers import AT, FUEL, ROAD, SUPPLIES, YEAR, a_document, a_move, line, use
from tests.builders import a_person, sign_in

TODAY = date(2026, 1, 8)
QUERIES_MAX = {"": 18, "?by=line": 19, "plans": 22, "forecast": 19, "lines": 22}
PAGES = ("", "?by=line", "plans/", "forecast/?show=all")

# ---- pure -------------------------------------------------------------------------------------------------------------


def test_a_code_takes_what_is_below_it_and_nothing_beside_it():
    assert BoardFilter(plan="00100").plan_stem == "001"
    assert BoardFilter(plan="00110").plan_stem == "0011"
    assert BoardFilter(plan="00111").plan_stem == "00111"
    assert BoardFilter(budget_type="5300000").type_stem == "53"
    assert BoardFilter(budget_type="5330000").type_stem == "533"
    assert BoardFilter(budget_type="5111000").type_stem == "5111000"
    assert BoardFilter(budget_type="000").type_stem == ""


def test_wider_codes_stand_before_what_is_below_them():
    found = rules.with_wider(["00112", "00111", "00312"], lengths=(3, 4), width=5)

    assert found == (("00100", 0), ("00110", 1), ("00111", 2), ("00112", 2), ("00300", 0), ("00310", 1), ("00312", 2))


def test_groups_are_sorted_by_amount_then_by_code():
    groups = [
        BoardGroup(key, key, 1, Balance(approved=baht(amount))) for key, amount in (("B", "2"), ("A", "2"), ("C", "1"))
    ]

    assert [group.key for group in rules.in_order(groups, "appropriation")] == ["C", "A", "B"]
    assert [group.key for group in rules.in_order(groups, "-appropriation")] == ["A", "B", "C"]
    assert [group.key for group in rules.in_order(groups, "name")] == ["A", "B", "C"]


def test_the_address_of_the_board_reads_back():
    chosen = BoardFilter("น้ำมัน", "01", "00110", "5330000", "FS01", "")

    fields = dict(
        pair.split("=") for pair in filter_query(BoardFilter(division="01", enterprise="")).lstrip("?").split("&")
    )
    assert filter_form(fields) == BoardFilter(division="01", enterprise="")
    assert (
        filter_form(
            {
                "search": " น้ำมัน\0",
                "division": "01",
                "plan": "00110",
                "type": "5330000",
                "fund": "FS01",
                "enterprise": "-",
            }
        )
        == chosen
    )
    form = board_form({"by": "no such", "order": "-strange", "page": "x"})
    assert (form.level, form.order, form.page) == (Level.PLAN, "-code", 1)


@given(amount=st.integers(0, 10**12))
def test_even_shares_add_up_and_differ_by_less_than_four_baht(amount):
    shares = rules.evenly(Baht.from_satang(amount))

    assert sum(shares.values(), ZERO).satang == amount
    assert 0 <= shares[4].satang - shares[1].satang < 400


def test_plans_are_read_as_typed_and_only_empty_lines_are_spread():
    one, two = uuid.uuid4(), uuid.uuid4()
    form = plans_form(
        {f"plan.{one}.1": "๑๐๐", f"plan.{one}.2": "ten", f"revision.{one}": "1", f"plan.{two}.1": "", "plan.x.1": "5"}
    )

    assert [(plan.line_id, plan.revision, plan.shares) for plan in form.plans] == [(one, 1, {1: baht("100")})]
    assert [refusal.where for refusal in form.refusals] == [f"plan.{one}.2"]
    filled = spread(form.typed, {one: baht("8.00"), two: baht("8.00")})
    assert filled == {one: {1: "๑๐๐", 2: "ten"}, two: dict.fromkeys((1, 2, 3, 4), "2.00")}


# ---- what the database adds up ----------------------------------------------------------------------------------------


@pytest.fixture
def budget(db):
    """Four lines in two plans, two divisions and an enterprise; some of it held, paid and given back."""
    actor = makers.a_house()
    lines = makers.in_force(
        line("1000.00", budget_type=ROAD, item="Road to village 3", work="00312"),
        line("200.00"),
        line(
            "400.00", budget_type=FUEL, division="02", explanation=rules.Explanation(text="Diesel of the waste truck")
        ),
        line("80.00", budget_type=FUEL, division="02", enterprise="WATER", work="00111", fund="FS01"),
        actor=actor,
    )
    ids = dict(lines)
    paid = a_move(ids[SUPPLIES], "request", "150.00")
    use(actor, paid, document=a_document("disbursement", "12/2569"))
    use(actor, a_move(ids[SUPPLIES], "pay", "150.00", takes=paid.hold_id), document=a_document("payment", "P-7"))
    use(actor, a_move(ids["Road to village 3"], "reserve", "1000.00"), document=a_document("contract", "C-1"))
    return actor, ids


def test_the_database_adds_up_at_every_level_what_memory_does(budget):
    actor, _ = budget
    with entity_transaction(actor.entity_id):
        board, names = queries.board(fiscal_year=YEAR), queries.names(fiscal_year=YEAR)
        for level in Level:
            found = queries.board_groups(fiscal_year=YEAR, level=level, names=names)
            assert list(found.rows) == rules.grouped(board, level=level, names=names)
            assert (found.total, found.count) == (board.total, 4)
        page = queries.board_page(fiscal_year=YEAR, order="-available", page=9, page_size=3)
        called = queries.lines_called(text="road", today=TODAY, limit=6)
        explained = queries.lines_called(text="diesel", today=date(2030, 1, 1), limit=6)

    assert (page.page, page.pages, page.count, page.total) == (2, 2, 4, board.total)
    assert [row.line.name for row in page.rows] == ["Road to village 3"]
    assert [each.line.name for each in called] == ["Road to village 3"]
    assert [each.line.identity.enterprise for each in explained] == [""]


def test_what_is_counted_as_running_out_is_what_the_forecast_says(budget):
    actor, _ = budget
    with entity_transaction(actor.entity_id):
        for day in range(0, 400, 9):
            today = TODAY + timedelta(days=day)
            told = queries.forecasts(fiscal_year=YEAR, today=today, warned_only=True)
            assert queries.warned_count(fiscal_year=YEAR, today=today) == len(told)
            own = [each for each, _coming in told if each.line.identity.division == "02"]
            assert queries.warned_count(fiscal_year=YEAR, today=today, divisions=["02"]) == len(own)


def test_the_terms_of_a_line_are_made_by_the_movements_behind_them(budget):
    actor, ids = budget
    with entity_transaction(actor.entity_id):
        found = queries.line(fiscal_year=YEAR, line_id=ids[SUPPLIES])
        register = queries.register(fiscal_year=YEAR, line_id=ids[SUPPLIES])

    for pot in rules.TERMS:
        made = sum((effect for _, effect in rules.behind(register, pot)), ZERO)
        assert made == getattr(found.balance, pot.value)
    given = sum((term.amount if term.gives else -term.amount for term in rules.terms_of(found.balance)), ZERO)
    assert given == found.balance.available == register[-1].available == baht("50.00")
    assert [term.pot for term in rules.terms_of(found.balance)] == [Pot.APPROVED, Pot.PAID]


def test_plans_are_saved_all_or_none_and_never_over_another_hand(budget):
    actor, ids = budget
    save = {"actor": actor, "fiscal_year": YEAR, "at": AT}

    def plan(name, revision, **shares):
        return commands.PlanSave(ids[name], {int(key[1:]): baht(text) for key, text in shares.items()}, revision)

    assert (
        commands.save_plans(
            **save, plans=[plan(SUPPLIES, 0, q1="50", q2="50"), plan("Road to village 3", 0, q4="1000")]
        )
        == 2
    )
    assert commands.save_plans(**save, plans=[plan(SUPPLIES, 2, q1="50", q2="50")]) == 0
    with pytest.raises(Refused) as found:
        commands.save_plans(**save, plans=[plan(SUPPLIES, 2, q1="60"), plan("Road to village 3", 0, q1="1")])
    assert [(each.code, each.where) for each in found.value.refusals] == [
        ("budget.plan_above_line", "plans.1.quarters"),
        ("budget.changed_meanwhile", "plans.1"),
    ]
    with entity_transaction(actor.entity_id):
        kept = queries.plan_and_actual(fiscal_year=YEAR, line_id=ids[SUPPLIES])[ids[SUPPLIES]]
    assert [str(row.planned) for row in kept] == ["50.00", "50.00", "0.00", "0.00"]


# ---- pages ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(budget, client):
    """The desk of a budget officer, with the addresses of the year."""
    actor, ids = budget
    with entity_transaction(actor.entity_id):
        entity = identity.entity(code=actor.entity_code)
    officer = a_person("budget_officer", entity=entity)
    sign_in(client, officer)
    client.home = f"/{entity.code}/budget/{YEAR}/"
    client.ids = ids
    client.entity = entity
    return client


def shown(client, address, **asked):
    answer = client.get(f"{client.home}{address}", asked)
    assert answer.status_code == HTTPStatus.OK
    return answer.content.decode()


def test_the_board_opens_from_a_plan_to_a_line_to_its_papers(desk):
    board = shown(desk, "")
    assert "plan=00310" in board
    assert "1,680.00" in board
    lines = shown(desk, "", by="line", plan="00310")
    assert "Road to village 3" in lines
    assert "1,000.00" in lines
    assert "200.00" not in lines
    page = shown(desk, f"lines/{desk.ids[SUPPLIES]}/", term="paid")
    assert "P-7" in page
    assert "12/2569" not in page
    register = shown(desk, f"lines/{desk.ids[SUPPLIES]}/")
    paper = register.split("/papers/")[1].split("/")[0]
    assert "P-7" in shown(desk, f"papers/{paper}/")
    assert desk.get(f"{desk.home}papers/{uuid.uuid4()}/").status_code == HTTPStatus.NOT_FOUND
    assert desk.get(f"{desk.home}lines/{uuid.uuid4()}/").status_code == HTTPStatus.NOT_FOUND
    assert desk.get(f"/{desk.entity.code}/budget/9999/").status_code == HTTPStatus.NOT_FOUND


def test_the_workbooks_hold_what_the_pages_show(desk):
    def sheet(address):
        content = desk.get(f"{desk.home}{address}").content
        return [list(row) for row in openpyxl.load_workbook(BytesIO(content)).active.iter_rows(values_only=True)]

    groups, lines = sheet("board.xlsx?by=side"), sheet("board.xlsx?by=line&search=road")
    assert [row[0] for row in groups[1:]] == ["00100", "00300"]
    assert lines[1][1] == "Road to village 3"
    assert (lines[1][-1], len(lines)) == (0, 2)
    register = sheet(f"lines/{desk.ids[SUPPLIES]}/register.xlsx")
    assert [row[1] for row in register[1:]] == ["1/2569", "12/2569", "P-7"]
    assert [row[-2] for row in register[1:]] == [200, 50, 50]
    assert sheet("plans/plans.xlsx?search=road")[1][3] == 1000


def test_an_unknown_year_says_what_to_do(desk):
    answer = desk.get(f"/{desk.entity.code}/budget/2575/")

    assert answer.status_code == HTTPStatus.OK
    assert 'class="empty"' in answer.content.decode()


def test_pages_ask_the_database_no_more_questions_than_they_need(desk):
    asked = {}
    for address in (*PAGES, f"lines/{desk.ids[SUPPLIES]}/"):
        desk.get(f"{desk.home}{address}")
        with CaptureQueriesContext(connection) as found:
            assert desk.get(f"{desk.home}{address}").status_code == HTTPStatus.OK
        asked[address.split("/")[0]] = len(found)

    assert {address: count for address, count in asked.items() if not 0 < count <= QUERIES_MAX[address]} == {}


def test_the_grid_keeps_what_was_typed_and_says_every_fault_at_its_cell(desk):
    road, supplies = desk.ids["Road to village 3"], desk.ids[SUPPLIES]
    typed = {f"plan.{road}.1": "2000", f"plan.{supplies}.1": "abc", f"plan.{supplies}.2": "7"}
    answer = desk.post(f"{desk.home}plans/save/", typed)
    page = answer.content.decode()
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'value="abc"' in page
    assert 'value="2000"' in page

    answer = desk.post(f"{desk.home}plans/save/", {f"plan.{road}.1": "2000"})
    assert "budget" in answer.content.decode()
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY

    assert 'value="250.00"' in desk.post(f"{desk.home}plans/save/", {"do": "even"}).content.decode()
    assert desk.post(f"{desk.home}plans/save/", {f"plan.{road}.1": "500"}).status_code == HTTPStatus.FOUND
    assert 'value="500.00"' in shown(desk, "plans/")


def test_the_palette_answers_how_much_is_left_also_to_those_who_keep_no_books(desk, client):
    clerk = a_person("unit_clerk", entity=desk.entity)
    sign_in(client, clerk)

    hits = client.get(f"/{desk.entity.code}/palette", {"q": "เชื้อเพลิง"}).json()["results"]

    assert {hit[3].split(" ")[-1] for hit in hits} == {"400.00", "80.00"}
    assert all("/lines/" in hit[1] for hit in hits)


@pytest.mark.parametrize(("role", "expected"), [("budget_officer", True), ("auditor", False)])
def test_who_may_transfer_is_told_what_runs_out(budget, role, expected):
    actor, _ = budget
    with entity_transaction(actor.entity_id):
        entity = identity.entity(code=actor.entity_code)
        person = a_person(role, entity=entity)
        found = queries.pace_tasks(actor=person, today=TODAY)

    assert [task.link.name for task in found] == (["budget:forecast"] if expected else [])
