"""Callers' bytes against a service on loopback: sound calls are answered in order, and it lives whatever comes."""

import json
import logging
import re
import socket
from base64 import b64encode
from collections.abc import Iterator
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from random import Random
from shutil import copytree
from typing import Any, ClassVar
from urllib.parse import urlsplit

from mutants import torn
from stage import on_loopback
from structlog.testing import capture_logs

from fuzzing.door import Door
from fuzzing.stores import DEMOS, TAKEN
from portes.hooks import Watchers
from portes.store import open_store
from portes.web.app import public_app

GIVE_UP = 60.0
"""Seconds for an answer that must come."""
SILENCE = 0.3
"""Seconds after which an odd call is left alone; the service may wait longer for its end."""
ALLOWED = {200, 400, 401, 404, 405, 408, 411, 413, 414, 415, 417, 422, 431, 501, 503, 505}
BASIC = b"Authorization: Basic " + b64encode(f"netshoes:{TAKEN['NETSHOES_PASSWORD']}".encode()) + b"\r\n"
HEAD = b"POST /v1/demo-store/netshoes HTTP/1.1\r\nHost: x\r\n" + BASIC + b"Content-Length: "
_LINE = b"POST /v1/demo-store/netshoes HTTP/1.1\r\n"
_END = b"GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
_CHUNKED = b"Transfer-Encoding: chunked\r\n"
_HEADERS = (
    *(b"Content-Length: 3\r\nContent-Length: 4", b"Content-Length: 3, 3", b"Content-Length: +3"),
    *(b"Content-Length: -1", b"Content-Length: 0x3", b"Content-Length: "),
    *(b"Content-Length: 18446744073709551617", b"Content-Length: " + b"9" * 5000),
    *(b"Transfer-Encoding: xchunked", b"Transfer-Encoding: chunked, chunked"),
    *(b"Transfer-Encoding: gzip, chunked", b"Transfer-Encoding : chunked"),
    *(b"Transfer-Encoding: chunked\r\nContent-Length: 3", b"Transfer-Encoding:\tchunked", b"Host: ["),
    *(b"Host: evil/forged-path?x=#", b"Host: a\r\nHost: b", b"Host: \xff", b"X: a\r\n b", b"X: \x00"),
    *(b"X: a\rb", b"X : y", b": y", b"no colon", b"X: " + b"x" * 40_000),
    b"\r\n".join(b"A%d: b" % each for each in range(10_000)),
    b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA",
    *(b"Upgrade: websocket\r\nConnection: Upgrade", b"Expect: 100-continue", b"Expect: x", b"Connection: close"),
    *(b"Authorization: Basic " + b"x" * 30_000, b"Authorization: Basic \xff\xff", b"Authorization: Basic"),
    *(b"Portes-Deadline: 1e400s", b"Content-Encoding: gzip", b"Accept: \x7f"),
    *(b"X-Forwarded-For: " + b"1," * 9999,),
)  # fmt: skip
_STARTS = (
    *(_LINE, _LINE, _LINE, b"GET /v1/demo-store/netshoes HTTP/1.1\r\n"),
    *(b"POST /v1/demo-store/netshoes HTTP/1.0\r\n", b"POST /v1/../demo-store/netshoes HTTP/1.1\r\n"),
    *(b"POST /v1/demo-store%2Fnetshoes HTTP/1.1\r\n", b"GET * HTTP/1.1\r\n"),
    *(b"POST http://x/v1/demo-store/netshoes HTTP/1.1\r\n", b"CONNECT x:1 HTTP/1.1\r\n"),
    *(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\n", b"GET / HTTP/9.9\r\n"),
    *(b"GET /\x00 HTTP/1.1\r\n", b"GET /\xff HTTP/1.1\r\n", b"POST /v1/demo-store/quotes HTTP/1.1\r\n"),
    *(b"GET /openapi.json HTTP/1.1\r\n", b"\x16\x03\x01\x02\x00\x01", b"GET /\r\n"),
)  # fmt: skip
_CHUNKS = (b"-1", b"0x5", b"+5", b"5;" + b"x" * 40_000, b"ffffffffffffffffff", b" 5", b"5\n", b"zz", b"")


class CallsDoor(Door):
    """A service of the demo store; an input is all that one caller sends on one connection."""

    name: ClassVar[str] = "calls"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._logged = _Crashes()
        self._events: list[Any] = []

    @cached_property
    def _where(self) -> tuple[str, int]:
        """The address of the service, which starts now."""
        copytree(DEMOS / "brazil", self.folder, dirs_exist_ok=True)
        file = self.folder / "portes.toml"
        file.write_text(file.read_text().replace('limit = "400ms"', 'limit = "60s"'))
        logging.getLogger().addHandler(self._logged)
        self.until_closed.callback(logging.getLogger().removeHandler, self._logged)
        self._events = self.until_closed.enter_context(capture_logs())
        store = self.until_closed.enter_context(open_store(file, environ=TAKEN, keeps_state=False))
        url = self.until_closed.enter_context(on_loopback(public_app([store], Watchers())))
        return "127.0.0.1", urlsplit(url).port or 0

    def draw(self, draws: Random) -> bytes:
        calls = [_question(draws) for _ in range(draws.choice((0, 1, 2, 5)))]
        if draws.random() < 0.8:
            calls.append(_odd(draws))
        calls += [_question(draws) for _ in range(draws.choice((0, 0, 1)))]
        given = b"".join(calls)
        return torn(given, draws) if draws.random() < 0.3 else given

    def take(self, given: bytes) -> bool:
        self._events.clear()
        self._logged.found.clear()
        wanted = list(_sound(given))
        answers = self._asked(given + _END, len(wanted))
        assert {status for status, _ in answers} <= ALLOWED, [status for status, _ in answers]
        assert [status for status, _ in answers[: len(wanted)]] == [200] * len(wanted)
        assert [json.loads(body)["id"] for _, body in answers[: len(wanted)]] == wanted, "answers out of order"
        ((status, body),) = self._asked(_call("lives") + _END, 2)[:1]
        assert (status, json.loads(body)["id"]) == (200, "lives"), "the service is ill afterwards"
        assert self._logged.found == []
        assert [each for each in self._events if each["log_level"] in {"error", "critical"}] == []
        return 200 in {status for status, _ in answers}

    def _asked(self, given: bytes, least: int) -> list[tuple[int, bytes]]:
        """The answers on a connection, until it is closed or, after those that must come, silent.

        The service may hang up on odd bytes while they are still being sent.
        """
        received = b""
        with (
            suppress(ConnectionError),
            socket.create_connection(self._where, timeout=GIVE_UP if least else SILENCE) as wire,
        ):
            try:
                wire.sendall(given)
                while part := wire.recv(1 << 16):
                    received += part
                    wire.settimeout(SILENCE if len(list(_answers(received))) >= least else GIVE_UP)
            except TimeoutError:
                assert wire.gettimeout() == SILENCE, "an answer that must come did not"
        return list(_answers(received))


class _Crashes(logging.Handler):
    """What the standard library's loggers are told with a traceback."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info or record.levelno >= logging.ERROR:
            self.found.append(record.getMessage())


def _call(name: str) -> bytes:
    product = {
        "skuCode": "sku-1",
        "quantity": 1,
        "weight": 0.5,
        "width": 10,
        "height": 10,
        "length": 25,
        "preSale": False,
    }
    body = json.dumps({"zipCode": "01512651", "catalogCode": "CAT", "id": name, "products": [product]}).encode()
    return HEAD + b"%d\r\n\r\n" % len(body) + body


def _question(draws: Random) -> bytes:
    return _call(f"q-{draws.randrange(10**9)}")


def _odd(draws: Random) -> bytes:
    body = _call("odd").partition(b"\r\n\r\n")[2]
    headers = b"".join(each + b"\r\n" for each in draws.sample(_HEADERS, draws.choice((0, 1, 1, 2))))
    start = draws.choice(_STARTS) + draws.choice((b"Host: x\r\n", b"Host: x\r\n", b"")) + draws.choice((BASIC, b""))
    if draws.random() < 0.4:
        size = draws.choice((b"%x" % len(body), *_CHUNKS))
        tail = draws.choice((b"\r\n", b"X: y\r\n\r\n", b"X: " + b"y" * 40_000 + b"\r\n\r\n"))
        return start + _CHUNKED + headers + b"\r\n" + size + b"\r\n" + body + b"\r\n0\r\n" + tail
    return start + b"Content-Length: %d\r\n" % len(body) + headers + b"\r\n" + body


def _sound(given: bytes) -> Iterator[str]:
    """The ids of the questions that a connection begins with and that are beyond doubt."""
    while given.startswith(HEAD):
        size, _, rest = given[len(HEAD) :].partition(b"\r\n\r\n")
        if not re.fullmatch(rb"[1-9][0-9]{0,4}", size) or len(rest) < int(size):
            return
        body, given = rest[: int(size)], rest[int(size) :]
        name = _named(body)
        if name is None:
            return
        yield name


def _named(body: bytes) -> str | None:
    """The id of a question that `_call` made; None when it was torn since."""
    try:
        told: Any = json.loads(body)["id"]
    except (ValueError, LookupError, TypeError):
        return None
    return told if isinstance(told, str) and _call(told).endswith(b"\r\n\r\n" + body) else None


def _answers(received: bytes) -> Iterator[tuple[int, bytes]]:
    """Status and body of each whole answer, interim ones left out."""
    while received:
        head, parted, rest = received.partition(b"\r\n\r\n")
        if not parted:
            return
        status = int(head[9:12])
        size = next((int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
        if len(rest) < size:
            return
        if status >= 200:
            yield status, rest[:size]
        received = rest[size:]
