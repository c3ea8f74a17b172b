"""Every call comes back in time: the budget decides, whatever a library would wait for."""

import io
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests
from urllib3 import HTTPResponse

from khlang.authentication.thaid.wire import BODY_BYTES_MAX, BoundedAdapter, Budget, UnreachableError, fetched_json

SENT: list[dict] = []


def a_budget(seconds: float, *moments: float) -> Budget:
    times = iter(moments)
    return Budget(seconds, lambda: next(times))


def test_a_budget_is_shared_by_all_calls_of_a_step() -> None:
    budget = a_budget(5.0, 100.0, 101.0, 104.5, 105.0)

    assert [budget.left(), budget.left()] == [4.0, 0.5]
    with pytest.raises(UnreachableError, match="out of time"):
        budget.left()


def test_a_part_of_a_budget_keeps_seconds_back() -> None:
    assert a_budget(5.0, 0.0, 1.0, 1.0, 1.0).part(keep=1.0).left() == 3.0


def test_the_budget_overrules_the_caller(monkeypatch) -> None:
    seen = {}

    def answer(_self, _request, **options):
        seen.update(options)
        response = requests.Response()
        response.raw = HTTPResponse(io.BytesIO(), preload_content=False)
        return response

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", answer)

    BoundedAdapter(Budget(3.0, lambda: 0.0)).send(requests.PreparedRequest(), timeout=None)

    assert seen["timeout"] == (2.0, 3.0)


@pytest.fixture
def server_with():
    """A server that answers every GET in one way."""
    servers = []

    def make(answer):
        handler = type("Handler", (BaseHTTPRequestHandler,), {"do_GET": answer, "log_message": lambda *_: None})
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/"

    yield make
    for server in servers:
        server.shutdown()
        server.server_close()


def _say(handler, body: bytes, status: int = 200, **headers: str) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


@pytest.mark.parametrize(
    "answer",
    [
        lambda handler: _say(handler, b"no json"),
        lambda handler: _say(handler, b"[1]"),
        lambda handler: _say(handler, b"{}", 500),
        lambda handler: _say(handler, b"", 302, Location="http://169.254.169.254/"),
    ],
    ids=["text", "list", "error", "redirect"],
)
def test_fetched_json_refuses_everything_but_an_object(server_with, answer) -> None:
    with pytest.raises(UnreachableError):
        fetched_json(server_with(answer), Budget(5.0))


def test_fetched_json_reads_no_endless_answer(server_with) -> None:
    def endless(handler) -> None:
        _say(handler, b"")
        try:
            for _ in range(BODY_BYTES_MAX // 1024 + 64):
                handler.wfile.write(b" " * 1024)
        except ConnectionError:
            pass

    with pytest.raises(UnreachableError, match="too long"):
        fetched_json(server_with(endless), Budget(5.0))


def test_fetched_json_is_not_kept_by_a_trickle(server_with) -> None:
    def trickle(handler) -> None:
        _say(handler, b"")
        try:
            for _ in range(100):
                handler.wfile.write(b" ")
                handler.wfile.flush()
                threading.Event().wait(0.05)
        except ConnectionError:
            pass

    started = time.monotonic()
    with pytest.raises(UnreachableError, match="out of time"):
        fetched_json(server_with(trickle), Budget(0.3))
    assert time.monotonic() - started < 3


def test_fetched_json_says_when_nobody_is_there() -> None:
    with pytest.raises(UnreachableError, match="ConnectionError"):
        fetched_json("http://127.0.0.1:9/", Budget(5.0))
