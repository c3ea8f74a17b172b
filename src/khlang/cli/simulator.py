"""The ThaiD simulator beside a practice system: when it is started, and what the others are told of it.

It is a program of its own, which Khlang starts and does not import. Never with the settings of production.
"""

import importlib.util
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from khlang.cli.serve import is_free
from khlang.toolkit.postgres_home import secret

MODULE = "thaid_simulator"
CLIENT = "khlang-practice"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
# Beside the web's port, and a few further on when another checkout sits there.
# Far away: checkouts beside this one count their web ports up by one.
PORTS_AFTER = range(2000, 2020)


@dataclass(frozen=True, slots=True)
class SimulatedThaid:
    """One simulator to start: its address, its command, and the environment that it and Khlang share."""

    address: str
    command: list[str]
    environment: dict[str, str] = field(repr=False)


def is_wanted(environment: Mapping[str, str], host: str) -> bool:
    """Only on one's own machine, with local settings, and when no ThaiD is named."""
    return (
        "KHLANG_THAID_URL" not in environment
        and environment.get("DJANGO_SETTINGS_MODULE", "").endswith(".local")
        and host in LOOPBACK
        and importlib.util.find_spec(MODULE) is not None
    )


def simulated_thaid(*, home: Path, host: str, web_port: int) -> SimulatedThaid | None:
    """The simulator for this web address; None when it is not wanted here, or no port is free."""
    port = next((web_port + step for step in PORTS_AFTER if is_free("127.0.0.1", web_port + step)), None)
    if port is None or not is_wanted(os.environ, host):
        return None
    address = f"http://127.0.0.1:{port}"
    back = [f"http://{name}:{web_port}/login/thaid/back/" for name in ("localhost", "127.0.0.1")]
    shared = secret(home, "thaid-simulator-secret")
    listed = [part for each in back for part in ("--redirect-uri", each)]
    return SimulatedThaid(
        address=address,
        command=[
            *(sys.executable, "-m", f"{MODULE}.main", "--demo"),
            *("--port", str(port), "--client-id", CLIENT, *listed),
        ],
        environment={
            "THAID_SIMULATOR_CLIENT_SECRET": shared,
            "KHLANG_THAID_URL": address,
            "KHLANG_THAID_CLIENT_ID": CLIENT,
            "KHLANG_THAID_CLIENT_SECRET": shared,
            "KHLANG_THAID_REDIRECT_URI": " ".join(back),
            "KHLANG_THAID_SIMULATED": "1",
        },
    )
