"""What an act changed is read by people: every fact that a command records has its words."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import khlang

SOURCE = Path(khlang.__file__).parent
WORDS = tomllib.loads((SOURCE / "oversight" / "acts.toml").read_text(encoding="utf-8"))["facts"]
RECORDERS = frozenset({"record", "record_reading"})


def recorded_facts(root: Path) -> Iterator[tuple[str, str]]:
    """Each fact written out where an act is recorded, with its place."""
    for file in sorted(root.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            for given in node.keywords:
                if name in RECORDERS and given.arg == "facts" and isinstance(given.value, ast.Dict):
                    keys = [key.value for key in given.value.keys if isinstance(key, ast.Constant)]
                    yield from ((str(key), f"{file.relative_to(root)}:{node.lineno}") for key in keys)


def test_every_recorded_fact_has_words():
    assert [f"{place} {fact}" for fact, place in recorded_facts(SOURCE) if fact not in WORDS] == []
    assert all(words["th"] and words["en"] for words in WORDS.values())


def test_a_fact_without_words_is_seen(tmp_path):
    (tmp_path / "commands.py").write_text('audit.record(actor=a, facts={"levity": 1})\n', encoding="utf-8")

    assert [fact for fact, _ in recorded_facts(tmp_path)] == ["levity"]
