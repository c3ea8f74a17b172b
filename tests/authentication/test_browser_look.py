"""Pages of the doors have no barrier: both sizes, both languages, light and dark. KHLANG_LOOK=folder keeps pictures."""

import os
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from axe_playwright_python.sync_playwright import Axe
from django.utils.timezone import now
from playwright.sync_api import expect

from khlang.authentication import commands, queries
from khlang.authentication.rules import Door
from khlang.identity.models import User
from khlang.identity.queries import entity
from tests import builders
from tests.authentication.makers import an_origin
from tests.authentication.test_browser_doors import add_passkey, by_password, make_stale

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
DESK, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
PICTURES = os.environ.get("KHLANG_LOOK", "")


def look(page, name):
    """What is wrong with the page as it stands, and a picture of it."""
    found = [
        f"{name} {rule['id']}: {rule['nodes'][0]['html'][:120]}"
        for rule in Axe().run(page, options=RULES).response["violations"]
    ]
    width = page.evaluate("document.documentElement.scrollWidth")
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)
    return found + ([f"{name} is {width} wide"] if width > page.viewport_size["width"] else [])


@pytest.mark.parametrize(
    "seen",
    [(DESK, "light", "th"), (DESK, "dark", "en"), (PHONE, "light", "en"), (PHONE, "dark", "th")],
    ids=["desk-light-th", "desk-dark-en", "phone-light-en", "phone-dark-th"],
)
def test_no_page_of_the_doors_has_a_barrier(desk, head, localhost, seen, request):
    page, name = desk, request.node.callspec.id
    size, scheme, language = seen
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size(size)
    page.context.add_cookies([{"name": "khlang_language", "value": language, "url": localhost}])
    page.goto(f"{localhost}/login/")
    found = look(page, f"login-{name}")
    by_password(page, "wrong")
    found += look(page, f"login-wrong-{name}")
    page.goto(f"{localhost}/login/emergency/")
    found += look(page, f"emergency-login-{name}")
    page.goto(f"{localhost}/login/")
    by_password(page)
    page.wait_for_url(page.home)
    add_passkey(page, localhost)
    found += look(page, f"codes-{name}")
    found += look_at_account(page, localhost, name) + look_at_emergency(page, head, name)
    make_stale(head)
    page.goto(f"{page.home}emergency/")
    page.fill("#reason", "ลืมรหัส")
    page.click("main form:not(.acts) [type=submit]")
    found += look(page, f"prove-{name}")
    page.context.clear_cookies(name="sessionid")
    page.goto(f"{localhost}/login/")
    by_password(page)
    found += look(page, f"second-step-{name}")

    assert found == []


def look_at_account(page, localhost, name):
    found = []
    for address in ("account/", "account/password/", "account/app/", "account/sign-ins/", "account/done/"):
        page.goto(f"{localhost}/{address}")
        found += look(page, f"{address.strip('/').replace('/', '-')}-{name}")
    return found


def look_at_emergency(page, head, name):
    clerk = builders.a_person("clerk", entity=entity_of(head), name="ปลัด ใจดี")
    third = builders.a_person("finance_officer", entity=entity_of(head), name="มาลี ศรีสุข")
    commands.ask_emergency(actor=clerk, user_id=third.user_id, reason="โทรศัพท์หาย", at=now())
    page.goto(f"{page.home}emergency/")
    found = look(page, f"emergencies-{name}")
    page.click("button[name=agree]")
    expect(page.locator(".big.mono")).to_be_visible()
    return found + look(page, f"emergency-half-{name}")


def entity_of(actor):
    return entity(code=actor.entity_code)


def test_the_administrators_page_of_a_person_has_no_barrier(page, localhost, head):
    administrator = builders.a_person("local_administrator", entity=entity_of(head))
    user = User.objects.get(pk=head.user_id)
    Authenticator.objects.create(user=user, type="webauthn", data={"name": "x", "credential": {}})
    account = queries.account_of(user=user)
    commands.begin_try(account=account, door=Door.PASSWORD, origin=an_origin("203.0.113.9"), at=now())
    page.username = User.objects.get(pk=administrator.user_id).username
    found = []
    for size, scheme in ((DESK, "light"), (PHONE, "dark")):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.set_viewport_size(size)
        page.context.clear_cookies()
        page.goto(f"{localhost}/login/")
        by_password(page)
        page.wait_for_url(f"{localhost}/{head.entity_code}/")
        page.goto(f"{localhost}/{head.entity_code}/people/{head.user_id}/doors/")
        page.click("button[value=password]")
        expect(page.locator(".big.mono")).to_be_visible()
        found += look(page, f"person-{scheme}")

    assert found == []


def test_boxes_of_the_doors_have_no_barrier(desk, head, localhost):
    page = desk
    other = builders.an_entity()
    builders.give_role(user_id=head.user_id, entity_code=other.code, role="auditor")
    by_password(page)
    page.wait_for_url(f"{localhost}/")
    page.goto(page.home)
    page.wait_for_selector(".save[data-s]")
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.keyboard.press("Alt+u")
        expect(page.locator("dialog[open] .pick-entity li")).to_have_count(2)
        found += look(page, f"entities-{scheme}")
        page.keyboard.press("Escape")
        page.click("summary.ava")
        found += look(page, f"menu-{scheme}")
        page.click("summary.ava")
    page.evaluate("document.querySelector('save-state').signedOut()")
    expect(page.locator("#signed-out [data-passkey]")).to_be_visible()
    found += look(page, "signed-out")

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
