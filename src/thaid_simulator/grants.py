"""What is under way: log-ins that wait for an answer, codes, access tokens. In memory, gone with the program."""

import secrets
import threading
from dataclasses import dataclass, replace
from typing import TypeVar

from thaid_simulator.people import Person

Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a client asked for when it sent somebody here; `until` is Unix time."""

    redirect_uri: str
    scopes: tuple[str, ...]
    state: str
    nonce: str
    challenge: str
    challenge_method: str
    until: int


@dataclass(frozen=True, slots=True)
class Code:
    """An approved log-in, to be exchanged once."""

    asked: Asked
    person: Person
    until: int
    used: bool = False


@dataclass(frozen=True, slots=True)
class AccessToken:
    """Proof that the exchange took place."""

    scopes: frozenset[str]
    person: Person
    until: int


class Grants:
    """The three lists, safe for many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked: dict[str, Asked] = {}
        self._codes: dict[str, Code] = {}
        self._tokens: dict[str, AccessToken] = {}

    def keep_asked(self, asked: Asked) -> str:
        """Remember a log-in that begins; returns its number."""
        return self._keep(self._asked, asked)

    def asked(self, number: str) -> Asked | None:
        """The log-in with this number, while it waits for its answer."""
        with self._lock:
            return self._asked.get(number)

    def answer(self, number: str) -> Asked | None:
        """Take the log-in out: it is answered once."""
        with self._lock:
            return self._asked.pop(number, None)

    def keep_code(self, code: Code) -> str:
        """Make a code."""
        return self._keep(self._codes, code)

    def use_code(self, value: str) -> Code | None:
        """The code as it was before this use; from now on it is used."""
        with self._lock:
            found = self._codes.get(value)
            if found is not None:
                self._codes[value] = replace(found, used=True)
            return found

    def keep_token(self, token: AccessToken) -> str:
        """Make an access token."""
        return self._keep(self._tokens, token)

    def token(self, value: str, *, now: int) -> AccessToken | None:
        """The access token, unless it ended or was revoked."""
        with self._lock:
            found = self._tokens.get(value)
        return found if found is not None and now < found.until else None

    def revoke(self, value: str) -> None:
        """End an access token; one that is unknown is as good as ended."""
        with self._lock:
            self._tokens.pop(value, None)

    def tokens_alive(self, *, now: int) -> int:
        """How many access tokens nobody has revoked yet."""
        with self._lock:
            return sum(now < each.until for each in self._tokens.values())

    def _keep(self, where: dict[str, Kept], what: Kept) -> str:
        number = secrets.token_urlsafe(24)
        with self._lock:
            where[number] = what
        return number
