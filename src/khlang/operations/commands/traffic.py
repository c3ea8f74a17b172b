"""The care of the traffic log: days that are over are closed and sealed, those that were kept long enough go."""

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from khlang.kernel.refusals import refuse_any
from khlang.operations.rules.traffic import check_days, ended, outlived

READ_ONLY = 0o400


@dataclass(frozen=True, slots=True)
class TrafficKept:
    """What one round of care did: names of day files."""

    closed: tuple[str, ...]
    pruned: tuple[str, ...]


def keep_traffic(*, folder: Path, today: date, days: int) -> TrafficKept:
    """Make ended days read-only with a digest beside them, then remove what is older than `days`; again is harmless.

    Refuses operations.traffic_days_too_few {days, least} and then touches nothing.
    """
    refuse_any(check_days(days))
    names = [file.name for file in folder.glob("*.jsonl")]
    closed = [name for name in ended(names, today=today) if _close(folder / name)]
    gone = outlived(names, today=today, days=days)
    for name in gone:
        (folder / name).unlink()
        _seal(folder / name).unlink(missing_ok=True)
    return TrafficKept(tuple(closed), tuple(gone))


def _close(file: Path) -> bool:
    """Close one day, once."""
    seal = _seal(file)
    if seal.exists():
        return False
    file.chmod(READ_ONLY)
    with file.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    seal.write_text(f"{digest}  {file.name}\n", encoding="ascii")
    seal.chmod(READ_ONLY)
    return True


def _seal(file: Path) -> Path:
    """Where the digest of a day lies, in the form that `sha256sum --check` reads."""
    return file.with_name(f"{file.name}.sha256")
