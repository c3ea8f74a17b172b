"""ThaiD in a new tab while a page waits in the first one, and the question for a proof inside a script's box."""

import pytest
from playwright.sync_api import expect

from khlang.authentication.models import Session
from khlang.authentication.rules.thaid import ThaidSettings
from khlang.authentication.thaid import provider
from khlang.identity.models import User
from khlang.identity.queries import entity
from tests import builders
from tests.authentication.test_browser_doors import by_password, make_stale
from tests.authentication.thaid.conftest import SECRET
from tests.authentication.thaid.test_door import register
from tests.journal_vouchers import makers as vouchers
from thaid_simulator.configuration import Client
from thaid_simulator.server import running


@pytest.fixture
def officer(desk, head, localhost, settings):
    """The head of treasury, registered as malee at a simulated ThaiD, logged in by her password."""
    back = f"{localhost}/login/thaid/back/"
    with running(client=Client(client_id="khlang", client_secret=SECRET, redirect_uris=(back,))) as found:
        settings.THAID = ThaidSettings(url=found.url, client_id="khlang", client_secret=SECRET, redirect_uris=(back,))
        provider.memory.forget()
        register(head, "malee")
        by_password(desk)
        desk.wait_for_url(desk.home)
        yield desk
    provider.memory.forget()
    # Commits are real, and a citizen number belongs to one person.
    User.objects.filter(pk=head.user_id).update(pid_hash=None)


def at_thaid(page, link):
    """Follow a link that opens a new tab, up to ThaiD's question."""
    with page.expect_popup() as opened:
        page.click(link)
    tab = opened.value
    tab.wait_for_selector("input[name=person]")
    return tab


def agree(tab):
    tab.check("input[name=person][value=malee]")
    tab.click("button[value=approve]")
    expect(tab.locator(".note.ok")).to_contain_text("ปิดแท็บนี้ได้")
    tab.close()


def test_thaid_in_a_new_tab_goes_on_in_the_first_and_two_tabs_do_not_meet(officer, head):
    page = officer
    page.goto(page.home + "vouchers/new/")
    page.wait_for_selector(".save[data-s]")
    Session.objects.filter(user_id=head.user_id).delete()
    page.fill("#description", "ค่าน้ำมันรถดับเพลิง")
    expect(page.locator("#signed-out")).to_be_visible()
    link = "#signed-out a[target=_blank]"
    first, second = at_thaid(page, link), at_thaid(page, link)
    agree(first)
    page.bring_to_front()
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(page.locator("#signed-out")).to_be_hidden()
    # The other tab was under way all the time; it ends well and disturbs nothing.
    agree(second)
    with page.expect_response(lambda answer: answer.url.endswith("/draft/") and answer.ok):
        page.fill("#description", "ค่าน้ำมันรถดับเพลิง เดือนตุลาคม")

    page.reload()
    assert page.input_value("#description") == "ค่าน้ำมันรถดับเพลิง เดือนตุลาคม"
    assert page.said == []


def test_an_approval_of_a_script_asks_in_a_box_and_goes_on_after_thaid_in_another_tab(officer, head):
    maker = builders.a_person("finance_officer", entity=entity(code=head.entity_code))
    voucher = vouchers.a_submitted(maker).row
    page = officer
    make_stale(head)
    page.goto(f"{page.home}vouchers/{voucher.voucher_id}/")
    page.click("[data-open=ask-post]")
    # As a page that sends its approvals by a script does.
    page.evaluate(
        "const form = document.querySelector('dialog[open] form');"
        "form.setAttribute('hx-post', form.action); form.setAttribute('hx-target', 'body'); htmx.process(form)"
    )
    page.click("dialog[open] [type=submit]")
    box = page.locator("dialog[aria-labelledby=prove-title]")
    expect(box).to_be_visible()
    box.locator("[type=submit]").click()
    expect(box.locator(".wrong")).not_to_be_empty()
    agree(at_thaid(page, "dialog[aria-labelledby=prove-title] a[target=_blank]"))
    page.bring_to_front()
    box.locator("[type=submit]").click()
    expect(page.locator(".chip.ok").first).to_have_text("ลงบัญชีแล้ว")

    assert box.count() == 0
    assert page.said == []
