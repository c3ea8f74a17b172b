"""A voucher from the first key to its reversal, with no pointer at all; then what a bad day does to it."""

import re
from datetime import date

from playwright.sync_api import expect

from khlang.journal_vouchers import commands, queries
from khlang.journal_vouchers.rules import VoucherFilter, VoucherState
from khlang.kernel.money import baht
from khlang.ledger import queries as ledger
from khlang.ledger.rules import JournalFilter
from khlang.toolkit.tenancy import entity_transaction
from tests.builders import BANK, CASH, FUEL, PASSWORD, TAX
from tests.journal_vouchers.makers import AT, a_draft, a_posted, a_submitted, content
from tests.looks import DESK, PHONE, barriers, faults_in_looks

KEPT = "บันทึกแล้ว"
ROWS = (
    (CASH, "ค่าภาษี", "1,000", ""),
    (BANK, "โอนเข้าธนาคาร", "5๐0*1.07", ""),
    (TAX, "ภาษีที่ดิน", "", "1000"),
    (FUEL, "คืนค่าน้ำมัน", "", "๕๓๕.00"),
)


def journals(actor):
    with entity_transaction(actor.entity_id):
        return ledger.journals(JournalFilter(2568))


def vouchers(actor):
    with entity_transaction(actor.entity_id):
        rows = queries.vouchers(VoucherFilter()).rows
        return [found for row in rows if (found := queries.voucher(voucher_id=row.voucher_id))]


def type_rows(page, rows):
    keys = page.keyboard
    for account, words, debit, credit in rows:
        keys.type(account)
        keys.press("Tab")
        keys.press("Tab")
        keys.type(words)
        keys.press("Tab")
        keys.type(debit)
        keys.press("Tab")
        keys.type(credit)
        keys.press("Tab")


def focused(page):
    return page.evaluate("document.activeElement.name || document.activeElement.id")


def wait_kept(page):
    page.wait_for_selector(f"save-state:has-text('{KEPT}')")


def begin(page, office):
    page.goto(f"{office.home}vouchers/")
    page.keyboard.press("Alt+n")
    page.wait_for_url(re.compile("/edit/"))
    page.focus("#date")
    keys = page.keyboard
    keys.type("031067")
    keys.press("Tab")
    keys.press("Tab")
    keys.type("รับชำระภาษีและโอนเข้าธนาคาร")
    keys.press("Tab")


def test_a_voucher_by_keyboard_from_first_key_to_reversal(office, at_desk):
    page = at_desk(office.maker)
    begin(page, office)
    assert focused(page) == "lines.0.account"

    type_rows(page, ROWS)
    assert focused(page) == "lines.4.account"
    assert page.text_content("[data-sum=debit]") == "1,535.00"
    assert page.text_content("[data-difference]") == "0.00"
    assert page.is_visible("[data-balanced]")
    wait_kept(page)
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/vouchers/[0-9a-f-]{36}/$"))
    assert "รอตรวจ" in page.text_content("h1")
    assert page.query_selector("#ask-post") is None

    boss = at_desk(office.poster)
    boss.goto(page.url)
    post_by_keyboard(boss)
    (posted,) = journals(office.maker).rows
    assert (posted.total, posted.date, posted.posted_by_name) == (baht("1535"), date(2024, 10, 3), office.poster.name)
    assert printed(boss).startswith(b"%PDF-")

    reverse_by_keyboard(boss)
    assert journals(office.maker).count == 2
    assert (boss.said, page.said) == ([], [])


def post_by_keyboard(boss):
    boss.wait_for_selector("#preview .note.ok")
    boss.keyboard.press("Control+Enter")
    boss.keyboard.press("Enter")
    boss.wait_for_selector("text=ลงบัญชีแล้ว เลขที่ ทป 1/2568")


def printed(boss):
    address = boss.evaluate("document.querySelector('[data-print]').href")
    return boss.request.get(address).body()


def reverse_by_keyboard(boss):
    boss.focus("[data-open=ask-reverse]")
    boss.keyboard.press("Enter")
    assert focused(boss) == "day"
    boss.keyboard.type("091067")
    boss.keyboard.press("Tab")
    boss.keyboard.type("บันทึกผิดบัญชี")
    boss.keyboard.press("Tab")
    boss.keyboard.press("Tab")
    boss.keyboard.press("Enter")
    boss.wait_for_selector("text=กลับรายการแล้วด้วยเลขที่ ทป 2/2568")


def test_every_reason_is_shown_and_the_first_one_has_the_focus(office, at_desk):
    page = at_desk(office.maker)
    begin(page, office)
    type_rows(page, [(CASH, "ขาดอีกด้าน", "100", "")])
    page.keyboard.type("9999999999")
    page.keyboard.press("Control+Enter")

    page.wait_for_selector("#errors")
    expect(page.locator("#errors")).to_be_focused()
    assert page.title().startswith("มีข้อผิดพลาด")
    assert page.input_value("[name='lines.0.debit']") == "100.00"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert focused(page).startswith("lines.1.")
    assert barriers(page) == []


def test_rows_are_copied_deleted_and_brought_back_by_keyboard(office, at_desk):
    page = at_desk(office.maker)
    begin(page, office)
    type_rows(page, ROWS[:1])
    page.keyboard.press("Control+d")
    assert page.input_value("[name='lines.1.account']") == CASH
    page.keyboard.press("Control+Backspace")
    assert page.input_value("[name='lines.1.account']") == ""
    page.click(".toast button")
    assert page.input_value("[name='lines.1.account']") == CASH


def test_an_account_is_found_by_a_part_of_its_name_without_tone_marks(office, at_desk):
    page = at_desk(office.maker)
    begin(page, office)
    page.keyboard.type("เชือเพลิง")
    page.wait_for_selector("[role=listbox] [role=option][aria-selected=true]")
    assert barriers(page) == []
    page.keyboard.press("Tab")

    assert page.input_value("[name='lines.0.account']") == FUEL
    assert "เชื้อเพลิง" in page.text_content("line-grid .says")
    assert focused(page) == "lines.0.fund_source"


def test_a_server_that_stumbles_gets_the_draft_later(office, at_desk):
    page = at_desk(office.maker)
    page.route("**/draft/", lambda route: route.fulfill(status=503, headers={"Retry-After": "1"}))
    begin(page, office)
    page.wait_for_selector("save-state [data-s=wait]")
    page.unroute("**/draft/")

    wait_kept(page)

    (kept,) = vouchers(office.maker)
    assert kept.content.description == "รับชำระภาษีและโอนเข้าธนาคาร"


def test_rows_from_excel_are_shown_before_they_are_put_in(office, at_desk):
    page = at_desk(office.maker)
    begin(page, office)
    page.evaluate(
        """text => {
          const data = new DataTransfer(); data.setData('text/plain', text);
          document.activeElement.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        f"{CASH}\tFS01\tค่าภาษี\t1,250.50\t\n{TAX}\tFS01\tค่าภาษี\t\t1,250.50\n",
    )
    page.wait_for_selector("dialog.sheet")
    assert page.input_value("[name='lines.0.account']") == ""

    page.keyboard.press("Enter")

    assert page.input_value("[name='lines.0.account']") == CASH
    assert page.text_content("[data-sum=credit]") == "1,250.50"
    wait_kept(page)


def test_nothing_typed_is_lost_when_the_line_is_down(office, at_desk):
    page = at_desk(office.maker)
    begin(page, office)
    wait_kept(page)
    page.context.set_offline(True)
    type_rows(page, ROWS[:2])
    page.wait_for_selector("save-state:has-text('ออฟไลน์')")
    page.keyboard.press("Control+Enter")
    assert page.input_value("[name='lines.1.account']") == BANK

    page.context.set_offline(False)
    wait_kept(page)

    (kept,) = vouchers(office.maker)
    assert [line.account for line in kept.content.lines if not line.is_blank] == [CASH, BANK]
    assert kept.row.state == VoucherState.DRAFT


def test_a_reload_in_the_middle_of_a_word_brings_it_back(office, at_desk):
    page = at_desk(office.maker)
    begin(page, office)
    page.route("**/draft/", lambda route: route.abort())
    type_rows(page, ROWS[:1])
    page.wait_for_timeout(700)
    page.unroute("**/draft/")
    page.reload()

    expect(page.locator("[name='lines.0.account']")).to_have_value(CASH)
    wait_kept(page)


def test_two_people_at_once_see_both_versions(office, at_desk):
    made = a_draft(office.maker, content("100"))
    page = at_desk(office.maker)
    page.goto(f"{office.home}vouchers/{made.row.voucher_id}/edit/")
    commands.save_draft(actor=office.poster, voucher_id=made.row.voucher_id, revision=1, content=content("900"), at=AT)
    page.focus("#description")
    page.keyboard.press("End")
    page.keyboard.type(" ฉบับของฉัน")

    dialog = page.wait_for_selector("dialog.sheet[open]")

    assert office.poster.name in dialog.text_content()
    assert barriers(page) == []
    page.click("dialog.sheet .btn-p")
    wait_kept(page)
    (kept,) = vouchers(office.maker)
    assert kept.content.description.endswith("ฉบับของฉัน")
    assert kept.row.revision == 3


def test_a_double_click_posts_once(office, at_desk):
    sent = a_submitted(office.maker)
    boss = at_desk(office.poster, width=390, height=844)
    boss.goto(f"{office.home}vouchers/{sent.row.voucher_id}/")

    boss.click("[data-open=ask-post]")
    boss.dblclick("#ask-post .btn-p")

    boss.wait_for_selector("text=ลงบัญชีแล้ว เลขที่")
    assert journals(office.maker).count == 1


def test_a_session_that_ended_keeps_the_text_and_goes_on_after_log_in(office, at_desk):
    page = at_desk(office.maker)
    begin(page, office)
    wait_kept(page)
    page.context.clear_cookies()
    page.keyboard.type(CASH)
    page.keyboard.press("Tab")
    page.wait_for_selector("#signed-out[open]")
    assert page.input_value("[name='lines.0.account']") == CASH

    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")

    wait_kept(page)
    (kept,) = vouchers(office.maker)
    assert kept.content.lines[0].account == CASH


def test_every_voucher_page_passes_axe_and_fits_the_screen(office, at_desk):
    sent = a_submitted(office.maker)
    posted = a_posted(office.maker, office.poster)
    page, boss = at_desk(office.maker), at_desk(office.poster)
    found = []
    for who, address in (
        (page, "vouchers/"),
        (page, "vouchers/?search=zzz"),
        (page, "vouchers/new/"),
        (page, f"vouchers/{sent.row.voucher_id}/"),
        (boss, f"vouchers/{sent.row.voucher_id}/"),
        (boss, f"vouchers/{sent.row.voucher_id}/?ask=post"),
        (boss, f"vouchers/{posted.row.voucher_id}/?ask=reverse"),
    ):
        who.goto(office.home + address)
        who.wait_for_timeout(150)
        found += faults_in_looks(who, ((DESK, "light"), (PHONE, "light")))

    assert found == []
