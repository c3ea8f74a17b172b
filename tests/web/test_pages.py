"""Pages of the shell over HTTP: home, search, preferences, errors, what the browser is told to keep."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.test import Client, RequestFactory
from django.urls import reverse

from khlang.identity import queries
from khlang.web.views import errors, site
from tests import builders

pytestmark = pytest.mark.django_db
SCRIPT = {"HTTP_X_REQUESTED_WITH": "fetch"}


@pytest.fixture
def head():
    actor = builders.a_person("head_of_treasury", entity=builders.an_entity())
    builders.a_fiscal_year(actor=builders.an_actor(entity=entity_of(actor)))
    return actor


def entity_of(actor):
    return queries.entity(code=actor.entity_code)


@pytest.fixture
def client_of(django_user_model):
    def log_in(actor, **cookies) -> Client:
        client = Client()
        builders.sign_in(client, actor)
        for name, value in cookies.items():
            client.cookies[name] = value
        return client

    return log_in


def home(client, actor, **more):
    return client.get(f"/{actor.entity_code}/", **more)


def test_home_shows_figures_closing_and_deadlines(client_of, head):
    builders.a_posted_journal(actor=builders.an_actor(entity=entity_of(head)), amount="1250000.00")
    page = home(client_of(head), head).content.decode()

    for words in ("งานของฉันวันนี้", "1,250,000.00", "สมดุล", "ปิดแล้ว 0 จาก 12 เดือน", "วันครบกำหนด", "ทป 1/2568"):
        assert words in page


def test_home_of_new_books_says_how_to_begin(client_of):
    actor = builders.a_person("head_of_treasury", entity=builders.an_entity())

    assert "ยังไม่ได้เปิดบัญชี" in home(client_of(actor), actor).content.decode()


def test_a_month_that_ended_is_a_thing_to_do_for_those_who_may_close(client_of, head):
    officer = builders.a_person("finance_officer", entity=entity_of(head))

    assert "ปิดงวดเดือนตุลาคม 2567" in home(client_of(head), head).content.decode()
    assert "ปิดงวดเดือนตุลาคม 2567" not in home(client_of(officer), officer).content.decode()


def test_the_menu_holds_only_what_one_may_open(client_of, head):
    administrator = builders.a_person("local_administrator", entity=entity_of(head))
    page = home(client_of(administrator), administrator).content.decode()

    assert "งานของฉัน" in page
    assert "งบทดลอง" not in page
    assert "งบทดลอง" in home(client_of(head), head).content.decode()


def test_every_link_of_the_menu_answers(client_of, head):
    client = client_of(head)
    shell = home(client, head).context["shell"]
    links = [page.href for place in shell.places for page in (*place.pages, place)]

    assert {client.get(link, follow=True).status_code for link in links} == {200}


@pytest.mark.parametrize("text", ["1250000", "1,250,000.00", "๑,๒๕๐,๐๐๐", "ที่ดิน", "ทป 1/2568"])
def test_the_search_box_finds_a_journal_by_number_words_and_amount(client_of, head, text):
    actor = builders.an_actor(entity=entity_of(head))
    builders.a_posted_journal(actor=actor, amount="1250000.00", description="ภาษีที่ดินและสิ่งปลูกสร้าง")
    address = reverse("web:palette", kwargs={"entity_code": head.entity_code})
    results = client_of(head).get(address, {"q": text}).json()["results"]

    assert results[0][0] == "ภาษีที่ดินและสิ่งปลูกสร้าง"
    assert client_of(head).get(results[0][1]).status_code == 200


def test_the_search_box_finds_accounts_without_tone_marks(client_of, head):
    address = reverse("web:palette", kwargs={"entity_code": head.entity_code})

    assert any("1101030101" in hit[3] for hit in client_of(head).get(address, {"q": "1101030101"}).json()["results"])


def test_the_search_box_tells_nothing_to_those_who_may_not_read(client_of, head):
    administrator = builders.a_person("local_administrator", entity=entity_of(head))
    builders.a_posted_journal(actor=builders.an_actor(entity=entity_of(head)), description="secret salary")
    address = reverse("web:palette", kwargs={"entity_code": head.entity_code})

    assert client_of(administrator).get(address, {"q": "secret"}).json() == {"results": []}


def test_account_choices_hold_what_one_may_post_to(client_of, head):
    address = reverse("web:account-choices", kwargs={"entity_code": head.entity_code})
    found = client_of(head).get(address, {"q": "11010301", "year": "2568"}).json()["results"]

    assert found[0]["value"] == "1101030101"
    assert builders.HEADING not in {choice["value"] for choice in found}


def test_account_choices_forgive_a_missing_tone_mark(client_of, head):
    address = reverse("web:account-choices", kwargs={"entity_code": head.entity_code})
    found = client_of(head).get(address, {"q": "เชือเพลิง", "year": "2568"}).json()["results"]
    exact = client_of(head).get(address, {"q": "เชื้อเพลิง", "year": "2568"}).json()["results"]

    assert exact
    assert exact[0] in found


def test_the_language_and_the_display_are_kept_on_the_computer(client_of, head):
    client = client_of(head)
    client.post("/preferences/", {"language": "en", "next": f"/{head.entity_code}/"})
    client.post("/preferences/", {"theme": "dark"})
    page = home(client, head).content.decode()

    assert '<html lang="en" data-theme="dark">' in page
    assert "My work today" in page
    client.post("/preferences/", {"theme": "system"})
    assert "data-theme" not in home(client, head).content.decode()[:400]


def test_preferences_go_back_to_a_page_of_ours_only(client):
    assert client.post("/preferences/", {"theme": "dark", "next": "//evil.example/"})["Location"] == "/"


def test_a_page_that_is_not_ones_duty_says_whose_it_is(client_of, head):
    administrator = builders.a_person("local_administrator", entity=entity_of(head))
    answer = client_of(administrator).get(f"/{head.entity_code}/accounts/")

    assert answer.status_code == 403
    assert "คุณไม่มีสิทธิเปิดหน้านี้" in answer.content.decode()
    assert "หัวหน้าหน่วยงานคลัง" in answer.content.decode()
    assert answer["X-Request-ID"][:8].upper() in answer.content.decode()


def test_the_books_of_others_look_like_no_books_at_all(client_of, head):
    stranger = builders.a_person("head_of_treasury", entity=builders.an_entity())
    answers = [client_of(stranger).get(f"/{code}/") for code in (head.entity_code, "NOSUCHCODE")]

    assert [answer.status_code for answer in answers] == [404, 404]
    codes = [answer["X-Request-ID"][:8].upper() for answer in answers]
    pages = [answer.content.decode().replace(code, "") for answer, code in zip(answers, codes, strict=True)]
    assert pages[0] == pages[1]


def test_scripts_hear_errors_as_json(client_of, head):
    administrator = builders.a_person("local_administrator", entity=entity_of(head))
    answer = client_of(administrator).get(f"/{head.entity_code}/accounts/", **SCRIPT)

    assert answer.status_code == 403
    assert set(answer.json()) == {"code", "message", "error_id"}


def test_a_broken_server_admits_it_without_asking_the_database(django_assert_num_queries):
    request = RequestFactory().get("/anywhere/?a=1")
    with django_assert_num_queries(0):
        answer = errors.server_error(request)

    assert answer.status_code == 500
    assert "ระบบขัดข้อง" in answer.content.decode()
    assert 'href="/anywhere/?a=1"' in answer.content.decode()
    assert errors.server_error(RequestFactory().get("/", **SCRIPT)).headers["Content-Type"] == "application/json"


def test_other_errors_have_words_too():
    factory = RequestFactory()

    assert errors.bad_request(factory.get("/", **SCRIPT), ValueError()).status_code == 400
    assert errors.not_permitted(factory.get("/", **SCRIPT), PermissionDenied()).status_code == 403


def test_the_probe_says_whether_the_database_answers(client, monkeypatch):
    assert client.get("/health").json() == {"status": "ok"}

    def dead():
        raise OperationalError

    monkeypatch.setattr(site.connection, "cursor", dead)
    assert client.get("/health").status_code == 503


def test_the_service_worker_keeps_static_files_and_one_page_only(client, settings):
    answer = client.get("/service-worker.js")
    words = answer.content.decode()

    assert answer["Cache-Control"] == "no-cache"
    assert answer["Content-Type"].startswith("text/javascript")
    assert '"/offline/"' in words
    settings.KHLANG_SERVICE_WORKER_OFF = True
    assert "unregister" in client.get("/service-worker.js").content.decode()


def test_the_offline_page_asks_the_database_nothing(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/offline/").status_code == 200


def test_the_manifest_names_the_product(client):
    assert client.get("/manifest.webmanifest").json()["short_name"] == "คลังท้องถิ่น"


def test_several_entities_offer_a_way_to_change(client_of, head):
    builders.give_role(user_id=head.user_id, entity_code=builders.an_entity().code, role="auditor")
    client = client_of(head)
    client.get("/")

    assert "เปลี่ยนหน่วยงาน" in home(client, head).content.decode()


def test_home_costs_few_questions_to_the_database(client_of, head, django_assert_max_num_queries):
    client = client_of(head)
    home(client, head)
    with django_assert_max_num_queries(45):
        home(client, head)
