"""Starts, stops and describes the database of one KHLANG_HOME. No Django here.

Order of sources: DATABASE_URL, a system PostgreSQL, the programs inside the optional wheel.
The embedded server listens on a private unix socket only, keeps checksums, and syncs every commit.
"""

import os
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import psycopg

from khlang.kernel.refusals import Refusal, Refused
from khlang.toolkit import postgres_home, postgres_process, postgres_roles, postgres_url
from khlang.toolkit.postgres_binaries import WHEEL_PACKAGE, Binaries, Source, choose, forced_source
from khlang.toolkit.postgres_home import Place, exclusive, home_folder, prepared_place, recorded_place
from khlang.toolkit.postgres_process import Account, can_reach, postmaster_pid, run_as

SUPERUSER = "postgres"
SECONDS_TO_START = 300
SECONDS_TO_STOP = 120

# Something the person should know, in the form of a refusal that refuses nothing: code and facts.
Say = Callable[[Refusal], None]


@dataclass(frozen=True, slots=True)
class Status:
    """What a program needs to know to connect."""

    running: bool
    source: Source
    version: str
    dsn_owner: str
    dsn_app: str

    def as_dict(self) -> dict[str, bool | str]:
        """The same for JSON, in the promised words."""
        return asdict(self)


def uses_url() -> bool:
    """Whether the database is somebody else's server, named by DATABASE_URL."""
    wanted = forced_source()
    if wanted == "url" and not postgres_url.address():
        raise Refused(Refusal("toolkit.database_url_missing"))
    return wanted in ("", "url") and bool(postgres_url.address())


def dsn(home: Path, role: str, *, database: str = "") -> str:
    """The address for one role, without asking whether the server runs."""
    if uses_url():
        return {
            postgres_roles.OWNER: postgres_url.dsn_owner,
            SUPERUSER: postgres_url.dsn_superuser,
        }.get(role, lambda: postgres_url.dsn_app(home))()
    name = database or postgres_roles.database_name()
    return postgres_url.build_url(user=role, dbname=name, host=str(recorded_place(home).socket))


def status(home: Path | None = None) -> Status:
    """Whether the database answers, and how to reach it."""
    home = home or home_folder()
    owner, app = dsn(home, postgres_roles.OWNER), dsn(home, postgres_roles.APP)
    if uses_url():
        version = postgres_url.server_version()
        return Status(version is not None, "url", version or "", owner, app)
    place = recorded_place(home)
    binaries = choose(major=_data_major(place))
    return Status(_answers(home, place), binaries.source, binaries.version, owner, app)


def start(home: Path | None = None, *, settings: Mapping[str, str] | None = None, say: Say = lambda _: None) -> Status:
    """Start the database of a home, creating it first when the home is empty. Starting twice is harmless.

    `settings` are server settings on top of ours. Refuses the toolkit.database_* codes.
    """
    home = home or home_folder()
    with exclusive(home):
        if uses_url():
            postgres_url.furnish(home)
            return status(home)
        place, account = prepared_place(home)
        if place.folder.parent == postgres_home.SYSTEM_PLACE:
            facts = {"home": str(home), "user": account.name, "place": str(place.folder)}
            say(Refusal("toolkit.home_closed", facts))
        binaries = _reachable(choose(major=_data_major(place)), account)
        if postmaster_pid(place.data) is None:
            _create_cluster(place, account, binaries)
            _write_settings(place, account, settings or {})
            _launch(home, place, account, binaries)
        _furnish(home)
        return status(home)


def stop(home: Path | None = None) -> bool:
    """Stop the embedded server safely: refuse new work, end sessions, write everything out. False when it was not running."""
    home = home or home_folder()
    place = recorded_place(home)
    if uses_url() or not place.data.exists():
        return False
    with exclusive(home):
        if (pid := postmaster_pid(place.data)) is None:
            return False
        account = postgres_process.account_for(place.data)
        binaries = _reachable(choose(major=_data_major(place)), account)
        command = [binaries.program("pg_ctl"), "stop", "-D", str(place.data), "-m", "fast", "-w"]
        answer = run_as(account, [*command, "-t", str(SECONDS_TO_STOP)], timeout=SECONDS_TO_STOP + 30)
        postgres_process.reap(pid)
        if answer.returncode != 0 and postmaster_pid(place.data) is not None:
            raise Refused(Refusal("toolkit.database_stop_failed", {"reason": answer.stderr.strip()}))
        return True


def _data_major(place: Place) -> int | None:
    """The release that made the data, or None when there is none we may read."""
    try:
        return int((place.data / "PG_VERSION").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _answers(home: Path, place: Place) -> bool:
    if postmaster_pid(place.data) is None:
        return False
    try:
        psycopg.connect(dsn(home, postgres_roles.APP), connect_timeout=5).close()
    except psycopg.Error:
        return False
    return True


def _reachable(binaries: Binaries, account: Account) -> Binaries:
    """The programs where the server's user can run them: a wheel under root's own folder is copied out once."""
    if can_reach(account, Path(binaries.program("postgres"))):
        return binaries
    packages = binaries.folder.parents[2]
    copy = postgres_home.SYSTEM_PLACE / f"postgresql-{binaries.version}"
    folder = copy / binaries.folder.relative_to(packages)
    if not (folder / "postgres").exists():
        draft = copy.with_name(f"{copy.name}.{os.getpid()}")
        shutil.copytree(binaries.folder.parent, draft / binaries.folder.parent.relative_to(packages))
        shutil.copytree(packages / f"{WHEEL_PACKAGE}.libs", draft / f"{WHEEL_PACKAGE}.libs")
        draft.chmod(0o755)
        draft.rename(copy)
    return Binaries(binaries.source, folder, binaries.version)


def _create_cluster(place: Place, account: Account, binaries: Binaries) -> None:
    """Run initdb into a draft folder, then rename: a half-made cluster is never mistaken for a whole one."""
    if (place.data / "PG_VERSION").exists():
        return
    draft = place.folder / "data.new"
    shutil.rmtree(draft, ignore_errors=True)
    command = [binaries.program("initdb"), "-D", str(draft), "-U", SUPERUSER, "--auth-local=trust"]
    command += ["--auth-host=reject", "--encoding=UTF8", "--data-checksums", "--no-instructions"]
    answer = run_as(account, [*command, "--locale=C.UTF-8"])
    if answer.returncode != 0 and "locale" in answer.stderr:
        # A system without C.UTF-8: plain C has the same order, and names sort by their stored key anyway.
        shutil.rmtree(draft, ignore_errors=True)
        answer = run_as(account, [*command, "--locale=C"])
    if answer.returncode != 0:
        raise Refused(Refusal("toolkit.database_create_failed", {"reason": answer.stderr.strip()[-500:]}))
    draft.rename(place.data)


def _write_settings(place: Place, account: Account, extra: Mapping[str, str]) -> None:
    """Our settings in a file of their own, written anew at each start so that a moved home keeps working."""
    quarter = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 4 // 2**20
    chosen = {
        "listen_addresses": "",
        "unix_socket_directories": str(place.socket),
        "unix_socket_permissions": "0700",
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "max_connections": "100",
        "shared_buffers": f"{max(32, min(256, quarter))}MB",
        "effective_cache_size": f"{max(128, min(1024, quarter * 2))}MB",
        "max_wal_size": "1GB",
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "logging_collector": "on",
        "log_directory": str(place.log),
        "log_filename": "postgresql-%d.log",
        "log_truncate_on_rotation": "on",
        "log_rotation_age": "1d",
        **extra,
    }
    lines = [f"{name} = '{value.replace(chr(39), chr(39) * 2)}'\n" for name, value in chosen.items()]
    file = place.data / "khlang.conf"
    file.write_text("".join(lines), encoding="utf-8")
    postgres_process.own(account, file, 0o600)
    main = place.data / "postgresql.conf"
    if "include = 'khlang.conf'" not in main.read_text(encoding="utf-8"):
        with main.open("a", encoding="utf-8") as configuration:
            configuration.write("\ninclude = 'khlang.conf'\n")


def _launch(home: Path, place: Place, account: Account, binaries: Binaries) -> None:
    """Start the server and wait until it answers, through crash recovery when the last end was a crash."""
    output = place.log / "start.log"
    command = [binaries.program("pg_ctl"), "start", "-D", str(place.data), "-l", str(output), "-w"]
    for attempt in range(20):
        output.unlink(missing_ok=True)
        postgres_process.clear_stale_lock(place.data, place.socket)
        answer = run_as(account, [*command, "-t", str(SECONDS_TO_START)], timeout=SECONDS_TO_START + 30)
        if answer.returncode == 0 and _answers_superuser(home):
            return
        told = output.read_text(encoding="utf-8", errors="replace") if output.exists() else answer.stderr
        if "shared memory block" not in told and "lock file" not in told:
            break
        # Back ends of a server killed a moment ago are still ending; they hold its memory until then.
        time.sleep(0.25 * (attempt + 1))
    reason = " ".join(told.split())[-500:]
    raise Refused(Refusal("toolkit.database_start_failed", {"reason": reason, "log": str(place.log)}))


def _answers_superuser(home: Path) -> bool:
    try:
        psycopg.connect(dsn(home, SUPERUSER, database="postgres"), connect_timeout=10).close()
    except psycopg.Error:
        return False
    return True


def _furnish(home: Path) -> None:
    """Roles, database and rights; each only where missing."""
    with psycopg.connect(dsn(home, SUPERUSER, database="postgres"), autocommit=True) as connection:
        postgres_roles.create_roles(connection, login=True)
        postgres_roles.create_database(connection, postgres_roles.database_name())
    with psycopg.connect(dsn(home, SUPERUSER), autocommit=True) as connection:
        postgres_roles.grant(connection, postgres_roles.database_name())
