"""A simulator in a thread, and a client that walks through it as a browser and a program would."""

import base64
import hashlib
import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from joserfc import jwt
from joserfc.jwk import KeySet

from thaid_simulator.configuration import PREFIX, Client
from thaid_simulator.server import Running, running

BACK = "http://localhost:8000/login/thaid/back/"


def challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


@dataclass
class Walk:
    """The steps of a log-in, one by one."""

    running: Running

    def get(self, path: str, **options):
        return requests.get(self.running.url + path, timeout=5, allow_redirects=False, **options)

    def auth(self, **changes) -> requests.Response:
        query = {
            "response_type": "code",
            "client_id": "khlang",
            "redirect_uri": BACK,
            "scope": "openid pid given_name family_name ial",
            "state": "the-state",
            "nonce": "the-nonce",
            **changes,
        }
        return self.get(f"{PREFIX}/auth/", params={name: value for name, value in query.items() if value is not None})

    def answer(self, page: str, *, person: str = "malee", answer: str = "approve") -> dict[str, str]:
        number = re.search(r'name="number" value="([^"]+)"', page).group(1)
        reply = requests.post(
            f"{self.running.url}/simulator/answer/",
            data={"number": number, "person": person, "answer": answer},
            timeout=5,
            allow_redirects=False,
        )
        assert reply.status_code == 302, reply.text
        assert reply.headers["Location"].startswith(BACK)
        return {name: values[0] for name, values in parse_qs(urlsplit(reply.headers["Location"]).query).items()}

    def code(self, **changes) -> str:
        return self.answer(self.auth(**changes).text)["code"]

    def post(self, name: str, *, auth=("khlang", "secret"), **form) -> requests.Response:
        return requests.post(f"{self.running.url}{PREFIX}/{name}/", data=form, auth=auth, timeout=5)

    def exchange(self, code: str, **form) -> requests.Response:
        filled = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, **form}
        return self.post("token", **filled)

    def claims(self, reply: requests.Response) -> dict:
        keys = KeySet.import_key_set(self.get("/jwks/").json())
        return jwt.decode(reply.json()["id_token"], keys, algorithms=["ES256"]).claims


@pytest.fixture
def walk():
    client = Client(client_id="khlang", client_secret="secret", redirect_uris=(BACK,))
    with running(client=client) as found:
        yield Walk(found)
