"""What ThaiD says of itself: its endpoints and its public keys, remembered for a while."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from khlang.authentication.rules.thaid import ThaidSettings
from khlang.authentication.thaid.wire import Budget, UnreachableError, fetched_json

DISCOVERY = "/.well-known/openid-configuration"
# A word of ThaiD's life is believed so long before somebody is sent there; endpoints and keys change rarely.
ALIVE_SECONDS = 30.0
KEPT_SECONDS = 3600.0
CURVE = "P-256"


@dataclass(frozen=True, slots=True)
class Provider:
    """The endpoints, all at the issuer's own address. `revocation` is empty when there is none."""

    authorization: str
    token: str
    jwks: str
    revocation: str
    announces_pkce: bool


class Memory:
    """What was fetched, by address, with the moment of it. One for each process."""

    def __init__(self, ticks: Callable[[], float] = time.monotonic) -> None:
        self._ticks = ticks
        self._lock = threading.Lock()
        self._known: dict[str, tuple[float, dict[str, Any]]] = {}

    def fetched(self, address: str, budget: Budget, *, seconds: float) -> dict[str, Any]:
        """The JSON at an address, not older than so many seconds."""
        with self._lock:
            at, content = self._known.get(address, (float("-inf"), {}))
        if self._ticks() - at <= seconds:
            return content
        content = fetched_json(address, budget)
        with self._lock:
            self._known[address] = (self._ticks(), content)
        return content

    def forget(self) -> None:
        """Fetch everything anew."""
        with self._lock:
            self._known.clear()


memory = Memory()


def discovered(settings: ThaidSettings, budget: Budget, *, seconds: float = KEPT_SECONDS) -> Provider:
    """The endpoints; raises UnreachableError when discovery gives none that can be trusted."""
    found = memory.fetched(settings.url + DISCOVERY, budget, seconds=seconds)
    if found.get("issuer") != settings.expected_issuer:
        raise UnreachableError("discovery names another issuer")
    return Provider(
        authorization=_endpoint(settings, found, "authorization_endpoint"),
        token=_endpoint(settings, found, "token_endpoint"),
        jwks=_endpoint(settings, found, "jwks_uri"),
        revocation=_endpoint(settings, found, "revocation_endpoint") if found.get("revocation_endpoint") else "",
        announces_pkce="S256" in (found.get("code_challenge_methods_supported") or ()),
    )


def signing_key(provider: Provider, kid: str, budget: Budget) -> ECKey | None:
    """The published key of this name, for ES256; asked for anew when the name is not among those remembered."""
    for seconds in (KEPT_SECONDS, 0.0):
        for entry in memory.fetched(provider.jwks, budget, seconds=seconds).get("keys") or ():
            if _is_signing_key(entry, kid):
                try:
                    return ECKey.import_key(entry)
                except (JoseError, ValueError, KeyError, TypeError):
                    return None
    return None


def _is_signing_key(entry: Any, kid: str) -> bool:
    if not isinstance(entry, dict) or entry.get("kid") != kid:
        return False
    return entry.get("kty") == "EC" and entry.get("crv") == CURVE and entry.get("use", "sig") == "sig"


def _endpoint(settings: ThaidSettings, found: dict[str, Any], name: str) -> str:
    """An address in discovery, which must be at ThaiD itself: secrets are sent there."""
    address = found.get(name)
    if not isinstance(address, str):
        raise UnreachableError(f"discovery lacks {name}")
    theirs, ours = urlsplit(address), urlsplit(settings.url)
    if (theirs.scheme, theirs.netloc) != (ours.scheme, ours.netloc):
        raise UnreachableError(f"{name} is at another address")
    return address
