"""Our rules of safe code find what they should and leave alone what they should; the audit of packages is honest."""

import http.server
import json
import re
import shutil
import threading
from datetime import date
from pathlib import Path

import pytest
from scripts import audit_packages, security_tools
from scripts.audit_packages import Found

TODAY = date(2026, 11, 25)
RULE = re.compile(r"^  - id: (\S+)$", re.MULTILINE)
MARK = re.compile(r"(ruleid|ok): ([a-z, -]+[a-z])")
A_FAULT = Found("django", "5.2.19", ("PYSEC-2026-1", "CVE-2026-1"), ("5.2.20",))

needs_semgrep = pytest.mark.skipif(
    not security_tools.SEMGREP.exists(), reason="semgrep is not installed; 'make check' brings it"
)


def rules() -> list[str]:
    return [name for file in (security_tools.RULES / "rules").glob("*.yml") for name in RULE.findall(file.read_text())]


def examples() -> set[tuple[str, str]]:
    files = [file.read_text(encoding="utf-8") for file in (security_tools.RULES / "examples").iterdir()]
    marks = [mark for text in files for mark in MARK.findall(text)]
    return {(kind, name.strip()) for kind, names in marks for name in names.split(",")}


def test_every_rule_has_an_example_to_find_and_one_to_leave() -> None:
    assert len(rules()) > 15
    assert {(kind, name) for name in rules() for kind in ("ruleid", "ok")} - examples() == set()
    assert {name for _, name in examples()} - set(rules()) == set()


@needs_semgrep
def test_the_rules_find_their_examples() -> None:
    assert security_tools.check_rules() == 0


@needs_semgrep
def test_a_rule_that_finds_too_little_or_too_much_is_seen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(security_tools.RULES, tmp_path / "semgrep")
    example = tmp_path / "semgrep" / "examples" / "outside.py"
    text = example.read_text(encoding="utf-8").replace('os.system("ls")', "list_files()")
    example.write_text(text.replace("subprocess.run([", "os.popen(["), encoding="utf-8")

    assert security_tools.check_rules(tmp_path / "semgrep") != 0
    assert "no-shell" in capsys.readouterr().out


@needs_semgrep
def test_our_rules_fail_a_page_that_asks_a_table(tmp_path: Path) -> None:
    page = tmp_path / "views.py"
    page.write_text("def page(request, actor):\n    return Journal.objects.filter(entity_id=1)\n", encoding="utf-8")

    assert security_tools.look_at([str(page)]) != 0
    page.write_text("def page(request, actor):\n    return queries.journals(chosen)\n", encoding="utf-8")
    assert security_tools.look_at([str(page)]) == 0


def accepted(**more) -> list[dict]:
    entry = {"id": "CVE-2026-1", "package": "django", "reason": "Not our path.", "until": date(2026, 12, 31)}
    return [entry | more]


def test_a_vulnerability_is_accepted_by_name_with_a_reason_and_until_a_day() -> None:
    def left(entries: list[dict]) -> list[Found]:
        return audit_packages.refused([A_FAULT], entries, today=TODAY)

    assert left([]) == [A_FAULT]
    assert left(accepted()) == []
    assert left(accepted(package="other")) == [A_FAULT]
    assert left(accepted(reason="")) == [A_FAULT]
    assert left(accepted(until=date(2026, 11, 24))) == [A_FAULT]


def test_every_accepted_vulnerability_says_why_and_until_when() -> None:
    entries = audit_packages.accepted()

    assert [each for each in entries if set(each) != {"id", "package", "reason", "until"} or not each["reason"]] == []


class Advisories(http.server.BaseHTTPRequestHandler):
    """An advisory service that knows of one vulnerability, in Django."""

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        found = {"vulns": [A_VULNERABILITY]} if asked["package"]["name"] == "django" else {}
        body = json.dumps(found).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


A_VULNERABILITY = {
    "id": "PYSEC-2026-1",
    "aliases": ["CVE-2026-1"],
    "summary": "x",
    "affected": [{"package": {"name": "django", "ecosystem": "PyPI"}, "versions": ["5.2.19"], "ranges": []}],
}


@pytest.fixture
def service():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Advisories)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1/query"
    server.shutdown()
    server.server_close()


def test_a_found_vulnerability_fails_the_check(service: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert audit_packages.main(["--osv", service], today=TODAY) == 1
    said = capsys.readouterr().out
    assert "PYSEC-2026-1 CVE-2026-1" in said
    assert "NOT AUDITED" not in said


def test_a_service_that_does_not_answer_is_said_and_fails_only_a_release(monkeypatch, capsys) -> None:
    nobody = "http://127.0.0.1:9/v1/query"

    assert audit_packages.main(["--osv", nobody], today=TODAY) == 0
    assert "NOT AUDITED" in capsys.readouterr().out
    monkeypatch.setenv("KHLANG_AUDIT_MUST_ANSWER", "1")
    assert audit_packages.main(["--osv", nobody], today=TODAY) == 1
