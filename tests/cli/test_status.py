"""`khlang status`: lives on when web and database are down, and says so."""

import json
import os
import signal
import socket
import subprocess
import time
from urllib.request import urlopen

from tests.homes import KHLANG


def two_ports() -> int:
    """A free port followed by another free one."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            try:
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


def told(port: int) -> dict:
    try:
        return json.load(urlopen(f"http://127.0.0.1:{port + 1}/status.json", timeout=5))
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
    port = two_ports()
    environment = {**started_home.environment, "KHLANG_PORT": str(port)}
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
        assert urlopen(f"http://127.0.0.1:{port}/status/", timeout=5).status == 200

        started_home.answer("database", "stop")
        assert eventually(lambda: (told(port).get("web"), told(port).get("database")) == (True, False)), told(port)

        os.killpg(web.pid, signal.SIGKILL)
        assert eventually(lambda: told(port).get("web") is False), told(port)
        page = urlopen(f"http://127.0.0.1:{port + 1}/status/", timeout=5).read().decode()
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
