"""A small threaded server: by itself, or in a thread inside a test."""

import contextlib
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from socketserver import ThreadingMixIn
from typing import IO, Any, cast
from wsgiref.simple_server import ServerHandler, WSGIRequestHandler, WSGIServer, make_server

from thaid_simulator.application import Simulator
from thaid_simulator.configuration import Client, Configuration
from thaid_simulator.messages import Dropped


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    # Handlers that hang on purpose must not keep the program alive.
    block_on_close = False
    request_queue_size = 64


class _Handler(ServerHandler):
    """Says nothing at all when the simulator plays dead."""

    def handle_error(self) -> None:
        if not isinstance(sys.exc_info()[1], Dropped):
            super().handle_error()

    def log_exception(self, exc_info: Any) -> None:
        if not isinstance(exc_info[1], (Dropped, ConnectionError)):
            super().log_exception(exc_info)


class _RequestHandler(WSGIRequestHandler):
    """Logs no address: it would hold codes and states."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (the library's name)
        del format, args

    def handle(self) -> None:
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline or not self.parse_request():
            return
        reader, writer = cast("IO[bytes]", self.rfile), cast("IO[bytes]", self.wfile)
        handler = _Handler(reader, writer, self.get_stderr(), self.get_environ(), multithread=True)
        handler.request_handler = self  # type: ignore[attr-defined]
        with contextlib.suppress(ConnectionError):
            handler.run(self.server.get_app())  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Running:
    """A simulator that listens; `url` has no slash at its end."""

    url: str
    simulator: Simulator


def _listen(host: str, port: int) -> WSGIServer:
    return make_server(host, port, lambda _environ, _start: [], server_class=_Server, handler_class=_RequestHandler)


def simulator_at(server: WSGIServer, host: str, client: Client) -> Simulator:
    """The simulator whose issuer is the address at which this server listens."""
    simulator = Simulator(Configuration(issuer=f"http://{host}:{server.server_port}", client=client))
    server.set_app(simulator)
    return simulator


@contextlib.contextmanager
def running(*, client: Client, host: str = "127.0.0.1", port: int = 0) -> Iterator[Running]:
    """Serve from a thread while the block lasts; port 0 takes a free one."""
    with _listen(host, port) as server:
        simulator = simulator_at(server, host, client)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield Running(simulator.settings.issuer, simulator)
        finally:
            simulator.faults.stopping.set()
            server.shutdown()
            thread.join()


def serve(*, client: Client, host: str, port: int, say: Callable[[str], None]) -> None:
    """Serve until somebody interrupts."""
    with _listen(host, port) as server:
        simulator = simulator_at(server, host, client)
        say(simulator.settings.issuer)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            simulator.faults.stopping.set()
