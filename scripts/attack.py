"""Attack a practice system with sqlmap and wapiti, programs that nobody here wrote, and keep short reports.

Starts Khlang in a throw-away KHLANG_HOME, loads the practice organizations, logs in, lets both programs try everything
that a signed-in head of treasury can reach, and removes it all. Takes about half an hour, and is no part of CI.

apt-get install sqlmap wapiti
python scripts/attack.py [sqlmap] [wapiti]     both when none is named; reports go to docs/security/reports
"""

import http.cookiejar
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REPORTS = ROOT / "docs" / "security" / "reports"
KHLANG = ROOT / ".venv" / "bin" / "khlang"
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
START_SECONDS, TARGET_SECONDS, WAPITI_SECONDS = 180, 240, 1500
YEAR = "2569"

# Every way by which typed text reaches the database: lists, search boxes, reports, exports, the API.
PLACES = (
    "/{code}/palette?q=1101",
    "/{code}/choices/accounts?q=1101&year=2569",
    "/{code}/vouchers/?search=a&state=draft&kind=general&maker=1&order=saved&page=1",
    "/{code}/vouchers/vouchers.xlsx?search=a&order=date",
    "/{code}/journals/?search=a&year=2569&order=posted&page=1",
    "/{code}/accounts/?search=1101&year=2569",
    "/{code}/reports/2569/trial-balance/?to=2026-01-31&fund_source=FS01&zero=1",
    "/{code}/reports/2569/general-ledger/?account=1101010101&since=2025-10-01&to=2026-01-31",
    "/{code}/audit/?search=a&day=2026-01-01",
    "/{code}/imports/?search=a&page=1",
    "/{code}/people/?search=a",
    "/api/v1/{code}/accounts?fiscal_year=2569&search=a",
    "/api/v1/{code}/journals/2569?page=1&search=a",
    "/api/v1/{code}/vouchers?search=a&state=draft&order=saved&page=1",
)
MODULES = (
    "backup,blindsql,cookieflags,crlf,csp,csrf,exec,file,htaccess,http_headers,methods,permanentxss,redirect,sql,xss"
)


@dataclass(frozen=True, slots=True)
class Target:
    """A running practice system and a session in it."""

    url: str
    code: str
    cookies: dict[str, str]
    username: str

    @property
    def cookie(self) -> str:
        """The session as a header."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())


def say(text: str) -> None:
    """One line of progress."""
    print(f"attack: {text}", flush=True)


@contextmanager
def practice_system() -> Iterator[Target]:
    """Khlang in a home of its own, gone afterwards."""
    home = Path(tempfile.mkdtemp(prefix="khlang-attack-"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "KHLANG_HOME": str(home), "KHLANG_PORT": str(port), "KHLANG_LANGUAGE": "en"}
    environment.pop("DATABASE_URL", None)
    running = subprocess.Popen([KHLANG, "run"], env=environment, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(url)
        told = subprocess.run([KHLANG, "practice", "load", "--json"], env=environment, capture_output=True, check=True)
        facts = json.loads(told.stdout)
        yield _log_in(url, facts)
    finally:
        running.send_signal(signal.SIGINT)
        try:
            running.wait(60)
        except subprocess.TimeoutExpired:
            running.kill()
        shutil.rmtree(home, ignore_errors=True)


def _wait(url: str) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=5) as answer:  # noqa: S310  (our own address)  # nosec B310
                if answer.status == 200:  # noqa: PLR2004
                    return
        except OSError:
            time.sleep(1)
    raise SystemExit("attack: the practice system did not start")


def _log_in(url: str, facts: dict) -> Target:
    """The session of the head of treasury of the first practice organization."""
    person = next(each for each in facts["logins"] if each["role"] == "head_of_treasury")
    jar = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    browser.addheaders = [("User-Agent", AGENT)]
    page = browser.open(f"{url}/login/", timeout=20).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    if token is None:
        raise SystemExit("attack: the log-in page has no token")
    typed = {"csrfmiddlewaretoken": token[1], "username": person["username"], "password": facts["password"]}
    browser.open(f"{url}/login/", urllib.parse.urlencode(typed).encode(), timeout=20).read()
    cookies = {cookie.name: cookie.value or "" for cookie in jar}
    target = Target(url, facts["entities"][0], cookies, person["username"])
    home = browser.open(f"{url}/{target.code}/", timeout=20)
    if home.url != f"{url}/{target.code}/":
        raise SystemExit(f"attack: nobody is logged in, the home page leads to {home.url}")
    return target


def sqlmap(target: Target) -> str:
    """Every place that takes text, tried with every technique; what it found, place by place."""
    lines, started = [], time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        common = [
            "sqlmap",
            "--batch",
            "--disable-coloring",
            "--dbms=PostgreSQL",
            "--level=2",
            "--risk=2",
            "--threads=2",
        ]
        common += ["--timeout=20", "--retries=1", "--flush-session", f"--user-agent={AGENT}", f"--output-dir={folder}"]
        common += [f"--cookie={target.cookie}", "--skip=cookie,user-agent,referer,host", "--ignore-code=422,404,400"]
        log_in = ["-u", f"{target.url}/login/", "--data=username=a&password=b&csrfmiddlewaretoken=x"]
        log_in += [
            "-p",
            "username,password",
            "--csrf-token=csrfmiddlewaretoken",
            f"--csrf-url={target.url}/login/",
            "--threads=1",
        ]
        tries = [["-u", f"{target.url}{place.format(code=target.code)}"] for place in PLACES] + [log_in]
        for chosen in tries:
            place = chosen[1].removeprefix(target.url)
            say(f"sqlmap {place}")
            lines.append(f"{place}\n    {_sqlmap_verdict([*common, *chosen])}")
    lines.append(f"\n{len(tries)} places, {time.monotonic() - started:.0f} seconds")
    return "\n".join(lines)


def _sqlmap_verdict(command: list[str]) -> str:
    try:
        answer = subprocess.run(command, capture_output=True, text=True, check=False, timeout=TARGET_SECONDS)
    except subprocess.TimeoutExpired as late:
        answer = subprocess.CompletedProcess(command, 0, _text(late.stdout), "")
        if "is vulnerable" not in answer.stdout:
            return f"nothing found in {TARGET_SECONDS} seconds, then stopped"
    out = answer.stdout
    if re.search(r"is vulnerable|identified the following injection point", out):
        return "INJECTION: " + " ".join(re.findall(r"Parameter: .*", out))
    tried = sorted(set(re.findall(r"(\S+) parameter '([^']+)' does not seem to be injectable", out)))
    codes = re.findall(r"(\d{3} \([^)]+\) - \d+ times)", out)
    if not tried:
        return "NOT TRIED: " + (re.findall(r"\[CRITICAL\] (.*)", out) or ["no verdict"])[0]
    return f"not injectable: {', '.join(name for _, name in tried)}; answers {', '.join(codes) or 'all 200'}"


def _text(found: bytes | str | None) -> str:
    return found.decode(errors="replace") if isinstance(found, bytes) else found or ""


def wapiti(target: Target) -> str:
    """Crawl as the signed-in person and attack every form and parameter found."""
    with tempfile.TemporaryDirectory() as folder:
        report, kept = Path(folder, "report.json"), Path(folder, "store")
        command = ["wapiti", "-u", f"{target.url}/{target.code}/", "--scope", "domain", "-m", MODULES, "-A", AGENT]
        command += ["-H", f"Cookie: {target.cookie}", "-x", f"{target.url}/logout/", "--store-session", str(kept)]
        command += ["-d", "4", "--max-links-per-page", "60", "--max-files-per-dir", "40", "--max-scan-time", "600"]
        command += ["-S", "normal", "-t", "20", "--no-bugreport", "-f", "json", "-o", str(report)]
        say("wapiti")
        try:
            subprocess.run(command, capture_output=True, text=True, check=False, timeout=WAPITI_SECONDS)
        except subprocess.TimeoutExpired:
            return f"no report within {WAPITI_SECONDS} seconds"
        if not report.exists():
            return "wapiti wrote no report"
        return _wapiti_summary(json.loads(report.read_text(encoding="utf-8")), target)


def _wapiti_summary(found: dict, target: Target) -> str:
    lines = [f"{found['infos'].get('crawled_pages_nbr', found['infos'].get('crawled_pages', '?'))} pages crawled"]
    for heading in ("vulnerabilities", "anomalies"):
        for kind, each in found[heading].items():
            lines.append(f"{heading}: {kind}: {len(each)}")
            lines += [
                f"    {one['method']} {one['path']} {one['parameter'] or ''}: {one['info'][:160]}" for one in each[:20]
            ]
    return "\n".join(lines).replace(target.url, "")


def clean(text: str, target: Target) -> str:
    """Without the machine, the session or the name of anybody."""
    for word, instead in ((target.url, ""), (target.username, "<user>"), (target.code, "<entity>")):
        text = text.replace(word, instead)
    for value in target.cookies.values():
        text = text.replace(value, "<cookie>") if value else text
    return text


def main(names: list[str]) -> int:
    """Run what is asked for, and say whether anything was found."""
    tools = {"sqlmap": sqlmap, "wapiti": wapiti}
    chosen = names or list(tools)
    missing = [name for name in chosen if name not in tools or not shutil.which(name)]
    if missing:
        print(f"not known or not installed: {', '.join(missing)} (apt-get install sqlmap wapiti)", file=sys.stderr)
        return 2
    REPORTS.mkdir(parents=True, exist_ok=True)
    with practice_system() as target:
        for name in chosen:
            version = subprocess.run([name, "--version"], capture_output=True, text=True, check=False).stdout
            head = f"{name} {re.sub(r'[^0-9.]', '', version.split(chr(10))[0])[:10]} on {date.today()}, signed in as head of treasury\n\n"  # noqa: DTZ011
            file = REPORTS / f"{date.today()}-{name}.txt"  # noqa: DTZ011  (the day of the machine)
            file.write_text(head + clean(tools[name](target), target) + "\n", encoding="utf-8")
            say(f"wrote {file.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
