"""Whole copies of a home: database, attachments, and a manifest that proves both. No Django here.

A backup is one tar file: `manifest.json`, `database.dump` (pg_dump custom format), `attachments/…`.
Keys are not in it: they belong to the machine, and a copy of a copy must not open sessions.
"""

import hashlib
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from khlang.kernel.refusals import Refusal, Refused
from khlang.toolkit import postgres, postgres_binaries, postgres_roles

FORMAT = 1
MANIFEST = "manifest.json"
DUMP = "database.dump"
ATTACHMENTS = "attachments"
Step = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Copy:
    """What a backup holds, or what a restore brought back."""

    file: str
    tables: int
    rows: int
    attachments: int


def table_count(home: Path) -> int:
    """How many tables a backup will copy: the length of its progress bar."""
    with psycopg.connect(postgres.dsn(home, postgres.SUPERUSER)) as connection:
        return len(_tables(connection))


def table_count_of(source: Path) -> int:
    """How many tables a backup file holds. Refuses toolkit.backup_damaged."""
    try:
        with tarfile.open(source) as archive:
            paper = archive.extractfile(MANIFEST)
            return len(json.load(paper)["rows"]) if paper else 0
    except (OSError, tarfile.TarError, ValueError, KeyError) as error:
        raise Refused(Refusal("toolkit.backup_damaged", {"file": str(source), "part": str(error)})) from error


def backup(home: Path, target: Path, *, step: Step = lambda _: None) -> Copy:
    """Copy a running home into `target`, as of one instant; `step` is called with each table's name.

    Refuses toolkit.database_not_running and toolkit.backup_failed.
    """
    _require_running(home)
    draft = target.with_name(f"{target.name}.part")
    with tempfile.TemporaryDirectory(dir=home) as folder:
        dump = Path(folder) / DUMP
        counts = _dump(home, dump, step)
        files = {DUMP: dump, **_attachments(home)}
        manifest = {
            "format": FORMAT,
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "rows": counts,
            "sha256": {name: _digest(path) for name, path in files.items()},
        }
        paper = Path(folder) / MANIFEST
        paper.write_text(json.dumps(manifest, indent=1, ensure_ascii=False), encoding="utf-8")
        with tarfile.open(draft, "w") as archive:
            for name, path in {MANIFEST: paper, **files}.items():
                archive.add(path, arcname=name, recursive=False, filter=_anonymous)
    draft.chmod(0o600)
    draft.replace(target)
    return Copy(str(target), len(counts), sum(counts.values()), len(files) - 1)


def restore(home: Path, source: Path, *, step: Step = lambda _: None) -> Copy:
    """Bring a backup back into a home whose database is empty, and prove that all of it came back.

    Refuses toolkit.restore_not_empty, toolkit.backup_damaged and toolkit.restore_failed.
    """
    _require_running(home)
    with psycopg.connect(postgres.dsn(home, postgres.SUPERUSER)) as connection:
        if _tables(connection) or any((home / ATTACHMENTS).iterdir()):
            raise Refused(Refusal("toolkit.restore_not_empty", {"home": str(home)}))
    with tempfile.TemporaryDirectory(dir=home) as folder:
        manifest = _unpack(source, Path(folder))
        _load(home, Path(folder) / DUMP, step)
        _prove_rows(home, manifest["rows"])
        unpacked = Path(folder) / ATTACHMENTS
        for path in _files_below(unpacked):
            kept = home / ATTACHMENTS / path.relative_to(unpacked)
            kept.parent.mkdir(parents=True, exist_ok=True)
            path.replace(kept)
    rows = manifest["rows"]
    return Copy(str(source), len(rows), sum(rows.values()), len(manifest["sha256"]) - 1)


def _require_running(home: Path) -> None:
    if not postgres.status(home).running:
        raise Refused(Refusal("toolkit.database_not_running"))


def _dump(home: Path, target: Path, step: Step) -> dict[str, int]:
    """Dump and count in one snapshot, so that the manifest speaks of exactly what was copied."""
    address = postgres.dsn(home, postgres.SUPERUSER)
    with psycopg.connect(address) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        snapshot = connection.execute("SELECT pg_export_snapshot()").fetchone()
        assert snapshot is not None  # noqa: S101  (the function always answers)
        program = _client("pg_dump", connection.info.server_version // 10000)
        command = [program, "--format=custom", "--verbose", f"--snapshot={snapshot[0]}", f"--file={target}"]
        _run([*command, f"--dbname={address}"], "dumping contents of table", step, "toolkit.backup_failed")
        return _counts(connection)


def _load(home: Path, dump: Path, step: Step) -> None:
    """Restore with no default rights in force: tables must come back with the rights they had, not more."""
    address = postgres.dsn(home, postgres.SUPERUSER)
    with psycopg.connect(address, autocommit=True) as connection:
        name, major = connection.info.dbname, connection.info.server_version // 10000
        for statement in postgres_roles.without_default_rights():
            connection.execute(statement)
    command = [_client("pg_restore", major), "--exit-on-error", "--single-transaction", "--verbose"]
    try:
        _run([*command, f"--dbname={address}", str(dump)], "processing data for table", step, "toolkit.restore_failed")
    finally:
        with psycopg.connect(address, autocommit=True) as connection:
            postgres_roles.grant(connection, name)


def _run(command: list[str], mark: str, step: Step, code: str) -> None:
    """Run a client program; its report drives the progress, its last words explain a failure."""
    environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"}
    said: list[str] = []
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True, errors="replace", env=environment
    ) as process:
        for line in process.stderr or ():
            said = [*said[-5:], line.strip()]
            if mark in line:
                step(line.rpartition(mark)[2].strip(' "\n'))
    if process.returncode != 0:
        raise Refused(Refusal(code, {"reason": " ".join(said)}))


def _client(name: str, server_major: int) -> str:
    """A client program at least as new as the server; an older one cannot read it."""
    for binaries in postgres_binaries.candidates():
        if binaries.major >= server_major:
            return binaries.program(name)
    raise Refused(Refusal("toolkit.database_version_mismatch", {"data": str(server_major), "found": "-"}))


def _tables(connection: psycopg.Connection[Any]) -> list[str]:
    found = connection.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname"
    )
    return [name for (name,) in found]


def _counts(connection: psycopg.Connection[Any]) -> dict[str, int]:
    counted = {}
    for name in _tables(connection):
        row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name))).fetchone()
        counted[name] = int(row[0]) if row else 0
    return counted


def _prove_rows(home: Path, expected: Mapping[str, int]) -> None:
    with psycopg.connect(postgres.dsn(home, postgres.SUPERUSER)) as connection:
        found = _counts(connection)
    wrong = sorted(name for name in {*expected, *found} if expected.get(name) != found.get(name))
    if wrong:
        raise Refused(Refusal("toolkit.restore_failed", {"reason": ", ".join(wrong)}))


def _unpack(source: Path, folder: Path) -> dict[str, Any]:
    """Unpack and compare every file with the manifest; one wrong byte refuses the whole."""
    try:
        with tarfile.open(source) as archive:
            _extract(archive, folder)
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        wrong = [name for name, digest in manifest["sha256"].items() if _digest(folder / name) != digest]
    except (OSError, tarfile.TarError, ValueError, KeyError) as error:
        raise Refused(Refusal("toolkit.backup_damaged", {"file": str(source), "part": str(error)})) from error
    if wrong or manifest.get("format") != FORMAT:
        part = ", ".join(wrong) or f"format {manifest.get('format')}"
        raise Refused(Refusal("toolkit.backup_damaged", {"file": str(source), "part": part}))
    return manifest


def _extract(archive: tarfile.TarFile, folder: Path) -> None:
    """Write plain files below `folder` and nothing else: no link, no device, no way out of it."""
    for member in archive:
        target = (folder / member.name).resolve()
        if not member.isfile() or not target.is_relative_to(folder.resolve()):
            raise ValueError(member.name)
        target.parent.mkdir(parents=True, exist_ok=True)
        content = archive.extractfile(member)
        if content is None:
            raise ValueError(member.name)
        with target.open("wb") as file:
            shutil.copyfileobj(content, file)


def _attachments(home: Path) -> dict[str, Path]:
    return {f"{ATTACHMENTS}/{path.relative_to(home / ATTACHMENTS)}": path for path in _files_below(home / ATTACHMENTS)}


def _files_below(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
