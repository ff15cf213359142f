"""A server of raw bytes on loopback, for tests of what a session makes of them."""

import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from portes.carrier import Deadline
from portes.toolbox import HttpResponse
from portes.toolbox.http import Session

GENEROUS = 60.0
"""Seconds that no sound call takes, on the busiest machine."""

Script = Callable[[socket.socket, bytes], bool]
"""Answers one request on a connection; whether the connection is kept."""


class Host:
    """A loopback server that does to its connections what a script says, and remembers what it was sent."""

    def __init__(self, script: Script, context: ssl.SSLContext | None = None) -> None:
        self.requests: list[bytes] = []
        self.connections = 0
        self.answered = 0
        """Scripts that came to their end before the caller went away."""
        self.closed = 0
        """Connections that were hung up here."""
        self._script = script
        self._context = context
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"{'https' if context else 'http'}://localhost:{self._listener.getsockname()[1]}/"
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self.connections += 1
                self._open.append(connection)
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError):
            if self._context:
                connection = self._context.wrap_socket(connection, server_side=True)
                self._open.append(connection)
            while request := _request(connection):
                self.requests.append(request)
                kept = self._script(connection, request)
                self.answered += 1
                if not kept:
                    connection.close()
                    self.closed += 1
                    return

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()
        for connection in self._open:
            connection.close()


def _request(connection: socket.socket) -> bytes:
    request = b""
    while b"\r\n\r\n" not in request:
        part = connection.recv(65536)
        if not part:
            return b""
        request += part
    head, _, body = request.partition(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def answer(body: bytes = b"{}", *headers: bytes, status: bytes = b"200 OK", length: int | None = None) -> bytes:
    size = len(body) if length is None else length
    return b"\r\n".join((b"HTTP/1.1 " + status, b"Content-Length: %d" % size, *headers, b"", b"")) + body


def says(content: bytes) -> Script:
    def script(connection: socket.socket, _request: bytes) -> bool:
        connection.sendall(content)
        return True

    return script


def says_and_closes(content: bytes) -> Script:
    def script(connection: socket.socket, _request: bytes) -> bool:
        connection.sendall(content)
        return False

    return script


def drips(content: bytes, pause: float = 0.05) -> Script:
    def script(connection: socket.socket, _request: bytes) -> bool:
        for position in range(len(content)):
            connection.sendall(content[position : position + 1])
            time.sleep(pause)
        return True

    return script


def hangs(first: bytes = b"") -> Script:
    def script(connection: socket.socket, _request: bytes) -> bool:
        connection.sendall(first)
        connection.recv(1)
        raise ConnectionAbortedError

    return script


def resets(connection: socket.socket, _request: bytes) -> bool:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return False


def ask(session: Session, url: str, timeout: float = GENEROUS) -> HttpResponse:
    return session.call("POST", url, deadline=Deadline(timeout), json={"a": 1})
