"""Ask for published vulnerabilities of every locked package, those of the tools included.

A vulnerability that ops/audit/accepted.toml does not accept fails. A service that does not answer, or does not know a
package, fails nothing (the code did not change), but it is said in plain words: silence is not a clean answer.
With KHLANG_AUDIT_MUST_ANSWER=1, for a release, it fails as well.

python scripts/audit_packages.py
python scripts/audit_packages.py --osv URL     ask this service only
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ACCEPTED = ROOT / "ops" / "audit" / "accepted.toml"
OTHER_LOCK = ROOT / "ops" / "semgrep" / "requirements.txt"
PIP_AUDIT = Path(sys.executable).parent / "pip-audit"
ANSWER_SECONDS, WHOLE_SECONDS = 8, 90
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)

Package = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Found:
    """One vulnerability of one package."""

    package: str
    version: str
    names: tuple[str, ...]
    fixed_in: tuple[str, ...]


def locked() -> set[Package]:
    """Every package that uv.lock or the lock of semgrep names."""
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    ours = {(each["name"], each["version"]) for each in lock["package"] if "registry" in each.get("source", {})}
    return ours | set(_PINNED.findall(OTHER_LOCK.read_text(encoding="utf-8")))


def ask(packages: set[Package], *service: str) -> tuple[list[Found], set[Package]]:
    """What a service says: vulnerabilities, and the packages about which it gave an answer."""
    found: list[Found] = []
    answered: set[Package] = set()
    # pip-audit reads one version of a package at a time.
    by_round: dict[int, list[Package]] = {}
    for name, version in sorted(packages):
        number = sum(each[0] == name for each in packages if each[1] < version)
        by_round.setdefault(number, []).append((name, version))
    for chosen in by_round.values():
        for each in _asked(chosen, *service):
            if "skip_reason" in each:
                continue
            answered.add((each["name"], each["version"]))
            for fault in each["vulns"]:
                names = (fault["id"], *fault.get("aliases", ()))
                found.append(Found(each["name"], each["version"], names, tuple(fault.get("fix_versions", ()))))
    return found, answered


def _asked(packages: list[Package], *service: str) -> list[dict]:
    with tempfile.TemporaryDirectory() as folder:
        wanted, answer = Path(folder, "requirements.txt"), Path(folder, "answer.json")
        wanted.write_text("".join(f"{name}=={version}\n" for name, version in packages), encoding="utf-8")
        command = [PIP_AUDIT, "-r", wanted, "--disable-pip", "--no-deps", "--progress-spinner", "off"]
        command += ["--timeout", str(ANSWER_SECONDS), "-f", "json", "-o", answer, *service]
        try:
            subprocess.run(command, capture_output=True, check=False, timeout=WHOLE_SECONDS)
        except subprocess.TimeoutExpired:
            return []
        return json.loads(answer.read_bytes())["dependencies"] if answer.exists() else []


def accepted() -> list[dict]:
    """What we keep for now: id, package, reason, until."""
    entries: list[dict] = tomllib.loads(ACCEPTED.read_text(encoding="utf-8")).get("accepted", [])
    return entries


def refused(found: list[Found], entries: list[dict], *, today: date) -> list[Found]:
    """Those that no entry accepts, or whose entry has run out."""
    kept = {(each["package"], each["id"]) for each in entries if each["reason"] and each["until"] >= today}
    return [each for each in found if not any((each.package, name) in kept for name in each.names)]


def main(arguments: list[str], *, today: date | None = None) -> int:
    """Ask, tell, and fail for what is found and not accepted."""
    started, packages = time.monotonic(), locked()
    services = (
        (("-s", "osv", "--osv-url", arguments[1]),) if arguments[:1] == ["--osv"] else (("-s", "pypi"), ("-s", "osv"))
    )
    found: list[Found] = []
    silent = packages
    for service in services:
        if silent:
            more, answered = ask(silent, *service)
            found, silent = found + more, silent - answered
    faults = refused(found, accepted(), today=today or date.today())  # noqa: DTZ011  (a day of the machine that checks)
    for each in faults:
        mended = ", ".join(each.fixed_in) or "no version yet"
        print(f"{each.package} {each.version}: {' '.join(each.names)}; mended in {mended}")
    seconds = time.monotonic() - started
    print(
        f"{len(packages) - len(silent)} of {len(packages)} packages audited, {len(faults)} vulnerable ({seconds:.0f} s)"
    )
    if silent:
        print(f"NOT AUDITED: {len(silent)} packages; no advisory service answered about them from this machine")
    return 1 if faults or (silent and os.environ.get("KHLANG_AUDIT_MUST_ANSWER")) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
