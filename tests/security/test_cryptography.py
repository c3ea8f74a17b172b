"""Cryptography: well-known kinds only, in few places; what was altered is refused; nothing guessable is a secret."""

import re
import uuid
from pathlib import Path

import pytest
from cryptography.fernet import InvalidToken
from django.core import signing
from django.test import RequestFactory

from khlang.authentication import access
from khlang.authentication.mfa_adapter import lock
from khlang.authentication.thaid.departures import Departure
from khlang.identity.commands.people import one_time_password
from khlang.toolkit.citizen_number import pid_hash
from tests.authentication.makers import MONDAY

SOURCE = Path(access.__file__).resolve().parents[1]
WEAK = re.compile(r"\b(md5|sha1|DES|TripleDES|ARC4|Blowfish|ECB|random\.(random|randint|choice|shuffle|sample))\b")
# Who may touch keys at all; one line for each place, so that a new one is seen.
MAY = {
    "cryptography": {"authentication/mfa_adapter.py"},
    "hmac": {"authentication/commands/emergencies.py", "toolkit/citizen_number.py"},
}


@pytest.fixture(scope="module")
def sources() -> dict[str, str]:
    """Every program of the product; what only invents practice data may be as guessable as it likes."""
    found = {str(file.relative_to(SOURCE)): file.read_text(encoding="utf-8") for file in SOURCE.rglob("*.py")}
    return {place: text for place, text in found.items() if not place.startswith("practice/")}


def uses(sources, module: str) -> set[str]:
    wanted = re.compile(rf"^\s*(?:import|from) {module}\b", re.MULTILINE)
    return {place for place, text in sources.items() if wanted.search(text)}


def test_no_weak_kind_is_used_and_keys_are_touched_in_few_places(sources):
    assert [place for place, text in sources.items() if WEAK.search(text)] == []
    assert uses(sources, "random") == set()
    assert {module: uses(sources, module) for module in MAY} == MAY


def test_what_was_locked_up_differs_each_time_and_is_refused_when_altered():
    one, two = (lock().encrypt(b"the secret of an app") for _ in range(2))
    altered = one[:40] + (b"A" if one[40:41] != b"A" else b"B") + one[41:]

    assert one != two
    assert lock().decrypt(one) == lock().decrypt(two) == b"the secret of an app"
    with pytest.raises(InvalidToken):
        lock().decrypt(altered)


def test_a_device_cookie_that_was_altered_or_made_for_another_purpose_is_no_device():
    def devices(cookie):
        return access.origin_of(RequestFactory().get("/", headers={"cookie": f"khlang_device={cookie}"})).devices

    device = uuid.uuid4()
    good = signing.dumps({"7": device.hex}, salt="khlang.authentication.devices")

    assert devices(good) == {7: device}
    assert devices(good[:-2] + ("AA" if good[-2:] != "AA" else "BB")) == {}
    assert devices(signing.dumps({"7": device.hex}, salt="another purpose")) == {}


def test_a_citizen_number_is_not_found_again_without_the_key(monkeypatch):
    before = pid_hash(pid="1101700203450")
    monkeypatch.setenv("KHLANG_PID_KEY", "another key")

    assert re.fullmatch(r"[0-9a-f]{64}", before)
    assert pid_hash(pid="1101700203450") != before


def test_what_nobody_may_guess_never_comes_twice():
    departures = [Departure("https://x.example/", "/", MONDAY) for _ in range(50)]
    made = [text for each in departures for text in (each.state, each.browser, each.nonce, each.code_verifier)]
    made += [one_time_password() for _ in range(50)]

    assert len(set(made)) == 250
    assert min(map(len, made)) >= 19
