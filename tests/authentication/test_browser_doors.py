"""Doors in a real browser: passkeys, expiry in the middle of typing, and proof in the middle of an act."""

import re

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import expect

from khlang.authentication import queries
from khlang.authentication.models import Session
from khlang.authentication.session_store import SessionStore
from khlang.identity.access import PROVED_AT
from tests import builders


def by_password(page, password=builders.PASSWORD):
    page.fill("#username", page.username)
    page.fill("#password", password)
    page.click("form[action='/login/'] [type=submit]")


def add_passkey(page, localhost, name="โทรศัพท์"):
    page.goto(f"{localhost}/account/")
    page.fill("#passkey-name", name)
    page.click("[data-makes]")
    expect(page.locator("ol.codes li")).to_have_count(10)


def log_out(page, localhost):
    page.context.clear_cookies()
    page.goto(f"{localhost}/login/")


@pytest.fixture
def with_passkey(desk, localhost):
    by_password(desk)
    desk.wait_for_url(desk.home)
    add_passkey(desk, localhost)
    log_out(desk, localhost)
    return desk


def test_a_passkey_is_made_and_logs_in_alone(with_passkey, head):
    page = with_passkey
    page.click("[data-passkey]")
    page.wait_for_url(page.home)

    found = queries.second_factors(user_id=head.user_id)
    assert [key.name for key in found.passkeys] == ["โทรศัพท์"]
    assert found.passkeys[0].last_used_at is not None
    assert page.said == []


def test_a_passkey_whose_device_did_not_check_its_owner_is_refused(with_passkey, localhost):
    page = with_passkey
    page.authenticator.checks_owner(found=False)
    page.click("[data-passkey]")
    expect(page.locator("form[action='/login/passkey/'] .wrong")).to_contain_text("พาสคีย์ใช้ไม่ได้")

    assert page.url.startswith(f"{localhost}/login/")
    page.goto(page.home)
    assert "/login/" in page.url


def test_the_second_step_after_a_password_takes_the_passkey(with_passkey):
    page = with_passkey
    by_password(page)
    page.wait_for_url(re.compile("second-step"))
    expect(page.locator("#code")).to_be_visible()
    page.click("[data-passkey]")
    page.wait_for_url(page.home)


def test_a_passkey_is_renamed_and_removed(with_passkey, localhost, head):
    page = with_passkey
    page.click("[data-passkey]")
    page.wait_for_url(page.home)
    page.goto(f"{localhost}/account/")
    page.click("details.menu summary")
    page.fill("details.menu input[name=name]", "เครื่องที่ทำงาน")
    page.click("details.menu button:not([name])")
    expect(page.locator("details.menu summary")).to_have_attribute("aria-label", re.compile("เครื่องที่ทำงาน"))
    page.click("details.menu summary")
    page.click("details.menu button[name=remove]")
    expect(page.locator(".note.ok")).to_contain_text("ลบพาสคีย์แล้ว")

    assert not queries.second_factors(user_id=head.user_id).any


def make_stale(head):
    """As if an hour had passed since she proved who she is."""
    for row in Session.objects.filter(user_id=head.user_id, replaced_at__isnull=True):
        store = SessionStore()
        data = store.decode(row.session_data)
        data[PROVED_AT] -= 3600
        Session.objects.filter(pk=row.pk).update(session_data=store.encode(data))


def test_the_session_ends_while_typing_and_a_passkey_goes_on(with_passkey, head):
    page = with_passkey
    page.click("[data-passkey]")
    page.wait_for_url(page.home)
    page.goto(page.home + "vouchers/new/")
    page.wait_for_selector(".save[data-s]")
    Session.objects.filter(user_id=head.user_id).delete()
    page.fill("#description", "ค่าน้ำมันรถดับเพลิง")
    expect(page.locator("#signed-out")).to_be_visible()
    page.click("#signed-out [data-passkey]")
    expect(page.locator("#signed-out")).to_be_hidden()
    expect(page.locator(".save")).to_contain_text("บันทึกแล้ว")

    assert page.input_value("#description") == "ค่าน้ำมันรถดับเพลิง"
    assert page.said == []


def test_the_session_ends_while_typing_and_password_with_second_step_goes_on(with_passkey, head):
    page = with_passkey
    page.click("[data-passkey]")
    page.wait_for_url(page.home)
    page.goto(page.home + "vouchers/new/")
    page.wait_for_selector(".save[data-s]")
    Session.objects.filter(user_id=head.user_id).delete()
    page.fill("#description", "ไม่หาย")
    expect(page.locator("#signed-out")).to_be_visible()
    page.fill("#again-password", builders.PASSWORD)
    page.click("#signed-out [type=submit]")
    expect(page.locator("#again-code")).to_be_visible()
    page.fill("#again-code", "00000000")
    page.click("#signed-out [type=submit]")
    expect(page.locator("#signed-out .wrong")).to_contain_text("รหัสไม่ถูกต้อง")
    codes = recovery_codes(head)
    page.fill("#again-code", codes[0])
    page.click("#signed-out [type=submit]")
    expect(page.locator("#signed-out")).to_be_hidden()
    expect(page.locator(".save")).to_contain_text("บันทึกแล้ว")
    assert page.input_value("#description") == "ไม่หาย"


def recovery_codes(head):
    from allauth.mfa.models import Authenticator

    row = Authenticator.objects.get(user=get_user_model().objects.get(pk=head.user_id), type="recovery_codes")
    return row.wrap().get_unused_codes()


def test_logging_in_in_another_tab_also_goes_on(desk, head, localhost):
    page = desk
    by_password(page)
    page.wait_for_url(page.home)
    page.goto(page.home + "vouchers/new/")
    page.wait_for_selector(".save[data-s]")
    Session.objects.filter(user_id=head.user_id).delete()
    page.fill("#description", "อีกแท็บ")
    expect(page.locator("#signed-out")).to_be_visible()
    other = page.context.new_page()
    other.username = page.username
    other.goto(f"{localhost}/login/")
    by_password(other)
    other.wait_for_url(page.home)
    other.close()
    page.bring_to_front()
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(page.locator("#signed-out")).to_be_hidden()
    expect(page.locator(".save")).to_contain_text("บันทึกแล้ว")


def test_posting_a_voucher_asks_for_a_proof_and_goes_on(with_passkey, head):
    """One person may not prepare and post; the voucher is prepared by a colleague."""
    from khlang.identity.queries import entity
    from tests.journal_vouchers import makers as vouchers

    office = entity(code=head.entity_code)
    maker = builders.a_person("finance_officer", entity=office)
    voucher = vouchers.a_submitted(maker).row
    page = with_passkey
    page.click("[data-passkey]")
    page.wait_for_url(page.home)
    make_stale(head)
    page.goto(f"{page.home}vouchers/{voucher.voucher_id}/")
    page.click("[data-open=ask-post]")
    page.click("dialog[open] [type=submit]")
    expect(page.locator("h1")).to_have_text("ยืนยันตัวตน")
    page.click("[data-passkey]")
    expect(page.locator(".chip.ok").first).to_have_text("ลงบัญชีแล้ว")
