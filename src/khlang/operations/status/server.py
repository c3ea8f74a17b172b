"""Serves what the keeper made, from memory: nothing here waits for the web, the database or a disk."""

import threading
from collections.abc import Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from khlang.operations.status.pages import CONTENT_POLICY, CONTENT_TYPES

ADDRESSES = {"/status/": "index.html"}
ADDRESSES |= {f"/status/{name}": name for name in CONTENT_TYPES} | {"/status.json": "status.json"}
AT_ONCE_MAX = 64
SECONDS_PATIENT = 10


class StatusServer(ThreadingHTTPServer):
    """A thread for each reader, and no more than AT_ONCE_MAX of them; `files` gives the present pages."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, place: tuple[str, int], files: Mapping[str, bytes]) -> None:
        self.files = files
        self._free = threading.BoundedSemaphore(AT_ONCE_MAX)
        super().__init__(place, StatusHandler)

    def replace(self, files: Mapping[str, bytes]) -> None:
        """Show newer pages from now on."""
        self.files = files

    def process_request(self, request: Any, client_address: Any) -> None:
        """Wait for a free place before a thread begins; waiting readers queue in the kernel."""
        self._free.acquire()
        try:
            super().process_request(request, client_address)
        except RuntimeError:
            self._free.release()
            raise

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Give the place back afterwards."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()


class StatusHandler(BaseHTTPRequestHandler):
    """Answers GET and HEAD for the few addresses there are."""

    timeout = SECONDS_PATIENT
    server_version, sys_version = "khlang-status", ""
    server: StatusServer

    def do_GET(self) -> None:
        """Send a page."""
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        """Send the head of a page."""
        self._answer(with_body=False)

    def _answer(self, *, with_body: bool) -> None:
        path = self.path.partition("?")[0]
        if path in ("/", "/status"):
            self._head(HTTPStatus.FOUND, {"Location": "/status/", "Content-Length": "0"})
            return
        name = ADDRESSES.get(path)
        content = self.server.files.get(name, b"") if name else b""
        if name is None or not content:
            status = HTTPStatus.NOT_FOUND if name is None else HTTPStatus.SERVICE_UNAVAILABLE
            self._head(status, {"Content-Length": "0"})
            return
        self._head(HTTPStatus.OK, {"Content-Type": CONTENT_TYPES[name], "Content-Length": str(len(content))})
        if with_body:
            self.wfile.write(content)

    def _head(self, status: HTTPStatus, more: dict[str, str]) -> None:
        self.send_response(status)
        fixed = {
            "Cache-Control": "no-store",
            "Content-Security-Policy": CONTENT_POLICY,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
        }
        for name, value in {**fixed, **more}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (the base class names it so)
        """Keep no log of readers."""
