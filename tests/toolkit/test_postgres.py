"""The launcher: every source of PostgreSQL, safe stops, crashes, foreign process numbers, other users."""

import contextlib
import multiprocessing
import os
import pwd
import secrets
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

from khlang.kernel.refusals import Refusal, Refused
from khlang.toolkit import postgres, postgres_home, postgres_process
from khlang.toolkit.postgres_binaries import candidates

SOURCES = sorted({binaries.source for binaries in candidates()})


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch):
    for name in ("DATABASE_URL", "KHLANG_DATABASE_SOURCE", "KHLANG_DATABASE_NAME"):
        monkeypatch.delenv(name, raising=False)


@contextlib.contextmanager
def a_home(parent: str | None = None):
    home = Path(tempfile.mkdtemp(prefix="khlang-home-", dir=parent))
    home.chmod(0o711)
    try:
        yield home
    finally:
        with contextlib.suppress(Refused):
            postgres.stop(home)
        postgres_home.remove(home)


@pytest.fixture
def home():
    with a_home() as folder:
        yield folder


@pytest.fixture
def started(home):
    return postgres.start(home)


def keep_a_row(status) -> None:
    with psycopg.connect(status.dsn_owner) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (words text)")
        connection.execute("INSERT INTO kept VALUES ('still here')")


def kept_rows(status) -> list[tuple[str]]:
    with psycopg.connect(status.dsn_app) as connection:
        return connection.execute("SELECT words FROM kept").fetchall()


def server_pid(home: Path) -> int:
    pid = postgres_process.postmaster_pid(postgres_home.recorded_place(home).data)
    assert pid is not None
    return pid


def wait_until_gone(pid: int) -> None:
    deadline = time.monotonic() + 10
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)
        time.sleep(0.02)


@pytest.mark.parametrize("source", SOURCES)
def test_each_source_keeps_a_committed_row_through_stop_and_start(home, monkeypatch, source):
    monkeypatch.setenv("KHLANG_DATABASE_SOURCE", source)
    status = postgres.start(home)
    keep_a_row(status)

    assert (status.running, status.source) == (True, source)
    assert postgres.stop(home) is True
    assert postgres.status(home).running is False
    assert kept_rows(postgres.start(home)) == [("still here",)]


@pytest.mark.parametrize("source", SOURCES)
def test_each_source_recovers_after_kill_9(home, monkeypatch, source):
    monkeypatch.setenv("KHLANG_DATABASE_SOURCE", source)
    status = postgres.start(home)
    keep_a_row(status)

    os.kill(server_pid(home), signal.SIGKILL)

    assert kept_rows(postgres.start(home)) == [("still here",)]


def test_the_wheel_is_among_the_sources():
    assert "wheel" in SOURCES


def test_start_makes_a_private_checked_utf8_database_with_modest_roles(started, home):
    with psycopg.connect(started.dsn_app) as connection:
        settings = connection.execute(
            "SELECT current_setting('data_checksums'), current_setting('server_encoding'), "
            "current_setting('fsync'), current_setting('listen_addresses'), "
            "(SELECT datcollate FROM pg_database WHERE datname = current_database())"
        ).fetchone()
        roles = connection.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname LIKE 'khlang_%' ORDER BY 1"
        ).fetchall()

    socket_folder = postgres_home.recorded_place(home).socket
    assert settings == ("on", "UTF8", "on", "", "C.UTF-8")
    assert roles == [(f"khlang_{name}", False, False, False) for name in ("app", "auditor", "oversight", "owner")]
    assert stat.S_IMODE(socket_folder.stat().st_mode) == 0o700


def test_start_again_changes_nothing(started, home):
    pid = server_pid(home)

    assert postgres.start(home) == started
    assert server_pid(home) == pid


def test_stop_of_a_stopped_home_says_so(home):
    assert postgres.stop(home) is False


def test_stop_ends_open_sessions_and_waits_for_the_server(started, home):
    with contextlib.closing(psycopg.connect(started.dsn_app)) as idle:
        idle.execute("SELECT 1")

        assert postgres.stop(home) is True
        with pytest.raises(psycopg.OperationalError):
            idle.execute("SELECT 1")
    data = postgres_home.recorded_place(home).data
    assert postgres_process.postmaster_pid(data) is None
    assert not (data / "postmaster.pid").exists()


def test_start_is_not_fooled_by_another_process_with_the_recorded_number(started, home):
    keep_a_row(started)
    data = postgres_home.recorded_place(home).data
    pid = server_pid(home)
    os.kill(pid, signal.SIGKILL)
    wait_until_gone(pid)
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as stranger:
        lock = data / "postmaster.pid"
        lock.write_text("\n".join([str(stranger.pid), *lock.read_text().splitlines()[1:]]) + "\n")

        assert postgres.status(home).running is False
        again = postgres.start(home)
        assert stranger.poll() is None
        stranger.kill()

    assert kept_rows(again) == [("still here",)]


def test_start_clears_a_lock_file_cut_short_by_a_power_cut(started, home):
    pid = server_pid(home)
    os.kill(pid, signal.SIGKILL)
    wait_until_gone(pid)
    (postgres_home.recorded_place(home).data / "postmaster.pid").write_text("")

    assert postgres.start(home).running is True


def test_zombie_server_does_not_count_as_running(tmp_path):
    script = f"import os; os.chdir({str(tmp_path)!r})"
    with subprocess.Popen([sys.executable, "-c", script]) as child:
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        (tmp_path / "postmaster.pid").write_text(f"{child.pid}\n")

        assert postgres_process.postmaster_pid(tmp_path) is None


def test_two_homes_never_meet(home):
    with a_home() as other:
        first, second = postgres.start(home), postgres.start(other)
        keep_a_row(first)

        with psycopg.connect(second.dsn_app) as connection:
            assert connection.execute("SELECT to_regclass('kept')").fetchone() == (None,)


def test_long_home_path_gets_a_short_socket():
    with a_home() as parent:
        long = parent / ("a-folder-with-a-long-name-" * 4)
        long.mkdir()
        try:
            assert postgres.start(long).running is True
            assert len(str(postgres_home.recorded_place(long).socket)) < 60
        finally:
            postgres.stop(long)
            postgres_home.remove(long)


def test_data_of_another_release_is_refused_with_both_numbers(home, monkeypatch):
    if len(SOURCES) < 2:
        pytest.skip("only one PostgreSQL on this machine")
    monkeypatch.setenv("KHLANG_DATABASE_SOURCE", "wheel")
    postgres.start(home)
    postgres.stop(home)
    monkeypatch.setenv("KHLANG_DATABASE_SOURCE", "system")

    with pytest.raises(Refused) as refused:
        postgres.start(home)
    assert refused.value.refusals[0].code == "toolkit.database_version_mismatch"


def test_existing_data_chooses_its_own_release(home, monkeypatch):
    monkeypatch.setenv("KHLANG_DATABASE_SOURCE", "wheel")
    postgres.start(home)
    postgres.stop(home)
    monkeypatch.delenv("KHLANG_DATABASE_SOURCE")

    assert postgres.start(home).source == "wheel"


def test_unknown_source_is_refused(home, monkeypatch):
    monkeypatch.setenv("KHLANG_DATABASE_SOURCE", "cloud")

    with pytest.raises(Refused) as refused:
        postgres.start(home)
    assert refused.value.refusals[0].code == "toolkit.database_binaries_missing"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives a home to another user")
def test_root_with_a_closed_home_keeps_the_data_where_the_servers_user_can_reach_it():
    said: list[Refusal] = []
    with a_home() as parent:
        parent.chmod(0o700)
        closed = parent / "home"
        closed.mkdir()
        try:
            status = postgres.start(closed, say=said.append)
            place = postgres_home.recorded_place(closed)

            assert status.running is True
            assert place.folder.parent == postgres_home.SYSTEM_PLACE
            assert place.data.stat().st_uid != 0
            assert (said[0].code, said[0].facts["place"]) == ("toolkit.home_closed", str(place.folder))
        finally:
            postgres.stop(closed)
            postgres_home.remove(closed)


def _as_ordinary_user(home: str, user: str, answers) -> None:
    person = pwd.getpwnam(user)
    os.setgroups([])
    os.setgid(person.pw_gid)
    os.setuid(person.pw_uid)
    status = postgres.start(Path(home))
    keep_a_row(status)
    os.kill(server_pid(Path(home)), signal.SIGKILL)
    rows = kept_rows(postgres.start(Path(home)))
    owner = postgres_home.recorded_place(Path(home)).data.stat().st_uid == person.pw_uid
    answers.send((rows, owner, postgres.stop(Path(home))))


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user runs all the other tests here as herself")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_ordinary_user_starts_crashes_recovers_and_stops(home):
    person = pwd.getpwnam("nobody")
    account = postgres_process.Account(person.pw_name, person.pw_uid, person.pw_gid)
    if not any(postgres_process.can_reach(account, each.folder) for each in candidates()):
        pytest.skip("this checkout and its wheel are closed to ordinary users, and there is no system PostgreSQL")
    os.chown(home, person.pw_uid, -1)
    forking = multiprocessing.get_context("fork")
    here, there = forking.Pipe()
    child = forking.Process(target=_as_ordinary_user, args=(str(home), "nobody", there))
    child.start()
    child.join(60)

    assert child.exitcode == 0
    assert here.recv() == ([("still here",)], True, True)


@pytest.fixture
def server_by_address():
    """A PostgreSQL of somebody else: TCP on this machine, passwords asked for."""
    binaries = next((each for each in candidates() if each.source == "system"), None)
    if binaries is None:
        pytest.skip("no system PostgreSQL on this machine")
    with a_home() as folder:
        account = postgres_process.account_for(folder / "data")
        postgres_process.own(account, folder, 0o700)
        password = secrets.token_hex(8)
        paper = folder / "password"
        paper.write_text(password)
        postgres_process.own(account, paper, 0o600)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [binaries.program("initdb"), "-D", str(folder / "data"), "-U", "keeper", "-A", "scram-sha-256"]
        made = postgres_process.run_as(account, [*command, f"--pwfile={paper}", "--locale=C.UTF-8", "-E", "UTF8"])
        assert made.returncode == 0, made.stderr
        control = [binaries.program("pg_ctl"), "-D", str(folder / "data"), "-w", "-l", str(folder / "log")]
        options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories='' -c fsync=off"
        assert postgres_process.run_as(account, [*control, "-o", options, "start"]).returncode == 0
        try:
            yield f"postgresql://keeper:{password}@127.0.0.1:{port}"
        finally:
            postgres_process.run_as(account, [*control, "-m", "immediate", "stop"])
            shutil.rmtree(folder / "data", ignore_errors=True)


def test_server_by_address_is_furnished_and_serves_both_roles(home, monkeypatch, server_by_address):
    monkeypatch.setenv("DATABASE_URL", f"{server_by_address}/books")

    status = postgres.start(home)
    keep_a_row(status)

    assert (status.running, status.source) == (True, "url")
    assert kept_rows(status) == [("still here",)]
    with psycopg.connect(status.dsn_app) as app, psycopg.connect(status.dsn_owner) as owner:
        assert app.execute("SELECT current_user::text, current_database()::text").fetchone() == ("khlang_app", "books")
        assert owner.execute("SELECT current_user::text").fetchone() == ("khlang_owner",)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("CREATE TABLE mine (a int)")
    key = home / "keys" / "database-app"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_server_by_address_serves_two_homes_with_log_ins_of_their_own(home, monkeypatch, server_by_address):
    monkeypatch.setenv("DATABASE_URL", f"{server_by_address}/books")
    first = postgres.start(home)
    with a_home() as other:
        second = postgres.start(other)

        assert first.dsn_app != second.dsn_app
        for status in (first, second):
            psycopg.connect(status.dsn_app).close()


def test_server_by_address_that_is_not_there_is_refused_in_words(home, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://keeper@127.0.0.1:1/books")

    assert postgres.status(home).running is False
    with pytest.raises(Refused) as refused:
        postgres.start(home)
    assert refused.value.refusals[0].code == "toolkit.database_url_refused"


def test_stop_leaves_a_server_by_address_alone(home, monkeypatch, server_by_address):
    monkeypatch.setenv("DATABASE_URL", f"{server_by_address}/books")
    postgres.start(home)

    assert postgres.stop(home) is False
    assert postgres.status(home).running is True
