"""A server on loopback that can misbehave on the wire: hang, drip, reset, refuse; it knows no recording."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import Message
from enum import Enum
from http.client import parse_headers
from typing import IO, Final

from portes_testing.harness.network import served_again
from portes_testing.recordings.exchange import SentRequest

TIMEOUT: Final = 30.0
"""Seconds that a hanging or dripping answer takes, unless the client or the test goes away first."""

_RESET_AT_CLOSE: Final = struct.pack("ii", 1, 0)


class Pace(Enum):
    """How an answer goes over the wire."""

    PROMPT = "prompt"
    HANG = "hang"
    """Nothing comes until the server is closed."""
    DRIP = "drip"
    """One byte at a time, so that the whole takes half a minute."""
    RESET = "reset"
    """The connection is torn down in the middle of the body."""
    SHUT = "shut"
    """The connection is closed before the first byte."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server sends."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    pace: Pace = Pace.PROMPT
    before: bytes = b""
    """What goes over the wire before it: interim answers."""
    last: bool = False
    """Whether nobody listens any more from the moment this is sent."""

    def __bytes__(self) -> bytes:
        length = {} if "Transfer-Encoding" in self.headers else {"Content-Length": str(len(self.body))}
        headers = {**self.headers, **length}
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return self.before + f"HTTP/1.1 {self.status} Told\r\n{lines}\r\n".encode("latin-1") + self.body


Responder = Callable[[SentRequest], Reply]
"""Answers a question; called from several threads at once."""


class Loopback:
    """A listener on a free port of 127.0.0.1 until closed, with one thread for each connection.

    `hold` is how many seconds a hanging or dripping answer takes.
    """

    def __init__(self, respond: Responder, hold: float = TIMEOUT) -> None:
        self._respond = respond
        self._hold = hold
        self.outlasted = False
        """Whether a hanging or dripping answer took all its time, because nobody closed the server before."""
        self._over = threading.Event()
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True, name=f"loopback-{self.port}").start()

    def refuse(self) -> None:
        """Stop listening; from now on connections are refused."""
        with suppress(OSError):  # it no longer listens
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def close(self) -> None:
        """Stop listening and let go of every connection."""
        self._over.set()
        self.refuse()
        for connection in tuple(self._open):
            with suppress(OSError):  # the client was quicker
                connection.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._open.add(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with suppress(OSError), connection, connection.makefile("rb") as stream:
            while (sent := _read(stream, self.port)) is not None:
                reply = self._respond(sent)
                if reply.last:
                    self.refuse()
                if not self._write(connection, reply) or reply.last:
                    break
        self._open.discard(connection)

    def _write(self, connection: socket.socket, reply: Reply) -> bool:
        """Send the reply at its pace; whether the connection can be used again."""
        match reply.pace:
            case Pace.PROMPT:
                connection.sendall(bytes(reply))
            case Pace.HANG:
                self.outlasted |= not self._over.wait(self._hold)
            case Pace.DRIP:
                self._drip(connection, bytes(reply))
            case Pace.RESET:
                _reset(connection, bytes(reply))
        return reply.pace is Pace.PROMPT

    def _drip(self, connection: socket.socket, message: bytes) -> None:
        pause = self._hold / max(1, len(message))
        for position in range(len(message)):
            if self._over.wait(pause):
                return
            connection.sendall(message[position : position + 1])
        self.outlasted = True


def _reset(connection: socket.socket, message: bytes) -> None:
    connection.sendall(message[: len(message) - max(1, len(message) // 8)])
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_AT_CLOSE)


def _read(stream: IO[bytes], port: int) -> SentRequest | None:
    line = stream.readline().decode("latin-1").split()
    if len(line) < 2:
        return None
    headers: Message = parse_headers(stream)
    body = stream.read(int(headers.get("Content-Length", 0)))
    return SentRequest(line[0], f"http://127.0.0.1:{port}{line[1]}", dict(headers.items()), body)


@contextmanager
def loopback(respond: Responder, hold: float = TIMEOUT) -> Iterator[Loopback]:
    """A server on loopback while the block runs; see `Loopback`."""
    server = Loopback(respond, hold)
    served_again(server.port)
    try:
        yield server
    finally:
        server.close()


__all__ = ["TIMEOUT", "Loopback", "Pace", "Reply", "Responder", "loopback"]
