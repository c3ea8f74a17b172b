"""How much is left, in ten keys; and from the whole budget down to the paper behind one figure."""

import re

from playwright.sync_api import expect

from tests.budget import makers
from tests.budget.makers import FUEL, ROAD, YEAR, a_document, a_move, line, use
from tests.builders import a_person, an_actor
from tests.looks import DESK, PHONE, barriers, faults_in_looks

KEYS_MAX = 10


def test_what_is_left_is_told_in_ten_keys_and_every_figure_opens_into_its_papers(office, at_desk):
    actor = makers.a_house(actor=an_actor(entity=office.entity))
    lines = makers.in_force(
        line("400000.00", budget_type=ROAD, item="ก่อสร้างถนน สายบ้านทุ่งใหญ่", work="00312"),
        line("90000.00", budget_type=FUEL),
        actor=actor,
    )
    use(actor, a_move(lines[FUEL], "reserve", "25000.00"), document=a_document("contract", "สัญญา 7/2569"))
    page = at_desk(a_person("budget_officer", entity=office.entity))
    page.goto(office.home)

    typed = "เชื้อ"
    page.keyboard.press("Control+k")
    page.keyboard.type(typed)
    expect(page.locator("[role=option]", has_text="เหลือ 65,000.00")).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/lines/"))
    assert len(typed) + 2 <= KEYS_MAX
    expect(page.locator("h1")).to_contain_text("เชื้อเพลิง")

    page.goto(f"{office.home}budget/{YEAR}/")
    assert faults_in_looks(page, ((PHONE, "light"), (DESK, "light"))) == []
    page.get_by_role("link", name=re.compile("แผนงานบริหารงานทั่วไป")).click()
    page.get_by_role("link", name=re.compile("งานบริหารทั่วไป")).last.click()
    page.get_by_role("link", name=re.compile("เชื้อเพลิง")).click()
    page.get_by_role("link", name=re.compile("กันไว้")).first.click()
    expect(page.locator("#register")).to_contain_text("25,000.00")
    assert barriers(page) == []
    page.get_by_role("link", name="สัญญา 7/2569").first.click()
    expect(page.locator("h1")).to_have_text("สัญญา 7/2569")
    expect(page.locator("table")).to_contain_text("25,000.00")
    for address in ("?by=line", "plans/", "forecast/?show=all"):
        page.goto(f"{office.home}budget/{YEAR}/{address}")
        assert faults_in_looks(page, ((DESK, "dark"), (PHONE, "light"))) == []
    assert page.said == []
