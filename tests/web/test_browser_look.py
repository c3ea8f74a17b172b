"""How pages look and weigh: no barrier for anyone, no word of the browser's console, no byte too many."""

import gzip
import re
from pathlib import Path

from playwright.sync_api import expect

import khlang
from tests.looks import DESK, LOOKS, PHONE, faults_in_looks

STATIC = Path(khlang.__file__).parent / "web" / "static" / "khlang"
ON_A_DESK = LOOKS[:2]
PAGES = (
    "",
    "accounts/?search=1101",
    "accounts/1101030101/",
    "periods/2568/",
    "vouchers/",
    "vouchers/new/",
    "imports/",
    "imports/new/",
    "reports/",
    "reports/2568/trial-balance/",
    "reports/2568/receipts-and-payments/",
    "reports/2568/general-ledger/?account=1101030101",
    "reports/2568/financial-position/",
    "journals/",
    "journals/2568/1/",
    "audit/",
    "budget/2568/grants/",
    "budget/2568/",
    "budget/2568/carry-overs/",
)


def test_no_page_has_a_barrier_in_any_size_and_colour(signed_in):
    page, found = signed_in, []
    for address in PAGES:
        page.goto(page.home + address)
        found += faults_in_looks(page)

    assert found == []
    assert page.said == []


def test_boxes_that_open_have_no_barrier(signed_in):
    page, found = signed_in, []
    page.set_viewport_size(DESK)
    for keys in ("Control+k", "Control+/", "F1"):
        page.keyboard.press(keys)
        expect(page.locator("dialog[open]")).to_be_visible()
        found += faults_in_looks(page, ON_A_DESK)
        page.keyboard.press("Escape")
    page.click("summary.ava")
    found += faults_in_looks(page, ON_A_DESK)

    assert found == []


def test_pages_before_log_in_have_no_barrier(page, live_khlang):
    found = []
    for address in ("/login/", "/offline/", "/nothing/like/this/"):
        page.goto(live_khlang + address)
        found += faults_in_looks(page, ON_A_DESK)

    assert found == []


def test_the_first_view_is_light(signed_in, live_khlang):
    page, bodies = signed_in, []
    page.on("response", lambda answer: bodies.append((answer.url, answer.body())) if answer.ok else None)
    page.goto(page.home)
    page.wait_for_load_state("networkidle")
    # Static files travel compressed, pages of the books do not.
    packed = re.compile(r"\.(css|js|svg)$")
    seen = {url: gzip.compress(body, 9) if packed.search(url) else body for url, body in bodies if "/health" not in url}
    fonts = sum(len(body) for url, body in seen.items() if url.endswith("woff2"))

    assert fonts <= 45_000
    assert sum(map(len, seen.values())) <= 130_000, {url: len(body) for url, body in seen.items()}
    assert page.evaluate("document.querySelectorAll('*').length") <= 1500
    assert all(url.startswith(live_khlang) for url in seen)


def test_our_scripts_and_styles_stay_small():
    scripts = [file.read_bytes() for file in sorted(STATIC.glob("*.js")) if file.name != "htmx.min.js"]
    styles = [file.read_bytes() for file in sorted(STATIC.glob("*.css"))]

    assert len(gzip.compress(b"".join(scripts), 9)) <= 20_000
    assert len(gzip.compress(b"".join(styles), 9)) <= 15_000


def test_nothing_moves_while_a_page_appears(signed_in):
    page = signed_in
    page.add_init_script(
        "window.moved = 0; new PerformanceObserver((list) => list.getEntries().forEach((entry) => { moved += entry.value; }))"
        ".observe({ type: 'layout-shift', buffered: true });"
    )
    page.goto(page.home)
    page.wait_for_load_state("networkidle")

    assert page.evaluate("moved") <= 0.05


def test_the_search_box_works_with_the_thai_layout_on(signed_in):
    page = signed_in
    page.evaluate(
        "document.dispatchEvent(new KeyboardEvent('keydown', {key: 'า', code: 'KeyK', ctrlKey: true, bubbles: true, cancelable: true}))"
    )
    page.keyboard.type("งบดุล")
    expect(page.locator("#palette-list [aria-selected=true]")).to_contain_text("งบแสดงฐานะการเงิน")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("financial-position"))


def test_the_search_box_finds_an_amount_and_remembers_what_was_opened(signed_in):
    page = signed_in
    page.keyboard.press("Control+k")
    page.keyboard.type("๑,๒๕๐,๐๐๐")
    option = page.locator("#palette-list [role=option]").first
    expect(option).to_contain_text("ภาษีที่ดิน")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"journals/2568/\d+"))
    page.keyboard.press("Control+k")
    expect(page.locator("#palette-list [role=option]").first).to_contain_text("ภาษีที่ดิน")


def test_keys_that_work_everywhere(signed_in):
    page = signed_in
    page.keyboard.press("F1")
    expect(page.locator("#help")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Alt+n")
    page.wait_for_url(re.compile("vouchers/"))


def test_language_and_display_change_from_the_menu(signed_in):
    page = signed_in
    page.click("summary.ava")
    page.click("button[value=dark]")
    assert page.get_attribute("html", "data-theme") == "dark"
    assert page.evaluate("getComputedStyle(document.body.parentElement).backgroundColor") == "rgb(14, 21, 38)"
    page.click("summary.ava")
    page.click("button[value=en]")
    expect(page.locator("h1")).to_have_text("My work today")


def test_the_phone_has_its_bar_and_every_place_of_work(signed_in):
    page = signed_in
    page.set_viewport_size(PHONE)
    expect(page.locator(".tabbar")).to_be_visible()
    expect(page.locator(".side")).to_be_hidden()
    page.click(".tabbar button")
    page.click("#all-places >> text=งบทดลอง")
    page.wait_for_url(re.compile("trial-balance"))


def test_a_page_works_without_scripts(browser, signed_in, browser_context_args):
    cookies = signed_in.context.cookies()
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    context.add_cookies(cookies)
    page = context.new_page()
    page.goto(signed_in.home)
    page.click("summary.ava")
    page.click("button[value=en]")
    assert page.inner_text("h1") == "My work today"
    page.click(".nav >> text=Accounting")
    assert page.locator("h1").count() == 1
    context.close()


def test_the_offline_page_appears_when_the_line_is_down(browser, signed_in, browser_context_args):
    context = browser.new_context(**{**browser_context_args, "service_workers": "allow"})
    context.add_cookies(signed_in.context.cookies())
    page = context.new_page()
    page.goto(signed_in.home)
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    page.reload()
    context.set_offline(True)
    page.goto(signed_in.home + "reports/", wait_until="commit")
    expect(page.locator("h1")).to_have_text("ติดต่อระบบไม่ได้ในขณะนี้")
    kept = page.evaluate(
        "caches.keys().then(async (names) => (await Promise.all(names.map(async (name) => (await (await caches.open(name)).keys())"
        ".map((request) => new URL(request.url).pathname)))).flat())"
    )
    context.set_offline(False)
    context.close()
    assert [address for address in kept if not address.startswith("/static/")] == ["/offline/"]
