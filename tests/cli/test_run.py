"""`khlang run`: everything on one machine, through crashes, until Ctrl-C."""

import os
import signal
import socket
import subprocess
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

from khlang.toolkit import postgres, postgres_home, postgres_process
from tests.homes import KHLANG

PATIENCE_SECONDS = 60


def eventually(holds) -> bool:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.2)
    return False


def answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/", timeout=5) as page:
            return page.status < 500
    except OSError as error:
        return getattr(error, "code", 500) < 500


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_run_survives_crashes_of_worker_and_database_and_stops_all_on_ctrl_c(home, port):
    environment = {**home.environment, "KHLANG_PORT": str(port)}
    data = postgres_home.recorded_place(home.folder).data
    with subprocess.Popen(
        [*KHLANG, "run", "--no-practice"], env=environment, cwd=home.folder, stdout=subprocess.PIPE, text=True
    ) as household:
        try:
            assert eventually(lambda: answers(port))

            first = postgres_process.postmaster_pid(data)
            os.kill(first, signal.SIGKILL)

            assert eventually(lambda: postgres_process.postmaster_pid(data) not in (None, first))
            assert eventually(lambda: answers(port))
        finally:
            household.send_signal(signal.SIGINT)
            said, _errors = household.communicate(timeout=PATIENCE_SECONDS)

    assert household.returncode == 0
    assert f"http://localhost:{port}/" in said
    assert "/status/" in said
    assert postgres.status(home.folder).running is False
    assert not answers(port)


def test_run_refuses_a_port_in_use_before_it_starts_anything(home, port):
    with socket.create_server(("127.0.0.1", port)):
        refused = home.khlang("run", KHLANG_PORT=str(port))

    assert refused.returncode == 1
    assert "toolkit.port_taken" in refused.stdout
    assert not (Path(home.folder) / "database").exists()
