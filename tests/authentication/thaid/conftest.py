"""A ThaiD in a thread, Khlang's client before it, and a browser that walks between the two."""

import re
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.test import RequestFactory
from django.utils import timezone

from khlang.authentication.rules.thaid import ThaidSettings
from khlang.authentication.thaid import client, provider
from khlang.authentication.thaid.client import ThaidIdentity
from khlang.kernel.refusals import Refused
from thaid_simulator.configuration import Client
from thaid_simulator.faults import FaultBoard
from thaid_simulator.server import running

BACK = "http://testserver/login/thaid/back/"
SECRET = "the secret of the client: with odd signs / + ="


@dataclass
class Browser:
    """One browser: it keeps cookies and carries answers."""

    cookies: dict[str, str] = field(default_factory=dict)

    def begin(self, *, next_page: str = "/", at=None):
        """Press ThaiD on the log-in page; the answer is where to go."""
        request = RequestFactory().get("/login/thaid/", headers={"cookie": self._header()})
        response = client.begin(request=request, next_page=next_page, at=at or timezone.now())
        self.cookies.update({name: morsel.value for name, morsel in response.cookies.items()})
        return response

    def approve(self, response, *, person: str = "malee", answer: str = "approve") -> dict[str, str]:
        """Go to ThaiD and answer there; what comes back in the address."""
        page = requests.get(response["Location"], timeout=5, allow_redirects=False)
        number = re.search(r'name="number" value="([^"]+)"', page.text).group(1)
        address = urlsplit(response["Location"])
        reply = requests.post(
            f"{address.scheme}://{address.netloc}/simulator/answer/",
            data={"number": number, "person": person, "answer": answer},
            timeout=5,
            allow_redirects=False,
        )
        found = parse_qs(urlsplit(reply.headers["Location"]).query, keep_blank_values=True)
        return {name: values[0] for name, values in found.items()}

    def request_of(self, query: dict[str, str]):
        """The request with which a browser comes back."""
        return RequestFactory().get("/login/thaid/back/", query, headers={"cookie": self._header()})

    def finish(self, query: dict[str, str], *, at=None) -> ThaidIdentity:
        """Come back to Khlang."""
        return client.finish(request=self.request_of(query), at=at or timezone.now())

    def log_in(self, *, person: str = "malee") -> ThaidIdentity:
        """All of it."""
        return self.finish(self.approve(self.begin(), person=person))

    def _header(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())


@pytest.fixture
def thaid():
    """A simulator that nothing is wrong with yet."""
    known = Client(client_id="khlang", client_secret=SECRET, redirect_uris=(BACK,))
    with running(client=known) as found:
        yield found.simulator


@pytest.fixture
def faults(thaid) -> FaultBoard:
    return thaid.faults


@pytest.fixture
def configure(thaid, settings):
    """Point Khlang at the simulator; call it again to change a setting."""
    settings.THAID = ThaidSettings(
        url=thaid.settings.issuer, client_id="khlang", client_secret=SECRET, redirect_uris=(BACK,)
    )
    provider.memory.forget()

    def change(**changes) -> None:
        settings.THAID = replace(settings.THAID, **changes)
        provider.memory.forget()

    yield change
    provider.memory.forget()


@pytest.fixture
def visitor(configure, db) -> Browser:
    return Browser()


def refusals(act) -> list[tuple[str, dict]]:
    """Every reason for which an act is refused."""
    with pytest.raises(Refused) as caught:
        act()
    return [(each.code, dict(each.facts)) for each in caught.value.refusals]
