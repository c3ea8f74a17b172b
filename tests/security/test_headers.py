"""What the browser is told with every answer, and what production adds."""

import json
import os
import re
import subprocess
import sys

import pytest

from tests import builders
from tests.authentication.makers import username_of
from tests.security.office import browser_of
from tests.security.walk import addresses

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
FORBIDDEN_POWERS = ("camera", "microphone", "geolocation", "payment", "usb")
PRODUCTION = """
import json, os, sys
import django
from django.core import checks
from django.test import Client
django.setup()
from khlang.cli.serve import collect_static
collect_static()
client = Client(SERVER_NAME="books.example.go.th")
secure = client.get("/login/", secure=True)
plain = client.get("/login/")
found = checks.run_checks(include_deployment_checks=True)
print(json.dumps({
    "headers": dict(secure.headers), "plain": [plain.status_code, plain.headers.get("Location", "")],
    "cookies": {name: {key: value for key, value in morsel.items() if value} for name, morsel in secure.cookies.items()},
    "status": secure.status_code, "checks": [f"{each.id} {each.msg}" for each in found if not each.is_silenced()],
    "other_host": Client(SERVER_NAME="evil.example", raise_request_exception=False).get("/login/", secure=True).status_code,
}))
"""


def policy(answer) -> dict[str, str]:
    parts = [
        part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";") if part.strip()
    ]
    return {name: (values or [""])[0] for name, *values in parts}


@pytest.fixture(scope="module")
def answers(known, offices, django_db_blocker):
    """Every page that somebody may open, and every open page to nobody; asked once for all tests here."""
    office = offices[0]
    outside = [each for each in addresses() if not each.is_of_entity]
    with django_db_blocker.unblock():
        client, nobody = browser_of(office.people["head_of_treasury"]), browser_of(None)
        found = {each.name: client.get(each.filled(office)) for each, method in known if method == "get"}
        found |= {f"{each.name} to nobody": nobody.get(each.filled(office)) for each in outside}
        for answer in found.values():
            answer.close()
    return found


def test_every_answer_carries_the_headers_of_a_closed_house(answers):
    lacking = {
        name: sorted(header for header, value in ALWAYS.items() if answer.headers.get(header) != value)
        for name, answer in answers.items()
    }

    assert len(answers) > 40
    assert {name: headers for name, headers in lacking.items() if headers} == {}


def test_every_answer_runs_our_own_files_only(answers):
    loose = {}
    for name, answer in answers.items():
        told = policy(answer)
        words = f"{told.get('script-src', told['default-src'])} {told.get('style-src', told['default-src'])}"
        frames = told.get("frame-ancestors")
        closed = (frames, told.get("object-src"), told.get("base-uri"), told.get("form-action"))
        unsafe = any(word in words for word in ("unsafe", "*", "http", "data:"))
        # A file that is given out can do nothing at all.
        is_shut = "sandbox" in told and (frames, told["default-src"]) == ("'none'", "'none'")
        if unsafe or not (is_shut or closed == ("'none'", "'none'", "'self'", "'self'")):
            loose[name] = told

    assert loose == {}


def test_every_answer_forbids_powers_that_no_page_needs(answers):
    for name, answer in answers.items():
        told = answer.headers.get("Permissions-Policy", "")
        assert [power for power in FORBIDDEN_POWERS if f"{power}=()" not in told] == [], name


def test_no_answer_opens_itself_to_other_origins(answers):
    assert [name for name, answer in answers.items() if "Access-Control-Allow-Origin" in answer.headers] == []


def test_no_page_of_the_books_is_kept_by_a_browser_or_a_proxy(answers, known):
    names = {each.name for each, _ in known}
    kept = [name for name, answer in answers.items() if name in names and "no-store" not in answer["Cache-Control"]]

    assert kept == []


def test_no_page_holds_a_script_or_a_style_of_its_own(answers):
    for name, answer in answers.items():
        if "text/html" not in answer.headers.get("Content-Type", "") or answer.streaming:
            continue
        page = answer.content.decode()
        assert " style=" not in page, name
        assert " onclick=" not in page, name
        assert "javascript:" not in page, name


def test_no_form_writes_a_secret_into_an_address(answers):
    """Addresses stand in histories and in the logs of proxies."""
    asked = re.compile(r'<form\b(?![^>]*method="post").*?</form>', re.DOTALL | re.IGNORECASE)
    secret = re.compile(r'name="[^"]*(?:password|code|pid|citizen|credential|phone|email)[^"]*"')
    forms = {
        name: asked.findall(answer.content.decode())
        for name, answer in answers.items()
        if not answer.streaming and "text/html" in answer.headers.get("Content-Type", "")
    }

    assert sum(map(len, forms.values())) > 5
    assert {
        name: found
        for name, each in forms.items()
        if (found := [secret.findall(form) for form in each if secret.search(form)])
    } == {}


def test_the_cookie_of_the_session_is_for_our_own_pages_and_no_script(committed_db):
    entity = builders.an_entity()
    head = builders.a_person("head_of_treasury", entity=entity)
    client = browser_of(None)
    client.post("/login/", {"username": username_of(head), "password": builders.PASSWORD})
    cookie = client.cookies["sessionid"]

    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "Lax", "/", "")


@pytest.fixture(scope="module")
def production(django_db_setup):
    """The same program as it runs behind a front proxy."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "khlang.settings.production",
        "KHLANG_HOSTS": "books.example.go.th",
        "KHLANG_SECRET_KEY": "k" * 40 + "0123456789abcdefghijklmnop",
    }
    del environment["DJANGO_ALLOW_ASYNC_UNSAFE"]
    answer = subprocess.run(
        [sys.executable, "-c", PRODUCTION], env=environment, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stderr[-3000:]
    return json.loads(answer.stdout.splitlines()[-1])


def test_production_passes_the_checks_for_deployment(production):
    assert production["checks"] == []


def test_production_speaks_https_only_and_says_so_for_a_year(production):
    assert production["plain"] == [301, "https://books.example.go.th/login/"]
    assert production["headers"]["Strict-Transport-Security"].startswith("max-age=31536000; includeSubDomains")


def test_production_answers_for_its_own_name_only(production):
    assert (production["status"], production["other_host"]) == (200, 400)


def test_cookies_of_production_stay_in_https_and_out_of_scripts(production):
    assert production["cookies"]
    for name, flags in production["cookies"].items():
        assert name.startswith("__Host-"), name
        assert (flags["secure"], flags["path"]) == (True, "/")
        assert flags["samesite"] in ("Lax", "Strict")
        assert "domain" not in flags
