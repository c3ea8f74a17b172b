"""A year's budget through the pages: drafted by two divisions, agreed, brought into force, transferred, supplemented."""

import re
from datetime import date
from types import SimpleNamespace
from urllib.parse import urljoin

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from khlang.budget import commands, queries
from khlang.budget.rules import BoardFilter
from khlang.identity.commands import EntityDraft, add_entity
from khlang.kernel.fiscal_calendar import fiscal_year_of, year_start
from khlang.kernel.thai_dates import thai_date
from khlang.toolkit.tenancy import entity_transaction
from tests.budget.makers import AT, FUEL, ROAD, SUPPLIES
from tests.builders import PASSWORD, a_person, an_actor, an_entity
from tests.looks import DESK, PHONE, faults_in_looks, put_on

YEAR = fiscal_year_of(timezone.localdate())
BEFORE = year_start(YEAR).year
# State, who records it, day and month in the year before the first of October, number of the paper.
WAY = (
    ("consolidated", "officer", (8, 1), ""),
    ("exec_accepted", "executive", (8, 4), ""),
    ("submitted", "officer", (8, 14), "72801/412"),
    ("reading_1", "secretary", (8, 20), "สมัยวิสามัญ 1"),
    ("committee", "secretary", (8, 21), ""),
    ("reading_2", "secretary", (8, 29), "สมัยวิสามัญ 2"),
    ("reading_3", "secretary", (8, 29), "สมัยวิสามัญ 2"),
    ("sent_for_approval", "officer", (9, 1), "72801/450"),
    ("approved", "officer", (9, 10), "0818/77"),
    ("signed", "executive", (9, 15), "1"),
    ("announced", "officer", (9, 16), "1"),
)


@pytest.fixture
def town(live_khlang):
    """A municipality with two divisions and everyone a budget needs; commits are real."""
    code = an_entity().code[:9] + "B"
    entity = add_entity(draft=EntityDraft(code, "subdistrict_municipality", "เทศบาลตำบลบ้านไร่ตัวอย่าง", province="12"))
    operator = an_actor(entity=entity)
    for division, name in (("01", "สำนักปลัด"), ("02", "กองช่าง")):
        commands.set_division(actor=operator, division=division, name_th=name)
    roles = {
        "officer": "budget_officer",
        "executive": "executive",
        "secretary": "council_secretary",
        "head": "clerk",
        "office": "unit_clerk",
        "works": "unit_clerk",
    }
    people = {name: a_person(role, entity=entity, name=f"{name} ตัวอย่าง") for name, role in roles.items()}
    for name, division in (("office", "01"), ("works", "02")):
        member = people[name].user_id
        commands.set_division_member(actor=operator, division=division, user_id=member, is_member=True, at=AT)
    return SimpleNamespace(entity=entity, operator=operator, home=f"{live_khlang}/{code}/", **people)


def test_a_whole_year_is_drafted_agreed_transferred_and_supplemented(town, at_desk):
    desks = {name: at_desk(getattr(town, name)) for name in ("officer", "executive", "secretary", "office", "works")}
    head, officer = at_desk(town.head, proved_seconds_ago=3600), desks["officer"]

    annual = open_ordinance(officer, town, "annual")
    estimate(officer, annual, "600000")
    two_divisions_draft(desks["office"], desks["works"], annual)
    pages = ("", "lines/", "lines/new/")
    assert barriers(desks["office"], [f"{annual}{page}" for page in pages]) == []
    go_the_way(desks, annual)
    bring_into_force(head, annual, "600,000.00")
    officer.goto(annual)
    printed = officer.request.get(urljoin(officer.url, officer.get_attribute("[data-print]", "href")))
    assert printed.headers["content-type"] == "application/pdf"
    assert appropriations(town) == {SUPPLIES: "120000.00", FUEL: "80000.00", "ก่อสร้างถนนสายบ้านไร่": "400000.00"}

    transfer(officer, desks["executive"], town)
    assert appropriations(town) | {SUPPLIES: "90000.00", FUEL: "110000.00"} == appropriations(town)

    extra = open_ordinance(officer, town, "supplementary")
    supplement(officer, extra)
    go_the_way(desks, extra)
    bring_into_force(head, extra, "50,000.00")
    assert appropriations(town)[FUEL] == "160000.00"
    officer.goto(f"{town.home}budget/{YEAR}/")
    expect(officer.locator("main")).to_contain_text("650,000.00")
    assert [said for desk in desks.values() for said in desk.said] == []


def two_divisions_draft(first, second, home):
    """Two divisions type at the same time, each its own lines, with the balance beside."""
    first.goto(f"{home}lines/new/")
    second.goto(f"{home}lines/new/")
    type_line(first, "00111", SUPPLIES, "12*10000", "วัสดุสำนักงาน")
    type_line(second, "00312", ROAD, "400000", "ถนน คสล.", item="ก่อสร้างถนนสายบ้านไร่", plan="หน้า 12 ลำดับ 3")
    first.keyboard.press("Control+Enter")
    first.wait_for_url(re.compile(r"after="))
    expect(first.locator("#work")).to_have_value("00111")
    type_line(first, "00111", FUEL, "80000", "น้ำมันเชื้อเพลิง")
    # 120,000 saved and 80,000 being typed; 400,000 more once the other division's line has saved itself.
    expect(first.locator("#standing .row").nth(2)).to_contain_text(re.compile("200,000.00|600,000.00"))
    save(first)
    save(second)


def transfer(officer, executive, town):
    """Money that is free goes from office supplies to fuel; the executive agrees, as the lines demand."""
    with entity_transaction(town.entity.entity_id):
        codes = {each.line.identity.budget_type: each.line.code for each in queries.board(fiscal_year=YEAR).lines}
    officer.goto(f"{town.home}budget/{YEAR}/changes/new/")
    for side, budget_type in (("from", SUPPLIES), ("to", FUEL)):
        officer.fill(f"[id='{side}.0.line']", codes[budget_type])
        officer.fill(f"[id='{side}.0.amount']", "30000")
    officer.fill("#reason", "วัสดุเหลือใช้ แต่น้ำมันไม่พอ")
    officer.keyboard.press("Control+Enter")
    officer.wait_for_url(re.compile(r"changes/[0-9a-f-]{36}/$"))
    executive.goto(officer.url)
    executive.click("[data-open=ask-approve]")
    executive.click("#ask-approve button[type=submit]")
    expect(executive.locator("h1")).to_contain_text(f"1/{YEAR}")


def supplement(officer, home):
    """A supplementary budget shows its money, its revenue and its lines."""
    officer.goto(f"{home}texts/")
    officer.fill("#money_source", "รายรับจริงสูงกว่าประมาณการ")
    officer.keyboard.press("Control+Enter")
    expect(officer.locator("main .note.ok")).to_be_visible()
    estimate(officer, home, "50000")
    officer.goto(f"{home}lines/new/")
    type_line(officer, "00111", FUEL, "50000", "น้ำมันเพิ่มเติม")
    save(officer)


def open_ordinance(page, town, kind):
    page.goto(f"{town.home}budget/ordinances/")
    page.keyboard.press("Alt+n")
    page.select_option("#fiscal_year", str(YEAR))
    page.click(f"button[value={kind}]")
    page.wait_for_url(re.compile(r"ordinances/[0-9a-f-]{36}/$"))
    return page.url


def estimate(page, home, amount):
    page.goto(f"{home}estimates/?all=1")
    page.fill("[id='estimates.0.amount']", amount)
    page.keyboard.press("Control+Enter")
    expect(page.locator("main .note.ok")).to_be_visible()


def type_line(page, work, budget_type, amount, text, *, item="", plan=""):
    page.select_option("#work", work)
    page.fill("#budget_type", budget_type)
    page.fill("#item", item)
    page.fill("#text", text)
    page.fill("#plan_reference", plan)
    page.fill("#amount", amount)
    page.keyboard.press("Tab")


def save(page):
    page.click(".dock button:not([formaction])")
    page.wait_for_url(re.compile(r"/lines/$"))


def barriers(page, addresses):
    found = []
    for address in addresses:
        page.goto(address)
        found += faults_in_looks(page, ((PHONE, "dark"),))
    put_on(page, DESK, "light")
    return found


def go_the_way(desks, home):
    before = ""
    for state, who, (month, day), number in WAY:
        page = desks[who]
        if who != before:
            page.goto(home)
        before = who
        form = page.locator(f"details:has(input[value={state}])")
        if form.get_attribute("open") is None:
            form.locator("summary").click()
        form.locator("[name=happened_on]").fill(thai_date(date(BEFORE, month, day)))
        if number:
            form.locator("[name=document_number]").fill(number)
        form.locator("button[type=submit]").click()
        expect(page.locator("main .note.ok")).to_be_visible()


def bring_into_force(page, home, total):
    """The head looks, confirms the sum, and proves who she is."""
    page.goto(home)
    page.click("a[href$='/force/']")
    expect(page.locator("tfoot")).to_contain_text(total)
    page.click("main form button[type=submit]")
    if page.locator("input[type=password]").first.is_visible():
        page.locator("input[type=password]").first.fill(PASSWORD)
        page.keyboard.press("Enter")
    expect(page.locator("h1 .chip.ok")).to_be_visible()


def appropriations(town):
    with entity_transaction(town.entity.entity_id):
        found = queries.board(fiscal_year=YEAR, chosen=BoardFilter()).lines
    return {
        each.line.identity.item or each.line.identity.budget_type: str(each.balance.appropriation) for each in found
    }
