"""The client against a certified OpenID provider that nobody here wrote: npm's oidc-provider, when it could be had."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
import requests

from khlang.authentication.rules.thaid import ThaidSettings
from khlang.authentication.thaid import provider
from khlang.toolkit.citizen_number import pid_hash
from tests.authentication.thaid.conftest import Browser, refusals

# Letters and digits: ThaiD takes id and secret bare, as Authlib sends them; this provider takes them encoded (RFC 6749).
SECRET = "0123456789abcdefABCDEF"
# Plain HTTP is borne at this machine only, by that provider too.
BACK = "http://127.0.0.1/login/thaid/back/"
ROOT = Path(__file__).resolve().parents[3]
PROGRAM = ROOT / "tests" / "authentication" / "outside_provider" / "provider.mjs"
PACKAGES = ROOT / ".khlang" / "tools" / "outside_provider"


def node() -> str | None:
    """Node of this machine, or the one that drives the browser."""
    driver = next((ROOT / ".venv").glob("lib/python*/site-packages/playwright/driver/node"), None)
    return shutil.which("node") or (str(driver) if driver else None)


pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        not (PACKAGES / "installed").exists(), reason="oidc-provider is not here: no npm, or no registry"
    ),
    pytest.mark.skipif(node() is None, reason="no node on this machine"),
]


@pytest.fixture(params=["", "pkce"], ids=["without-pkce", "with-pkce"])
def outside(request, settings):
    """The provider in a process of its own; with the parameter it takes nobody without a challenge."""
    environment = {**os.environ, "OUTSIDE_PROVIDER": str(PACKAGES), "OUTSIDE_SECRET": SECRET}
    command = [node(), str(PROGRAM), BACK, request.param]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as child:
        address = child.stdout.readline().strip()
        settings.THAID = settings_of(address)
        provider.memory.forget()
        yield address
        provider.memory.forget()
        child.terminate()


def settings_of(address: str, *, secret: str = SECRET) -> ThaidSettings:
    """Our client there. It leaves at_hash out of the code flow, as OpenID Connect Core allows and ThaiD does not do."""
    return ThaidSettings(
        url=address, client_id="khlang", client_secret=secret, redirect_uris=(BACK,), requires_at_hash=False
    )


def walk(location: str, *, approve: bool = True) -> dict[str, str]:
    """Log in and consent on the provider's pages, or turn back; what comes back in the address."""
    with requests.Session() as session:
        address = location
        for _ in range(12):
            answer = session.get(address, allow_redirects=False, timeout=5)
            while answer.status_code in {302, 303}:
                address = urljoin(address, answer.headers["Location"])
                if address.startswith(BACK):
                    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
                answer = session.get(address, allow_redirects=False, timeout=5)
            if not approve:
                address = urljoin(address, re.search(r'href="([^"]*/abort)"', answer.text).group(1))
                continue
            action = urljoin(address, re.search(r'action="([^"]+)"', answer.text).group(1))
            prompt = re.search(r'name="prompt" value="(\w+)"', answer.text).group(1)
            form = {"prompt": prompt, "login": "malee", "password": "any"}
            address = urljoin(action, session.post(action, form, allow_redirects=False, timeout=5).headers["Location"])
    raise AssertionError("the provider did not lead back")


def test_log_in_works_at_a_provider_nobody_here_wrote(outside) -> None:
    visitor = Browser()

    found = visitor.finish(walk(visitor.begin(next_page="/work/")["Location"]))

    assert found.pid_hash == pid_hash(pid="1999900001010")
    assert (found.ial, found.given_name, found.family_name, found.next_page) == ("2.3", "Malee", "Tuayang", "/work/")


def test_its_code_is_exchanged_once(outside) -> None:
    visitor = Browser()
    used = walk(visitor.begin()["Location"])
    visitor.finish(used)
    other = parse_qs(urlsplit(visitor.begin()["Location"]).query)["state"][0]

    found = refusals(lambda: visitor.finish({"state": other, "code": used["code"]}))

    assert found == [("authentication.thaid_refused", {"reason": "invalid_grant"})]


def test_turning_back_there_is_a_cancelled_log_in(outside) -> None:
    visitor = Browser()

    answer = walk(visitor.begin()["Location"], approve=False)

    assert answer["error"] == "access_denied"
    assert refusals(lambda: visitor.finish(answer)) == [("authentication.thaid_cancelled", {})]


def test_a_wrong_secret_is_refused_there(outside, settings) -> None:
    visitor = Browser()
    answer = walk(visitor.begin()["Location"])
    settings.THAID = settings_of(outside, secret="guessed")

    assert refusals(lambda: visitor.finish(answer)) == [("authentication.thaid_refused", {"reason": "invalid_client"})]
