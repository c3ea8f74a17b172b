"""The simulator answers as ThaiD is said to answer, its oddities included."""

import time

import pytest

from tests.thaid_simulator.conftest import BACK, challenge
from thaid_simulator.configuration import PREFIX
from thaid_simulator.people import check_digit_holds, people, person
from thaid_simulator.tokens import half_hash


def test_discovery_announces_es256_and_neither_introspection_nor_pkce(walk) -> None:
    found = walk.get("/.well-known/openid-configuration").json()

    assert found["id_token_signing_alg_values_supported"] == ["ES256"]
    assert found["token_endpoint"] == f"{walk.running.url}/api/v2/oauth2/token/"
    assert not [name for name in found if "introspection" in name or "challenge" in name]


def test_a_log_in_with_openid_ends_in_a_signed_token_with_one_claim_a_scope(walk) -> None:
    reply = walk.exchange(walk.code()).json()
    claims = walk.claims(walk.exchange(walk.code()))

    assert set(reply) == {"access_token", "token_type", "expire_in", "scope", "id_token"}
    assert abs(reply["expire_in"] - time.time() - 900) < 60
    assert claims["pid"] == person("malee").pid
    assert (claims["given_name"], claims["ial"], claims["nonce"]) == (person("malee").given_name, "2.3", "the-nonce")
    assert claims["sub"] != claims["pid"]
    assert claims["exp"] - claims["iat"] <= 900
    assert "birthdate" not in claims


def test_at_hash_belongs_to_the_access_token(walk) -> None:
    reply = walk.exchange(walk.code())

    assert walk.claims(reply)["at_hash"] == half_hash(reply.json()["access_token"])


def test_a_log_in_without_openid_ends_in_flat_fields(walk) -> None:
    reply = walk.exchange(walk.code(scope="pid given_name")).json()

    assert "id_token" not in reply
    assert (reply["pid"], reply["given_name"]) == (person("malee").pid, person("malee").given_name)


def test_pkce_is_kept_when_it_is_asked_for(walk) -> None:
    asked = {"code_challenge": challenge("v" * 43), "code_challenge_method": "S256"}

    assert walk.exchange(walk.code(**asked), code_verifier="v" * 43).status_code == 200
    assert walk.exchange(walk.code(**asked), code_verifier="w" * 43).json()["error"] == "invalid_request"
    assert walk.exchange(walk.code(**asked)).json()["error"] == "invalid_request"


def test_introspection_says_the_number_of_the_citizen(walk) -> None:
    token = walk.exchange(walk.code()).json()["access_token"]

    bare, behind_a_word = walk.post("introspect", token=token), walk.post("introspect", token=f"Bearer {token}")

    assert bare.json() == behind_a_word.json()
    assert (bare.json()["active"], bare.json()["sub"]) == (True, person("malee").pid)
    assert walk.post("introspect", token="unknown").json() == {"active": False}


def test_a_revoked_token_is_ended(walk) -> None:
    token = walk.exchange(walk.code()).json()["access_token"]

    assert walk.post("revoke", token=token).json() == {"status": "OK", "message": "revoked"}
    assert walk.post("introspect", token=token).json() == {"active": False}


def test_userinfo_answers_tokens_with_openid_only(walk) -> None:
    def userinfo(scope: str):
        token = walk.exchange(walk.code(scope=scope)).json()["access_token"]
        return walk.get(f"{PREFIX}/userinfo/", headers={"Authorization": f"Bearer {token}"})

    assert userinfo("openid pid").json()["pid"] == person("malee").pid
    assert userinfo("pid").status_code == 400


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"state": None}, 400, "invalid_request"),
        ({"scope": None}, 400, "invalid_request"),
        ({"redirect_uri": BACK.rstrip("/")}, 400, "invalid_request"),
        ({"redirect_uri": BACK.upper()}, 400, "invalid_request"),
        ({"client_id": "somebody"}, 401, "unauthorized_client"),
    ],
)
def test_auth_refuses_on_its_own_page_when_the_client_cannot_be_trusted(walk, changes, status, error) -> None:
    reply = walk.auth(**changes)

    assert (reply.status_code, reply.json()["error"]) == (status, error)


@pytest.mark.parametrize(
    ("changes", "error"),
    [({"response_type": "token"}, "unsupported_response_type"), ({"scope": "openid money"}, "invalid_scope")],
)
def test_auth_refuses_by_redirect_when_the_client_is_known(walk, changes, error) -> None:
    reply = walk.auth(**changes)

    assert reply.status_code == 302
    assert f"error={error}" in reply.headers["Location"]
    assert "state=the-state" in reply.headers["Location"]


def test_a_person_who_refuses_is_told_to_the_client(walk) -> None:
    back = walk.answer(walk.auth().text, answer="refuse")

    assert (back["error"], back["state"]) == ("user_denied", "the-state")
    assert "code" not in back


def test_a_log_in_is_answered_once(walk) -> None:
    page = walk.auth().text
    walk.answer(page)

    with pytest.raises(AssertionError, match="duplicate_request"):
        walk.answer(page)


@pytest.mark.parametrize(
    ("name", "form", "status", "error"),
    [
        ("token", {"grant_type": "authorization_code", "code": "unknown"}, 400, "invalid_request"),
        ("token", {"grant_type": "password"}, 400, "unsupported_grant_type"),
        ("token", {"grant_type": "refresh_token"}, 401, "invalid_refresh_token"),
        ("introspect", {}, 400, "invalid_request"),
        ("introspect", {"token": "x", "token_type_hint": "refresh_token"}, 400, "unsupported_token_hint"),
        ("revoke", {}, 400, "invalid_request"),
    ],
)
def test_errors_have_the_codes_of_the_manual(walk, name, form, status, error) -> None:
    reply = walk.post(name, **form)

    assert (reply.status_code, reply.json()["error"]) == (status, error)
    assert {"error", "error_description", "error_uri"} <= set(reply.json())


@pytest.mark.parametrize("name", ["token", "introspect", "revoke"])
def test_a_wrong_secret_is_refused(walk, name) -> None:
    reply = walk.post(name, auth=("khlang", "guessed"), token="x", grant_type="authorization_code")

    assert (reply.status_code, reply.json()["error"]) == (401, "invalid_client")


def test_a_code_is_exchanged_once_and_by_the_same_address(walk) -> None:
    code = walk.code()

    assert walk.exchange(walk.code(), redirect_uri=BACK.rstrip("/")).json()["error"] == "invalid_request"
    assert walk.exchange(code).status_code == 200
    assert walk.exchange(code).json()["error"] == "invalid_request"


def test_the_slash_at_the_end_matters(walk) -> None:
    reply = walk.get(f"{PREFIX}/auth")

    assert (reply.status_code, reply.json()["error"]) == (404, "not found")


def test_everybody_is_invented_with_a_valid_check_digit() -> None:
    assert all(check_digit_holds(each.pid) and each.pid.startswith("19999") for each in people())
    assert len({each.pid for each in people()}) == len(people())
    assert not check_digit_holds("1999900001011")


def test_the_people_of_the_practice_organizations_are_there() -> None:
    assert {"malee", "somchai", "wanna", "prasit", "orathai", "anan"} <= {each.key for each in people()}
