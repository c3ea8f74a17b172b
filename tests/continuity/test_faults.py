"""Power cuts and collisions: nothing lost, nothing twice. A server of its own, with the real settings."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from procrastinate.contrib.django import app

from khlang.toolkit import postgres, postgres_home
from khlang.toolkit.jobs import take_up_again
from tests import homes
from tests.continuity.files import a_json_line, json_lines

# Four chunks: enough to be cut off in the middle, few enough to be done soon.
JOURNALS = 2000


class Office:
    """A Khlang of its own: home, database, one entity with an open year."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.environment = homes.environment_of(home)

    def khlang(self, *words, check=True):
        return subprocess.run(
            [*homes.KHLANG, *map(str, words)],
            env=self.environment,
            capture_output=True,
            text=True,
            check=check,
        )

    def begin(self, *words):
        return subprocess.Popen(
            [*homes.KHLANG, *map(str, words)],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def rows(self, query):
        with psycopg.connect(postgres.dsn(self.home, "postgres", database="khlang")) as connection:
            return connection.execute(query).fetchall()

    def journals(self) -> int:
        return self.rows("SELECT count(*) FROM ledger_journal")[0][0]

    def wait_for_journals(self, wanted):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            found = self.journals()
            if found >= wanted:
                return found
            time.sleep(0.02)
        pytest.fail("no journal arrived")


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    home = postgres_home.prepared_home(tmp_path_factory.mktemp("fault") / "home")
    homes.start_begun(home)
    made = Office(home)
    made.khlang(
        "entities",
        "add",
        "--code",
        "F1",
        "--kind",
        "subdistrict_administrative_organization",
        "--name",
        "Faults",
        "--province",
        "12",
    )
    made.khlang("fiscal-years", "open", "--entity", "F1", "--year", "2568")
    yield made
    # As root the data lies outside pytest's own folders, which would not clear it away.
    homes.end(home)


def a_file(tmp_path, name="a.jsonl"):
    path = tmp_path / name
    path.write_bytes(json_lines(a_json_line() for _ in range(JOURNALS)))
    return path


def the_books_hold(office):
    assert office.khlang("ledger", "verify", "--entity", "F1").returncode == 0
    doubled = office.rows("SELECT idempotency_key FROM ledger_journal GROUP BY 1 HAVING count(*) > 1")
    assert doubled == []


def test_a_killed_import_goes_on_when_the_file_comes_again_and_posts_nothing_twice(office, tmp_path):
    before, file = office.journals(), a_file(tmp_path)
    process = office.begin("journals", "import", file, "--entity", "F1")
    office.wait_for_journals(before + 500)
    process.send_signal(signal.SIGKILL)
    process.wait()
    partial = office.journals() - before
    assert 0 < partial < JOURNALS
    assert partial % 500 == 0

    answer = office.khlang("journals", "import", file, "--entity", "F1", "--json")

    assert f'"posted": {JOURNALS - partial}, "replayed": {partial}' in answer.stdout
    assert office.journals() - before == JOURNALS
    the_books_hold(office)


def test_a_killed_worker_leaves_an_import_that_goes_on_from_its_last_chunk(office, tmp_path):
    before, file = office.journals(), a_file(tmp_path)
    process = office.begin("journals", "import", file, "--entity", "F1")
    office.wait_for_journals(before + 500)
    process.send_signal(signal.SIGKILL)
    process.wait()

    number, state, done = office.rows("SELECT id, state, done FROM continuity_import ORDER BY made_at DESC LIMIT 1")[0]
    assert (state, done) == ("posting", office.journals() - before)
    resume = (
        "import django; django.setup()\n"
        "from khlang.continuity.jobs import post_import\n"
        f"post_import(entity_code='F1', user_id=0, user_name='khlang', import_id='{number}', accepts_valid=False)\n"
    )
    subprocess.run([sys.executable, "-c", resume], env=office.environment, check=True)

    state, posted, replayed = office.rows(
        f"SELECT state, posted, replayed FROM continuity_import WHERE id = '{number}'"
    )[0]
    assert (state, posted, replayed) == ("posted", JOURNALS, 0)
    assert office.journals() - before == JOURNALS
    the_books_hold(office)


def test_a_killed_database_comes_back_and_the_file_is_posted_once(office, tmp_path):
    before, file = office.journals(), a_file(tmp_path)
    process = office.begin("journals", "import", file, "--entity", "F1")
    office.wait_for_journals(before + 500)
    pid_file = postgres_home.recorded_place(office.home).data / "postmaster.pid"
    os.kill(int(pid_file.read_text(encoding="utf-8").splitlines()[0]), signal.SIGKILL)
    assert process.wait(60) != 0

    office.khlang("database", "start")
    partial = office.journals() - before
    answer = office.khlang("journals", "import", file, "--entity", "F1", "--json")

    assert f'"replayed": {partial}' in answer.stdout
    assert office.journals() - before == JOURNALS
    the_books_hold(office)


def test_two_imports_at_once_post_each_journal_once(office, tmp_path):
    before, file, other = office.journals(), a_file(tmp_path), a_file(tmp_path, "b.jsonl")

    with ThreadPoolExecutor() as pool:
        answers = list(
            pool.map(
                lambda path: office.khlang("journals", "import", path, "--entity", "F1", "--json", check=False),
                [file, file, other],
            ),
        )

    assert {answer.returncode for answer in answers} == {0}
    assert office.journals() - before == 2 * JOURNALS
    the_books_hold(office)


def test_a_worker_posts_what_a_page_asked_for_and_takes_up_what_a_dead_one_left(office, tmp_path):
    before, file = office.journals(), a_file(tmp_path)
    ask = (
        "import django, uuid, pathlib; django.setup()\n"
        "from django.utils import timezone\n"
        "from khlang.continuity import commands, jobs\n"
        "from khlang.identity.queries import operator\n"
        "actor = operator(entity_code='F1')\n"
        f"content = pathlib.Path({str(file)!r}).read_bytes()\n"
        "view = commands.upload(actor=actor, import_id=uuid.uuid4(), file_name='a.jsonl', chunks=[content], at=timezone.now())\n"
        "commands.check(actor=actor, import_id=view.id, today=timezone.localdate())\n"
        "commands.begin_posting(actor=actor, import_id=view.id, at=timezone.now())\n"
        "asked = {'entity_code': 'F1', 'user_id': 0, 'user_name': 'khlang', 'import_id': str(view.id)}\n"
        "jobs.post_import.defer(**asked, accepts_valid=False)\n"
    )
    subprocess.run([sys.executable, "-c", ask], env=office.environment, check=True)
    worker = office.begin("worker")
    office.wait_for_journals(before + 500)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    assert office.journals() - before < JOURNALS
    assert office.rows("SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing' AND queue_name = 'imports'") == [
        (1,)
    ]
    with psycopg.connect(postgres.dsn(office.home, "postgres", database="khlang")) as connection:
        # As if a minute had gone by since the dead worker's last sign of life.
        connection.execute("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '5 minutes'")

    # What the worker does each minute, without waiting for the minute.
    care = "import django; django.setup()\nfrom khlang.toolkit import jobs\njobs.take_up_again.defer(timestamp=0)\n"
    subprocess.run([sys.executable, "-c", care], env=office.environment, check=True)

    again = office.begin("worker")
    try:
        deadline = time.monotonic() + 150
        while office.journals() - before < JOURNALS and time.monotonic() < deadline:
            time.sleep(0.1)
    finally:
        again.terminate()
        again.wait(40)

    assert office.journals() - before == JOURNALS
    the_books_hold(office)


def test_the_worker_looks_for_what_a_dead_one_left_every_minute():
    (every,) = (each for each in app.periodic_registry.periodic_tasks.values() if each.task is take_up_again)

    assert every.cron == "* * * * *"
