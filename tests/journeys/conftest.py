"""People of one office, each with a browser of her own."""

from types import SimpleNamespace

import pytest
from django.conf import settings
from django.test import Client

from khlang.identity.access import PROVED_AT
from khlang.identity.commands import EntityDraft, add_entity
from tests import builders
from tests.builders import a_fiscal_year, a_person, an_actor, an_entity


@pytest.fixture
def office(live_khlang):
    """An entity with the year 2568 open, a finance officer and a head of treasury; commits are real."""
    draft = EntityDraft(
        an_entity().code[:9] + "X", "subdistrict_administrative_organization", "อบต.ทุ่งใหญ่", province="12"
    )
    entity = add_entity(draft=draft)
    a_fiscal_year(actor=an_actor(entity=entity))
    maker = a_person("finance_officer", entity=entity, name="สุดารัตน์ ใจดี")
    poster = a_person("head_of_treasury", entity=entity, name="ประเสริฐ มั่นคง")
    return SimpleNamespace(entity=entity, maker=maker, poster=poster, home=f"{live_khlang}/{entity.code}/")


def session_cookie(actor, url, proved_seconds_ago=0):
    client = Client()
    builders.sign_in(client, actor)
    if proved_seconds_ago:
        session = client.session
        session[PROVED_AT] -= proved_seconds_ago
        session.save()
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": url}


@pytest.fixture
def at_desk(browser, browser_context_args, live_khlang):
    """Open a browser for a person, signed in; its page remembers what the console said."""
    contexts = []

    def open_browser(actor, *, width=1366, height=768, proved_seconds_ago=0):
        context = browser.new_context(**{**browser_context_args, "viewport": {"width": width, "height": height}})
        contexts.append(context)
        context.add_cookies([session_cookie(actor, live_khlang, proved_seconds_ago)])
        page = context.new_page()
        page.set_default_timeout(8000)
        page.said = []
        page.on("console", lambda said: page.said.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: page.said.append(str(error)))
        return page

    yield open_browser
    for context in contexts:
        context.close()
