"""`make run` starts a labelled ThaiD simulator for practice, and nothing in production can."""

import os
import socket
import subprocess
import time

import pytest
import requests

from khlang.authentication.rules.thaid import production_faults
from khlang.cli.run import Household
from khlang.cli.simulator import is_wanted, simulated_thaid
from khlang.practice import rules as practice
from khlang.settings.thaid import configuration
from thaid_simulator.people import people

LOCAL = {"DJANGO_SETTINGS_MODULE": "khlang.settings.local"}


@pytest.fixture
def local(monkeypatch, tmp_path):
    """A home with local settings, and the port of its web."""
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "khlang.settings.local")
    monkeypatch.delenv("KHLANG_THAID_URL", raising=False)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return lambda: simulated_thaid(home=tmp_path, host="127.0.0.1", web_port=port)


@pytest.mark.parametrize(
    ("environment", "host", "wanted"),
    [
        (LOCAL, "127.0.0.1", True),
        (LOCAL, "0.0.0.0", False),  # noqa: S104  (what must not be served)
        ({**LOCAL, "KHLANG_THAID_URL": "https://imauth.example"}, "127.0.0.1", False),
        ({"DJANGO_SETTINGS_MODULE": "khlang.settings.production"}, "127.0.0.1", False),
        ({}, "127.0.0.1", False),
    ],
)
def test_the_simulator_is_wanted_on_ones_own_machine_only(environment, host, wanted) -> None:
    assert is_wanted(environment, host) is wanted


def test_the_simulator_that_run_starts_answers_as_khlang_is_told(local, tmp_path) -> None:
    found = local()
    told = configuration(found.environment, tmp_path)

    with subprocess.Popen(found.command, env={**os.environ, **found.environment}, stdout=subprocess.PIPE) as child:
        child.stdout.readline()
        issuer = requests.get(f"{told.url}/.well-known/openid-configuration", timeout=5).json()["issuer"]
        child.terminate()
        started = time.monotonic()
        child.wait(10)

    assert issuer == told.expected_issuer
    assert time.monotonic() - started < 10
    assert told.simulated
    assert production_faults(told) != []


def test_the_simulator_takes_another_port_when_the_first_is_taken(local) -> None:
    first = local()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", int(first.address.rpartition(":")[2])))
        taken.listen()

        assert local().address != first.address


def test_the_household_starts_the_simulator_first_and_tells_the_others(local, tmp_path) -> None:
    found, household = local(), Household(tmp_path)

    household.take_in(found)

    assert list(household.programs) == ["thaid_simulator", "serve", "worker", "status"]
    assert household.environment["KHLANG_THAID_SIMULATED"] == "1"
    assert found.environment["KHLANG_THAID_CLIENT_SECRET"] not in repr(household)
    assert found.environment["KHLANG_THAID_CLIENT_SECRET"] not in " ".join(found.command)


def test_the_people_of_practice_have_the_numbers_of_the_simulator() -> None:
    known = {each.key: each.pid for each in people()}

    numbered = {each.username: each.pid for each in practice.organization().people if each.pid}
    assert len(numbered) > 5
    assert numbered.items() <= known.items()
