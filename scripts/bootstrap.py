"""From a bare machine to a working checkout: what every `make` command calls first.

Needs Python 3.11 or later and a way to PyPI, nothing else: neither pip nor venv nor a compiler.
Every step looks first whether it is already done, so that a second call takes a moment and works offline.

python3 scripts/bootstrap.py run|test|check|bench|setup [arguments for the program]
"""

import hashlib
import io
import os
import platform
import shutil
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".khlang" / "tools"
VENV = ROOT / ".venv"
PYTHON_NEEDED = (3, 11)

UV_VERSION = "0.13.9"
_FILES = "https://files.pythonhosted.org/packages"
_MANYLINUX = f"{UV_VERSION}-py3-none-manylinux"
# Machine → where its wheel lies, and its digest. The digest decides; the address is only where we look.
UV_WHEELS = {
    ("Linux", "x86_64"): (
        f"{_FILES}/3d/aa/26d64642d808de4a652579ef950d7cd2d37f080a8babf9c67c6b75fc4c3f/uv-{_MANYLINUX}_2_17_x86_64.manylinux2014_x86_64.whl",
        "d7f459fe4fd247d830351c75686d3996ace3c6f3f728eb0e85a30b7ada0cef19",
    ),
    ("Linux", "aarch64"): (
        f"{_FILES}/57/15/94b6cd62ac3ff6550288328e8035288875197cbc183f51554b266a69877b/uv-{_MANYLINUX}_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64.whl",
        "5435c5ce14a56431208ca0996416d310f1598e8c2c8ba707688985a16bb82dbe",
    ),
    ("Darwin", "x86_64"): (
        f"{_FILES}/1e/db/08e9ef4879bd667e6d7b4705e594e5bd3e4585f10fc63cb16b9fa2fac63e/uv-{UV_VERSION}-py3-none-macosx_10_12_x86_64.whl",
        "c16ed11e013557536b3e60065f1b912f6407bd6518e041b961e23ef9e6b4fbf5",
    ),
    ("Darwin", "arm64"): (
        f"{_FILES}/f3/a7/a8d7b074798c7fb3b26b37584b8fe2e29df2ccdc24ce7902caab2a53edbf/uv-{UV_VERSION}-py3-none-macosx_11_0_arm64.whl",
        "66c512266d633bef48384a1f53003f41f2a8e7b36fe6e7fbfd3e0fd52d96fa63",
    ),
}


class SetupError(Exception):
    """Something is missing that we cannot bring; the message says what to do."""


def say(text: str) -> None:
    """One line of progress."""
    print(f"khlang: {text}", flush=True)


def require_python() -> None:
    """Refuse a Python that is too old before it fails on some line of ours."""
    if sys.version_info < PYTHON_NEEDED:
        wanted = ".".join(map(str, PYTHON_NEEDED))
        found = platform.python_version()
        raise SetupError(f"Python {wanted} or later is needed, this is {found}. Name another with PYTHON=python3.12")


def uv() -> Path:
    """The installer: ours from an earlier call, or fetched and compared with its digest."""
    own = TOOLS / "bin" / "uv"
    if own.exists() and _version_of(own) == UV_VERSION:
        return own
    found = shutil.which("uv")
    if found and _version_of(Path(found)) == UV_VERSION:
        return Path(found)
    machine = (platform.system(), platform.machine())
    if machine not in UV_WHEELS:
        if found:
            return Path(found)
        raise SetupError(f"no installer is known for {' '.join(machine)}; install uv {UV_VERSION} and call again")
    url, digest = UV_WHEELS[machine]
    say(f"fetching the installer uv {UV_VERSION} …")
    wheel = fetch(url, digest)
    own.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        own.write_bytes(archive.read(f"uv-{UV_VERSION}.data/scripts/uv"))
    own.chmod(0o755)
    return own


def _version_of(program: Path) -> str:
    try:
        answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return (answer.stdout.split() or ["", ""])[1] if answer.returncode == 0 else ""


def fetch(url: str, digest: str) -> bytes:
    """Bring a file whose content is known beforehand."""
    try:
        content = _read(url, None)
    except urllib.error.URLError as error:
        if not isinstance(error.reason, ssl.SSLCertVerificationError):
            raise SetupError(f"{url} cannot be reached: {error.reason}") from error
        # A bare machine has no list of authorities. The digest below proves the content all the same.
        content = _read(url, ssl._create_unverified_context())  # noqa: S323, SLF001  # nosec B323
    if hashlib.sha256(content).hexdigest() != digest:
        raise SetupError(f"{url} does not have the expected content; nothing was installed")
    return content


def _read(url: str, context: ssl.SSLContext | None) -> bytes:
    with urllib.request.urlopen(url, timeout=180, context=context) as answer:  # noqa: S310  (https, fixed above)  # nosec B310
        content: bytes = answer.read()
        return content


def packages(*, dev: bool) -> None:
    """Install exactly what uv.lock names into .venv, unless that was done for this very lock file."""
    mark = VENV / "khlang-installed"
    wanted = _fingerprint(dev=dev)
    done = mark.read_text(encoding="utf-8").split() if mark.exists() else []
    if wanted in done:
        return
    program = uv()
    say("installing Python packages" + (" for tests" if dev else "") + " …")
    environment = {
        **os.environ,
        "UV_PROJECT_ENVIRONMENT": str(VENV),
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_LINK_MODE": "copy",
        "UV_HTTP_TIMEOUT": "180",
    }
    environment.pop("VIRTUAL_ENV", None)
    command = [program, "sync", "--frozen", "--all-extras", "--inexact", "--python", sys.executable]
    answer = subprocess.run([*command, "--dev" if dev else "--no-dev"], cwd=ROOT, env=environment, check=False)
    if answer.returncode != 0:
        raise SetupError("the packages could not be installed; the lines above say why")
    # Whoever has the packages for tests has those of the program too.
    mark.write_text(f"{wanted} {_fingerprint(dev=False)}", encoding="utf-8")


def _fingerprint(*, dev: bool) -> str:
    digest = hashlib.sha256()
    for name in ("uv.lock", "pyproject.toml"):
        digest.update((ROOT / name).read_bytes())
    # A moved checkout has programs that name the old place.
    digest.update(f"{ROOT}{sys.version}".encode())
    return f"{digest.hexdigest()[:16]}:{'dev' if dev else 'app'}"


def translations() -> None:
    """Compile the Thai catalogues; they are read in this form only."""
    compiler = ROOT / "scripts" / "messages.py"
    if compiler.exists():
        subprocess.run([venv_program("python"), compiler, "compile"], cwd=ROOT, check=True)


def tools_for_tests() -> None:
    """The browser and the outside checkers that some tests ask."""
    sys.path.insert(0, str(ROOT / "scripts"))
    import outside_tools

    outside_tools.prepare(TOOLS, say)
    tools_for_security()


def tools_for_security() -> None:
    """The reader of our own rules, kept apart from the packages of the program."""
    sys.path.insert(0, str(ROOT / "scripts"))
    import security_tools

    security_tools.prepare(uv, say)


def tools_for_check(steps: list[str]) -> None:
    """What the steps asked for need; no step named means all of them."""
    if not steps:
        tools_for_tests()
    elif "security" in steps:
        tools_for_security()


def venv_program(name: str) -> str:
    """A program of the installed environment."""
    return str(VENV / "bin" / name)


def replace_by(command: list[str], **environment: str) -> None:
    """Become `command`: signals, Ctrl-C above all, reach it directly."""
    os.environ.update(environment)
    os.chdir(ROOT)
    sys.stdout.flush()
    os.execv(command[0], command)  # noqa: S606


def main(arguments: list[str]) -> int:
    """Set up what the command needs, then become it."""
    command, *rest = arguments or ["setup"]
    try:
        require_python()
        packages(dev=command != "run")
        translations()
        if command == "run":
            replace_by([venv_program("khlang"), "run", *rest])
        elif command == "test":
            tools_for_tests()
            replace_by([venv_program("python"), "-m", "pytest", *rest])
        elif command == "check":
            tools_for_check(rest)
            replace_by([venv_program("python"), str(ROOT / "scripts" / "check.py"), *rest])
        elif command == "bench":
            replace_by([venv_program("python"), str(ROOT / "benchmarks" / "run.py"), *rest])
        else:
            say("ready")
    except SetupError as error:
        print(f"khlang: {error}", file=sys.stderr)
        return 1
    except (KeyboardInterrupt, subprocess.CalledProcessError):
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
