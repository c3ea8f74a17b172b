"""Log-ins over HTTP with the real Argon2 parameters: how many a second two cores take, and how long one waits.

signing_in.py --count 40
"""

import argparse
import json
import math
import re
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import ground
from pages import CLIENTS, KHLANG, Browser, server, summary

# The national burst: everybody logs in at half past eight on a Monday.
BURST_PER_S = 150
USERNAME = "malee"


def new_browser(port: int) -> tuple[Browser, str]:
    """A browser at the log-in page, with the token of its form: what it did before the press that is timed."""
    browser = Browser(port)
    _, page = browser.ask("GET", "/login/")
    return browser, re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1].decode()


def log_in(given: tuple[Browser, str], password: str) -> float:
    browser, token = given
    fields = urlencode({"csrfmiddlewaretoken": token, "username": USERNAME, "password": password})
    begun = time.perf_counter()
    status, _ = browser.ask("POST", "/login/", fields)
    lap = time.perf_counter() - begun
    assert status == 302, status
    return lap


def at_once(port: int, password: str, *, clients: int, count: int) -> dict[str, float]:
    """So many people press "log in" again and again, each in a new browser."""
    ready = [[new_browser(port) for _ in range(count)] for _ in range(clients)]
    begun = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        laps = list(pool.map(lambda mine: [log_in(each, password) for each in mine], ready))
    wall = time.perf_counter() - begun
    flat = [lap for some in laps for lap in some]
    return {**summary(flat), "clients": clients, "per_s": round(len(flat) / wall, 1)}


def hashing(count: int) -> dict[str, float]:
    """The password hash alone: what any log-in must cost."""
    import django

    django.setup()
    from django.contrib.auth.hashers import check_password, make_password

    kept = make_password("a long pass phrase 68")
    check_password("a long pass phrase 68", kept)
    laps = []
    for _ in range(count):
        begun = time.perf_counter()
        assert check_password("a long pass phrase 68", kept)
        laps.append(time.perf_counter() - begun)
    return {**summary(laps), "parameters": "$".join(kept.split("$")[1:4])}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=40)
    asked = parser.parse_args()
    loaded = subprocess.run([*KHLANG, "practice", "load", "--json"], capture_output=True, text=True, check=True)
    password = json.loads(loaded.stdout)["password"]
    with server() as port:
        at_once(port, password, clients=2, count=3)
        one = at_once(port, password, clients=1, count=asked.count)
        many = at_once(port, password, clients=CLIENTS, count=max(2, asked.count // 4))
    best = max(one["per_s"], many["per_s"])
    ground.say(
        {
            "hash alone": hashing(asked.count),
            "one client": one,
            "eight clients": many,
            "machines_for_burst": math.ceil(BURST_PER_S / best),
        }
    )


if __name__ == "__main__":
    main()
