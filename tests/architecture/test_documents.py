"""Documents tell the truth: links lead somewhere, named codes and tests exist, every area explains itself."""

import re
from collections.abc import Iterator
from pathlib import Path

import khlang
from khlang.kernel.refusals import catalogue

SOURCE = Path(khlang.__file__).parent
ROOT = SOURCE.parents[1]
TESTS = ROOT / "tests"
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")
README_LINES_MAX = 60
# Not areas: settings hold no business, and wsgi is a file.
NO_README = frozenset({"settings"})


def documents(root: Path) -> Iterator[Path]:
    yield from sorted(
        [
            *root.glob("*.md"),
            *root.glob("docs/**/*.md"),
            *root.glob("src/khlang/*/README.md"),
            *root.glob("src/*/README.md"),
        ]
    )


def dead_links(root: Path) -> Iterator[str]:
    for document in documents(root):
        for target in LINK.findall(document.read_text(encoding="utf-8")):
            if "://" not in target and not (document.parent / target).exists():
                yield f"{document.relative_to(root)}: {target}"


def rule_rows(page: str) -> list[list[str]]:
    """The cells of each clause of docs/rules: clause, says, kept by, refusal, tests."""
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if line.startswith("| R")
    ]
    return [row for row in rows if re.fullmatch(r"R\d+[a-z]?", row[0])]


def unknown_rule_words(page: str, *, codes: set[str], tests: set[str]) -> Iterator[str]:
    for clause, _, _, refusal, named in rule_rows(page):
        yield from (f"{clause}: no refusal {code}" for code in re.findall(r"`([^`]+)`", refusal) if code not in codes)
        yield from (f"{clause}: no test {test}" for test in re.findall(r"`(test_\w+)`", named) if test not in tests)


def test_every_link_in_a_document_leads_somewhere() -> None:
    assert list(dead_links(ROOT)) == []


def test_every_area_explains_itself_on_one_page() -> None:
    areas = [
        folder for folder in SOURCE.iterdir() if (folder / "__init__.py").exists() and folder.name not in NO_README
    ]
    pages = {area.name: area / "README.md" for area in areas}

    assert sorted(name for name, page in pages.items() if not page.exists()) == []
    lengths = {name: len(page.read_text(encoding="utf-8").splitlines()) for name, page in pages.items()}
    assert {name: lines for name, lines in lengths.items() if lines > README_LINES_MAX} == {}


def test_rules_name_refusals_and_tests_that_exist() -> None:
    page = (ROOT / "docs" / "rules" / "README.md").read_text(encoding="utf-8")
    tests = {
        name for file in TESTS.rglob("test_*.py") for name in re.findall(r"def (test_\w+)", file.read_text("utf-8"))
    }

    assert list(unknown_rule_words(page, codes=set(catalogue()), tests=tests)) == []


def test_rules_have_a_row_for_every_clause_we_rely_on() -> None:
    wanted = [2, 3, 4, 7, 8, 9, 10, 13, 15, *range(265, 271), *range(275, 281), 284, 285, 298, 299, 302]
    page = (ROOT / "docs" / "rules" / "README.md").read_text(encoding="utf-8")

    assert [f"R{number}" for number in wanted if f"R{number}" not in {row[0] for row in rule_rows(page)}] == []


def test_no_two_decisions_share_a_number() -> None:
    numbers = [int(file.name[:4]) for file in sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))]

    assert numbers == sorted(set(numbers))


def test_a_dead_link_is_seen(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "page.md").write_text("[a](page.md) [b](gone.md#here) [c](https://example.org/x)")

    assert list(dead_links(tmp_path)) == ["docs/page.md: gone.md"]


def test_an_invented_code_or_test_is_seen() -> None:
    page = "| R3 | x | y | `ledger.known`, `ledger.invented` | `test_known`, `test_invented` |\n"

    assert list(unknown_rule_words(page, codes={"ledger.known"}, tests={"test_known"})) == [
        "R3: no refusal ledger.invented",
        "R3: no test test_invented",
    ]
