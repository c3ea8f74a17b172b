"""What an installation says about its ThaiD client. The protocol itself is fixed and no setting."""

from dataclasses import dataclass
from typing import Literal

SCOPE = "openid pid given_name family_name ial"
SECONDS_MAX = 5
LEEWAY_SECONDS = 60
LEEWAY_SECONDS_MAX = 300
SECRET_FILE = "thaid-client-secret"  # noqa: S105  (the name of a file)

Pkce = Literal["auto", "on", "off"]


@dataclass(frozen=True, slots=True)
class ThaidSettings:
    """One client of one ThaiD. `url` and `issuer` have no slash at the end; `seconds_max` bounds one whole step.

    `redirect_uris` are registered with ThaiD letter for letter; the one of the host that a browser came to is used.
    `pkce` auto sends a challenge when discovery announces S256, which ThaiD's does not.
    A nonce or at_hash that is wrong is refused always; one that is missing, unless the setting bears it.
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
    requires_at_hash: bool = True
    leeway_seconds: int = LEEWAY_SECONDS
    seconds_max: int = SECONDS_MAX
    simulated: bool = False

    @property
    def expected_issuer(self) -> str:
        """Who must have signed."""
        return self.issuer or self.url


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
