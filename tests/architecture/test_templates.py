"""Templates hold no script, no style, no arithmetic: the content policy of the browser would refuse the first two."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import khlang

SOURCE = Path(khlang.__file__).parent
FORBIDDEN = {
    "inline script": re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/(?:json|ld\+json)\")", re.IGNORECASE
    ),
    "inline style": re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE),
    "event handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "script address": re.compile(r"javascript:", re.IGNORECASE),
    "arithmetic": re.compile(r"\|\s*(?:add|divisibleby|floatformat)\s*:"),
    "another server": re.compile(r"(?:src|href|action)\s*=\s*[\"']https?://", re.IGNORECASE),
}


def template_faults(root: Path) -> Iterator[str]:
    for file in sorted(root.rglob("templates/**/*.html")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            for fault, pattern in FORBIDDEN.items():
                if pattern.search(line):
                    yield f"{file.relative_to(root)}:{number} {fault}"


def test_templates_are_free_of_script_style_and_arithmetic() -> None:
    assert list(template_faults(SOURCE)) == []


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("<script>alert(1)</script>", "inline script"),
        ('<p style="color: red">', "inline style"),
        ('<button onclick="go()">', "event handler"),
        ('<a href="javascript:go()">', "script address"),
        ("{{ debit|add:credit }}", "arithmetic"),
        ('<link href="https://fonts.example/x.css">', "another server"),
    ],
)
def test_each_fault_of_a_template_is_seen(tmp_path: Path, line: str, fault: str) -> None:
    folder = tmp_path / "ledger" / "templates" / "ledger"
    folder.mkdir(parents=True)
    (folder / "page.html").write_text(f'<script src="/x.js" defer></script>\n{line}\n', encoding="utf-8")

    assert list(template_faults(tmp_path)) == [f"ledger/templates/ledger/page.html:2 {fault}"]
