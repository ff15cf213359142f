"""Connections that keep a deadline, from the first byte sent to the last byte read.

`requests` and urllib3 hold a time-out against each socket operation, so an answer that drips one byte at a time
never ends. Here every single read of the status line, the headers and the body gets what is left of the deadline.
"""

import io
import logging
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from http.client import BadStatusLine, HTTPException, HTTPResponse
from queue import LifoQueue
from threading import RLock
from typing import Any, Final

import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from requests.utils import DEFAULT_CA_BUNDLE_PATH, get_encoding_from_headers
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.response import BaseHTTPResponse

from portes.carrier import Deadline
from portes.forks.children import in_each_process

IDLE = 50.0
"""Seconds after which an unused connection is not trusted any more: most balancers forget theirs, in silence, at 60."""

MOST_INTERIM: Final = 32
"""Interim answers (1xx) that one question may have."""
INTERIM_BYTES: Final = 65536
"""How long the headers of one interim answer may be."""

_LEAST = 0.001  # a time-out of zero means "do not block" to a socket
_USED = "portes_used"


def _left(deadline: Deadline) -> float:
    return max(_LEAST, deadline.remaining())


class Allowance(urllib3.Timeout):
    """urllib3's time-out, counted anew from a deadline each time somebody asks for it."""

    def __init__(self, deadline: Deadline) -> None:
        super().__init__()
        self.deadline = deadline

    def clone(self) -> "Allowance":
        """Another of the same deadline."""
        return Allowance(self.deadline)

    @property
    def connect_timeout(self) -> float:
        """Seconds that connecting may take, per address of the host."""
        return _left(self.deadline)

    @property
    def read_timeout(self) -> float:
        """Seconds until the first byte of the answer must be there."""
        return _left(self.deadline)


class _ReadInTime(io.RawIOBase):
    """The receiving end of a socket; each read gets what is left of the deadline."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock = sock
        self._raw = sock.makefile("rb", buffering=0)
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:  # noqa: ANN401 — io's own signature: anything with a buffer
        if self._deadline.passed:
            raise TimeoutError
        self._sock.settimeout(_left(self._deadline))
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _SocketInTime:
    """As much of a socket as `http.client.HTTPResponse` needs."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock = sock
        self._deadline = deadline

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_ReadInTime(self._sock, self._deadline))


class _FinalAnswer(HTTPResponse):
    """The answer to a question, whatever is said before it: `http.client` takes 102 and 103 for the answer itself."""

    def _read_status(self) -> tuple[str, int, str]:
        """The status line of the first answer that is no interim one; 101 is none that anybody asked for."""
        for _ in range(MOST_INTERIM):
            line: tuple[str, int, str] = super()._read_status()  # type: ignore[misc]  # typeshed leaves it out
            if not 100 <= line[1] < 200:
                return line
            if line[1] == 101:
                raise BadStatusLine(" ".join(map(str, line)))
            self._skip_headers()
        raise HTTPException("interim answers without an end")

    def _skip_headers(self) -> None:
        left = INTERIM_BYTES
        while (line := self.fp.readline(left)).strip(b"\r\n"):
            left -= len(line)
        if not left:
            raise HTTPException("an interim answer without an end")

    def _safe_read(self, amt: int) -> bytes:
        """So many bytes; a chunk of fewer than none is no chunk."""
        if amt < 0:
            raise HTTPException("a negative chunk")
        body: bytes = super()._safe_read(amt)  # type: ignore[misc]  # typeshed leaves it out
        return body


def _bind(connection: Any, timeout: object) -> None:  # noqa: ANN401 — urllib3's connection, or a cassette's in its place
    """Make a connection read its next answer within the deadline, on a new socket when the old one lay idle long."""
    now = time.monotonic()
    if now - getattr(connection, _USED, now) > IDLE:
        connection.close()
    setattr(connection, _USED, now)
    if isinstance(timeout, Allowance):
        deadline = timeout.deadline
        connection.response_class = lambda sock, *args, **kwargs: _FinalAnswer(
            _SocketInTime(sock, deadline),  # type: ignore[arg-type]  # it only calls makefile
            *args,
            **kwargs,
        )


class _PlainPool(HTTPConnectionPool):
    def _make_request(self, conn: Any, *args: Any, **kwargs: Any) -> BaseHTTPResponse:  # noqa: ANN401 — passed on
        _bind(conn, kwargs.get("timeout"))
        return super()._make_request(conn, *args, **kwargs)


class _TlsPool(HTTPSConnectionPool):
    def _make_request(self, conn: Any, *args: Any, **kwargs: Any) -> BaseHTTPResponse:  # noqa: ANN401 — passed on
        _bind(conn, kwargs.get("timeout"))
        return super()._make_request(conn, *args, **kwargs)


def _empty(idle: "LifoQueue[Any] | None") -> None:
    """Make a pool's queue anew, whoever has its lock, and close what was in it."""
    if idle is None:
        return  # the pool is closed
    connections = [connection for connection in idle.queue if connection is not None]
    idle.__init__(idle.maxsize)  # type: ignore[misc]  # in its place: urllib3 keeps it for the interpreter's end, too
    for connection in connections:
        connection.close()
    for _ in range(idle.maxsize):
        idle.put(None)  # a place for a connection to be made


class _Response(requests.Response):
    hang_up: Callable[[], object] | None = None
    """Closes the connection that it came on, also once that waits for another question."""


def _hang_up(sock: socket.socket) -> None:
    with suppress(OSError):  # it is closed already
        socket.socket.shutdown(sock, socket.SHUT_RDWR)  # not TLS's own: another thread may be reading


class Transport(HTTPAdapter):
    """Keeps up to so many idle connections per host, verifies certificates always, never retries, reads no cookies.

    An idle connection that died is noticed before anything is sent on it and replaced; once the first byte of a
    request has been sent, the request is never sent again, because the carrier may have acted on it.
    """

    def __init__(self, connections: int, context: ssl.SSLContext) -> None:
        self._context = context
        super().__init__(pool_maxsize=connections, max_retries=0)
        in_each_process(self._begin)

    def _begin(self) -> None:
        """Close every idle connection, which in a child is the parent's too: its own end of it stays open."""
        pools = self.poolmanager.pools
        pools.lock = RLock()
        for key in pools.keys():  # noqa: SIM118 — nobody may iterate over the container itself
            _empty(pools[key].pool)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: Any) -> None:  # noqa: ANN401, FBT001, FBT002 — requests' own signature
        """Make the pools, all with the one TLS context: building it costs milliseconds."""
        super().init_poolmanager(connections, maxsize, block, ssl_context=self._context, **pool_kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _TlsPool}

    def cert_verify(self, conn: Any, url: str, verify: object, cert: object) -> None:  # noqa: ANN401 — requests' own
        """Nothing to choose: the context verifies, whatever a caller asks for."""

    def build_response(self, req: requests.PreparedRequest, resp: BaseHTTPResponse) -> requests.Response:
        """Wrap urllib3's response, its body unread, its cookies ignored."""
        response = _Response()
        sock = getattr(getattr(resp, "connection", None), "sock", None)  # a cassette's has neither
        if isinstance(sock, socket.socket):
            response.hang_up = partial(_hang_up, sock)
        response.status_code = resp.status
        response.reason = resp.reason or ""
        response.headers = CaseInsensitiveDict(resp.headers)
        response.encoding = get_encoding_from_headers(response.headers)
        response.url = req.url or ""
        response.raw = resp
        response.request = req
        return response


def tls_context() -> ssl.SSLContext:
    """Verify against the public authorities that `requests` ships."""
    return ssl.create_default_context(cafile=DEFAULT_CA_BUNDLE_PATH)


class _WithoutQueries(logging.Filter):
    """Cuts query strings out of urllib3's own messages: some carriers want a key there."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(arg.partition("?")[0] if isinstance(arg, str) else arg for arg in record.args)
        return True


for _name in ("urllib3.connection", "urllib3.connectionpool"):
    logging.getLogger(_name).addFilter(_WithoutQueries())
