"""The ground every test stands on: a real PostgreSQL of its own, a closed network, a real browser.

Most tests use `@pytest.mark.django_db`: the work of the test is rolled back. Tests that need real commits
(pages in a browser, several connections, crashes) use `committed_db`, and make an entity of their own instead
of emptying tables, which the ledger refuses. `django_db(transaction=True)` is refused here for that reason.
"""

import contextlib
import fcntl
import itertools
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
import pytest
from django.db import connections
from pytest_django.live_server_helper import LiveServer

from khlang.operations import queries as operations
from khlang.toolkit import postgres, postgres_home
from khlang.toolkit.postgres_roles import OWNER

# Tests of crashes start their own server with the real settings; this one may forget on a power cut.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "60"}
# Who needs one of these leaves real commits behind, or works with a browser, a server or a home of its own.
SLOW_GROUND = {"committed_db", "page", "browser", "live_khlang", "home", "started_home", "offices"}
# More than twenty seconds each; the longest first.
LONGEST = (
    "security/test_every_address.py",
    "continuity/test_faults.py",
    "web/test_browser_look.py",
    "journeys/test_voucher_by_keyboard.py",
    "web/test_browser_drafts.py",
    "web/test_browser_fields.py",
    "oversight/test_look.py",
    "cli/test_database.py",
    "cli/test_mode.py",
    "cli/test_run.py",
    "authentication/test_browser_look.py",
    "identity/test_in_browser.py",
    "authentication/test_browser_doors.py",
    "ledger/test_concurrency.py",
    "budget/test_attacks.py",
)
TEMPLATE = "khlang_template"
PREPARE = "from khlang.cli import installation; installation.prepare_schema(say=print)"
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# Playwright keeps an event loop in the test's thread; Django would take our plain calls for asynchronous ones.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

_entity_numbers = itertools.count(int.from_bytes(os.urandom(4)) * 1000 + 1_000_000)


def test_home() -> Path:
    """The throw-away home that settings/test.py chose for this run."""
    return Path(os.environ["KHLANG_TEST_HOME"])


test_home.__test__ = False  # type: ignore[attr-defined]


UNPACKED = Path(__file__).resolve().parent.parent / ".khlang" / "tools" / "bin"
if (UNPACKED / "node").exists():
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(UNPACKED / "node"))


def chromium() -> str | None:
    """The browser on this machine, or the one that the set-up unpacked for us."""
    unpacked = UNPACKED / "chromium"
    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("KHLANG_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    return found or (str(unpacked) if unpacked.exists() else None)


def pytest_collection_modifyitems(items):
    no_browser = pytest.mark.skip(reason="no Chromium on this machine; 'make test' says how to get it")
    missing = chromium() is None
    for item in items:
        mark = item.get_closest_marker("django_db")
        if mark is not None and (mark.kwargs.get("transaction") or mark.args):
            raise pytest.UsageError(f"{item.nodeid}: use the committed_db fixture; the ledger refuses TRUNCATE")
        if {"page", "browser"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(no_browser if missing else pytest.mark.flaky(reruns=2, reruns_delay=1))
    items.sort(key=_turn_of(items))


def _turn_of(items):
    """Tests that roll back find no rows of others: they come first. Then what takes longest, so that at the end no worker
    is left alone with it; the order within a file stays."""
    slow = {item.path for item in items if SLOW_GROUND & set(getattr(item, "fixturenames", ()))}

    def turn(item) -> int:
        place = "/".join(item.path.parts[-2:])
        if place in LONGEST:
            return 1 + LONGEST.index(place)
        return 1 + len(LONGEST) if item.path in slow else 0

    return turn


def pytest_sessionstart(session):
    # A run in the background is begun with Ctrl-C ignored, and so would be every program that a test starts and ends.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if not hasattr(session.config, "workerinput"):
        _remove_homes_of_dead_runs()


def pytest_unconfigure(config):
    if not hasattr(config, "workerinput") and "KHLANG_TEST_HOME" in os.environ:
        _stop_and_remove(test_home())


def _remove_homes_of_dead_runs():
    pattern = f"khlang-test-{os.geteuid()}-*"
    for home in Path(tempfile.gettempdir()).glob(pattern):
        found = re.search(r"-(\d+)$", home.name)
        if found and not _alive(int(found.group(1))):
            _stop_and_remove(home)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _stop_and_remove(home: Path) -> None:
    for each in (home / "pattern", home):
        if each.exists():
            with contextlib.suppress(Exception):
                postgres.stop(each)
            postgres_home.remove(each)


def _prepare_template() -> None:
    """Start the server and migrate the template once a run, whichever worker comes first."""
    home = postgres_home.prepared_home(test_home())
    with (home / "template.lock").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (home / "template.ready").exists():
            return
        postgres.start(home, settings=FAST)
        with psycopg.connect(postgres.dsn(home, "postgres", database="postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {TEMPLATE} OWNER {OWNER}")
        with psycopg.connect(postgres.dsn(home, "postgres", database=TEMPLATE), autocommit=True) as connection:
            postgres.postgres_roles.grant(connection, TEMPLATE)
        _run_prepare()
        (home / "template.ready").touch()


def _run_prepare() -> None:
    # Local settings read the home and database name from the environment; test settings would choose their own.
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "khlang.settings.local",
        "KHLANG_DATABASE_NAME": TEMPLATE,
    }
    answer = subprocess.run(
        [sys.executable, "-c", PREPARE], env=environment, capture_output=True, text=True, check=False
    )
    if answer.returncode != 0:
        pytest.exit(f"the template database could not be prepared:\n{answer.stderr[-4000:]}", returncode=3)


@pytest.fixture(scope="session")
def django_db_setup():
    """This worker's database, copied from the template; Django connects to it as the application role."""
    _prepare_template()
    name = os.environ["KHLANG_DATABASE_NAME"]
    with psycopg.connect(postgres.dsn(test_home(), "postgres", database="postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} OWNER {OWNER}")
    with psycopg.connect(postgres.dsn(test_home(), "postgres"), autocommit=True) as connection:
        postgres.postgres_roles.grant(connection, name)
    # The socket's folder is known for certain only now.
    connections["default"].settings_dict["HOST"] = str(postgres_home.recorded_place(test_home()).socket)


@pytest.fixture(autouse=True)
def normal_mode():
    """The system works normally and nothing is announced, without asking the database: tests about these ask for
    `real_modes` and `real_announcements`."""
    operations.keep_normal()
    operations.keep_no_announcements()


@pytest.fixture
def real_modes(normal_mode):
    """The mode is what stands in the database."""
    operations.forget()
    yield
    operations.keep_normal()


@pytest.fixture
def real_announcements(normal_mode):
    """What is announced stands in the database."""
    operations.forget_announcements()
    yield
    operations.keep_no_announcements()


@pytest.fixture
def committed_db(request, django_db_setup, django_db_blocker):
    """Real commits, kept. The test makes its own entity; nothing is emptied afterwards."""
    if "db" in request.fixturenames:
        raise pytest.UsageError("committed_db and db do not go together")
    with django_db_blocker.unblock():
        yield
        connections.close_all()


@pytest.fixture
def owner_connection(django_db_setup):
    """A psycopg connection as khlang_owner, rolled back at the end unless the test commits."""
    with contextlib.closing(psycopg.connect(postgres.dsn(test_home(), OWNER))) as connection:
        yield connection


@pytest.fixture
def superuser_connection(django_db_setup):
    """A psycopg connection that may do anything, rolled back at the end unless the test commits."""
    with contextlib.closing(psycopg.connect(postgres.dsn(test_home(), "postgres"))) as connection:
        yield connection


@pytest.fixture
def app_connection(django_db_setup):
    """A second psycopg connection as khlang_app, beside Django's own."""
    with contextlib.closing(psycopg.connect(postgres.dsn(test_home(), "khlang_app"))) as connection:
        yield connection


@pytest.fixture
def next_entity_number():
    """Give entity numbers that no other test of any worker has used."""
    return lambda: next(_entity_numbers)


@pytest.fixture(scope="session")
def _live_server(django_db_setup):
    server = LiveServer("127.0.0.1")
    yield server
    server.stop()


@pytest.fixture
def live_khlang(_live_server, committed_db):
    """The address of a running Khlang on this worker's database, for browser tests; commits are real."""
    return _live_server.url


@pytest.fixture(scope="session")
def base_url():
    """Tests name the whole address; the plug-in's own fixture is of a kind pytest is about to drop."""
    return


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """The machine's own Chromium, with no call to the outside."""
    return {**browser_type_launch_args, "executable_path": chromium(), "args": CHROMIUM_FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    """A Thai office: language, time zone, an ordinary screen."""
    return {
        **browser_context_args,
        "locale": "th-TH",
        "timezone_id": "Asia/Bangkok",
        "viewport": {"width": 1280, "height": 900},
    }
