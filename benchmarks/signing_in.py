"""Log-ins over HTTP with the real Argon2 parameters: how many a second two cores take, and how long one waits.

signing_in.py --count 40
"""

import argparse
import math
import re
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import ground
from pages import CLIENTS, Browser, server, summary

# The national burst: everybody logs in at half past eight on a Monday.
BURST_PER_S = 150
PASSWORD = "a long pass phrase 68"


def new_browser(port: int) -> tuple[Browser, str]:
    """A browser at the log-in page, with the token of its form: what it did before the press that is timed."""
    browser = Browser(port)
    _, page = browser.ask("GET", "/login/")
    return browser, re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1].decode()


def people(count: int) -> list[str]:
    """So many people with accounts of their own: tries of one account at once would look like guessing."""
    import django

    django.setup()
    from khlang.identity.commands import add_user

    names = [f"bench-{uuid.uuid4().hex[:12]}" for _ in range(count)]
    for name in names:
        add_user(username=name, full_name="Bench", password=PASSWORD)
    return names


def log_in(given: tuple[Browser, str], username: str) -> float:
    browser, token = given
    fields = urlencode({"csrfmiddlewaretoken": token, "username": username, "password": PASSWORD})
    begun = time.perf_counter()
    status, _ = browser.ask("POST", "/login/", fields)
    lap = time.perf_counter() - begun
    assert status == 302, status
    return lap


def at_once(port: int, *, clients: int, count: int) -> dict[str, float]:
    """So many people press "log in" again and again, each in a new browser."""
    ready = [[new_browser(port) for _ in range(count)] for _ in range(clients)]
    with ThreadPoolExecutor(clients) as pool:
        mine = list(zip(ready, people(clients), strict=True))
        begun = time.perf_counter()
        laps = list(pool.map(lambda one: [log_in(each, one[1]) for each in one[0]], mine))
    wall = time.perf_counter() - begun
    flat = [lap for some in laps for lap in some]
    return {**summary(flat), "clients": clients, "per_s": round(len(flat) / wall, 1)}


def hashing(count: int) -> dict[str, float]:
    """The password hash alone: what any log-in must cost."""
    from django.contrib.auth.hashers import check_password, make_password

    kept = make_password(PASSWORD)
    check_password(PASSWORD, kept)
    laps = []
    for _ in range(count):
        begun = time.perf_counter()
        assert check_password(PASSWORD, kept)
        laps.append(time.perf_counter() - begun)
    return {**summary(laps), "parameters": "$".join(kept.split("$")[1:4])}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=40)
    asked = parser.parse_args()
    with server() as port:
        at_once(port, clients=2, count=3)
        one = at_once(port, clients=1, count=asked.count)
        many = at_once(port, clients=CLIENTS, count=max(2, asked.count // 4))
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
