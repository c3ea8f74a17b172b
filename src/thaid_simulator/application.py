"""The WSGI application: one address, one function."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http import HTTPStatus
from importlib import resources
from typing import Any

from thaid_simulator import control, endpoints, pages
from thaid_simulator.authorization import answered, authorization_page
from thaid_simulator.configuration import PREFIX, Configuration
from thaid_simulator.faults import FaultBoard
from thaid_simulator.grants import Grants
from thaid_simulator.messages import Answer, Dropped, Request, data, error, page, request_of
from thaid_simulator.tokens import Keys

StartResponse = Callable[[str, list[tuple[str, str]]], Any]
Handler = Callable[[Request, int], Answer]
DISCOVERY = "/.well-known/openid-configuration"
STYLE = "/simulator/simulator.css"


@dataclass(slots=True)
class Simulator:
    """One simulator: its settings, keys, switches and what is under way. `clock` gives Unix time."""

    settings: Configuration
    faults: FaultBoard = field(default_factory=FaultBoard)
    grants: Grants = field(default_factory=Grants)
    keys: Keys = field(default_factory=Keys)
    clock: Callable[[], float] = time.time

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request; raises Dropped when the connection is to be closed without a word."""
        request = request_of(environ)
        answer = self.answer(request)
        headers = {"Content-Length": str(len(answer.body)), "X-Simulated": "not-thaid", **answer.headers}
        start_response(f"{answer.status.value} {answer.status.phrase}", list(headers.items()))
        return [] if request.method == "HEAD" else [answer.body]

    def answer(self, request: Request) -> Answer:
        """The answer to one request."""
        now = int(self.clock())
        own = self._own_pages().get((request.method, request.path))
        if own is not None:
            return own(request, now)
        if request.path == pages.CONTROL + "state.json":
            return control.control_json(faults=self.faults, grants=self.grants, request=request, now=now)
        self.faults.wait("slow")
        if self.faults.take("down"):
            raise Dropped
        if self.faults.take("unavailable"):
            return error("server_error", "service unavailable", HTTPStatus.SERVICE_UNAVAILABLE)
        handler = self._thaid().get((request.method, request.path))
        return handler(request, now) if handler else error("not found", request.path, HTTPStatus.NOT_FOUND)

    def _own_pages(self) -> dict[tuple[str, str], Handler]:
        """What ThaiD does not have; faults leave these alone."""
        return {
            ("GET", "/"): lambda _request, _now: page(pages.front(self.settings)),
            ("GET", STYLE): lambda _request, _now: _style(),
            ("GET", pages.CONTROL): self._control,
            ("POST", pages.CONTROL): self._control,
            ("POST", pages.ANSWER): lambda request, now: answered(
                settings=self.settings, grants=self.grants, faults=self.faults, request=request, now=now
            ),
        }

    def _control(self, request: Request, _now: int) -> Answer:
        return control.control_page(faults=self.faults, request=request)

    def _thaid(self) -> dict[tuple[str, str], Handler]:
        """ThaiD's own addresses; the slash at the end is part of them."""
        return {
            ("GET", DISCOVERY): lambda _request, _now: data(self.settings.discovery()),
            ("GET", "/jwks/"): lambda _request, _now: self._jwks(),
            ("GET", f"{PREFIX}/auth/"): lambda request, now: authorization_page(
                settings=self.settings, grants=self.grants, request=request, now=now
            ),
            ("POST", f"{PREFIX}/token/"): lambda request, now: endpoints.token(
                settings=self.settings, grants=self.grants, keys=self.keys, faults=self.faults, request=request, now=now
            ),
            ("POST", f"{PREFIX}/introspect/"): lambda request, now: endpoints.introspect(
                settings=self.settings, grants=self.grants, request=request, now=now
            ),
            ("POST", f"{PREFIX}/revoke/"): lambda request, _now: endpoints.revoke(
                settings=self.settings, grants=self.grants, faults=self.faults, request=request
            ),
            ("GET", f"{PREFIX}/userinfo/"): lambda request, now: endpoints.userinfo(
                grants=self.grants, request=request, now=now
            ),
        }

    def _jwks(self) -> Answer:
        if self.faults.take("jwks_down"):
            return error("server_error", "internal error", HTTPStatus.INTERNAL_SERVER_ERROR)
        return data(self.keys.published())


def _style() -> Answer:
    sheet = (resources.files("thaid_simulator") / "data" / "simulator.css").read_bytes()
    return Answer(HTTPStatus.OK, sheet, {"Content-Type": "text/css; charset=utf-8"})
