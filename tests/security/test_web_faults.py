"""What a hostile page, proxy or visitor sends: forged forms, other hosts, addresses that lead away, floods of bytes."""

import json
import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.urls import path, reverse

from khlang.web import urls
from tests.builders import PASSWORD, an_entity, sign_in
from tests.journal_vouchers.makers import a_draft, a_team
from tests.security.office import browser_of
from tests.security.walk import addresses, operations

ELSEWHERE = (
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "http://testserver@evil.example/",
    "http://testserver.evil.example/",
    "\thttps://evil.example/",
    "data:text/html,<script>alert(1)</script>",
)
LEAKS = ("Traceback", "Exception", "psycopg", "django", "SELECT ", "/src/khlang", "site-packages", "khlang_app")
OURS = re.compile(r"^/(?![/\\])")
LED_TO = re.compile(r"""(?:href|action|name="next" value)="([^"#]*)""")
UNSAFE = ("post", "put", "patch", "delete")


# ---- forged forms ------------------------------------------------------------------------------------------------------


def test_no_page_takes_a_form_without_its_token(known, office):
    client = browser_of(office.people["head_of_treasury"], enforce_csrf_checks=True)
    sent = [(address, method) for address, method in known if method in UNSAFE]
    faults = [
        f"{method} {address.name}: {answer.status_code}"
        for address, method in sent
        if (answer := getattr(client, method)(address.filled(office))).status_code != 403
    ]

    assert len(sent) > 15
    assert faults == []


def test_no_operation_takes_a_body_without_its_token(office):
    client = browser_of(office.people["head_of_treasury"], enforce_csrf_checks=True)
    sent = [each for each in operations() if each.method in UNSAFE]
    faults = [
        f"{each.name}: {answer.status_code}"
        for each in sent
        if (answer := getattr(client, each.method)(each.filled(office), each.body, "application/json")).status_code
        != 403
    ]

    assert len(sent) > 5
    assert faults == []


def test_no_open_page_takes_a_form_without_its_token(office):
    client = browser_of(None, enforce_csrf_checks=True)
    places = [each for each in addresses() if not each.is_of_entity]
    answers = {each.name: client.post(each.filled(office)).status_code for each in places}

    assert {name: status for name, status in answers.items() if status not in (403, 405)} == {}
    assert 403 in answers.values()


@pytest.mark.django_db
def test_a_token_from_another_site_is_not_taken():
    maker, _ = a_team()
    client = Client(enforce_csrf_checks=True)
    sign_in(client, maker)
    client.get(f"/{maker.entity_code}/vouchers/new/", follow=True)
    token = client.cookies["csrftoken"].value if "csrftoken" in client.cookies else ""
    fields = {"csrfmiddlewaretoken": token, "theme": "dark"}

    assert token
    assert client.post("/preferences/", fields, HTTP_ORIGIN="https://evil.example").status_code == 403
    assert client.post("/preferences/", fields, HTTP_ORIGIN="null").status_code == 403
    assert client.post("/preferences/", fields, HTTP_ORIGIN="http://testserver").status_code == 302


# ---- addresses that lead away ------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("place", ELSEWHERE)
def test_nobody_is_led_to_another_site(client, place):
    maker, _ = a_team()
    username = username_of(maker)
    logged_in = client.post("/login/", {"username": username, "password": PASSWORD, "next": place})
    again = client.get("/login/", {"next": place})
    kept = client.post("/preferences/", {"theme": "dark", "next": place})
    by_header = client.post("/preferences/", {"theme": "dark"}, HTTP_REFERER=place)

    for answer in (logged_in, again, kept, by_header):
        assert answer.status_code == 302
        assert OURS.match(answer["Location"]), answer["Location"]
        assert "evil" not in answer["Location"]


def username_of(actor):
    from khlang.identity.models import User

    return User.objects.get(pk=actor.user_id).username


@pytest.mark.django_db
@pytest.mark.parametrize("place", ELSEWHERE)
def test_the_log_in_page_carries_no_address_of_another_site(client, place):
    page = client.get("/login/", {"next": place}).content.decode()
    places = [unescape(found) for found in LED_TO.findall(page)]

    assert len(places) > 3
    assert [each for each in places if "evil" in each.split("?")[0] or not OURS.match(each or "/")] == []


# ---- hosts -------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "testserver:80@evil.example", "a b", ""])
def test_a_request_for_another_host_is_refused_and_told_nothing(host):
    answer = Client(raise_request_exception=False).get("/login/", HTTP_HOST=host)

    assert answer.status_code == 400
    assert not any(leak in answer.content.decode() for leak in LEAKS)
    assert "evil" not in answer.content.decode()


@pytest.mark.django_db
def test_a_forwarded_host_is_not_believed(client):
    answer = client.get("/login/", HTTP_X_FORWARDED_HOST="evil.example", HTTP_FORWARDED="host=evil.example")

    assert answer.status_code == 200
    assert "evil.example" not in answer.content.decode()


# ---- floods ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def maker(db):
    return a_team()[0]


@pytest.fixture
def browser(maker):
    client = Client(raise_request_exception=False)
    sign_in(client, maker)
    return client


def test_a_form_larger_than_allowed_is_refused_without_a_fault(browser, maker, settings):
    fields = {"description": "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)}
    answer = browser.post(f"/{maker.entity_code}/vouchers/{a_draft(maker).row.voucher_id}/edit/", fields)

    assert answer.status_code == 400
    assert not any(leak in answer.content.decode() for leak in LEAKS)


def test_a_form_of_too_many_fields_is_refused_without_a_fault(browser, maker, settings):
    fields = {f"f{number}": "" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}

    assert browser.post(f"/{maker.entity_code}/vouchers/new/", fields).status_code in (400, 405)
    assert browser.post("/preferences/", fields).status_code == 400


def test_a_body_larger_than_allowed_is_refused_by_the_api(browser, maker, settings):
    body = '{"description": "' + "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1) + '"}'
    answer = browser.post(f"/api/v1/{maker.entity_code}/journals/check", body, content_type="application/json")

    assert answer.status_code in (400, 413)


@pytest.mark.parametrize("body", ["[" * 100_000, "{" * 5, "\x00", '{"a": 1e999999}', "9" * 5000, "NaN", '"\\ud800"'])
def test_a_body_that_is_no_body_is_refused_without_a_fault(browser, maker, body):
    address = f"/api/v1/{maker.entity_code}/journals/check"

    assert browser.post(address, body, content_type="application/json").status_code in (400, 422)


def test_an_upload_larger_than_allowed_is_refused_with_words(browser, maker):
    voucher = a_draft(maker).row.voucher_id
    sent = {"file": SimpleUploadedFile("a.pdf", b"%PDF-" + bytes(11 * 2**20))}
    answer = browser.post(f"/{maker.entity_code}/vouchers/{voucher}/files/", sent)

    assert answer.status_code == 422
    assert "10" in answer.content.decode()


@pytest.mark.parametrize(
    "text", ["\x00", "a\x00b", "\ud800".encode("utf-8", "surrogatepass"), "%00", "%ff", "' OR 1=1--", "${7*7}"]
)
@pytest.mark.parametrize("name", ["q", "search", "page", "order", "start", "next"])
def test_a_strange_word_in_an_address_is_no_fault(browser, maker, name, text):
    code = maker.entity_code
    for place in ("vouchers/", "accounts/", "journals/", "palette", "choices/accounts", "reports/"):
        assert browser.get(f"/{code}/{place}", {name: text}).status_code < 500, place


# ---- places on the disk ------------------------------------------------------------------------------------------------

OUTSIDE = (
    "/static/../settings/base.py",
    "/static/%2e%2e/%2e%2e/settings/base.py",
    "/static/..%2f..%2fsettings/base.py",
    "/static/....//....//etc/passwd",
    "/static//etc/passwd",
    "/static/khlang/..%5c..%5cbase.py",
    "/../../etc/passwd",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/attachments/1/x",
    "/.git/config",
    "/.env",
)


@pytest.mark.django_db
@pytest.mark.parametrize("place", OUTSIDE)
def test_no_file_outside_is_served(client, place):
    assert client.get(place).status_code in (302, 400, 404)


@pytest.mark.django_db
def test_the_status_page_serves_its_own_files_only(client, settings, tmp_path):
    settings.KHLANG_STATUS = tmp_path
    for name in ("status.json", "Secret.json", ".hidden.json", "a.b.json", "status.key"):
        (tmp_path / name).write_text("{}", encoding="utf-8")
    (tmp_path.parent / "outside.json").write_text("{}", encoding="utf-8")

    assert client.get("/status/status.json").status_code == 200
    for name in ("Secret.json", ".hidden.json", "a.b.json", "status.key", "..%2foutside.json", "..\\outside.json"):
        assert client.get(f"/status/{name}").status_code in (400, 404), name


@pytest.mark.parametrize("name", ["..%2f..%2fetc", "....", "trial-balance%00", "trial-balance..%2f"])
def test_the_name_of_a_report_leads_nowhere(browser, maker, name):
    for ending in ("pdf", "csv", "%2e%2e"):
        assert browser.get(f"/{maker.entity_code}/reports/2568/{name}.{ending}").status_code == 404


# ---- what an error tells -----------------------------------------------------------------------------------------------


def broken(request):
    raise RuntimeError("psycopg SELECT password FROM identity_user, user malee.s, /src/khlang/secret")


class BrokenUrls:
    urlpatterns = (*urls.urlpatterns, path("broken", broken))
    handler500 = staticmethod(urls.handler500)
    handler404 = staticmethod(urls.handler404)


@pytest.mark.django_db
@pytest.mark.parametrize("headers", [{}, {"HTTP_X_REQUESTED_WITH": "fetch"}, {"HTTP_ACCEPT": "application/json"}])
def test_an_error_tells_a_number_and_nothing_else(headers):
    with override_settings(ROOT_URLCONF=BrokenUrls):
        answer = Client(raise_request_exception=False).get("/broken", **headers)
    page = answer.content.decode()

    assert answer.status_code == 500
    assert answer["X-Request-ID"][:8].upper() in page
    assert not any(leak in page for leak in (*LEAKS, "malee", "password FROM"))


@pytest.mark.django_db
def test_the_api_tells_errors_in_its_own_form(browser, maker):
    entity = an_entity()
    answer = browser.get(f"/api/v1/{entity.code}/accounts", {"fiscal_year": 2568})

    assert (answer.status_code, list(json.loads(answer.content))) == (404, ["refusals"])
    assert browser.get(f"/api/v1/{maker.entity_code}/accounts", {"fiscal_year": "x"}).status_code == 422


@pytest.mark.django_db
def test_nothing_listens_for_a_debugger_or_an_admin_site(client):
    for place in ("/admin/", "/__debug__/", "/api/v1/docs", "/api/docs", "/graphql", "/server-status", "/metrics"):
        assert client.get(place).status_code in (301, 302, 404), place
    with pytest.raises(Exception, match="is not a registered namespace"):
        reverse("admin:index")
