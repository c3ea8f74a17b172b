"""`khlang status`: lives on when web and database are down, and says so."""

import json
import os
import signal
import socket
import subprocess
import time
from urllib.request import urlopen

from khlang.cli.serve import status_port
from tests.homes import KHLANG


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_the_state_is_shown_far_from_the_web_where_nobody_listens(monkeypatch):
    monkeypatch.delenv("KHLANG_STATUS_PORT", raising=False)
    first = status_port(20_000)
    with socket.create_server(("127.0.0.1", first)):
        second = status_port(20_000)
    monkeypatch.setenv("KHLANG_STATUS_PORT", "20777")

    assert 21_000 <= first < second < 21_020
    assert status_port(64_900) < 64_900
    assert status_port(20_000) == 20_777


def told(port: int) -> dict:
    try:
        return json.load(urlopen(f"http://127.0.0.1:{port}/status.json", timeout=5))
    except OSError:
        return {}


def eventually(holds) -> bool:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.3)
    return False


def test_the_page_still_answers_when_web_and_database_are_gone_and_says_so(started_home):
    web_port, port = a_free_port(), a_free_port()
    environment = {**started_home.environment, "KHLANG_PORT": str(web_port), "KHLANG_STATUS_PORT": str(port)}
    common = {
        "env": environment,
        "cwd": started_home.folder,
        "stdout": subprocess.DEVNULL,
        "stderr": subprocess.DEVNULL,
    }
    status = subprocess.Popen([*KHLANG, "status", "serve", "--every", "1"], **common)
    web = subprocess.Popen([*KHLANG, "serve"], start_new_session=True, **common)
    try:
        assert eventually(lambda: told(port).get("state") == "up"), told(port)
        assert urlopen(f"http://127.0.0.1:{web_port}/status/", timeout=5).status == 200

        started_home.answer("database", "stop")
        assert eventually(lambda: (told(port).get("web"), told(port).get("database")) == (True, False)), told(port)

        os.killpg(web.pid, signal.SIGKILL)
        assert eventually(lambda: told(port).get("web") is False), told(port)
        page = urlopen(f"http://127.0.0.1:{port}/status/", timeout=5).read().decode()
        assert "ระบบขัดข้อง" in page
        assert told(port)["availability"]["1"]["down"] > 0
    finally:
        if web.poll() is None:
            os.killpg(web.pid, signal.SIGKILL)
        status.send_signal(signal.SIGINT)
        assert status.wait(timeout=30) == 0
        started_home.answer("database", "start")

    assert started_home.answer("status", "show")["state"] == "down"


def test_show_refuses_before_anybody_looked(home):
    refused = home.khlang("status", "show")

    assert (refused.returncode, "operations.status_unknown" in refused.stdout) == (1, True)
