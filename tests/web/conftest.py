"""An office with books, and a browser signed in to it."""

from datetime import date

import pytest
from django.conf import settings
from django.test import Client

from khlang.identity.commands import EntityDraft, add_entity
from tests import builders

AN_OFFICE = "subdistrict_administrative_organization"


def books(entity):
    """A fiscal year with a few months of journals."""
    actor = builders.an_actor(entity=entity)
    builders.a_fiscal_year(actor=actor)
    for month, (amount, words) in enumerate(
        [("1250000.00", "ภาษีที่ดินและสิ่งปลูกสร้าง"), ("48210.50", "ค่าธรรมเนียมเก็บขยะมูลฝอย"), ("214000.00", "เงินอุดหนุนทั่วไป")]
    ):
        day = date(2024, 10 + month, 7)
        builders.a_posted_journal(actor=actor, amount=amount, day=day, description=words)
        paid = builders.lines_of("8560.00", debit=builders.FUEL, credit=builders.BANK)
        builders.a_posted_journal(actor=actor, lines=paid, day=date(2024, 10 + month, 21), description="ค่าน้ำมันเชื้อเพลิง")
    return actor


@pytest.fixture
def office(live_khlang):
    """An entity with books and a head of treasury who may do everything there; commits are real."""
    code = builders.an_entity().code[:10]
    entity = add_entity(draft=EntityDraft(f"T{code}", AN_OFFICE, "อบต.ทุ่งใหญ่", province="12"))
    books(entity)
    return builders.a_person("head_of_treasury", "finance_officer", entity=entity, name="สุดารัตน์ ใจดี")


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    """No service worker: it would fetch behind the back of the test. One test lets it in."""
    return {**browser_context_args, "service_workers": "block"}


def is_complaint(message) -> bool:
    """Whether the console said something is wrong, the blocked service worker left aside."""
    return message.type in {"error", "warning"} and "Service Worker" not in message.text


def with_session(page, office, live_khlang):
    """The page signed in as the office, remembering what the console said; it has opened nothing yet."""
    client = Client()
    builders.sign_in(client, office)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_khlang}])
    page.set_default_timeout(6000)
    page.said = []
    page.on("console", lambda message: page.said.append(message.text) if is_complaint(message) else None)
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.home = f"{live_khlang}/{office.entity_code}/"
    return page


@pytest.fixture
def blank(page, office, live_khlang):
    """A browser of the office that has opened nothing yet."""
    return with_session(page, office, live_khlang)


@pytest.fixture
def signed_in(page, office, live_khlang):
    """A browser of the office at its home page."""
    with_session(page, office, live_khlang).goto(f"{live_khlang}/{office.entity_code}/")
    return page
