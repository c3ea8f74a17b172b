"""A browser at the door: on localhost, which browsers trust with passkeys, and with a made-up authenticator."""

import pytest

from tests import builders
from tests.authentication.makers import username_of


class Authenticator:
    """Chromium's virtual authenticator: a telephone that checks its owner, or does not."""

    def __init__(self, page):
        self.tool = page.context.new_cdp_session(page)
        self.tool.send("WebAuthn.enable")
        made = self.tool.send(
            "WebAuthn.addVirtualAuthenticator",
            {
                "options": {
                    "protocol": "ctap2",
                    "transport": "internal",
                    "hasResidentKey": True,
                    "hasUserVerification": True,
                    "isUserVerified": True,
                    "automaticPresenceSimulation": True,
                }
            },
        )
        self.number = made["authenticatorId"]

    def checks_owner(self, *, found):
        """Whether finger, face or PIN will be right from now on."""
        self.tool.send("WebAuthn.setUserVerified", {"authenticatorId": self.number, "isUserVerified": found})


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    """No service worker: it would fetch behind the back of the test."""
    return {**browser_context_args, "service_workers": "block"}


@pytest.fixture
def localhost(live_khlang):
    """The server under the name that browsers trust."""
    return live_khlang.replace("127.0.0.1", "localhost")


@pytest.fixture
def head(live_khlang):
    """A head of treasury with books; commits are real."""
    entity = builders.an_entity()
    builders.a_fiscal_year(actor=builders.an_actor(entity=entity))
    return builders.a_person("head_of_treasury", entity=entity, name="ประเสริฐ มั่นคง")


@pytest.fixture
def desk(page, localhost, head):
    """A page at the log-in, with an authenticator, that remembers what the console said."""
    page.set_default_timeout(8000)
    page.authenticator = Authenticator(page)
    page.said = []
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.username = username_of(head)
    page.home = f"{localhost}/{head.entity_code}/"
    page.goto(f"{localhost}/login/")
    return page
