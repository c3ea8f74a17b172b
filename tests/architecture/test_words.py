"""Words in the source: no Thai outside data files, no junk drawers, no notes without an issue, no float on money."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import khlang

SOURCE = Path(khlang.__file__).parent
ROOT = SOURCE.parents[1]
THAI = re.compile("[\N{THAI CHARACTER KO KAI}-\N{THAI CHARACTER KHOMUT}]")
JUNK_DRAWERS = frozenset({"utils", "util", "helpers", "helper", "common", "misc", "tools", "shared", "base"})
# settings/base.py is the name of Django's custom, and holds settings only.
NAMES_ALLOWED = frozenset({"settings/base.py"})
NOTE = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b(?! #\d+)")
# A workbook gives every number as a float; at this edge it becomes exact or is refused.
# On paper, floats are millimetres and points, never amounts.
EDGES_ALLOWED = frozenset(
    {"continuity/rules/values.py", "continuity/rules/cellcodes.py", "official_forms/rules/statement_form.py"}
)
MONEY_ROOMS = frozenset({"rules", "postings", "queries", "commands", "models", "schemas", "forms"})


def thai_in_source(root: Path) -> Iterator[str]:
    for file in sorted(root.rglob("*.py")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            if THAI.search(line):
                yield f"{file.relative_to(root)}:{number}"


def junk_drawers(root: Path) -> Iterator[str]:
    for file in sorted(root.rglob("*.py")):
        name = str(file.relative_to(root))
        if (file.stem in JUNK_DRAWERS or file.parent.name in JUNK_DRAWERS) and name not in NAMES_ALLOWED:
            yield name


def loose_notes(root: Path) -> Iterator[str]:
    kinds = ("*.py", "*.sql", "*.js", "*.css", "*.html", "*.toml", "*.typ")
    for file in sorted(found for kind in kinds for found in root.rglob(kind)):
        if "vendor" in file.parts:
            continue
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            if NOTE.search(line):
                yield f"{file.relative_to(root)}:{number}"


def floats_on_money(root: Path) -> Iterator[str]:
    for file in sorted(root.rglob("*.py")):
        parts = file.relative_to(root).with_suffix("").parts
        if "kernel" not in parts and not MONEY_ROOMS & set(parts):
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            named = isinstance(node, ast.Name) and node.id == "float"
            written = isinstance(node, ast.Constant) and isinstance(node.value, float)
            if named or written:
                yield f"{file.relative_to(root)}:{node.lineno}"


def test_no_thai_letters_in_source() -> None:
    assert list(thai_in_source(ROOT / "src")) == []


def test_no_file_is_a_junk_drawer() -> None:
    assert list(junk_drawers(SOURCE)) == []
    assert list(junk_drawers(ROOT / "src" / "thaid_simulator")) == []


def test_every_note_names_its_issue() -> None:
    assert list(loose_notes(ROOT / "src")) == []


def test_no_float_where_money_is() -> None:
    assert [place for place in floats_on_money(SOURCE) if place.split(":")[0] not in EDGES_ALLOWED] == []


def test_thai_letters_are_seen(tmp_path: Path) -> None:
    (tmp_path / "wrong.py").write_text('x = 1\nname = "บัญชี"\n', encoding="utf-8")
    (tmp_path / "right.py").write_text('sign = "\\N{THAI CHARACTER KO KAI}"\n', encoding="utf-8")

    assert list(thai_in_source(tmp_path)) == ["wrong.py:2"]


def test_a_junk_drawer_is_seen(tmp_path: Path) -> None:
    (tmp_path / "common").mkdir()
    for name in ("utils.py", "common/money.py", "receipts.py"):
        (tmp_path / name).touch()

    assert list(junk_drawers(tmp_path)) == ["common/money.py", "utils.py"]


def test_a_note_without_an_issue_is_seen(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text("# TODO #214: second signatory\n# TODO: later\n")
    (tmp_path / "two.sql").write_text("-- FIXME\n")

    assert list(loose_notes(tmp_path)) == ["one.py:2", "two.sql:1"]


def test_a_float_is_seen(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "taxes.py").write_text("def tax(amount: float):\n    return amount * 1.07\n")
    (tmp_path / "progress.py").write_text("share = float(1)\n")

    assert list(floats_on_money(tmp_path)) == ["rules/taxes.py:1", "rules/taxes.py:2"]
