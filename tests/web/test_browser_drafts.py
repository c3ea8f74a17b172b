"""Nothing typed is lost: the mark in the top bar, the computer's own store, conflicts, ended sessions, log-out."""

import json
import re
import uuid

import pytest
from playwright.sync_api import expect

from tests import builders

FORM = """<form id="f" method="post" action="/nowhere/" data-draft="{draft}" data-draft-url="/drafts-of-the-test/{draft}" data-revision="{revision}" data-outbox>
<input type="hidden" name="idempotency_key" value="{draft}"><input type="hidden" name="revision" value="{revision}">
<label for="words">Words</label><input class="in" id="words" name="words" value="{words}"><button data-submit>Send</button></form>"""


class Server:
    """What the test's server answers to drafts, and what it heard."""

    def __init__(self):
        self.heard = []
        self.status = 200
        self.body = None

    def answer(self, route):
        if self.status == 0:
            return route.abort()
        self.heard.append(json.loads(route.request.post_data or "{}"))
        body = self.body or {"revision": self.heard[-1]["revision"] + 1, "saved_at": "2026-11-23T02:42:00Z"}
        return route.fulfill(status=self.status, json=body, headers={"HX-Trigger": "x"})


@pytest.fixture
def draft(blank, live_khlang):
    """A page with a form that keeps itself; `open_form` opens it as a later visit would."""
    page, number = blank, str(uuid.uuid4())
    page.server = Server()
    page.route("**/drafts-of-the-test/**", page.server.answer)

    def open_form(*, revision=1, words=""):
        frame = page.request.get(page.home).text()
        form = FORM.format(draft=number, revision=revision, words=words)
        body = re.sub(r'(<div class="phead">)', lambda found: form + found[1], frame, count=1)
        page.unroute("**/form-of-the-test/")
        page.route(
            "**/form-of-the-test/", lambda route: route.fulfill(body=body, content_type="text/html; charset=utf-8")
        )
        page.goto(f"{live_khlang}/form-of-the-test/")
        page.wait_for_selector(".save[data-s]")

    page.open_form = open_form
    open_form()
    return page


def mark(page):
    return page.locator(".save")


def kept(page) -> list:
    return page.evaluate(
        """() => new Promise((done) => { const open = indexedDB.open('khlang', 1); open.onsuccess = () => {
        const all = open.result.transaction('drafts').objectStore('drafts').getAll(); all.onsuccess = () => done(all.result); }; })"""
    )


def test_saved_is_said_only_after_the_server_answered(draft):
    draft.focus("#words")
    draft.keyboard.type("ค่าน้ำมัน")
    expect(mark(draft)).to_contain_text(re.compile(r"บันทึกแล้ว \d\d:\d\d น\."))

    assert draft.server.heard[-1]["fields"]["words"] == "ค่าน้ำมัน"
    assert kept(draft) == []
    assert draft.input_value("[name=revision]") == str(draft.server.heard[-1]["revision"] + 1)


def test_without_a_line_the_text_stays_on_this_computer_and_comes_back(draft):
    draft.server.status = 0
    draft.focus("#words")
    draft.keyboard.type("สำคัญมาก")
    expect(mark(draft)).to_contain_text("เก็บในเครื่องแล้ว รอส่ง (1)")
    assert kept(draft)[0]["fields"]["words"] == "สำคัญมาก"

    draft.server.status = 200
    draft.open_form()
    expect(draft.locator("#words")).to_have_value("สำคัญมาก")
    expect(mark(draft)).to_contain_text("บันทึกแล้ว")
    assert kept(draft) == []


def test_a_text_is_kept_within_half_a_second_of_typing(draft):
    draft.server.status = 503
    draft.focus("#words")
    draft.keyboard.type("x")
    draft.wait_for_timeout(550)

    assert kept(draft)[0]["fields"]["words"] == "x"


def test_two_versions_are_shown_side_by_side_and_none_is_overwritten(draft):
    draft.server.status, draft.server.body = 409, {"revision": 7, "fields": {"words": "theirs"}, "by": "มาลี"}
    draft.focus("#words")
    draft.keyboard.type("mine")
    dialog = draft.locator("dialog.sheet")
    expect(dialog).to_contain_text("มาลี")
    expect(dialog).to_contain_text("theirs")
    assert draft.input_value("#words") == "mine"

    draft.server.status, draft.server.body = 200, None
    dialog.locator(".btn-p").click()
    expect(mark(draft)).to_contain_text("บันทึกแล้ว")
    assert draft.server.heard[-1]["revision"] == 7
    assert draft.server.heard[-1]["fields"]["words"] == "mine"


def test_an_ended_session_asks_to_log_in_and_goes_on(draft):
    draft.server.status, draft.server.body = 401, {"code": "session-expired"}
    draft.focus("#words")
    draft.keyboard.type("not lost")
    expect(draft.locator("#signed-out")).to_be_visible()
    assert draft.input_value("#words") == "not lost"

    draft.fill("#again-password", "wrong wrong")
    draft.click("#signed-out button[type=submit]")
    expect(draft.locator("#signed-out .wrong")).to_contain_text("ไม่ถูกต้อง")
    draft.server.status, draft.server.body = 200, None
    draft.fill("#again-password", builders.PASSWORD)
    draft.click("#signed-out button[type=submit]")
    expect(draft.locator("#signed-out")).to_be_hidden()
    expect(mark(draft)).to_contain_text("บันทึกแล้ว")
    assert draft.server.heard[-1]["fields"]["words"] == "not lost"


def test_log_out_waits_for_what_the_server_does_not_have(draft):
    draft.server.status = 0
    draft.focus("#words")
    draft.keyboard.type("waits")
    expect(mark(draft)).to_contain_text("รอส่ง (1)")
    draft.click("summary.ava")
    draft.click("form[data-logout] button")

    expect(draft.locator("#waiting")).to_be_visible()
    assert "/login/" not in draft.url


def test_offline_is_said_and_typing_goes_on(draft):
    draft.context.set_offline(True)
    expect(mark(draft)).to_contain_text("ออฟไลน์")
    draft.focus("#words")
    draft.keyboard.type("offline words")
    draft.wait_for_timeout(550)
    draft.keyboard.press("Control+Enter")
    expect(mark(draft)).to_contain_text("ออฟไลน์")
    assert kept(draft)[0]["fields"]["words"] == "offline words"
    draft.context.set_offline(False)


def test_control_s_saves_at_once(draft):
    draft.focus("#words")
    draft.keyboard.type("now")
    draft.keyboard.press("Control+s")
    expect(mark(draft)).to_contain_text("บันทึกแล้ว", timeout=1500)


def test_a_fragment_of_an_ended_session_leaves_the_page_as_it_is(signed_in):
    page = signed_in
    page.goto(page.home + "vouchers/new/")
    page.fill("#description", "ยังอยู่")
    before = page.inner_text("#preview")
    page.context.clear_cookies()
    page.click("[hx-target='#preview']")
    expect(page.locator("#signed-out")).to_be_visible()

    assert page.inner_text("#preview") == before
    assert page.input_value("#description") == "ยังอยู่"


def test_the_end_of_a_session_is_announced_and_one_press_keeps_it(signed_in):
    page = signed_in
    page.evaluate("document.querySelector('save-state').countDown(300)")
    expect(page.locator(".toast")).to_contain_text("อีก 5 นาที")
    with page.expect_response(lambda answer: "/session/" in answer.url and answer.request.method == "POST") as heard:
        page.click(".toast button")

    assert heard.value.status == 200
