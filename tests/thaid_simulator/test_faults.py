"""Failures on demand happen as asked: once, for ever, at their place, and nowhere else."""

import base64
import json

import pytest
import requests
from joserfc.errors import BadSignatureError
from joserfc.jwt import decode

from thaid_simulator.faults import FaultBoard, known_faults
from thaid_simulator.main import main, refusal

DISCOVERY = "/.well-known/openid-configuration"
STATE = "/simulator/control/state.json"


def header(token: str) -> dict:
    part = token.partition(".")[0]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def test_a_fault_asked_for_once_happens_once(walk) -> None:
    walk.running.simulator.faults.switch_on("unavailable", times=1)

    assert walk.get(DISCOVERY).status_code == 503
    assert walk.get(DISCOVERY).status_code == 200


def test_a_fault_kept_on_happens_until_it_is_switched_off(walk) -> None:
    walk.running.simulator.faults.switch_on("down")

    for _ in range(3):
        with pytest.raises(requests.ConnectionError):
            walk.get(DISCOVERY)
    assert requests.delete(walk.running.url + STATE, timeout=5).json()["faults"] == {}
    assert walk.get(DISCOVERY).status_code == 200


def test_slow_holds_the_answer_back(walk) -> None:
    walk.running.simulator.faults.switch_on("slow", seconds=30)

    with pytest.raises(requests.ReadTimeout):
        requests.get(walk.running.url + DISCOVERY, timeout=0.2)


def test_json_switches_on_and_tells_what_is_on(walk) -> None:
    wanted = {"faults": {"slow": {"seconds": 3, "times": 2}, "wrong_nonce": {}}}

    reply = requests.post(walk.running.url + STATE, json=wanted, timeout=5).json()

    assert reply["faults"] == {"slow": {"times": 2, "seconds": 3}, "wrong_nonce": {"times": None, "seconds": 0}}
    assert set(reply["known"]) == set(known_faults())


@pytest.mark.parametrize("wanted", [b"no json", b"{}", b'{"faults": {"flood": {}}}', b'{"faults": {"slow": 3}}'])
def test_json_that_is_not_understood_is_refused(walk, wanted: bytes) -> None:
    assert requests.post(walk.running.url + STATE, data=wanted, timeout=5).status_code == 400
    assert walk.running.simulator.faults.switched() == {}


def test_the_page_switches_on_and_off(walk) -> None:
    address = walk.running.url + "/simulator/control/"

    requests.post(address, data={"fault": "slow", "act": "on", "seconds": "7"}, timeout=5)
    on = walk.running.simulator.faults.switched()
    page = requests.get(address, timeout=5).text
    requests.post(address, data={"act": "clear"}, timeout=5)

    assert (on["slow"].times, on["slow"].seconds) == (None, 7)
    assert 'class="on"' in page
    assert walk.running.simulator.faults.switched() == {}


def test_an_unknown_fault_is_not_switched_on() -> None:
    with pytest.raises(KeyError):
        FaultBoard().switch_on("flood")


@pytest.mark.parametrize("name", ["user_denied", "invalid_scope", "auth_server_error"])
def test_faults_of_the_way_back_lead_to_an_error(walk, name: str) -> None:
    walk.running.simulator.faults.switch_on(name, times=1)

    back = walk.answer(walk.auth().text)

    assert back["error"] == name.removeprefix("auth_")
    assert back["state"] == "the-state"


def test_a_forged_state_comes_back(walk) -> None:
    walk.running.simulator.faults.switch_on("wrong_state", times=1)

    assert walk.answer(walk.auth().text)["state"] != "the-state"


@pytest.mark.parametrize("name", ["expired_code", "code_reused", "server_error", "invalid_client"])
def test_faults_of_the_exchange_refuse_a_good_code(walk, name: str) -> None:
    code = walk.code()
    walk.running.simulator.faults.switch_on(name, times=1)

    assert walk.exchange(code).status_code in {400, 401}


@pytest.mark.parametrize(
    ("name", "claim", "value"),
    [
        ("wrong_issuer", "iss", "https://issuer.invalid"),
        ("wrong_audience", "aud", "another-client"),
        ("low_ial", "ial", "1.1"),
        ("malformed_ial", "ial", "high"),
        ("no_ial", "ial", None),
        ("no_pid", "pid", None),
        ("no_nonce", "nonce", None),
    ],
)
def test_a_bent_claim_is_signed_all_the_same(walk, name: str, claim: str, value: str | None) -> None:
    walk.running.simulator.faults.switch_on(name, times=1)

    assert walk.claims(walk.exchange(walk.code())).get(claim) == value


@pytest.mark.parametrize("name", ["wrong_nonce", "wrong_at_hash", "old_iat", "skewed_clock"])
def test_a_claim_differs_from_a_right_one(walk, name: str) -> None:
    claim = {"wrong_nonce": "nonce", "wrong_at_hash": "at_hash"}.get(name, "iat")
    right = walk.claims(walk.exchange(walk.code()))[claim]
    walk.running.simulator.faults.switch_on(name, times=1)

    wrong = walk.claims(walk.exchange(walk.code()))[claim]

    assert wrong != right
    if claim == "iat":
        assert abs(wrong - right) > 500


@pytest.mark.parametrize(("name", "alg"), [("alg_none", "none"), ("alg_hs256", "HS256"), ("alg_rs256", "RS256")])
def test_another_algorithm_stands_in_the_header(walk, name: str, alg: str) -> None:
    walk.running.simulator.faults.switch_on(name, times=1)

    assert header(walk.exchange(walk.code()).json()["id_token"])["alg"] == alg


def test_a_forged_signature_names_the_right_key(walk) -> None:
    walk.running.simulator.faults.switch_on("wrong_signature", times=1)
    token = walk.exchange(walk.code()).json()["id_token"]
    right = walk.running.simulator.keys.right

    assert header(token)["kid"] == right.kid
    with pytest.raises(BadSignatureError):
        decode(token, right)


def test_a_page_instead_of_data_and_a_reply_without_a_token(walk) -> None:
    walk.running.simulator.faults.switch_on("not_json", times=1)
    assert walk.exchange(walk.code()).headers["Content-Type"].startswith("text/html")
    walk.running.simulator.faults.switch_on("no_id_token", times=1)
    assert "id_token" not in walk.exchange(walk.code()).json()


@pytest.mark.parametrize("path", ["/", "/simulator/control/", None])
def test_every_page_says_that_it_is_not_thaid(walk, path: str | None) -> None:
    page = walk.get(path) if path else walk.auth()

    banner = page.text.split('class="banner">')[1]
    assert banner.startswith("ระบบจำลอง ไม่ใช่ ThaiD จริง")
    assert page.headers["X-Simulated"] == "not-thaid"


@pytest.mark.parametrize(
    ("environment", "demo", "starts"),
    [
        ({}, False, False),
        ({}, True, True),
        ({"THAID_SIMULATOR_DEMO": "1"}, False, True),
        ({"DJANGO_SETTINGS_MODULE": "khlang.settings.production"}, False, False),
        ({"DJANGO_SETTINGS_MODULE": "khlang.settings.production"}, True, True),
    ],
)
def test_the_program_starts_only_when_told_that_it_is_a_demonstration(environment, demo, starts) -> None:
    assert (refusal(environment, demo=demo) == "") is starts


def test_the_program_says_why_it_does_not_start(monkeypatch, capsys) -> None:
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "khlang.settings.production")
    monkeypatch.delenv("THAID_SIMULATOR_DEMO", raising=False)

    assert main([]) == 1
    assert "production" in capsys.readouterr().err
