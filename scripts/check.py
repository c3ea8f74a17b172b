"""Everything a change must pass, in order, stopping at the first failure.

python scripts/check.py                  style, types, doors, translations, security, house, tests
python scripts/check.py style types      only these
"""

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = Path(sys.executable).parent
PYTHON = sys.executable
FOLDERS = [folder for folder in ("src", "tests", "scripts", "benchmarks") if (ROOT / folder).exists()]
# Tests attack, with passwords in the open and statements put together by hand.
CODE = [folder for folder in FOLDERS if folder != "tests"]
MESSAGES = "scripts/messages.py"

STEPS: dict[str, list[list[str]]] = {
    "style": [
        ["ruff", "format", "--check", *FOLDERS],
        ["ruff", "check", *FOLDERS],
        ["djlint", "src", "--lint", "--quiet"],
    ],
    "types": [["mypy"]],
    "doors": [["lint-imports"]],
    "translations": [[PYTHON, MESSAGES, "compile"], [PYTHON, MESSAGES, "check"]],
    "security": [
        ["bandit", "-r", "-ll", "--quiet", "--configfile", "pyproject.toml", *CODE],
        [PYTHON, "scripts/security_tools.py"],
        [PYTHON, "scripts/audit_packages.py"],
    ],
    "house": [[PYTHON, "-m", "pytest", "-n0", "-q", "tests/architecture"]],
    "tests": [[PYTHON, "-m", "pytest", "-q", "--ignore", "tests/architecture"]],
}


def run(step: str) -> int:
    """Run one step; return the exit code of its first failing command."""
    for program, *arguments in STEPS[step]:
        started = time.monotonic()
        found = PROGRAMS / program
        answer = subprocess.run([found if found.exists() else program, *arguments], cwd=ROOT, check=False)
        mark = "ok" if answer.returncode == 0 else "FAILED"
        print(f"{step}: {Path(program).name} {' '.join(arguments[:3])} {mark} ({time.monotonic() - started:.1f} s)")
        if answer.returncode:
            return answer.returncode
    return 0


def main(steps: list[str]) -> int:
    """Run the steps asked for, or all of them."""
    unknown = [step for step in steps if step not in STEPS]
    if unknown:
        print(f"unknown step {', '.join(unknown)}; there are: {', '.join(STEPS)}", file=sys.stderr)
        return 2
    for step in steps or STEPS:
        if code := run(step):
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
