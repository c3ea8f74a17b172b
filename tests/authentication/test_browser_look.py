"""Pages of the doors have no barrier: both sizes, both languages, light and dark."""

import pytest
from allauth.mfa.models import Authenticator
from django.utils.timezone import now
from playwright.sync_api import expect

from khlang.authentication import commands, queries
from khlang.authentication.rules import Door
from khlang.identity.models import User
from khlang.identity.queries import entity
from tests import builders
from tests.authentication.makers import an_origin
from tests.authentication.test_browser_doors import add_passkey, by_password, make_stale
from tests.looks import BY_LANGUAGE, DESK, LOOKS, PHONE, faults_in_looks


@pytest.mark.parametrize(("language", "looks"), BY_LANGUAGE, ids=["th", "en"])
def test_no_page_of_the_doors_has_a_barrier(desk, head, localhost, language, looks):
    page = desk
    page.context.add_cookies([{"name": "khlang_language", "value": language, "url": localhost}])
    page.goto(f"{localhost}/login/")
    found = faults_in_looks(page, looks)
    by_password(page, "wrong")
    found += faults_in_looks(page, looks)
    page.goto(f"{localhost}/login/emergency/")
    found += faults_in_looks(page, looks)
    page.goto(f"{localhost}/login/")
    by_password(page)
    page.wait_for_url(page.home)
    add_passkey(page, localhost)
    found += faults_in_looks(page, looks)
    found += look_at_account(page, localhost, looks) + look_at_emergency(page, head, looks)
    make_stale(head)
    page.goto(f"{page.home}emergency/")
    page.fill("#reason", "ลืมรหัส")
    page.click("main form:not(.acts) [type=submit]")
    found += faults_in_looks(page, looks)
    page.context.clear_cookies(name="sessionid")
    page.goto(f"{localhost}/login/")
    by_password(page)
    found += faults_in_looks(page, looks)

    assert found == []


def look_at_account(page, localhost, looks):
    found = []
    for address in ("account/", "account/password/", "account/app/", "account/sign-ins/", "account/done/"):
        page.goto(f"{localhost}/{address}")
        found += faults_in_looks(page, looks)
    return found


def look_at_emergency(page, head, looks):
    clerk = builders.a_person("clerk", entity=entity_of(head), name="ปลัด ใจดี")
    third = builders.a_person("finance_officer", entity=entity_of(head), name="มาลี ศรีสุข")
    commands.ask_emergency(actor=clerk, user_id=third.user_id, reason="โทรศัพท์หาย", at=now())
    page.goto(f"{page.home}emergency/")
    found = faults_in_looks(page, looks)
    page.click("button[name=agree]")
    expect(page.locator(".big.mono")).to_be_visible()
    return found + faults_in_looks(page, looks)


def entity_of(actor):
    return entity(code=actor.entity_code)


def test_the_administrators_page_of_a_person_has_no_barrier(page, localhost, head):
    administrator = builders.a_person("local_administrator", entity=entity_of(head))
    user = User.objects.get(pk=head.user_id)
    Authenticator.objects.create(user=user, type="webauthn", data={"name": "x", "credential": {}})
    account = queries.account_of(user=user)
    commands.begin_try(account=account, door=Door.PASSWORD, origin=an_origin("203.0.113.9"), at=now())
    page.username = User.objects.get(pk=administrator.user_id).username
    page.goto(f"{localhost}/login/")
    by_password(page)
    page.wait_for_url(f"{localhost}/{head.entity_code}/")
    page.goto(f"{localhost}/{head.entity_code}/people/{head.user_id}/doors/")
    page.click("button[value=password]")
    expect(page.locator(".big.mono")).to_be_visible()

    assert faults_in_looks(page, ((DESK, "light"), (PHONE, "dark"))) == []


def test_boxes_of_the_doors_have_no_barrier(desk, head, localhost):
    page = desk
    other = builders.an_entity()
    builders.give_role(user_id=head.user_id, entity_code=other.code, role="auditor")
    by_password(page)
    page.wait_for_url(f"{localhost}/")
    page.goto(page.home)
    page.wait_for_selector(".save[data-s]")
    page.keyboard.press("Alt+u")
    expect(page.locator("dialog[open] .pick-entity li")).to_have_count(2)
    found = faults_in_looks(page, LOOKS[:2])
    page.keyboard.press("Escape")
    page.click("summary.ava")
    found += faults_in_looks(page, LOOKS[:2])
    page.click("summary.ava")
    page.evaluate("document.querySelector('save-state').signedOut()")
    expect(page.locator("#signed-out [data-passkey]")).to_be_visible()
    found += faults_in_looks(page, LOOKS[:2])

    assert found == []
    assert page.said == []


def test_the_entity_changes_in_two_keys_and_by_letters(desk, head, localhost):
    page = desk
    other = builders.an_entity()
    builders.give_role(user_id=head.user_id, entity_code=other.code, role="auditor")
    by_password(page)
    page.wait_for_url(f"{localhost}/")
    page.goto(page.home)
    page.keyboard.press("Alt+u")
    links = page.locator("dialog[open] .pick-entity a")
    expect(links).to_have_count(2)
    here = [each.get_attribute("aria-current") for each in links.all()].index("true")
    page.keyboard.press(str(2 - here))
    page.wait_for_url(f"{localhost}/{other.code}/")
    expect(page.locator(".org b")).to_have_text(other.name_th)
    page.keyboard.press("Alt+u")
    expect(links).to_have_count(2)
    page.keyboard.type(head.entity_name[-6:].lower().lstrip("123456789"))
    page.keyboard.press("Enter")
    page.wait_for_url(page.home)


def test_the_user_changes_by_a_key_and_comes_back_to_the_page(desk, head, localhost):
    page = desk
    by_password(page)
    page.wait_for_url(page.home)
    page.goto(page.home + "accounts/")
    page.wait_for_selector(".save[data-s]")
    page.keyboard.press("Alt+Shift+u")
    page.wait_for_url(lambda url: "/login/?next=" in url)
    colleague = builders.a_person("finance_officer", entity=entity_of(head), name="ศรี สมใจ")
    page.username = User.objects.get(pk=colleague.user_id).username
    by_password(page)
    page.wait_for_url(page.home + "accounts/")

    assert page.get_attribute("body", "data-user") == str(colleague.user_id)
