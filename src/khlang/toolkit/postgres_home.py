"""What a KHLANG_HOME holds, and where its database lies when the home itself will not do. No Django here."""

import contextlib
import fcntl
import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from khlang.kernel.refusals import Refusal, Refused
from khlang.toolkit.postgres_process import Account, account_for, can_reach, own

# The kernel's limit for the address of a unix socket is 108 bytes with the closing zero.
SOCKET_PATH_MAX = 107
SOCKET_NAME = "/.s.PGSQL.5432.lock"
SYSTEM_PLACE = Path("/var/lib/khlang")


def home_folder() -> Path:
    """KHLANG_HOME, by default `.khlang` in the current folder."""
    return Path(os.environ.get("KHLANG_HOME") or ".khlang").absolute()


def prepared_home(home: Path) -> Path:
    """The home with its folders made. Others may pass through it to their own folders, never list it."""
    for folder in (home, home / "logs", home / "attachments"):
        folder.mkdir(parents=True, exist_ok=True)
    home.chmod(0o711)
    (home / "logs").chmod(0o700)
    (home / "attachments").chmod(0o700)
    keys_folder(home)
    return home


def keys_folder(home: Path) -> Path:
    """Where secrets lie: readable by nobody else."""
    folder = home / "keys"
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder


def secret(home: Path, name: str) -> str:
    """A secret of this home, made on first use, kept in a file of mode 0600."""
    path = keys_folder(home) / name
    with contextlib.suppress(FileNotFoundError):
        return path.read_text(encoding="utf-8").strip()
    draft = path.with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(secrets.token_urlsafe(48))
    with contextlib.suppress(FileExistsError):
        # A link refuses to replace: of two processes that start together, both keep the first one's secret.
        os.link(draft, path)
    draft.unlink()
    return path.read_text(encoding="utf-8").strip()


@contextlib.contextmanager
def exclusive(home: Path) -> Iterator[None]:
    """One start or stop of a home at a time, across processes."""
    with (prepared_home(home) / "database.lock").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@dataclass(frozen=True, slots=True)
class Place:
    """Where one home's database lives on disk."""

    folder: Path
    socket: Path

    @property
    def data(self) -> Path:
        """The cluster itself."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """What the server writes before and after its own log opens."""
        return self.folder / "log"


def recorded_place(home: Path) -> Place:
    """The place this home uses, from its record; without one, the place it would first try."""
    try:
        record = json.loads((home / "database.json").read_text(encoding="utf-8"))
        return Place(Path(record["folder"]), Path(record["socket"]))
    except (OSError, ValueError, KeyError):
        folder = home / "database"
        return Place(folder, _socket_folder(folder))


def prepared_place(home: Path) -> tuple[Place, Account]:
    """The place with its folders made and owned by the user the server runs as.

    Refuses toolkit.database_place_unreachable.
    """
    place = recorded_place(home)
    account = account_for(place.data)
    if not _usable(place, account):
        # Root's own folders are closed to the server's user; it gets one where servers keep their data.
        folder = SYSTEM_PLACE / _mark(home)
        place = Place(folder, _socket_folder(folder))
        account = account_for(place.data)
        if os.geteuid() != 0 or not _usable(place, account):
            raise Refused(Refusal("toolkit.database_place_unreachable", {"path": str(home), "user": account.name}))
    record = {"folder": str(place.folder), "socket": str(place.socket)}
    (home / "database.json").write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    return place, account


def remove(home: Path) -> None:
    """Delete a home and its database, wherever that lies. For tests and practice only."""
    place = recorded_place(home)
    for folder in (place.folder, place.socket, home):
        shutil.rmtree(folder, ignore_errors=True)


def _usable(place: Place, account: Account) -> bool:
    """Make the folders and ask whether the server's user can really get at them."""
    try:
        place.folder.mkdir(parents=True, exist_ok=True)
        if place.folder.parent == SYSTEM_PLACE:
            SYSTEM_PLACE.chmod(0o755)
        own(account, place.folder, 0o700)
        for folder in (place.log, place.socket):
            folder.mkdir(parents=True, exist_ok=True)
            if folder.is_symlink() or folder.stat().st_uid not in (account.uid, os.geteuid()):
                return False
            own(account, folder, 0o700)
    except OSError:
        return False
    if can_reach(account, place.folder, write=True) and can_reach(account, place.socket, write=True):
        return True
    if not place.data.exists():
        shutil.rmtree(place.folder, ignore_errors=True)
    return False


def _socket_folder(folder: Path) -> Path:
    """Beside the data; in a short folder named by a hash when that address would be too long."""
    beside = folder / "socket"
    if len(os.fsencode(beside)) + len(SOCKET_NAME) <= SOCKET_PATH_MAX:
        return beside
    # Made with mode 0700 and refused when somebody else made it first.
    return Path(f"/tmp/khlang-{_mark(folder)}")  # noqa: S108  (short is the point)  # nosec B108


def _mark(path: Path) -> str:
    """Twelve hexadecimal digits that stand for a path and its user; two homes never share them."""
    return hashlib.sha256(f"{os.geteuid()}:{path}".encode()).hexdigest()[:12]
