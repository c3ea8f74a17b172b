"""The program `thaid-simulator`."""

import argparse
import os
import secrets
import signal
import sys

from thaid_simulator.configuration import Client
from thaid_simulator.server import serve

EXIT_REFUSED = 1
SECRET = "THAID_SIMULATOR_CLIENT_SECRET"  # noqa: S105  (the name of a variable)


def main(arguments: list[str] | None = None) -> int:
    """Start it; refuse without a word that this is a demonstration, and always beside a Khlang in production."""
    asked = _parser().parse_args(arguments)
    reason = refusal(dict(os.environ), demo=asked.demo)
    if reason:
        print(f"thaid-simulator: {reason}", file=sys.stderr)
        return EXIT_REFUSED
    secret = os.environ.get(SECRET)
    if not secret:
        secret = secrets.token_urlsafe(24)
        print(f"client secret of this run: {secret}")
    client = Client(
        client_id=asked.client_id,
        client_secret=secret,
        redirect_uris=tuple(asked.redirect_uri),
        api_key=os.environ.get("THAID_SIMULATOR_API_KEY", ""),
    )
    # A request to end is answered as Ctrl-C is.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    serve(client=client, host=asked.host, port=asked.port, say=_announce)
    return 0


def refusal(environment: dict[str, str], *, demo: bool) -> str:
    """Why it does not start; empty when it may. A simulated ThaiD in production would let anybody be anybody."""
    demo = demo or environment.get("THAID_SIMULATOR_DEMO") == "1"
    if demo:
        return ""
    if environment.get("DJANGO_SETTINGS_MODULE", "").endswith(".production"):
        return "Khlang is in production here; with --demo it starts all the same, for a demonstration only"
    return "this is not ThaiD: start it with --demo (or THAID_SIMULATOR_DEMO=1) to say that you know"


def _announce(address: str) -> None:
    print(f"SIMULATOR, NOT THAID, at {address}/   failures on demand: {address}/simulator/control/", flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="thaid-simulator", description="A ThaiD to practise on. It is not ThaiD.")
    parser.add_argument("--demo", action="store_true", help="say that this is a demonstration")
    parser.add_argument("--host", default="127.0.0.1", help="where to listen; default 127.0.0.1")
    parser.add_argument("--port", type=int, default=8802, help="default 8802")
    parser.add_argument("--client-id", default="khlang-practice")
    parser.add_argument(
        "--redirect-uri",
        action="append",
        default=[],
        help="an address to which people may be sent back, compared letter for letter; may be given several times",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
