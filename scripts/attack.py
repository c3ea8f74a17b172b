"""Attack a practice system with sqlmap and wapiti, programs that nobody here wrote, and keep short reports.

Starts Khlang in a throw-away KHLANG_HOME, loads the practice organizations, logs in, lets both programs try everything
that a signed-in person can reach, and removes it all. Each program is stopped after some minutes, whatever it still
wanted to try; the report says so. No part of CI.

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
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REPORTS = ROOT / "docs" / "security" / "reports"
KHLANG = ROOT / ".venv" / "bin" / "khlang"
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
START_SECONDS, TARGET_SECONDS = 180, 150
# sqlmap begins no new place after this; wapiti crawls, then gives each module so long; the last is for a wapiti that hangs.
SQLMAP_SECONDS, CRAWL_SECONDS, MODULE_SECONDS, WAPITI_SECONDS = 480, 100, 18, 480
# Places that sqlmap tries side by side.
SIDE_BY_SIDE = 3

# Every way by which typed text reaches the database, by the role that reaches it: lists, search boxes, reports, exports.
PLACES = {
    "head_of_treasury": (
        "/{code}/palette?q=1101",
        "/{code}/choices/accounts?q=1101&year=2569",
        "/{code}/vouchers/?search=a&state=draft&kind=general&maker=1&order=saved&page=1",
        "/{code}/vouchers/vouchers.xlsx?search=a&order=date",
        "/{code}/journals/?search=a&year=2569&order=posted&page=1",
        "/{code}/accounts/?search=1101&year=2569",
        "/{code}/reports/2569/trial-balance/?to=2026-01-31&fund_source=FS01&zero=1",
        "/{code}/reports/2569/general-ledger/?account=1101010101&since=2025-10-01&to=2026-01-31",
        "/{code}/audit/?search=a&act=ledger.post&person=1&start=2026-01-01&document=a&before=9",
        "/{code}/readings/?search=a&person=1&start=2026-01-01",
        "/{code}/exceptions/?state=open&person=1",
        "/{code}/imports/?search=a&page=1",
        "/{code}/why/?act=ledger.post",
        "/api/v1/{code}/accounts?fiscal_year=2569&search=a",
        "/api/v1/{code}/journals/2569?page=1&search=a",
        "/api/v1/{code}/vouchers?search=a&state=draft&order=saved&page=1",
        "/api/v1/{code}/people?search=a",
    ),
    "local_administrator": (
        "/{code}/people/?search=a&hat=clerk&state=all&order=name&page=1",
        "/{code}/orders/?search=a&kind=duty&hat=clerk&state=all&order=day&page=1",
    ),
    "department_officer": (
        "/{code}/visits/begin/?search=a&entity=1",
        "/{code}/entities/?search=a&level=local_government&kind=tao&province=10&page=1",
        "/{code}/operations/announcements/new/?replaces=1",
    ),
}
MODULES = (
    "backup,blindsql,cookieflags,crlf,csp,csrf,exec,file,htaccess,http_headers,methods,permanentxss,redirect,sql,xss"
)


# wapiti 3.0.4 of Debian 12 dies at its option -x: it writes flags at the end of a pattern, which Python 3.11 refuses.
# And it does not know the name of our token, without which it never tries whether a wrong one is taken.
WAPITI = """
import fnmatch, re, sys
from wapitiCore.attack.mod_csrf import mod_csrf
from wapitiCore.main import wapiti
from wapitiCore.net import crawler
crawler.wildcard_translate = lambda pattern: re.compile(fnmatch.translate(pattern))
mod_csrf.TOKEN_FORM_STRINGS.append("csrfmiddlewaretoken")
sys.exit(wapiti.wapiti_main())
"""
# Where a program that presses every button would log itself out, or change how one logs in.
NOT_PRESSED = ("/logout/*", "/login/*", "/account/*")


@dataclass(frozen=True, slots=True)
class Person:
    """One who is logged in: where she works, and her session."""

    code: str
    username: str
    cookies: dict[str, str]

    @property
    def cookie(self) -> str:
        """The session as a header."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())


@dataclass(frozen=True, slots=True)
class Target:
    """A running practice system, and a person of each role that is needed."""

    url: str
    people: dict[str, Person]

    @property
    def treasurer(self) -> Person:
        """The head of treasury, who reaches most."""
        return self.people["head_of_treasury"]


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
    # The tries at log-in come as if from many addresses; else the pauses would keep all but a few from the database.
    environment |= {"KHLANG_PROXIES": "127.0.0.1", "KHLANG_STATUS_PORT": str(port + 1)}
    environment.pop("DATABASE_URL", None)
    running = subprocess.Popen([KHLANG, "run"], env=environment, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(url)
        told = subprocess.run([KHLANG, "practice", "load", "--json"], env=environment, capture_output=True, check=True)
        facts = json.loads(told.stdout)
        yield Target(url, {role: _log_in(url, facts, role) for role in PLACES})
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


def _log_in(url: str, facts: dict, role: str) -> Person:
    """The session of a person of this role."""
    found = next(each for each in facts["logins"] if each["role"] == role)
    jar = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    browser.addheaders = [("User-Agent", AGENT)]
    page = browser.open(f"{url}/login/", timeout=20).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    if token is None:
        raise SystemExit("attack: the log-in page has no token")
    typed = {"csrfmiddlewaretoken": token[1], "username": found["username"], "password": facts["password"]}
    home = browser.open(f"{url}/login/", urllib.parse.urlencode(typed).encode(), timeout=20)
    code = urllib.parse.urlsplit(home.url).path.strip("/") or facts["entities"][0]
    home = browser.open(f"{url}/{code}/", timeout=20)
    if home.url != f"{url}/{code}/":
        raise SystemExit(f"attack: nobody is logged in, the home page leads to {home.url}")
    return Person(code, found["username"], {cookie.name: cookie.value or "" for cookie in jar})


def sqlmap(target: Target) -> str:
    """Every place that takes text, tried with every technique; what it found, place by place."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        # What anybody may send comes first, in case the time is over early.
        tries = [("/login/ as nobody", _log_in_form(target))]
        tries += [
            (f"{place.format(code='<entity>')} as {role}", _asked(target, target.people[role], place))
            for role, places in reversed(PLACES.items())
            for place in places
        ]

        def attempt(one: tuple[int, tuple[str, list[str]]]) -> str:
            number, (place, command) = one
            if time.monotonic() - started > SQLMAP_SECONDS:
                return f"{place}\n    NOT TRIED: the time was over"
            say(f"sqlmap {place}")
            return f"{place}\n    {_sqlmap_verdict([*command, f'--output-dir={folder}/{number}'])}"

        with ThreadPoolExecutor(SIDE_BY_SIDE) as side_by_side:
            lines = list(side_by_side.map(attempt, enumerate(tries)))
    return "\n".join([*lines, f"\n{len(tries)} places, {time.monotonic() - started:.0f} seconds"])


def _sqlmap(url: str) -> list[str]:
    """What is the same for every place."""
    command = ["sqlmap", "-u", url, "--batch", "--disable-coloring", "--dbms=PostgreSQL", "--level=2", "--risk=2"]
    return [*command, "--timeout=20", "--retries=1", "--flush-session", f"--user-agent={AGENT}"]


def _asked(target: Target, person: Person, place: str) -> list[str]:
    command = [*_sqlmap(f"{target.url}{place.format(code=person.code)}"), f"--cookie={person.cookie}", "--threads=2"]
    return [*command, "--skip=cookie,user-agent,referer,host", "--ignore-code=422,404,400"]


def _log_in_form(target: Target) -> list[str]:
    """The form that anybody may send, each time from another address; its token allows one thread only."""
    command = [*_sqlmap(f"{target.url}/login/"), "--data=username=a&password=b&csrfmiddlewaretoken=x"]
    command += ["-p", "username,password", "--tamper=xforwardedfor", "--ignore-code=422,429"]
    return [*command, "--csrf-token=csrfmiddlewaretoken", f"--csrf-url={target.url}/login/"]


def _sqlmap_verdict(command: list[str]) -> str:
    try:
        answer = subprocess.run(command, capture_output=True, text=True, check=False, timeout=TARGET_SECONDS)
    except subprocess.TimeoutExpired as late:
        answer = subprocess.CompletedProcess(command, 0, _text(late.stdout), "")
    out = answer.stdout
    if re.search(r"is vulnerable|identified the following injection point", out):
        return "INJECTION: " + " ".join(re.findall(r"Parameter: .*", out))
    tried = sorted(set(re.findall(r"(\S+) parameter '([^']+)' does not seem to be injectable", out)))
    codes = re.findall(r"(\d{3} \([^)]+\) - \d+ times)", out)
    if "[*] ending" not in out:
        done = ", ".join(name for _, name in tried) or "none to its end"
        return f"stopped after {TARGET_SECONDS} seconds; not injectable until then: {done}"
    if not tried:
        return "NOT TRIED: " + (re.findall(r"\[CRITICAL\] (.*)", out) or ["no verdict"])[0]
    return f"not injectable: {', '.join(name for _, name in tried)}; answers {', '.join(codes) or 'all 200'}"


def _text(found: bytes | str | None) -> str:
    return found.decode(errors="replace") if isinstance(found, bytes) else found or ""


def wapiti(target: Target) -> str:
    """Crawl as the signed-in person and attack every form and parameter found."""
    person = target.treasurer
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        command = ["/usr/bin/python3", "-c", WAPITI, "-u", f"{target.url}/{person.code}/", "--scope", "domain"]
        command += ["-m", MODULES, "-A", AGENT, "-H", f"Cookie: {person.cookie}", "--store-session", f"{folder}/store"]
        command += [word for place in NOT_PRESSED for word in ("-x", f"{target.url}{place}")]
        command += ["-d", "4", "--max-links-per-page", "60", "--max-files-per-dir", "20", "-S", "normal", "-t", "20"]
        command += ["--max-scan-time", str(CRAWL_SECONDS), "--max-attack-time", str(MODULE_SECONDS)]
        command += ["--no-bugreport", "-f", "json", "-o", str(report)]
        say("wapiti")
        try:
            answer = subprocess.run(command, capture_output=True, text=True, check=False, timeout=WAPITI_SECONDS)
        except subprocess.TimeoutExpired as late:
            return f"NO REPORT within {WAPITI_SECONDS} seconds; it last said:\n{_text(late.stdout)[-2000:]}"
        if not report.exists():
            return f"NO REPORT; it last said:\n{(answer.stdout + answer.stderr)[-2000:]}"
        cut = sorted(set(re.findall(r"Max attack time was reached for module (\w+)", answer.stdout)))
        found = json.loads(report.read_text(encoding="utf-8"))
        summary = _wapiti_summary(found, _crawled(Path(folder, "store")), target)
        stopped = f"modules stopped after {MODULE_SECONDS} seconds: {', '.join(cut) or 'none'}"
        return f"{summary}\n{stopped}\n{_still_in(target, person)}"


def _wapiti_summary(found: dict, pages: int, target: Target) -> str:
    lines = [f"{pages} pages and forms crawled"]
    for heading in ("vulnerabilities", "anomalies"):
        for kind, each in found[heading].items():
            lines.append(f"{heading}: {kind}: {len(each)}")
            lines += [
                f"    {one['method']} {one['path']} {one['parameter'] or ''}: {one['info'][:160]}" for one in each[:20]
            ]
    return "\n".join(lines).replace(target.url, "")


def _crawled(store: Path) -> int:
    """How many pages and forms wapiti found and kept for its attacks."""
    with sqlite3.connect(next(store.glob("*.db"))) as kept:
        return int(kept.execute("SELECT count(*) FROM paths WHERE NOT evil").fetchone()[0])


def _still_in(target: Target, person: Person) -> str:
    """Whether the session lived to the end; a program that logged itself out has attacked the log-in page only."""
    browser = urllib.request.build_opener()
    browser.addheaders = [("Cookie", person.cookie), ("User-Agent", AGENT)]
    with browser.open(f"{target.url}/{person.code}/", timeout=20) as answer:
        return "still logged in at the end" if "/login/" not in answer.url else "LOGGED OUT on the way"


def clean(text: str, target: Target) -> str:
    """Without the machine, the sessions or the names of anybody."""
    text = text.replace(target.url, "")
    for person in target.people.values():
        text = text.replace(person.username, "<user>").replace(person.code, "<entity>")
        for value in person.cookies.values():
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
            number = re.search(r"\d+\.\d+[.\d]*", version)
            head = f"{name} {number[0] if number else ''} on {date.today()}\n\n"  # noqa: DTZ011
            file = REPORTS / f"{date.today()}-{name}.txt"  # noqa: DTZ011  (the day of the machine)
            file.write_text(head + clean(tools[name](target), target) + "\n", encoding="utf-8")
            say(f"wrote {file.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
