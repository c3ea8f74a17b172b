"""What import contracts cannot say: other areas enter an area by its doors only."""

import subprocess
import sys
import tomllib
from pathlib import Path

import grimp
import pytest

import khlang

SOURCE = Path(khlang.__file__).parent
ROOT = SOURCE.parents[1]
AREAS = frozenset(folder.name for folder in SOURCE.iterdir() if (folder / "__init__.py").exists())
DOORS = frozenset({"commands", "queries", "rules", "permissions", "access"})
# Foundations have no rooms: every module of theirs is a door.
OPEN_AREAS = frozenset({"kernel", "toolkit", "settings"})
# The shells route to areas, and the command line starts what an area does in the background or as a program of its own.
SHELL_DOORS = frozenset({("web", "urls"), ("api", "api"), ("api", "schemas"), ("cli", "jobs"), ("cli", "status")})


def is_trespass(importer: str, imported: str, areas: frozenset[str] = AREAS) -> bool:
    """Whether one module enters another area by something that is not a door."""
    visitor = importer.split(".")[1]
    _, area, room, *_ = [*imported.split("."), "", ""]
    if area not in areas or area in OPEN_AREAS or area == visitor or not room:
        return False
    return room not in DOORS and (visitor, room) not in SHELL_DOORS


def test_areas_enter_one_another_by_their_doors_only() -> None:
    graph = grimp.build_graph("khlang", cache_dir=None)

    trespasses = [
        f"{importer} imports {imported}"
        for importer in graph.modules
        for imported in graph.find_modules_directly_imported_by(importer)
        if importer != "khlang" and is_trespass(importer, imported)
    ]

    assert sorted(trespasses) == []


@pytest.mark.parametrize(
    ("importer", "imported", "trespass"),
    [
        ("khlang.reporting.views", "khlang.ledger.queries", False),
        ("khlang.reporting.views", "khlang.ledger.rules.journals", False),
        ("khlang.reporting.views", "khlang.identity.access", False),
        ("khlang.reporting.views", "khlang.kernel.money", False),
        ("khlang.ledger.queries", "khlang.ledger.models", False),
        ("khlang.web.urls", "khlang.ledger.urls", False),
        ("khlang.reporting.views", "khlang.ledger", False),
        ("khlang.reporting.views", "khlang.ledger.models", True),
        ("khlang.reporting.views", "khlang.journal_vouchers.forms", True),
        ("khlang.reporting.urls", "khlang.ledger.urls", True),
        ("khlang.ledger.commands", "khlang.audit.chain", True),
    ],
)
def test_is_trespass_knows_a_door_from_a_wall(importer: str, imported: str, trespass: bool) -> None:  # noqa: FBT001
    areas = frozenset({"reporting", "ledger", "journal_vouchers", "identity", "audit", "web", "kernel"})
    assert is_trespass(importer, imported, areas) is trespass


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).parent / "lint-imports"
    return subprocess.run(
        [program, "--no-cache", "--config", folder / "pyproject.toml"],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )


def a_package_with(folder: Path, files: dict[str, str]) -> Path:
    """A tiny khlang with our own contracts, and these files."""
    config = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    contracts = config[config.index("[tool.importlinter]") :]
    (folder / "pyproject.toml").write_text(contracts, encoding="utf-8")
    for name, text in {"kernel/money.py": "", "ledger/commands.py": "", "ledger/rules.py": "", **files}.items():
        file = folder / "khlang" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        (file.parent / "__init__.py").touch()
    (folder / "khlang" / "__init__.py").touch()
    (folder / "thaid_simulator").mkdir(exist_ok=True)
    (folder / "thaid_simulator" / "__init__.py").touch()
    return folder


def test_every_import_contract_holds() -> None:
    program = Path(sys.executable).parent / "lint-imports"

    answer = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert answer.returncode == 0, answer.stdout


def test_the_contracts_allow_a_well_built_house(tmp_path: Path) -> None:
    answer = lint_imports(a_package_with(tmp_path, {"reporting/views.py": "import khlang.ledger.commands\n"}))

    assert answer.returncode == 0, answer.stdout + answer.stderr


@pytest.mark.parametrize(
    ("file", "line", "broken"),
    [
        ("ledger/queries.py", "import khlang.reporting.views", "Areas depend downwards only"),
        ("weather/rules.py", "", "Areas depend downwards only"),
        ("revenue/commands.py", "import khlang.expenditure.commands", "Areas depend downwards only"),
        ("ledger/rules.py", "import khlang.ledger.queries", "Inside an area"),
        ("ledger/queries.py", "import khlang.ledger.commands", "Inside an area"),
        ("ledger/rules.py", "import django.db", "are pure Python"),
        ("ledger/permissions.py", "import psycopg", "are pure Python"),
        ("ledger/commands.py", "import thaid_simulator", "do not know each other"),
        ("../thaid_simulator/pages.py", "import khlang.kernel.money", "do not know each other"),
    ],
)
def test_the_contracts_break_on_each_trespass(tmp_path: Path, file: str, line: str, broken: str) -> None:
    files = {"reporting/views.py": "", "expenditure/commands.py": "", "ledger/queries.py": "", file: f"{line}\n"}

    answer = lint_imports(a_package_with(tmp_path, files))

    assert answer.returncode == 1, answer.stdout + answer.stderr
    assert any(broken in text and "BROKEN" in text for text in answer.stdout.splitlines()), answer.stdout


def test_the_order_of_areas_names_every_area_planned() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = config["tool"]["importlinter"]["contracts"][0]["layers"]
    placed = {name.strip(" ()") for layer in layers for name in layer.split("|")}

    assert AREAS - {"settings"} <= placed
