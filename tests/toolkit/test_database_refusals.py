"""What can go wrong with a database of one's own, made to go wrong, and said in words."""

import contextlib
import json
import os
import signal
import tarfile
import tempfile
from io import BytesIO
from pathlib import Path

import psycopg
import pytest

from khlang.kernel.refusals import Refused, message, next_step
from khlang.toolkit import postgres, postgres_backup, postgres_home, postgres_process, postgres_url


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch):
    for name in ("DATABASE_URL", "KHLANG_DATABASE_SOURCE", "KHLANG_DATABASE_NAME"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def home():
    folder = Path(tempfile.mkdtemp(prefix="khlang-home-"))
    folder.chmod(0o711)
    (folder / postgres_backup.ATTACHMENTS).mkdir()
    yield folder
    with contextlib.suppress(Refused):
        postgres.stop(folder)
    postgres_home.remove(folder)


def refusal(call, *arguments, **named):
    """The one reason of a call, which also has its words."""
    with pytest.raises(Refused) as caught:
        call(*arguments, **named)
    (found,) = caught.value.refusals
    assert all(write(found, language) for write in (message, next_step) for language in ("th", "en"))
    return found


def as_superuser(home: Path) -> psycopg.Connection:
    return psycopg.connect(postgres.dsn(home, postgres.SUPERUSER), autocommit=True)


def with_manifest(backup: Path, target: Path, **changes) -> Path:
    """A copy of a backup whose manifest says something else."""
    with tarfile.open(backup) as source, tarfile.open(target, "w") as copy:
        for member in source.getmembers():
            content = source.extractfile(member)
            data = content.read() if content else b""
            if member.name == postgres_backup.MANIFEST:
                data = json.dumps(json.loads(data) | changes).encode()
                member.size = len(data)
            copy.addfile(member, BytesIO(data) if content else None)
    return target


def test_an_address_that_was_asked_for_and_not_given_is_refused(monkeypatch, home):
    monkeypatch.setenv("KHLANG_DATABASE_SOURCE", "url")

    assert refusal(postgres.start, home).code == "toolkit.database_url_missing"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root changes to another user")
def test_root_without_a_user_to_change_to_is_refused(monkeypatch, home):
    monkeypatch.setenv("KHLANG_DATABASE_USER", "nobody-of-this-name")

    found = refusal(postgres.start, home)

    assert (found.code, found.facts["names"]) == ("toolkit.database_user_missing", "nobody-of-this-name")


def test_a_place_that_nobody_can_write_is_refused(monkeypatch, home):
    monkeypatch.setattr(postgres_home, "SYSTEM_PLACE", Path("/proc/nowhere"))
    (home / "database").write_text("a file where a folder should be")

    assert refusal(postgres.start, home).code == "toolkit.database_place_unreachable"


def test_a_cluster_that_cannot_be_made_is_refused_and_leaves_nothing_half_made(home):
    place, _ = postgres_home.prepared_place(home)
    (place.folder / "data.new").write_text("a file where a folder should be")

    assert refusal(postgres.start, home).code == "toolkit.database_create_failed"
    assert not place.data.exists()


def test_a_server_that_does_not_start_is_refused_with_what_it_said(home):
    found = refusal(postgres.start, home, settings={"max_connections": "many"})

    assert found.code == "toolkit.database_start_failed"
    assert "max_connections" in str(found.facts["reason"])


def test_a_server_that_does_not_stop_is_refused_and_can_be_stopped_later(monkeypatch, home):
    postgres.start(home)
    pid = postgres_process.postmaster_pid(postgres_home.recorded_place(home).data)
    monkeypatch.setattr(postgres, "SECONDS_TO_STOP", 1)
    os.kill(pid, signal.SIGSTOP)

    try:
        code = refusal(postgres.stop, home).code
    finally:
        os.kill(pid, signal.SIGCONT)

    assert code == "toolkit.database_stop_failed"


def test_a_server_by_address_that_is_too_old_is_refused_with_its_release(monkeypatch, home):
    status = postgres.start(home)
    monkeypatch.setenv("DATABASE_URL", postgres.dsn(home, postgres.SUPERUSER))
    monkeypatch.setattr(postgres_url, "MAJOR_MINIMUM", 99)

    found = refusal(postgres_url.furnish, home)
    monkeypatch.delenv("DATABASE_URL")

    assert (found.code, found.facts["version"]) == ("toolkit.database_url_version", status.version)


def test_a_backup_of_a_stopped_database_is_refused(home, tmp_path):
    found = refusal(postgres_backup.backup, home, tmp_path / "copy.tar", step=print)

    assert found.code == "toolkit.database_not_running"


def test_a_database_that_cannot_be_read_whole_gives_no_backup(home, tmp_path):
    postgres.start(home)
    with as_superuser(home) as connection:
        connection.execute("CREATE SCHEMA lost CREATE TABLE books (words text)")
        connection.execute("DELETE FROM pg_namespace WHERE nspname = 'lost'")

    found = refusal(postgres_backup.backup, home, tmp_path / "copy.tar", step=print)

    assert found.code == "toolkit.backup_failed"
    assert not (tmp_path / "copy.tar").exists()


def test_a_restore_that_brings_other_rows_than_the_manifest_says_is_refused(home, tmp_path):
    postgres.start(home)
    with as_superuser(home) as connection:
        connection.execute("CREATE TABLE books (words text)")
        connection.execute("INSERT INTO books VALUES ('one')")
    postgres_backup.backup(home, tmp_path / "copy.tar", step=print)
    forged = with_manifest(tmp_path / "copy.tar", tmp_path / "forged.tar", rows={"public.books": 2})
    with as_superuser(home) as connection:
        connection.execute("DROP TABLE books")

    found = refusal(postgres_backup.restore, home, forged, step=print)

    assert found.code == "toolkit.restore_failed"
