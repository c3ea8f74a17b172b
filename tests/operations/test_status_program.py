"""The status program: what it writes and shows, from a system that answers, that is silent, and that closes as announced."""

import json
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from django.test import Client

from khlang.operations.status import Keeper, StatusServer
from khlang.operations.status.looks import Look, look
from tests.operations.makers import switch

NOON = datetime(2026, 11, 25, 5, 0, tzinfo=UTC)
GOOD = Look(
    web=True, database=True, milliseconds=12, said={"mode": "normal", "present": None, "next": None, "jobs_waiting": 3}
)
SILENT = Look(web=False, database=None)
PLANNED = {
    "mode": "maintenance",
    "starts_at": (NOON + timedelta(minutes=1)).isoformat(),
    "expected_end": (NOON + timedelta(hours=1)).isoformat(),
    "words_th": "ย้ายเครื่อง <b>",
    "words_en": "Moving",
}


@pytest.fixture
def keeper(tmp_path):
    return Keeper(tmp_path / "status", tmp_path / "traffic")


def begun(keeper):
    keeper.recall(at=NOON)
    return keeper


def test_a_look_goes_into_the_file_the_figures_and_both_pages(keeper):
    begun(keeper).take(GOOD, at=NOON)

    written = (keeper.folder / "minutes-2026-11.jsonl").read_text(encoding="utf-8")
    figures = json.loads((keeper.folder / "status.json").read_text(encoding="utf-8"))
    assert written == '{"at":"2026-11-25T05:00:00Z","state":"up","milliseconds":12}\n'
    assert (figures["state"], figures["jobs_waiting"], figures["saves"]["hour"]["count"]) == ("up", 3, 0)
    assert "ใช้งานได้ตามปกติ" in (keeper.folder / "index.html").read_text(encoding="utf-8")
    assert "Everything works." in (keeper.folder / "en.html").read_text(encoding="utf-8")


def test_a_silent_system_is_out_of_order_and_the_page_says_what_becomes_of_the_work(keeper):
    begun(keeper).take(GOOD, at=NOON)
    keeper.take(SILENT, at=NOON + timedelta(seconds=30))

    page = keeper.files["index.html"].decode()
    assert "ระบบขัดข้อง" in page
    assert "จะส่งเองเมื่อระบบกลับมา" in page
    assert json.loads(keeper.files["status.json"])["availability"]["1"]["up"] == 30


def test_an_announced_closure_is_remembered_through_a_restart_and_is_no_fault(keeper):
    begun(keeper).take(Look(web=True, database=True, milliseconds=9, said={**GOOD.said, "next": PLANNED}), at=NOON)
    assert "แจ้งล่วงหน้า: ปิดปรับปรุง" in keeper.files["index.html"].decode()

    again = begun(Keeper(keeper.folder, keeper.traffic))
    again.take(SILENT, at=NOON + timedelta(minutes=2))
    again.take(SILENT, at=NOON + timedelta(minutes=70))

    states = [json.loads(line)["state"] for line in (keeper.folder / "minutes-2026-11.jsonl").read_text().splitlines()]
    assert states == ["up", "closed", "down"]
    assert "ย้ายเครื่อง &lt;b&gt;" in keeper.files["index.html"].decode()


def test_days_seen_before_a_restart_still_count(keeper):
    begun(keeper)
    for turn in range(4):
        keeper.take(GOOD, at=NOON + turn * timedelta(seconds=30))
    with (keeper.folder / "minutes-2026-11.jsonl").open("a") as file:
        file.write('{"at":"2026-11-2')

    again = begun(Keeper(keeper.folder, keeper.traffic))
    again.take(GOOD, at=NOON + timedelta(minutes=10))

    share = json.loads(again.files["status.json"])["availability"]["1"]
    assert (share["up"], share["unknown"], share["available"]) == (180, 420, 10_000)


def test_save_times_are_read_from_the_traffic_log_as_it_grows(keeper):
    keeper.traffic.mkdir(parents=True)
    file = keeper.traffic / "2026-11-25.jsonl"

    def write(milliseconds, *, method="PUT", status=200, end="\n"):
        line = {
            "at": "2026-11-25T04:59:00.000Z",
            "method": method,
            "path": "/A1/x/",
            "status": status,
            "milliseconds": milliseconds,
        }
        with file.open("a", encoding="utf-8") as log:
            log.write(json.dumps(line) + end)

    for milliseconds in (40.2, 41, 900):
        write(milliseconds)
    write(5000, method="GET")
    write(5, status=500)
    write(1, end="")
    begun(keeper).take(GOOD, at=NOON)
    keeper.take(GOOD, at=NOON + timedelta(seconds=30))
    hour = json.loads(keeper.files["status.json"])["saves"]["hour"]

    assert (hour["count"], hour["failed"]) == (3, 1)
    assert 900 <= hour["p95_milliseconds"] <= 990


@pytest.fixture
def shown(keeper):
    begun(keeper).take(GOOD, at=NOON)
    server = StatusServer(("127.0.0.1", 0), keeper.files)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def at(server, path):
    return urlopen(f"http://127.0.0.1:{server.server_address[1]}{path}", timeout=5)


def test_the_server_shows_the_pages_and_nothing_else(shown, keeper):
    assert at(shown, "/").url.endswith("/status/")
    assert at(shown, "/status/").read() == keeper.files["index.html"]
    assert at(shown, "/status/en.html").headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert json.load(at(shown, "/status.json"))["state"] == "up"
    for path in (
        "/status/../keys/django-secret-key",
        "/status/minutes-2026-11.jsonl",
        "/etc/passwd",
        "/status/index.html/",
    ):
        with pytest.raises(HTTPError, match="404"):
            at(shown, path)


def test_the_page_brings_its_thai_letters_along_and_lets_them_in(shown, keeper):
    style = keeper.files["status.css"].decode()
    policy = at(shown, "/status/").headers["Content-Security-Policy"]

    assert "font-src 'self'" in policy
    assert 'url("sarabun-thai-400-normal.woff2")' in style
    assert at(shown, "/status/sarabun-thai-400-normal.woff2").headers["Content-Type"] == "font/woff2"
    assert "fonts/" not in style


def test_many_readers_at_once_are_all_answered(shown):
    answers = []
    readers = [threading.Thread(target=lambda: answers.append(at(shown, "/status/").status)) for _ in range(150)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()

    assert answers == [200] * 150


class Web(BaseHTTPRequestHandler):
    """A system that answers as it is told: path → status and body."""

    answers: ClassVar = {}

    def do_GET(self):
        status, body = self.answers[self.path]
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments):
        pass


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (
            {"/health": (200, b"{}"), "/health/figures": (200, b'{"mode": "read_only"}')},
            (True, True, {"mode": "read_only"}),
        ),
        ({"/health": (200, b"{}"), "/health/figures": (500, b"<html>")}, (True, True, {})),
        ({"/health": (200, b"{}"), "/health/figures": (200, b"[1]")}, (True, True, {})),
        ({"/health": (503, b'{"status": "database does not answer"}')}, (True, False, {})),
    ],
)
def test_look_tells_pages_from_database(answers, expected):
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Told", (Web,), {"answers": answers}))
    threading.Thread(target=server.serve_forever, daemon=True).start()

    found = look(*server.server_address)
    server.shutdown()
    server.server_close()

    assert (found.web, found.database, found.said) == expected
    assert look(*server.server_address) == SILENT


@pytest.mark.django_db
def test_what_the_system_says_about_itself_names_nobody(real_modes):
    switch("read_only")

    said = Client().get("/health/figures").json()

    assert said["mode"] == "read_only"
    assert set(said) == {"mode", "present", "next", "jobs_waiting", "thaid"}
    assert set(said["present"]) == {"mode", "starts_at", "expected_end", "words_th", "words_en"}


@pytest.mark.django_db
def test_the_web_shows_the_page_while_it_is_fresh_and_says_so_when_it_is_not(settings, keeper):
    settings.KHLANG_STATUS = keeper.folder
    assert "ไม่ได้เขียนข้อมูลในช่วงนี้" in Client().get("/status/").content.decode()

    begun(keeper).take(GOOD, at=NOON)

    assert Client().get("/status/").content == keeper.files["index.html"]
    assert Client().get("/status/", headers={"Cookie": "khlang_language=en"}).content == keeper.files["en.html"]
    assert Client().get("/status/status.json")["Content-Type"] == "application/json"
    for name in ("minutes-2026-11.jsonl", "..%2fkeys", "x.css"):
        assert Client().get(f"/status/{name}").status_code == 404
