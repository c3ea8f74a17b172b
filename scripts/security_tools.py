"""Our own rules of safe code, read by semgrep from ops/semgrep without asking anybody outside.

Semgrep pins other versions of our libraries, so it lives in an environment of its own, .khlang/tools/semgrep,
installed from ops/semgrep/requirements.txt, every file by its digest.

python scripts/security_tools.py             the rules find their examples, and nothing in our code
python scripts/security_tools.py FILE …      only look at these files
"""

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RULES = ROOT / "ops" / "semgrep"
LOCK = RULES / "requirements.txt"
PLACE = ROOT / ".khlang" / "tools" / "semgrep"
SEMGREP = PLACE / "bin" / "semgrep"
FOLDERS = ("src", "scripts", "benchmarks")
# Nothing is sent, nothing is fetched, nothing is written into the home of whoever runs it.
QUIET = {
    "SEMGREP_SEND_METRICS": "off",
    "SEMGREP_ENABLE_VERSION_CHECK": "0",
    "SEMGREP_SETTINGS_FILE": str(PLACE / "settings.yml"),
    "SEMGREP_LOG_FILE": str(PLACE / "semgrep.log"),
}


def prepare(uv: Callable[[], Path], say: Callable[[str], None]) -> None:
    """Install what the lock names, unless that was done for this very lock; without a network say so and go on."""
    mark = PLACE / "khlang-installed"
    wanted = hashlib.sha256(LOCK.read_bytes() + f"{ROOT}{sys.version}".encode()).hexdigest()
    if mark.exists() and mark.read_text(encoding="utf-8") == wanted:
        return
    say("installing semgrep for the rules in ops/semgrep …")
    environment = {**os.environ, "UV_PYTHON_DOWNLOADS": "never", "UV_LINK_MODE": "copy", "UV_HTTP_TIMEOUT": "180"}
    environment.pop("VIRTUAL_ENV", None)
    program = uv()
    steps = (
        [program, "venv", "--quiet", "--clear", "--python", sys.executable, PLACE],
        [program, "pip", "install", "--quiet", "--python", PLACE / "bin" / "python", "--require-hashes", "-r", LOCK],
    )
    if all(subprocess.run(step, cwd=ROOT, env=environment, check=False).returncode == 0 for step in steps):
        mark.write_text(wanted, encoding="utf-8")
    else:
        say("semgrep is missing: 'make check' will say so, and tests of our rules are skipped")


def semgrep(*arguments: str | Path, quiet: bool = False) -> subprocess.CompletedProcess[str]:
    """Run semgrep without a network."""
    command = [SEMGREP, *arguments, "--metrics=off", "--disable-version-check"]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **QUIET}, capture_output=quiet, text=True, check=False)


def check_rules(place: Path = RULES) -> int:
    """Whether each rule finds what its examples mark, and nothing else of them."""
    answer = semgrep("--test", "--config", place / "rules", place / "examples", quiet=True)
    if answer.returncode:
        print(answer.stdout + answer.stderr)
    return answer.returncode


def look_at(places: list[str]) -> int:
    """Whether the rules find nothing in these files and folders."""
    return semgrep("scan", "--config", RULES / "rules", "--error", "--quiet", *places).returncode


def main(places: list[str]) -> int:
    """Check the rules, then the code."""
    if not SEMGREP.exists():
        print("semgrep is not installed: call 'make check', with a way to PyPI once", file=sys.stderr)
        return 1
    if places:
        return look_at(places)
    return check_rules() or look_at([folder for folder in FOLDERS if (ROOT / folder).exists()])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
