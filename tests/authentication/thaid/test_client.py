"""There and back: what a right log-in gives, and everything that is refused."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import HttpResponse
from django.utils import timezone

from khlang.authentication.rules.thaid import SECONDS_MAX, ThaidSettings, production_faults
from khlang.authentication.thaid import client, departures
from khlang.settings.thaid import configuration
from khlang.toolkit.citizen_number import is_citizen_number, pid_hash
from tests.authentication.thaid.conftest import BACK, Browser, refusals
from thaid_simulator.people import people, person

UNKNOWN_STATE = [("authentication.thaid_state_unknown", {})]
UNREACHABLE = [("authentication.thaid_unreachable", {"seconds": 5})]


def invalid(fault: str) -> list[tuple[str, dict]]:
    return [("authentication.thaid_answer_invalid", {"fault": fault})]


def asked(response) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(response["Location"]).query).items()}


def test_log_in_tells_who_it_is_by_hash_and_nothing_more(visitor) -> None:
    found = visitor.log_in()

    assert found.pid_hash == pid_hash(pid=person("malee").pid)
    assert (found.ial, found.given_name) == ("2.3", person("malee").given_name)
    assert abs(found.proved_at - timezone.now()) < timedelta(minutes=1)
    assert person("malee").pid not in repr(found)


def test_begin_asks_for_no_more_than_a_log_in_needs(visitor) -> None:
    query = asked(visitor.begin())

    assert query["scope"] == "openid pid given_name family_name ial"
    assert (query["response_type"], query["redirect_uri"], query["client_id"]) == ("code", BACK, "khlang")
    assert len(query["state"]) >= 40
    assert len(query["nonce"]) >= 40


@pytest.mark.parametrize("pkce", ["on", "off", "auto"])
def test_log_in_works_with_and_without_pkce(visitor, configure, pkce: str) -> None:
    configure(pkce=pkce)

    response = visitor.begin()

    # ThaiD announces no PKCE, so that auto leaves it out.
    assert ("code_challenge" in asked(response)) is (pkce == "on")
    assert visitor.finish(visitor.approve(response)).ial == "2.3"


def test_the_token_is_revoked_and_kept_nowhere(visitor, thaid) -> None:
    visitor.log_in()

    assert thaid.grants.tokens_alive(now=int(thaid.clock())) == 0


def test_the_token_of_a_refused_answer_is_revoked_too(visitor, thaid, faults) -> None:
    faults.switch_on("wrong_nonce")

    assert refusals(visitor.log_in) == invalid("nonce")
    assert thaid.grants.tokens_alive(now=int(thaid.clock())) == 0


def test_log_in_waits_no_longer_than_a_second_for_revocation(visitor, faults) -> None:
    faults.switch_on("revoke_hangs", seconds=30)

    assert visitor.log_in().ial == "2.3"
    assert client.REVOCATION_SECONDS < SECONDS_MAX


def test_several_tabs_each_come_back(visitor) -> None:
    first, second = visitor.begin(next_page="/a/"), visitor.begin(next_page="/b/")
    answers = [visitor.approve(first), visitor.approve(second)]

    assert [visitor.finish(each).next_page for each in reversed(answers)] == ["/b/", "/a/"]


def test_a_log_in_may_take_as_long_as_a_look_for_the_phone(visitor) -> None:
    begun = timezone.now() - timedelta(minutes=14)

    assert visitor.finish(visitor.approve(visitor.begin(at=begun))).ial == "2.3"


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        ("/entities/", "/entities/"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example/", "/"),
        ("/\\elsewhere.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_log_in_leads_on_to_pages_of_ours_only(visitor, wanted: str, given: str) -> None:
    assert visitor.finish(visitor.approve(visitor.begin(next_page=wanted))).next_page == given


def test_the_cookie_belongs_to_the_way_back_and_goes_when_it_is_over(visitor) -> None:
    response = visitor.begin()
    (cookie,) = response.cookies.values()
    request = visitor.request_of(visitor.approve(response))
    answer = HttpResponse()
    client.forget(request=request, response=answer)

    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/login/thaid/back/", True, "Lax")
    assert cookie["max-age"] >= 600
    assert answer.cookies[cookie.key]["max-age"] == 0


# ---- refusals ----


def test_finish_refuses_a_forged_state(visitor, faults) -> None:
    faults.switch_on("wrong_state")

    assert refusals(visitor.log_in) == UNKNOWN_STATE


def test_finish_refuses_a_state_of_another_browser(visitor) -> None:
    answer = visitor.approve(visitor.begin())

    # Whoever is led to somebody else's way back would work under a stranger's name.
    assert refusals(lambda: Browser().finish(answer)) == UNKNOWN_STATE
    assert visitor.finish(answer).ial == "2.3"


def test_finish_refuses_a_browser_with_a_cookie_it_made_up(visitor) -> None:
    answer = visitor.approve(visitor.begin())
    made_up = Browser({departures.cookie_name(answer["state"]): "guessed"})

    assert refusals(lambda: made_up.finish(answer)) == UNKNOWN_STATE
    assert visitor.finish(answer).ial == "2.3"


@pytest.mark.parametrize("query", [{}, {"code": "x"}, {"state": "", "code": "x"}, {"state": "x" * 5000, "code": "x"}])
def test_finish_refuses_a_way_back_without_a_departure(visitor, query) -> None:
    assert refusals(lambda: visitor.finish(query)) == UNKNOWN_STATE


def test_finish_refuses_a_second_call_back(visitor) -> None:
    answer = visitor.approve(visitor.begin())
    visitor.finish(answer)

    assert refusals(lambda: visitor.finish(answer)) == UNKNOWN_STATE


def test_finish_refuses_after_a_quarter_of_an_hour(visitor) -> None:
    begun = timezone.now() - timedelta(minutes=16)
    answer = visitor.approve(visitor.begin(at=begun))

    assert refusals(lambda: visitor.finish(answer)) == UNKNOWN_STATE


def test_finish_says_that_the_person_cancelled(visitor) -> None:
    answer = visitor.approve(visitor.begin(), answer="refuse")

    assert answer["error"] == "user_denied"
    assert refusals(lambda: visitor.finish(answer)) == [("authentication.thaid_cancelled", {})]


@pytest.mark.parametrize(
    ("fault", "reason"), [("invalid_scope", "invalid_scope"), ("auth_server_error", "server_error")]
)
def test_finish_gives_the_reason_of_a_refusal(visitor, faults, fault: str, reason: str) -> None:
    faults.switch_on(fault)

    assert refusals(visitor.log_in) == [("authentication.thaid_refused", {"reason": reason})]


def test_finish_repeats_no_words_that_anybody_could_have_written(visitor) -> None:
    state = asked(visitor.begin())["state"]

    found = refusals(lambda: visitor.finish({"state": state, "error": "<b>call 08x</b>"}))

    assert found == [("authentication.thaid_refused", {"reason": "unknown"})]


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("expired_code", "invalid_request"),
        ("code_reused", "invalid_request"),
        ("server_error", "server_error"),
        ("invalid_client", "invalid_client"),
    ],
)
def test_finish_refuses_when_the_exchange_is_refused(visitor, faults, fault: str, reason: str) -> None:
    faults.switch_on(fault)

    assert refusals(visitor.log_in) == [("authentication.thaid_refused", {"reason": reason})]


def test_finish_refuses_a_code_that_was_replayed(visitor) -> None:
    used = visitor.approve(visitor.begin())
    visitor.finish(used)
    state = asked(visitor.begin())["state"]

    assert refusals(lambda: visitor.finish({"state": state, "code": used["code"]})) == [
        ("authentication.thaid_refused", {"reason": "invalid_request"})
    ]


@pytest.mark.parametrize(
    ("fault", "word"),
    [
        ("wrong_nonce", "nonce"),
        ("no_nonce", "nonce"),
        ("wrong_signature", "signature"),
        ("unknown_key", "key"),
        ("alg_none", "alg"),
        ("alg_hs256", "alg"),
        ("alg_rs256", "alg"),
        ("wrong_issuer", "iss"),
        ("wrong_audience", "aud"),
        ("wrong_at_hash", "at_hash"),
        ("no_at_hash", "at_hash"),
        ("old_iat", "exp"),
        ("skewed_clock", "iat"),
        ("no_pid", "pid"),
        ("not_json", "form"),
        ("no_id_token", "form"),
    ],
)
def test_finish_refuses_an_answer_that_cannot_be_trusted(visitor, faults, fault: str, word: str) -> None:
    faults.switch_on(fault)

    assert refusals(visitor.log_in) == invalid(word)


def test_a_code_of_another_log_in_fails_by_its_nonce(visitor) -> None:
    stolen = Browser().approve(visitor.begin())["code"]
    mine = asked(visitor.begin())["state"]

    assert refusals(lambda: visitor.finish({"state": mine, "code": stolen})) == invalid("nonce")


def test_a_clock_within_the_leeway_is_borne(visitor, faults) -> None:
    faults.switch_on("skewed_clock", seconds=50)

    assert visitor.log_in().ial == "2.3"


def test_a_nonce_that_is_not_echoed_is_borne_by_setting_and_a_wrong_one_never(visitor, faults, configure) -> None:
    configure(requires_nonce=False)
    faults.switch_on("no_nonce", times=1)

    assert visitor.log_in().ial == "2.3"
    faults.switch_on("wrong_nonce", times=1)
    assert refusals(visitor.log_in) == invalid("nonce")


def test_a_missing_at_hash_is_borne_by_setting_and_a_wrong_one_never(visitor, faults, configure) -> None:
    configure(requires_at_hash=False)
    faults.switch_on("no_at_hash", times=1)

    assert visitor.log_in().ial == "2.3"
    faults.switch_on("wrong_at_hash", times=1)
    assert refusals(visitor.log_in) == invalid("at_hash")


@pytest.mark.parametrize(("fault", "ial"), [("low_ial", "1.1"), ("no_ial", ""), ("malformed_ial", "high")])
def test_the_level_is_told_as_thaid_gave_it(visitor, faults, fault: str, ial: str) -> None:
    faults.switch_on(fault)

    assert visitor.log_in().ial == ial


def test_the_key_of_the_interface_is_sent_when_there_is_one(visitor, thaid, configure) -> None:
    guarded = type(thaid.settings.client)("khlang", thaid.settings.client.client_secret, (BACK,), api_key="the key")
    thaid.settings = type(thaid.settings)(issuer=thaid.settings.issuer, client=guarded)

    assert refusals(visitor.log_in) == [("authentication.thaid_refused", {"reason": "unauthorized_client"})]
    configure(api_key="the key")
    assert visitor.log_in().ial == "2.3"


def test_begin_refuses_when_there_is_no_thaid(visitor, settings) -> None:
    settings.THAID = None

    assert refusals(visitor.begin) == [("authentication.thaid_off", {})]


@pytest.mark.parametrize("fault", ["down", "unavailable"])
def test_begin_refuses_when_thaid_is_down(visitor, faults, fault: str) -> None:
    faults.switch_on(fault)

    assert refusals(visitor.begin) == UNREACHABLE


def test_begin_refuses_when_thaid_is_slow(visitor, faults, configure) -> None:
    configure(seconds_max=1)
    faults.switch_on("slow", seconds=30)

    assert refusals(visitor.begin) == [("authentication.thaid_unreachable", {"seconds": 1})]


@pytest.mark.parametrize("fault", ["down", "unavailable", "jwks_down"])
def test_finish_refuses_when_thaid_goes_down_on_the_way(visitor, faults, fault: str) -> None:
    answer = visitor.approve(visitor.begin())
    faults.switch_on(fault)

    assert refusals(lambda: visitor.finish(answer)) == UNREACHABLE


def test_finish_refuses_when_the_exchange_hangs(visitor, faults, configure) -> None:
    configure(seconds_max=2)
    faults.switch_on("token_hangs", seconds=30)

    assert refusals(visitor.log_in) == [("authentication.thaid_unreachable", {"seconds": 2})]


def test_begin_refuses_a_discovery_that_names_another_issuer(visitor, configure) -> None:
    configure(issuer="https://imauth.example")

    assert refusals(visitor.begin) == UNREACHABLE


def test_nothing_of_the_person_is_logged(visitor, faults, caplog) -> None:
    faults.switch_on("wrong_nonce")

    refusals(visitor.log_in)

    assert "nonce" in caplog.text
    assert not [each for each in people() if each.pid in caplog.text or each.given_name in caplog.text]


# ---- settings ----

ENVIRONMENT = {
    "KHLANG_THAID_URL": "https://imauth.example/",
    "KHLANG_THAID_CLIENT_ID": "khlang",
    "KHLANG_THAID_REDIRECT_URI": "https://a.example/back/ https://b.example/back/",
}


def test_settings_never_allow_more_than_five_seconds(tmp_path) -> None:
    asked_for_more = {**ENVIRONMENT, "KHLANG_THAID_SECONDS_MAX": "60", "KHLANG_THAID_LEEWAY": "9999"}

    assert configuration(ENVIRONMENT, tmp_path).seconds_max == SECONDS_MAX == 5
    assert configuration(asked_for_more, tmp_path).seconds_max == 5
    assert configuration(asked_for_more, tmp_path).leeway_seconds == 300


def test_settings_read_the_secret_from_the_folder_of_keys(tmp_path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "thaid-client-secret").write_text("kept\n")

    assert configuration(ENVIRONMENT, tmp_path) == ThaidSettings(
        url="https://imauth.example",
        client_id="khlang",
        client_secret="kept",
        redirect_uris=("https://a.example/back/", "https://b.example/back/"),
    )
    assert configuration({}, tmp_path) is None


def test_production_refuses_a_simulator_plain_http_and_a_missing_secret(tmp_path) -> None:
    wrong = {**ENVIRONMENT, "KHLANG_THAID_URL": "http://127.0.0.1:8002", "KHLANG_THAID_SIMULATED": "1"}

    assert len(production_faults(configuration(wrong, tmp_path))) == 3
    right = {**ENVIRONMENT, "KHLANG_THAID_CLIENT_SECRET": "kept"}
    assert production_faults(configuration(right, tmp_path)) == []
    assert production_faults(None) == []


@pytest.mark.parametrize("text", ["", "123", "1999900001011", "199990000101a", "๑๙๙๙๙๐๐๐๐๑๐๑๐"])
def test_a_malformed_citizen_number_is_seen(text: str) -> None:
    assert not is_citizen_number(text)
    assert all(is_citizen_number(each.pid) for each in people())
