"""Pages over HTTP from a running server, and official forms to PDF, on the practice organization.

pages.py --count 60
"""

import argparse
import contextlib
import gzip
import http.client
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.cookies import SimpleCookie
from urllib.parse import urlencode

import ground

ENTITY, YEAR = "6120304", 2569
KHLANG = [sys.executable, "-m", "khlang.cli.main"]
PAGES = {
    "home": f"/{ENTITY}/",
    "chart of accounts": f"/{ENTITY}/accounts/",
    "list of journals": f"/{ENTITY}/journals/?year={YEAR}",
    "trial balance": f"/{ENTITY}/reports/{YEAR}/trial-balance/",
    "receipts and payments": f"/{ENTITY}/reports/{YEAR}/receipts-and-payments/",
    "financial position": f"/{ENTITY}/reports/{YEAR}/financial-position/",
    "list of vouchers": f"/{ENTITY}/vouchers/",
}
CLIENTS = 8


class Browser:
    """One signed-in connection that stays open."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, method: str, path: str, body: str = "") -> tuple[int, bytes]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        headers |= {"Accept-Encoding": "gzip", "Referer": f"http://127.0.0.1:{self.port}/"}
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
        except (http.client.RemoteDisconnected, BrokenPipeError):
            # The server closes a connection that was idle for two seconds, as it may.
            self.connection.close()
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
        content = answer.read()
        for text in answer.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(text).items()}
        if answer.headers.get("Content-Encoding") == "gzip":
            content = gzip.decompress(content)
        return answer.status, content

    def log_in(self, username: str, password: str) -> None:
        _, page = self.ask("GET", "/login/")
        token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        fields = {"csrfmiddlewaretoken": token[1].decode(), "username": username, "password": password}
        status, _ = self.ask("POST", "/login/", urlencode(fields))
        assert status == 302, status


@contextlib.contextmanager
def server() -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    running = subprocess.Popen(
        [*KHLANG, "serve"], env={**os.environ, "KHLANG_PORT": str(port)}, stdout=subprocess.DEVNULL
    )
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.1)
        yield port
    finally:
        running.terminate()
        running.wait(30)


def summary(laps: list[float]) -> dict[str, float]:
    return {
        "n": len(laps),
        "p50_ms": round(statistics.median(laps) * 1e3, 1),
        "p95_ms": round(sorted(laps)[int(len(laps) * 0.95)] * 1e3, 1),
    }


def laps_of(browser: Browser, path: str, count: int) -> list[float]:
    laps = []
    for _ in range(count):
        begun = time.perf_counter()
        status, _ = browser.ask("GET", path)
        laps.append(time.perf_counter() - begun)
        assert status == 200, (path, status)
    return laps


def pages(port: int, password: str, count: int) -> dict[str, dict[str, float]]:
    browser = Browser(port)
    browser.log_in("somchai", password)
    found = {}
    for name, path in PAGES.items():
        status, _ = browser.ask("GET", path)
        if status == 200:
            laps_of(browser, path, 3)
            found[name] = summary(laps_of(browser, path, count))
        else:
            found[name] = {"status": status}
    return found


def many_clients(port: int, password: str, count: int) -> dict[str, float]:
    browsers = [Browser(port) for _ in range(CLIENTS)]
    for browser in browsers:
        browser.log_in("malee", password)
    begun = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        laps = list(pool.map(lambda each: laps_of(each, PAGES["trial balance"], count), browsers))
    wall = time.perf_counter() - begun
    flat = [lap for some in laps for lap in some]
    return {**summary(flat), "clients": CLIENTS, "per_s": round(len(flat) / wall, 1)}


def hundred_forms() -> dict[str, float]:
    """One hundred journals of the practice year, each as its own official form."""
    import django

    django.setup()
    from datetime import UTC, datetime

    from khlang.identity.queries import operator
    from khlang.official_forms import queries
    from khlang.official_forms.rules.paper import Printing
    from khlang.toolkit.tenancy import entity_transaction

    actor = operator(entity_code=ENTITY)
    printing = Printing(printed_at=datetime.now(UTC), printed_by=actor.name)
    with entity_transaction(actor.entity_id, read_only=True):
        papers = [queries.journal_paper(actor=actor, fiscal_year=YEAR, sequence_no=number) for number in range(1, 101)]
        queries.printed_voucher(voucher=papers[0], printing=printing)
        with ground.lap() as making:
            sizes = [len(queries.printed_voucher(voucher=paper, printing=printing)) for paper in papers]
    return {"forms": len(papers), "seconds": making["s"], "kb_each": round(sum(sizes) / len(sizes) / 1e3, 1)}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=60)
    asked = parser.parse_args()
    loaded = subprocess.run([*KHLANG, "practice", "load", "--json"], capture_output=True, text=True, check=True)
    password = json.loads(loaded.stdout)["password"]
    with server() as port:
        found = {
            "pages": pages(port, password, asked.count),
            "eight_clients": many_clients(port, password, asked.count),
        }
    ground.say({**found, "forms": hundred_forms()})


if __name__ == "__main__":
    main()
