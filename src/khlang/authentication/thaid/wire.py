"""HTTP that always comes back in time: every call of one step draws upon one budget of seconds."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

BODY_BYTES_MAX = 256 * 1024
CHUNK_BYTES = 16 * 1024
CONNECT_SECONDS_MAX = 2.0


class UnreachableError(Exception):
    """ThaiD gave no usable answer in time."""


@dataclass(slots=True)
class Budget:
    """So many seconds from now on, for everything together. `ticks` counts them and never jumps."""

    seconds: float
    ticks: Callable[[], float] = time.monotonic
    _ends_at: float = field(init=False)

    def __post_init__(self) -> None:
        self._ends_at = self.ticks() + self.seconds

    def left(self) -> float:
        """Seconds left; refuses to give none, so that nobody waits for ever with a time-out of zero."""
        left = self._ends_at - self.ticks()
        if left <= 0:
            raise UnreachableError("out of time")
        return left

    def part(self, *, keep: float) -> "Budget":
        """A smaller budget for the next calls that keeps so many seconds back."""
        return Budget(max(0.0, self.left() - keep), self.ticks)


class BoundedAdapter(HTTPAdapter):
    """Waits no longer than the budget, reads no more than a limit, and follows nothing elsewhere."""

    def __init__(self, budget: Budget) -> None:
        super().__init__(max_retries=0)
        self._budget = budget

    def send(self, request: requests.PreparedRequest, *_args: Any, **options: Any) -> requests.Response:
        """Send one request; whatever time-out the caller asked for, the budget decides."""
        left = self._budget.left()
        options.update(stream=True, timeout=(min(left, CONNECT_SECONDS_MAX), left))
        response = super().send(request, **options)
        response._content = self._body_of(response)  # noqa: SLF001  (what requests does itself without stream)
        return response

    def _body_of(self, response: requests.Response) -> bytes:
        """Everything that comes. A time-out of requests counts from byte to byte: a trickle is stopped here.

        What has arrived is taken at once, without waiting for a whole chunk.
        """
        body = bytearray()
        try:
            while part := response.raw.read1(CHUNK_BYTES, decode_content=True):
                self._budget.left()
                body += part
                if len(body) > BODY_BYTES_MAX:
                    raise UnreachableError("the answer is too long")
        except HTTPError as problem:
            raise UnreachableError(type(problem).__name__) from problem
        return bytes(body)


def bounded(session: requests.Session, budget: Budget) -> requests.Session:
    """Let a session speak within a budget only."""
    session.mount("https://", BoundedAdapter(budget))
    session.mount("http://", BoundedAdapter(budget))
    return session


def fetched_json(address: str, budget: Budget) -> dict[str, Any]:
    """The JSON object at an address; raises UnreachableError for everything else."""
    try:
        with bounded(requests.Session(), budget) as session:
            response = session.get(address, allow_redirects=False, headers={"Accept": "application/json"})
        content = response.json() if response.status_code == HTTPStatus.OK else None
    except (requests.RequestException, ValueError) as problem:
        raise UnreachableError(type(problem).__name__) from problem
    if not isinstance(content, dict):
        raise UnreachableError(f"status {response.status_code}")
    return content
