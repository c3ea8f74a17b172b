"""The ThaiD entry of the settings, from the environment and the folder of keys."""

import contextlib
from collections.abc import Mapping
from pathlib import Path

from khlang.authentication.rules.thaid import (
    LEEWAY_SECONDS,
    LEEWAY_SECONDS_MAX,
    SCOPE,
    SECONDS_MAX,
    SECRET_FILE,
    Pkce,
    ThaidSettings,
)

_PKCE: dict[str, Pkce] = {"": "auto", "auto": "auto", "on": "on", "1": "on", "off": "off", "0": "off"}


def configuration(environment: Mapping[str, str], home: Path) -> ThaidSettings | None:
    """The client as KHLANG_THAID_… describes it; None when KHLANG_THAID_URL is not set, and there is no ThaiD door."""
    url = environment.get("KHLANG_THAID_URL", "").rstrip("/")
    if not url:
        return None
    leeway = int(environment.get("KHLANG_THAID_LEEWAY") or LEEWAY_SECONDS)
    seconds = int(environment.get("KHLANG_THAID_SECONDS_MAX") or SECONDS_MAX)
    return ThaidSettings(
        url=url,
        issuer=environment.get("KHLANG_THAID_ISSUER", ""),
        client_id=environment["KHLANG_THAID_CLIENT_ID"],
        client_secret=environment.get("KHLANG_THAID_CLIENT_SECRET") or _kept_secret(home),
        redirect_uris=tuple(environment["KHLANG_THAID_REDIRECT_URI"].split()),
        scope=environment.get("KHLANG_THAID_SCOPE") or SCOPE,
        api_key=environment.get("KHLANG_THAID_API_KEY", ""),
        pkce=_PKCE[environment.get("KHLANG_THAID_PKCE", "").lower()],
        requires_nonce=environment.get("KHLANG_THAID_REQUIRE_NONCE", "1") != "0",
        requires_at_hash=environment.get("KHLANG_THAID_REQUIRE_AT_HASH", "1") != "0",
        leeway_seconds=max(0, min(LEEWAY_SECONDS_MAX, leeway)),
        seconds_max=max(2, min(SECONDS_MAX, seconds)),
        simulated=environment.get("KHLANG_THAID_SIMULATED") == "1",
    )


def _kept_secret(home: Path) -> str:
    """The secret as an administrator put it into the folder of keys; empty when she did not."""
    with contextlib.suppress(FileNotFoundError):
        return (home / "keys" / SECRET_FILE).read_text(encoding="utf-8").strip()
    return ""
