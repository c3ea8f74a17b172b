"""Operating-system side of the embedded server: whose process it is, and as whom it runs. No Django here."""

import contextlib
import os
import pwd
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from khlang.kernel.refusals import Refusal, Refused

USERS_PREFERRED = ("khlang", "postgres", "nobody")
# No process ever has this number, so PostgreSQL takes the file for stale but still checks shared memory.
DEAD_PID = 2147483646


@dataclass(frozen=True, slots=True)
class Account:
    """The operating-system user that owns the data and runs the server."""

    name: str
    uid: int
    gid: int

    @property
    def is_other(self) -> bool:
        """Whether we have to change user to act as this one."""
        return self.uid != os.geteuid()


def account_for(data: Path) -> Account:
    """Ourselves; or, when we are root, the owner of existing data or an unprivileged user.

    PostgreSQL refuses to run as root, and rightly so.
    """
    if os.geteuid() != 0:
        return _account(pwd.getpwuid(os.geteuid()))
    if data.exists() and data.stat().st_uid != 0:
        return _account(pwd.getpwuid(data.stat().st_uid))
    named = os.environ.get("KHLANG_DATABASE_USER", "")
    for name in (named,) if named else USERS_PREFERRED:
        with contextlib.suppress(KeyError):
            return _account(pwd.getpwnam(name))
    raise Refused(Refusal("toolkit.database_user_missing", {"names": named or ", ".join(USERS_PREFERRED)}))


def _account(entry: pwd.struct_passwd) -> Account:
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def run_as(
    account: Account, command: Sequence[str], *, timeout: float = 300, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a program as `account`, away from our folder, our standard streams and our PG* variables."""
    other = account.is_other
    clean = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "HOME": "/", "PGCONNECT_TIMEOUT": "5"}
    return subprocess.run(
        list(command),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=timeout,
        check=False,
        cwd="/",
        env={**clean, **(environment or {})},
        umask=0o077,
        user=account.uid if other else None,
        group=account.gid if other else None,
        extra_groups=[] if other else None,
    )


def can_reach(account: Account, path: Path, *, write: bool = False) -> bool:
    """Whether `account` can enter (and write) a folder or run a file: asked of the system, not guessed from modes."""
    flag = "-w" if write else "-x"
    return run_as(account, ["/bin/sh", "-c", f'test {flag} "$1"', "sh", str(path)]).returncode == 0


def own(account: Account, path: Path, mode: int) -> None:
    """Give `path` to the account with exactly this mode."""
    path.chmod(mode)
    if account.is_other:
        os.chown(path, account.uid, account.gid)


def postmaster_pid(data: Path) -> int | None:
    """The number of the server that serves this data folder, or None.

    The number written in postmaster.pid proves nothing: after a crash or a reboot another
    program may carry it, and an unreaped one is dead. The process must live and work in `data`.
    """
    pid = _recorded_pid(data / "postmaster.pid")
    if pid is None or not _works_in(pid, data):
        return None
    return pid


def clear_stale_lock(data: Path, socket_folder: Path) -> None:
    """Make lock files of a dead server harmless without switching off PostgreSQL's own interlock.

    Only the process number is replaced by an impossible one: PostgreSQL then still looks whether
    orphaned back ends hold the old shared memory, which it could not do were the file removed.
    """
    if postmaster_pid(data) is not None:
        return
    for lock in (data / "postmaster.pid", socket_folder / ".s.PGSQL.5432.lock"):
        if _recorded_pid(lock) is None:
            # Half-written by a full disk or a power cut: nothing to learn from it.
            lock.unlink(missing_ok=True)
            continue
        lines = lock.read_text(encoding="utf-8").splitlines(keepends=True)
        lines[0] = f"{DEAD_PID}\n"
        lock.write_text("".join(lines), encoding="utf-8")


def reap(pid: int) -> None:
    """Collect a dead server if it was our own child, so that no zombie keeps its number alive."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)


def _recorded_pid(lock: Path) -> int | None:
    try:
        return abs(int(lock.read_text(encoding="utf-8").split("\n", maxsplit=1)[0]))
    except (OSError, ValueError):
        return None


def _works_in(pid: int, data: Path) -> bool:
    """Whether a living process has `data` as its working folder, as every postmaster has."""
    process = Path("/proc") / str(pid)
    if not Path("/proc/self/stat").exists():
        return _named_in_process_list(pid, data)
    try:
        state = (process / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[0]
        return state not in ("Z", "X") and (process / "cwd").resolve(strict=True) == data.resolve()
    except (OSError, IndexError):
        return False


def _named_in_process_list(pid: int, data: Path) -> bool:
    """The same question on systems without /proc: the command line names the data folder."""
    program = shutil.which("ps")
    if program is None:
        return False
    answer = subprocess.run(
        [program, "-o", "stat=,command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return not answer.stdout.startswith("Z") and str(data) in answer.stdout
