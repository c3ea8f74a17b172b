"""The traffic log: every request once, nothing personal in it, closed after midnight, kept as long as the law asks."""

import contextlib
import json
import os
import stat
import threading
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from khlang.kernel.refusals import Refused
from khlang.operations import commands, jobs, queries
from khlang.operations.rules import TrafficFilter
from khlang.toolkit.traffic_log import DayFiles, without_citizen_numbers
from tests import builders
from tests.architecture.test_pages import patterns

TODAY = date(2026, 11, 25)
FORBIDDEN_IN_ADDRESSES = ("pid", "citizen", "national_id", "name", "phone", "email")


def lines() -> list[dict]:
    file = settings.KHLANG_TRAFFIC / f"{timezone.localdate()}.jsonl"
    # Another worker's test may be writing half a line at this moment, or have written one on purpose.
    found = []
    for text in file.read_text(encoding="utf-8").splitlines():
        with contextlib.suppress(json.JSONDecodeError):
            found.append(json.loads(text))
    return found


@pytest.mark.django_db
def test_a_request_leaves_one_line_with_who_from_where_what_and_how_long():
    actor, client = builders.a_person("finance_officer", entity=builders.an_entity()), Client()
    builders.sign_in(client, actor)

    answer = client.get(
        f"/{actor.entity_code}/reports/?account=1101030101", REMOTE_ADDR="203.0.113.7", REMOTE_PORT="51234"
    )

    line = [each for each in lines() if each["request_id"] == answer["X-Request-ID"]]
    assert len(line) == 1
    assert line[0] | {"at": "", "milliseconds": 0} == {
        "at": "",
        "user": actor.user_id,
        "address": "203.0.113.7",
        "port": 51234,
        "method": "GET",
        "path": f"/{actor.entity_code}/reports/",
        "status": 200,
        "milliseconds": 0,
        "request_id": answer["X-Request-ID"],
    }
    assert line[0]["milliseconds"] > 0
    assert line[0]["at"].endswith("Z")


@pytest.mark.django_db
def test_a_log_in_is_written_with_the_number_of_who_came_in():
    from khlang.identity.models import User

    actor = builders.a_person("finance_officer", entity=builders.an_entity())
    name = User.objects.get(pk=actor.user_id).username

    failed = Client().post("/login/", {"username": name, "password": "wrong wrong wrong"})
    entered = Client().post("/login/", {"username": name, "password": builders.PASSWORD})

    users = {each["request_id"]: each["user"] for each in lines()}
    assert (users[failed["X-Request-ID"]], users[entered["X-Request-ID"]]) == (None, actor.user_id)
    assert name not in (settings.KHLANG_TRAFFIC / f"{timezone.localdate()}.jsonl").read_text(encoding="utf-8")


def test_the_port_is_believed_from_our_own_proxy_only(settings):
    settings.KHLANG_PROXIES = frozenset({"10.0.0.1"})
    sent = {"X-Forwarded-For": "198.51.100.4", "X-Client-Port": "40001"}

    ours = Client().get("/offline/", headers=sent, REMOTE_ADDR="10.0.0.1", REMOTE_PORT="5")
    other = Client().get("/offline/", headers=sent, REMOTE_ADDR="203.0.113.9", REMOTE_PORT="6")

    found = {each["request_id"]: (each["address"], each["port"]) for each in lines()}
    assert found[ours["X-Request-ID"]] == ("198.51.100.4", 40001)
    assert found[other["X-Request-ID"]] == ("203.0.113.9", 6)


def test_the_files_are_closed_to_everybody_else():
    Client().get("/offline/")

    file = settings.KHLANG_TRAFFIC / f"{timezone.localdate()}.jsonl"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(settings.KHLANG_TRAFFIC.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("/A1/people/1101700207366/", "/A1/people/*************/"),
        ("/A1/people/1-1017-00207-36-6/", "/A1/people/*************/"),
        ("/A1/vouchers/01912345-6789-7123-8123-123456789012/", "/A1/vouchers/01912345-6789-7123-8123-123456789012/"),
        ("/A1/accounts/1101030101/", "/A1/accounts/1101030101/"),
        ("/A1/x/12345678901234/", "/A1/x/12345678901234/"),
    ],
)
def test_a_citizen_number_in_an_address_is_not_written(path: str, written: str):
    assert without_citizen_numbers(path) == written


def test_no_address_of_the_site_asks_for_a_person_by_number_or_name():
    routes = [route for route, _ in patterns(get_resolver())]

    assert [route for route in routes for word in FORBIDDEN_IN_ADDRESSES if f"{word}>" in route] == []


def test_many_writers_never_mix_their_lines(tmp_path: Path):
    def write(number: int) -> None:
        files = DayFiles(tmp_path)
        for turn in range(300):
            files.append(f"{number}:{turn}:{'x' * 200}\n".encode(), day=TODAY)

    writers = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    written = (tmp_path / "2026-11-25.jsonl").read_text(encoding="utf-8").splitlines()
    assert sorted(written) == sorted(f"{number}:{turn}:{'x' * 200}" for number in range(8) for turn in range(300))


def test_a_new_day_begins_a_new_file_and_late_lines_still_arrive(tmp_path: Path):
    files = DayFiles(tmp_path)
    for day in (TODAY, TODAY + timedelta(days=1), TODAY, TODAY + timedelta(days=2)):
        files.append(b"{}\n", day=day)

    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "2026-11-25.jsonl",
        "2026-11-26.jsonl",
        "2026-11-27.jsonl",
    ]
    assert (tmp_path / "2026-11-25.jsonl").read_bytes() == b"{}\n{}\n"


def test_a_full_disk_stops_no_request(monkeypatch, caplog):
    def full(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(DayFiles, "append", lambda *_a, **_k: full())

    assert Client().get("/offline/").status_code == 200
    assert "traffic log could not be written" in caplog.text


def a_folder(folder: Path, *ages: int) -> Path:
    for age in ages:
        (folder / f"{TODAY - timedelta(days=age)}.jsonl").write_text('{"user":1,"address":"a"}\n', encoding="utf-8")
    (folder / "note.txt").touch()
    return folder


def names(folder: Path) -> list[int]:
    return sorted((TODAY - date.fromisoformat(file.name[:10])).days for file in folder.glob("*.jsonl"))


def test_days_that_are_over_are_closed_and_sealed_and_only_outlived_ones_go(tmp_path: Path):
    folder = a_folder(tmp_path, 0, 1, 90, 91, 400)

    first = commands.keep_traffic(folder=folder, today=TODAY, days=90)
    second = commands.keep_traffic(folder=folder, today=TODAY, days=90)

    assert names(folder) == [0, 1, 90]
    assert (len(first.closed), len(first.pruned), second.closed, second.pruned) == (4, 2, (), ())
    assert stat.S_IMODE((folder / "2026-11-24.jsonl").stat().st_mode) == 0o400
    assert stat.S_IMODE((folder / "2026-11-25.jsonl").stat().st_mode) != 0o400
    assert os.system(f"cd {folder} && sha256sum --quiet --check *.sha256") == 0  # noqa: S605
    assert (folder / "note.txt").exists()


@pytest.mark.parametrize("days", [89, 0, -1])
def test_fewer_days_than_the_law_asks_are_refused_and_nothing_goes(tmp_path: Path, days: int):
    folder = a_folder(tmp_path, 0, 500)

    with pytest.raises(Refused, match=r"operations\.traffic_days_too_few"):
        commands.keep_traffic(folder=folder, today=TODAY, days=days)

    assert names(folder) == [0, 500]


@pytest.mark.django_db
def test_the_job_keeps_as_long_as_the_parameter_says(settings, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(jobs, "close_old_connections", lambda: None)
    settings.KHLANG_TRAFFIC = tmp_path
    for age in (0, 80, 100):
        (tmp_path / f"{timezone.localdate() - timedelta(days=age)}.jsonl").touch()

    jobs.keep_traffic(timestamp=0)

    assert len(list(tmp_path.glob("*.jsonl"))) == 2


def test_traffic_gives_the_lines_of_some_days_and_of_one_person(tmp_path: Path):
    rows = [{"user": user, "address": address} for user, address in ((1, "a"), (2, "a"), (1, "b"))]
    for age in (0, 1, 5):
        text = "".join(json.dumps(row) + "\n" for row in rows) + '{"user": 1, "addr'
        (tmp_path / f"{TODAY - timedelta(days=age)}.jsonl").write_text(text, encoding="utf-8")

    def count(**asked) -> int:
        return len(
            list(queries.traffic(folder=tmp_path, asked=TrafficFilter(TODAY - timedelta(days=1), TODAY, **asked)))
        )

    assert (count(), count(user=1), count(address="a"), count(user=1, address="a"), count(user=9)) == (8, 4, 4, 2, 0)
    with pytest.raises(Refused, match=r"operations\.days_reversed"):
        queries.traffic(folder=tmp_path, asked=TrafficFilter(TODAY, TODAY - timedelta(days=1)))
