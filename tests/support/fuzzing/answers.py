"""Carriers' answers as raw bytes: read, or garbled, and the next question gets its own answer."""

import gzip
import socket
import zlib
from functools import cached_property
from pathlib import Path
from random import Random
from typing import ClassVar

from mutants import torn
from raw_host import GENEROUS, Host, answer

from fuzzing.door import Door
from portes.carrier import Deadline
from portes.errors import CarrierError, GarbledError, LateError, ThrottledError, UnreachableError
from portes.toolbox.http import Session

PATIENCE = 0.2
"""Seconds for an answer that lacks its end."""
OWN = b'{"own": true}'
_BODY = b'{"price": "12.90", "days": 3}' * 20
_PACKED = {b"gzip": gzip.compress(_BODY, mtime=0), b"deflate": zlib.compress(_BODY)}
_INTERIM = (b"102 Processing", b"103 Early Hints", b"100 Continue", b"101 Switching Protocols", b"199 X", b"1000 X")
_HEADERS = (
    *(b"Content-Length: 3", b"Content-Length: -1", b"Content-Length: 9" + b"9" * 5000, b"Transfer-Encoding: chunked"),
    *(b"Content-Encoding: gzip", b"Content-Encoding: br", b"Content-Encoding: gzip, gzip", b"Connection: close"),
    *(b"Retry-After: 1", b"Retry-After: " + b"9" * 5000, b"Retry-After: Mon, 30 Feb 2026 00:00:00 GMT"),
    *(b"X: " + b"x" * 70_000, b"Trailer: X"),
    *(b"Set-Cookie: a=b", b"Location: http://127.0.0.1:9/", b"X\x00: y", b": y", b"no colon", b"Date: \xff\xfe"),
    *(b"Content-Type: application/json; charset=utf-7", b"Content-Type: \xc3\xa9", b" folded: x", b"Upgrade: h2c"),
)  # fmt: skip
_CHUNKS = (b"-1", b"0", b"zz", b"ffffffffffffffffff", b"5;x=y", b"+5", b"0x5", b" 5", b"", b"5")
_STATUSES = (
    b"200 OK",
    b"200 OK",
    b"204 No Content",
    b"304 X",
    b"404 X",
    b"429 X",
    b"500 X",
    b"503 X",
    b"999 X",
    b"0 X",
)


class AnswersDoor(Door):
    """An input is what a carrier sends to one question; what it sends to the next is sound."""

    name: ClassVar[str] = "answers"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._given = b""

    @cached_property
    def _host(self) -> Host:
        host = Host(self._script)
        self.until_closed.callback(host.close)
        return host

    @cached_property
    def _session(self) -> Session:
        return self.until_closed.enter_context(Session())

    def _script(self, connection: socket.socket, request: bytes) -> bool:
        connection.sendall(self._given if b"/odd" in request else answer(OWN))
        return True

    def draw(self, draws: Random) -> bytes:
        given = b"".join(_interim(draws) for _ in range(draws.choice((0, 0, 0, 1, 3)))) + _answer(draws)
        if draws.random() < 0.1:
            given += _answer(draws)
        return torn(given, draws) if draws.random() < 0.3 else given

    def take(self, given: bytes) -> bool:
        self._given = given
        read = self._asked("odd", PATIENCE)
        assert self._asked("own", GENEROUS) == OWN, "the next question got another answer"
        return read is not None

    def _asked(self, what: str, seconds: float) -> bytes | None:
        """The body of an answer; None for one that is garbled, or not whole in time."""
        try:
            return self._session.call("POST", self._host.url + what, deadline=Deadline(seconds), json={}).body
        except CarrierError as error:
            told: CarrierError = error
        assert isinstance(told, GarbledError | LateError | UnreachableError | ThrottledError), repr(told)
        assert told.retry_after is None or 0 <= told.retry_after < 10**10
        return None


def _interim(draws: Random) -> bytes:
    return b"HTTP/1.1 " + draws.choice(_INTERIM) + b"\r\nLink: </s>; rel=preload\r\n" * draws.randrange(2) + b"\r\n\r\n"


def _answer(draws: Random) -> bytes:
    headers = draws.sample(_HEADERS, draws.choice((0, 0, 1, 2)))
    status = draws.choice(_STATUSES)
    if draws.random() < 0.3:
        size = draws.choice(_CHUNKS)
        lines = (b"HTTP/1.1 " + status, b"Transfer-Encoding: chunked", *headers, b"", size, b"hello", b"0", b"", b"")
        return b"\r\n".join(lines)
    coding, packed = draws.choice([*_PACKED.items()])
    match draws.randrange(4):
        case 0:
            cut = packed[: draws.randrange(len(packed))]
            return answer(cut, b"Content-Encoding: " + coding, *headers, status=status)
        case 1:
            return answer(packed, b"Content-Encoding: " + coding, *headers, status=status)
        case _:
            return answer(_BODY[: draws.randrange(len(_BODY))], *headers, status=status)
