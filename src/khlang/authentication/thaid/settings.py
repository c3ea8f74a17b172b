"""What an installation says about its ThaiD client. The protocol itself is fixed and no setting."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

SCOPE = "openid pid given_name family_name ial"
SECONDS_MAX = 5.0
LEEWAY_SECONDS = 60
LEEWAY_SECONDS_MAX = 300
SECRET_FILE = "thaid-client-secret"  # noqa: S105  (the name of a file)

Pkce = Literal["auto", "on", "off"]
_PKCE: dict[str, Pkce] = {"": "auto", "auto": "auto", "on": "on", "1": "on", "off": "off", "0": "off"}


@dataclass(frozen=True, slots=True)
class ThaidSettings:
    """One client of one ThaiD. `url` and `issuer` have no slash at the end; `seconds_max` bounds one whole step.

    `redirect_uris` are registered with ThaiD letter for letter; the one of the host that a browser came to is used.
    `pkce` auto sends a challenge when discovery announces S256, which ThaiD's does not.
    """

    url: str
    client_id: str
    client_secret: str
    redirect_uris: tuple[str, ...]
    issuer: str = ""
    scope: str = SCOPE
    api_key: str = ""
    pkce: Pkce = "auto"
    requires_nonce: bool = True
    leeway_seconds: int = LEEWAY_SECONDS
    seconds_max: float = SECONDS_MAX
    simulated: bool = False

    @property
    def expected_issuer(self) -> str:
        """Who must have signed."""
        return self.issuer or self.url


def from_environment(environment: Mapping[str, str], home: Path) -> ThaidSettings | None:
    """The client as KHLANG_THAID_… describes it; None when KHLANG_THAID_URL is not set, and there is no ThaiD door."""
    url = environment.get("KHLANG_THAID_URL", "").rstrip("/")
    if not url:
        return None
    leeway = int(environment.get("KHLANG_THAID_LEEWAY") or LEEWAY_SECONDS)
    seconds = float(environment.get("KHLANG_THAID_SECONDS_MAX") or SECONDS_MAX)
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
        leeway_seconds=max(0, min(LEEWAY_SECONDS_MAX, leeway)),
        seconds_max=max(1.0, min(SECONDS_MAX, seconds)),
        simulated=environment.get("KHLANG_THAID_SIMULATED") == "1",
    )


def production_faults(settings: ThaidSettings | None) -> list[str]:
    """Why these settings must not serve real offices; empty when they may."""
    if settings is None:
        return []
    faults = []
    if settings.simulated:
        faults.append("KHLANG_THAID_SIMULATED is set: a simulated ThaiD would let anybody be anybody")
    if not all(address.startswith("https://") for address in (settings.url, *settings.redirect_uris)):
        faults.append("KHLANG_THAID_URL and KHLANG_THAID_REDIRECT_URI must begin with https://")
    if not settings.client_secret:
        faults.append(f"KHLANG_THAID_CLIENT_SECRET is not set and keys/{SECRET_FILE} is not there")
    return faults


def _kept_secret(home: Path) -> str:
    """The secret as an administrator put it into the folder of keys; empty when she did not."""
    with contextlib.suppress(FileNotFoundError):
        return (home / "keys" / SECRET_FILE).read_text(encoding="utf-8").strip()
    return ""
