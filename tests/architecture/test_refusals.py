"""Every refusal has words in both languages, a next step, a use and a test."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import khlang
from khlang.identity.permissions import MATRIX

SOURCE = Path(khlang.__file__).parent
TESTS = Path(__file__).parents[1]
KEYS = ("en", "th", "next_en", "next_th")
# The comparison knows accounts, not days; the command that asked for it adds the day.
GIVEN_LATER = frozenset({("continuity.balances_agree", "date")})
SQL_CODE = re.compile(r"'([a-z_]+\.[a-z_]+)'")
THAI = re.compile("[\N{THAI CHARACTER KO KAI}-\N{THAI CHARACTER KHOMUT}]")


def written_codes(root: Path) -> dict[str, dict[str, str]]:
    """Every code with its words; a code stands in the file of its own area."""
    codes: dict[str, dict[str, str]] = {}
    for file in sorted(root.glob("*/refusals.toml")):
        codes.update(tomllib.loads(file.read_text(encoding="utf-8")))
    return codes


def incomplete_codes(root: Path) -> Iterator[str]:
    for file in sorted(root.glob("*/refusals.toml")):
        for code, words in tomllib.loads(file.read_text(encoding="utf-8")).items():
            if not code.startswith(f"{file.parent.name}."):
                yield f"{code} stands in {file.parent.name}"
            missing = [key for key in KEYS if not words.get(key)]
            if missing:
                yield f"{code} lacks {', '.join(missing)}"
                continue
            if placeholders(words["en"]) != placeholders(words["th"]):
                yield f"{code} tells other facts in Thai than in English"
            if not (THAI.search(words["th"]) and THAI.search(words["next_th"])):
                yield f"{code} is not in Thai"


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def refusals_in(file: Path) -> Iterator[ast.Call]:
    """Every `Refusal(…)` of a module."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Refusal" and node.args:
            yield node


def raised_codes(root: Path) -> Iterator[tuple[str, str]]:
    """Each code with the place that gives it: Refusal("…") in Python, quoted codes in SQL."""
    for file in sorted(root.rglob("*.py")):
        for call in refusals_in(file):
            if isinstance(call.args[0], ast.Constant):
                yield str(call.args[0].value), f"{file.relative_to(root)}:{call.lineno}"
    areas = {folder.name for folder in root.iterdir() if folder.is_dir()}
    for file in sorted(root.rglob("*.sql")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            codes = (code for code in SQL_CODE.findall(line.split("--")[0]) if code.split(".")[0] in areas)
            yield from ((code, f"{file.relative_to(root)}:{number}") for code in codes)


def quoted_texts(root: Path) -> set[str]:
    """Every quoted text of the source: codes may also be chosen from a table."""
    texts: set[str] = set()
    for file in root.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.add(node.value)
    for file in root.rglob("*.sql"):
        texts.update(SQL_CODE.findall(file.read_text(encoding="utf-8")))
    return texts


def composed_codes(root: Path) -> set[str]:
    """Codes put together from parts, as patterns: f"continuity.{name}_differs"."""
    patterns: set[str] = set()
    for file in root.rglob("*.py"):
        for call in refusals_in(file):
            if isinstance(call.args[0], ast.JoinedStr):
                parts = call.args[0].values
                patterns.add("".join(re.escape(p.value) if isinstance(p, ast.Constant) else r"\w+" for p in parts))
    return patterns


def unused_codes(root: Path) -> Iterator[str]:
    """Codes with words that nothing gives; a code wholly chosen elsewhere must have its clause quoted there."""
    texts, patterns = quoted_texts(root), composed_codes(root)
    for code in sorted(written_codes(root)):
        area, clause = code.split(".")
        composed = any(re.fullmatch(pattern, code) for pattern in patterns - {rf"{area}\.\w+"})
        chosen = rf"{area}\.\w+" in patterns and clause in texts
        if code not in texts and not composed and not chosen:
            yield code


def untested_codes(root: Path, tests: Path) -> Iterator[str]:
    """Codes that no test names, in full or by the quoted clause in the tests of its area."""
    files = [file for file in tests.rglob("*.py") if file != Path(__file__)]
    everything = "\n".join(file.read_text(encoding="utf-8") for file in files).replace("\\.", ".")
    for code in sorted(written_codes(root)):
        area, clause = code.split(".")
        own = "\n".join(file.read_text(encoding="utf-8") for file in files if area in str(file.relative_to(tests)))
        if code not in everything and not re.search(rf"""["']\.?{clause}["']""", own):
            yield code


def forgotten_facts(root: Path) -> Iterator[str]:
    """Facts that the words ask for and a literal refusal does not give."""
    codes = written_codes(root)
    for file in sorted(root.rglob("*.py")):
        for call in refusals_in(file):
            code = call.args[0].value if isinstance(call.args[0], ast.Constant) else None
            facts = call.args[1] if len(call.args) > 1 else ast.Dict(keys=[], values=[])
            if code not in codes or not isinstance(facts, ast.Dict) or not all(map(is_text, facts.keys)):
                continue
            given = {key.value for key in facts.keys if isinstance(key, ast.Constant)}
            asked = set().union(*(placeholders(codes[code].get(key, "")) for key in KEYS))
            asked -= {fact for late, fact in GIVEN_LATER if late == code}
            if asked - given:
                yield f"{file.relative_to(root)}:{call.lineno} {code} lacks {', '.join(sorted(asked - given))}"


def is_text(key: ast.expr | None) -> bool:
    return isinstance(key, ast.Constant) and isinstance(key.value, str)


def test_every_refusal_has_both_languages_and_a_next_step() -> None:
    assert list(incomplete_codes(SOURCE)) == []


def test_every_refusal_raised_has_words() -> None:
    # Acts of the permission table are written like codes, and stand in SQL where the function asks for a right.
    known = written_codes(SOURCE).keys() | MATRIX.keys()

    assert [f"{place} {code}" for code, place in raised_codes(SOURCE) if code not in known] == []


def test_every_refusal_written_is_used() -> None:
    assert list(unused_codes(SOURCE)) == []


def test_every_refusal_is_given_the_facts_its_words_ask_for() -> None:
    assert list(forgotten_facts(SOURCE)) == []


def test_every_refusal_is_tested() -> None:
    assert list(untested_codes(SOURCE, TESTS)) == []


def an_area(root: Path, *, words: str, code: str = "", sql: str = "") -> Path:
    area = root / "ledger"
    area.mkdir()
    (area / "refusals.toml").write_text(words, encoding="utf-8")
    (area / "rules.py").write_text(code, encoding="utf-8")
    (area / "post.sql").write_text(sql, encoding="utf-8")
    return root


WORDS = '["ledger.unbalanced"]\nen = "By {difference}."\nth = "ต่างกัน {difference}"\nnext_en = "Mend."\nnext_th = "แก้"\n'


def test_words_that_are_incomplete_are_seen(tmp_path: Path) -> None:
    words = (
        '["ledger.one"]\nen = "One."\nth = "หนึ่ง"\nnext_en = "Go."\n'
        '["ledger.two"]\nen = "Two {a}."\nth = "สอง"\nnext_en = "Go."\nnext_th = "ไป"\n'
        '["ledger.three"]\nen = "Three."\nth = "Three."\nnext_en = "Go."\nnext_th = "Go."\n'
        '["budget.four"]\nen = "Four."\nth = "สี่"\nnext_en = "Go."\nnext_th = "ไป"\n'
    )

    assert list(incomplete_codes(an_area(tmp_path, words=words))) == [
        "ledger.one lacks next_th",
        "ledger.two tells other facts in Thai than in English",
        "ledger.three is not in Thai",
        "budget.four stands in ledger",
    ]


def test_codes_are_found_in_python_and_in_sql(tmp_path: Path) -> None:
    code = 'x = Refusal("ledger.unbalanced", {"difference": "1"})\nact = "ledger.read"\n'
    sql = "-- 'ledger.commented'\nSELECT ledger_refusal('ledger.too_few_lines', 'public.table');\n"

    root = an_area(tmp_path, words=WORDS, code=code, sql=sql)

    assert list(raised_codes(root)) == [
        ("ledger.unbalanced", "ledger/rules.py:1"),
        ("ledger.too_few_lines", "ledger/post.sql:2"),
    ]
    assert {"ledger.unbalanced", "ledger.too_few_lines"} <= quoted_texts(root)


def test_a_forgotten_fact_is_seen(tmp_path: Path) -> None:
    code = 'x = Refusal("ledger.unbalanced", {"other": "1"})\ny = Refusal("ledger.unbalanced", {"difference": "1"})\n'

    assert list(forgotten_facts(an_area(tmp_path, words=WORDS, code=code))) == [
        "ledger/rules.py:1 ledger.unbalanced lacks difference"
    ]


def test_a_code_that_nothing_gives_is_seen(tmp_path: Path) -> None:
    names = ("unused", "day_differs", "chosen", "named")
    words = "".join(WORDS.replace("unbalanced", name) for name in names)
    code = 'a = Refusal(f"ledger.{x}_differs")\nb = Refusal(f"ledger.{pick()}")\nc = "chosen"\nd = "ledger.named"\n'

    assert list(unused_codes(an_area(tmp_path, words=words, code=code))) == ["ledger.unused"]


def test_a_code_that_no_test_names_is_seen(tmp_path: Path) -> None:
    words = "".join(WORDS.replace("unbalanced", name) for name in ("in_full", "by_clause", "nowhere"))
    tests = tmp_path / "tests" / "ledger"
    tests.mkdir(parents=True)
    (tests / "test_rules.py").write_text('assert code == "ledger.in_full"\nassert clause == "by_clause"\nnowhere = 1\n')

    assert list(untested_codes(an_area(tmp_path, words=words), tests.parent)) == ["ledger.nowhere"]
