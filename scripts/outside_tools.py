"""Programs from outside Python that only tests need: the browser, and other people's accounting programs.

As root on Debian or Ubuntu they are installed. An ordinary user gets the browser unpacked into .khlang/tools,
from the same signed packages. What is still missing is named, and its tests are skipped by name.
"""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

Say = Callable[[str], None]

# Program → Debian package, and what its tests prove.
PROGRAMS = {
    "chromium": ("chromium", "pages in a real browser"),
    "hledger": ("hledger", "our export agrees with hledger"),
    "ledger": ("ledger", "our export agrees with ledger"),
    "pdftotext": ("poppler-utils", "the text of official forms"),
    "soffice": ("libreoffice-calc-nogui", "our workbooks open elsewhere"),
}
# Playwright's own program needs this library; the smallest machines lack it.
DRIVER = "the browser driver"
DRIVER_PACKAGE = "libatomic1"
PROVIDER = Path(__file__).resolve().parent.parent / "tests" / "authentication" / "outside_provider"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def prepare(tools: Path, say: Say) -> None:
    """Bring what is missing if we may; name what stays missing."""
    outside_provider(tools, say)
    lacking = missing(tools)
    if not lacking or os.environ.get("KHLANG_NO_OUTSIDE_TOOLS"):
        return
    if shutil.which("apt-get"):
        if os.geteuid() == 0:
            _install([_package(name) for name in lacking], say)
        elif {"chromium", DRIVER} & set(lacking):
            _unpack_browser(tools, say)
    for name in missing(tools):
        proof = PROGRAMS.get(name, PROGRAMS["chromium"])[1]
        say(f"{name} is missing: tests of '{proof}' will be skipped (Debian package {_package(name)})")


def outside_provider(tools: Path, say: Say) -> None:
    """The OpenID provider of tests/authentication/outside_provider, exactly as its lock file names it, by npm."""
    place, mark = tools / PROVIDER.name, tools / PROVIDER.name / "installed"
    wanted = hashlib.sha256((PROVIDER / "package-lock.json").read_bytes()).hexdigest()
    if os.environ.get("KHLANG_NO_OUTSIDE_TOOLS") or (mark.exists() and mark.read_text(encoding="utf-8") == wanted):
        return
    npm = shutil.which("npm")
    if npm is None:
        say("npm is missing: tests of 'ThaiD client against a certified provider' will be skipped (Debian package npm)")
        return
    say("installing an OpenID provider for tests …")
    place.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(PROVIDER / name, place / name)
    # No script of a package is run, and nothing is sent but the names of packages.
    if _quiet([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], dict(os.environ), cwd=place):
        mark.write_text(wanted, encoding="utf-8")
    else:
        say("tests of 'ThaiD client against a certified provider' will be skipped: its packages could not be had")


def missing(tools: Path) -> list[str]:
    """Which of the programs this machine lacks."""
    lacking = [name for name in PROGRAMS if not _present(name, tools)]
    return lacking if _driver_runs(tools) else [*lacking, DRIVER]


def _package(name: str) -> str:
    return PROGRAMS[name][0] if name in PROGRAMS else DRIVER_PACKAGE


def _driver(tools: Path) -> Path | None:
    """Playwright's program inside our own environment, two folders above the tools."""
    return next(iter((tools.parent.parent / ".venv").glob("lib/python*/site-packages/playwright/driver/node")), None)


def _driver_runs(tools: Path) -> bool:
    """Whether it starts, by itself or by the starter we wrote for it."""
    programs = [place for place in (tools / "bin" / "node", _driver(tools)) if place is not None and place.exists()]
    return any(
        subprocess.run([each, "--version"], capture_output=True, check=False).returncode == 0 for each in programs
    )


def _present(name: str, tools: Path) -> bool:
    if name != "chromium":
        return shutil.which(name) is not None
    unpacked = tools / "bin" / "chromium"
    return unpacked.exists() or bool(os.environ.get("KHLANG_CHROMIUM")) or any(map(shutil.which, BROWSERS))


def _install(wanted: list[str], say: Say) -> None:
    """As root: ask the system for the packages; one that fails does not keep the others away."""
    say(f"installing {', '.join(wanted)} (Debian packages, some minutes the first time) …")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    _quiet(["apt-get", "update", "-q"], environment)
    install = ["apt-get", "install", "-y", "-q", "--no-install-recommends"]
    if not _quiet([*install, *wanted], environment):
        for package in wanted:
            _quiet([*install, package], environment)


def _unpack_browser(tools: Path, say: Say) -> None:
    """As an ordinary user: fetch Chromium and the libraries it lacks, unpack them, and write a starter."""
    say("unpacking Chromium into .khlang/tools (Debian packages, some minutes the first time) …")
    place, root, store = tools / "apt", tools / "root", tools / "apt" / "packages"
    for folder in (place / "lists" / "partial", place / "cache" / "archives" / "partial", store, tools / "bin"):
        folder.mkdir(parents=True, exist_ok=True)
    apt = ["apt-get", "-q", "-o", f"Dir::State::Lists={place / 'lists'}", "-o", f"Dir::Cache={place / 'cache'}"]
    apt += ["-o", "Debug::NoLocking=1", "-o", "APT::Sandbox::User="]
    if not _quiet([*apt, "update"], dict(os.environ)):
        return
    wanted = ["chromium", "fonts-liberation", DRIVER_PACKAGE]
    plan = subprocess.run(
        [*apt, "install", "-s", "--no-install-recommends", *wanted], capture_output=True, text=True, check=False
    )
    names = [line.split()[1] for line in plan.stdout.splitlines() if line.startswith("Inst ")]
    if not names or not _quiet([*apt, "download", *names], dict(os.environ), cwd=store):
        return
    for package in sorted(store.glob("*.deb")):
        subprocess.run(["dpkg", "-x", str(package), str(root)], check=True)
    _write_starters(tools, root)
    shutil.rmtree(place)


def _write_starters(tools: Path, root: Path) -> None:
    folders = [f for f in (root / "usr/lib", root / "lib") if f.exists()]
    libraries = [str(each) for folder in folders for each in [*folder.glob("*-linux-gnu*"), folder]]
    fonts = tools / "fonts.conf"
    folders_of_fonts = "".join(f"<dir>{place}</dir>" for place in (root / "usr/share/fonts", "/usr/share/fonts"))
    fonts.write_text(
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">\n'
        f"<fontconfig>{folders_of_fonts}<cachedir>{tools / 'fonts-cache'}</cachedir></fontconfig>\n",
        encoding="utf-8",
    )
    path = ":".join(libraries)
    programs = {"chromium": root / "usr/lib/chromium/chromium", "node": _driver(tools)}
    for name, program in programs.items():
        starter = tools / "bin" / name
        starter.write_text(
            f'#!/bin/sh\nLD_LIBRARY_PATH="{path}" FONTCONFIG_FILE="{fonts}" exec "{program}" "$@"\n', encoding="utf-8"
        )
        starter.chmod(0o755)


def _quiet(command: list[str], environment: dict[str, str], cwd: Path | None = None) -> bool:
    """Run, and show what was said only when it failed."""
    answer = subprocess.run(
        command, env=environment, cwd=cwd, capture_output=True, text=True, errors="replace", check=False
    )
    if answer.returncode != 0:
        print((answer.stdout + answer.stderr)[-1500:])
    return answer.returncode == 0
