"""Serves a carrier's simulator on loopback.

A plugin names its simulator by an entry point of the group `portes.sandboxes`, under the name of its carrier. It is
a plain class that needs nothing of ours but, at most, the clock: see `portes.registry.SandboxPlugin`.
"""

import io
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from itertools import chain
from socketserver import TCPServer, ThreadingMixIn
from typing import Any, Final
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer
from wsgiref.types import WSGIApplication, WSGIEnvironment

from portes.clock import Clock
from portes.errors import Problem, SettingsError, shown

HOST: Final = "127.0.0.1"
_IDLE: Final = 60.0
_CLOSING: Final = 0.005  # seconds that closing may take: tests serve a simulator for each question


class _Handler(WSGIRequestHandler):
    """The handler of wsgiref, with connections that stay open: carriers' pools shall find some."""

    server: "_Server"
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = _IDLE

    def handle(self) -> None:
        BaseHTTPRequestHandler.handle(self)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 — the base's own name
        """Say nothing: whoever wants to see the calls looks at the carrier's side."""

    def answer(self) -> None:
        """Run the application on one request and send what it returns.

        An application that says how long its answer is sends it as slowly as it likes; else it goes in one piece.
        """
        started: list[tuple[str, list[tuple[str, str]]]] = []
        written: list[bytes] = []

        def start_response(
            status: str, headers: list[tuple[str, str]], _error: object = None, /
        ) -> Callable[[bytes], object]:
            started[:] = [(status, headers)]
            return written.append

        chunks = self.server.simulator(self._environ(), start_response)
        try:
            coming = iter(chunks)
            written.append(next(coming, b""))  # by now it has started its response
            self._send(*started[0], chain(written, coming))
        finally:
            getattr(chunks, "close", lambda: None)()

    def _send(self, status: str, headers: list[tuple[str, str]], chunks: Iterable[bytes]) -> None:
        code, _, reason = status.partition(" ")
        if not any(name.lower() == "content-length" for name, _ in headers):
            chunks = [b"".join(chunks)]
            headers = [*headers, ("Content-Length", str(len(chunks[0])))]
        self.send_response(int(code), reason)
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        for chunk in chunks:
            self.wfile.write(chunk)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = answer  # noqa: N815 — http.server's names

    def _environ(self) -> WSGIEnvironment:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        return {
            **self.get_environ(),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, host: str, port: int, simulator: WSGIApplication) -> None:
        super().__init__((host, port), _Handler)
        self.simulator = simulator

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 — socketserver's own signature
        """Say nothing of a client that went away before its answer was sent."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def server_bind(self) -> None:
        """Bind without asking a name server what we are called."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])
        self.setup_environ()


@contextmanager
def serving(application: WSGIApplication, port: int = 0, host: str = HOST) -> Iterator[int]:
    """Serve a WSGI application in threads while the block runs; the port it answers on. Raises `OSError`."""
    with _Server(host, port, application) as server:
        thread = threading.Thread(target=server.serve_forever, args=(_CLOSING,), name="portes-sandbox", daemon=True)
        thread.start()
        try:
            yield int(server.server_port)
        finally:
            server.shutdown()
            thread.join()


def build_sandbox(name: str, moods: Sequence[str], clock: Clock | None = None) -> WSGIApplication:
    """An installed carrier's sandbox in these moods. Raises `SettingsError` for an unknown name or mood."""
    from portes.registry import SANDBOXES, Registry

    plugin = Registry().find(SANDBOXES, name, where="sandbox").value
    unknown = [mood for mood in moods if mood not in plugin.moods]
    if unknown:
        known = "; ".join(f"{mood}: {sentence}" for mood, sentence in plugin.moods.items())
        raise SettingsError([Problem("mood", shown(mood), f"is no mood of {name}", known) for mood in unknown])
    return plugin(moods, clock)
