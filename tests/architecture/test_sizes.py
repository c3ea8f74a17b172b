"""Files fit a reader's patience, functions fit a screen."""

import ast
from collections.abc import Iterator
from pathlib import Path

import khlang

ROOT = Path(khlang.__file__).parents[2]
FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 40


def long_files(root: Path, *, lines_max: int = FILE_LINES_MAX) -> Iterator[str]:
    for file in sorted(root.rglob("*.py")):
        lines = len(file.read_text(encoding="utf-8").splitlines())
        if lines > lines_max:
            yield f"{file.relative_to(root)}: {lines} lines"


def long_functions(root: Path, *, lines_max: int = FUNCTION_LINES_MAX) -> Iterator[str]:
    for file in sorted(root.rglob("*.py")):
        if "migrations" in file.parts:
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > lines_max:
                    yield f"{file.relative_to(root)}: {node.name} has {lines} lines"


def test_files_have_at_most_400_lines() -> None:
    assert list(long_files(ROOT / "src")) == []
    assert list(long_files(ROOT / "tests")) == []


def test_functions_have_at_most_40_lines() -> None:
    assert list(long_functions(ROOT / "src")) == []


def test_a_long_file_is_seen(tmp_path: Path) -> None:
    (tmp_path / "right.py").write_text("x = 1\n" * 400)
    (tmp_path / "long.py").write_text("x = 1\n" * 401)

    assert list(long_files(tmp_path)) == ["long.py: 401 lines"]


def test_a_long_function_is_seen(tmp_path: Path) -> None:
    body = "    x = 1\n" * 39
    (tmp_path / "some.py").write_text(f"def right():\n{body}\n\nasync def long():\n{body}    x = 1\n")

    assert list(long_functions(tmp_path)) == ["some.py: long has 41 lines"]
