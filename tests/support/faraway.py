"""The carrier that the distribution `portes-remote` asks, over TLS: its prices follow a law that tests know."""

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import trustme

HOST = "carrier.test"
DAYS = 3


class Faraway(ThreadingHTTPServer):
    """Answers until closed. What it says may be changed at any moment."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, authority: trustme.CA) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.key = "first key"
        """The only one it knows."""
        self.base = 1000
        """Cents; every gram costs one more."""
        self.status = 200
        """Of every answer."""
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.certify(authority)
        self.socket = self._context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def certify(self, authority: trustme.CA) -> None:
        """Show a certificate of this authority on every new connection."""
        authority.issue_cert(HOST).configure_cert(self._context)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Callers that hang up are what it is here for."""

    def answer(self, asked: dict[str, Any], key: str) -> tuple[int, dict[str, object]]:
        """Status and body. A tenth of the country is not served."""
        if self.status != 200:
            return self.status, {}
        if key != f"Bearer {self.key}":
            return 401, {}
        if asked["zip"].startswith("9"):
            return 200, {"refused": "no such lane"}
        return 200, {"cents": self.base + asked["grams"], "days": DAYS}


class _Handler(BaseHTTPRequestHandler):
    server: Faraway
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status, told = self.server.answer(json.loads(body), self.headers["Authorization"])
        answer = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.send_header("Retry-After", "1")
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args: Any) -> None:
        pass


@contextmanager
def faraway(authority: trustme.CA) -> Iterator[Faraway]:
    """Answer while the block runs."""
    with Faraway(authority) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
