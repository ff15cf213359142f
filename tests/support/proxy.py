"""A TCP proxy for tests that breaks what goes through it, while it goes; it knows no protocol above TCP."""

import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import Enum

DRIP_PAUSE = 0.05
"""Seconds between two bytes."""
_RESET_AT_CLOSE = struct.pack("ii", 1, 0)


class Fault(Enum):
    """What becomes of answers on their way to the caller."""

    NONE = "none"
    HANG = "hang"
    """They never arrive, and nothing else does."""
    DRIP = "drip"
    """They arrive byte by byte."""
    RESET = "reset"
    """Half arrives, then the connection is torn down."""
    NOISE = "noise"
    """Other bytes arrive, as many."""


class Proxy:
    """Passes connections on to a port of this machine; its `fault` may be changed at any moment."""

    def __init__(self, port: int) -> None:
        self.fault = Fault.NONE
        self._upstream = port
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Tear down every connection there is; new ones may be made."""
        for connection in tuple(self._open):
            _reset(connection)

    def close(self) -> None:
        """Stop listening and let go of every connection."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        with suppress(OSError):  # closed
            while True:
                caller, _ = self._listener.accept()
                threading.Thread(target=self._join, args=(caller,), daemon=True).start()

    def _join(self, caller: socket.socket) -> None:
        with suppress(OSError), caller, socket.create_connection(("127.0.0.1", self._upstream)) as carrier:
            for end in (caller, carrier):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._open.add(caller)
            threading.Thread(target=_pass_questions, args=(caller, carrier), daemon=True).start()
            while data := carrier.recv(65536):
                self._pass(data, caller)
        self._open.discard(caller)

    def _pass(self, data: bytes, caller: socket.socket) -> None:
        match self.fault:
            case Fault.NONE:
                caller.sendall(data)
            case Fault.NOISE:
                caller.sendall(bytes(byte ^ 0x55 for byte in data))
            case Fault.DRIP:
                self._drip(data, caller)
            case Fault.RESET:
                caller.sendall(data[: len(data) // 2])
                _reset(caller)
            case Fault.HANG:
                pass

    def _drip(self, data: bytes, caller: socket.socket) -> None:
        for position in range(len(data)):
            time.sleep(DRIP_PAUSE)
            caller.sendall(data[position : position + 1])


def _pass_questions(caller: socket.socket, carrier: socket.socket) -> None:
    with suppress(OSError):
        while data := caller.recv(65536):
            carrier.sendall(data)
    with suppress(OSError):  # the other side was quicker
        carrier.shutdown(socket.SHUT_RDWR)


def _reset(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_AT_CLOSE)
        connection.shutdown(socket.SHUT_RD)
        connection.close()


@contextmanager
def proxy(port: int) -> Iterator[Proxy]:
    """Stand before a port of this machine while the block runs."""
    standing = Proxy(port)
    try:
        yield standing
    finally:
        standing.close()
