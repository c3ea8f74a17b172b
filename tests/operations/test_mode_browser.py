"""Typing while the system closes and opens again: told before, nothing lost, sent by itself."""

import re

import pytest
from playwright.sync_api import expect

from khlang.journal_vouchers import queries as vouchers
from khlang.journal_vouchers.rules import VoucherFilter
from khlang.toolkit.tenancy import entity_transaction
from tests.looks import faults_in_looks
from tests.operations.makers import HOUR, open_again, switch

pytestmark = pytest.mark.usefixtures("real_modes")


@pytest.fixture(autouse=True)
def opened_again(live_khlang, real_modes):
    """Commits are real here: whatever a test leaves behind, the next one begins in normal mode."""
    yield
    open_again()


def drafts(office) -> list[str]:
    with entity_transaction(office.entity_id, read_only=True):
        return [row.description for row in vouchers.vouchers(VoucherFilter()).rows]


def test_a_draft_typed_during_read_only_waits_and_is_sent_when_the_system_opens(signed_in, office):
    page, mark = signed_in, signed_in.locator(".save")
    switch("read_only", starts_in=2 * HOUR)
    page.goto(f"{page.home}vouchers/new/")
    expect(page.locator(".notice")).to_contain_text("แจ้งล่วงหน้า: อ่านอย่างเดียว")

    switch("read_only")
    page.fill("#description", "ค่าน้ำมันรถขยะ")
    expect(mark).to_contain_text("เก็บในเครื่องแล้ว รอส่ง (1)")
    expect(page.locator(".notice.warn")).to_contain_text("ขณะนี้บันทึกไม่ได้")
    expect(page.locator(".toast")).to_contain_text("เปิดให้อ่านอย่างเดียว")
    assert drafts(office) == []
    assert page.input_value("#description") == "ค่าน้ำมันรถขยะ"

    switch("normal")
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(mark).to_contain_text(re.compile(r"บันทึกแล้ว \d\d:\d\d น\."))
    expect(page.locator(".notice.warn")).to_have_count(0)
    assert drafts(office) == ["ค่าน้ำมันรถขยะ"]


def test_a_draft_of_a_page_closed_since_is_sent_when_the_system_opens(signed_in, office):
    page, mark = signed_in, signed_in.locator(".save")
    page.goto(f"{page.home}vouchers/new/")
    switch("read_only")
    page.fill("#description", "ค่าไฟฟ้าสำนักงาน")
    expect(mark).to_contain_text("รอส่ง (1)")
    page.goto(f"{page.home}reports/")
    expect(mark).to_contain_text("รอส่ง (1)")

    switch("normal")
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(mark).not_to_contain_text("รอส่ง")
    assert drafts(office) == ["ค่าไฟฟ้าสำนักงาน"]


@pytest.mark.parametrize("mode", ["read_only", "identity_only", "maintenance"])
def test_the_pages_of_a_closed_system_have_no_barrier(signed_in, mode):
    page, found = signed_in, []
    switch("maintenance", starts_in=HOUR)
    switch(mode)
    for address in (page.home, page.home + "reports/", page.home.split("/T")[0] + "/status/"):
        page.goto(address)
        found += faults_in_looks(page)

    assert found == []
