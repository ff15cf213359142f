"""Calls of an unusual shape, byte by byte: other protocols offered, headers doubled, too long or in the wrong place."""

import json
import logging
import socket
from base64 import b64encode
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import repeat
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from stage import AUTH, ENVIRON, browser, on_loopback, question, write_store
from structlog.testing import capture_logs

from portes.hooks import Watchers
from portes.store import open_store
from portes.web.app import public_app
from portes.web.processes.limits import Limits

MOST = 4096
BODY = json.dumps(question()).encode()
LINE = b"POST /v1/shop/netshoes HTTP/1.1\r\n"
HOST = b"Host: x\r\n"
BASIC = b"Authorization: Basic " + b64encode(":".join(AUTH).encode()) + b"\r\n"
LENGTH = b"Content-Length: %d\r\n" % len(BODY)
CLOSE = b"Connection: close\r\n"


@pytest.fixture(scope="module")
def where(stores: list[Path]) -> Iterator[tuple[str, int]]:
    """A service of the first store, whose calls may have short headers only."""
    with open_store(stores[0], environ=ENVIRON) as store:
        limits = Limits(header_bytes=MOST, body_seconds=60)
        with on_loopback(public_app([store], Watchers()), limits) as url:
            yield "127.0.0.1", urlsplit(url).port or 0


@pytest.fixture
def wire(where: tuple[str, int]) -> Iterator[socket.socket]:
    with socket.create_connection(where, timeout=60) as wire:
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield wire


def everything(wire: socket.socket) -> bytes:
    """What comes until the service closes its half."""
    return b"".join(iter(lambda: wire.recv(65536), b""))


def status(wire: socket.socket) -> int:
    return int(everything(wire).split(b" ", 2)[1])


def test_the_default_client_of_java_is_answered(wire: socket.socket, caplog: pytest.LogCaptureFixture) -> None:
    """It offers HTTP/2 with each call, and sends the body in a write of its own."""
    offer = b"Connection: Upgrade, HTTP2-Settings\r\nContent-Length: %d\r\n" % len(BODY)
    settings = b"HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA\r\nUpgrade: h2c\r\n"
    head = LINE + offer + HOST + settings + b"User-Agent: Java-http-client/17.0.18\r\n" + BASIC + b"\r\n"
    for _ in range(2):
        wire.sendall(head)
        wire.sendall(BODY)
        answer = wire.recv(65536)
        while not answer.endswith(b"}"):  # its head and its body may come one after the other
            answer += wire.recv(65536)

        assert answer.startswith(b"HTTP/1.1 200 "), answer
        assert b'"shippingQuotes":[{' in answer
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (LINE + HOST + b"Upgrade: websocket\r\nConnection: Upgrade, close\r\n" + BASIC + LENGTH + b"\r\n" + BODY, 200),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
        (b"CONNECT other.example:443 HTTP/1.1\r\nHost: other.example:443\r\n\r\n", 405),
        (LINE + CLOSE + BASIC + LENGTH + b"\r\n" + BODY, 400),
        (LINE + HOST + HOST + CLOSE + BASIC + LENGTH + b"\r\n" + BODY, 400),
        (LINE + HOST + CLOSE + b"Authorization: Basic eDp5\r\n" + BASIC + LENGTH + b"\r\n" + BODY, 401),
        (LINE + HOST + CLOSE + BASIC + b"Content-Encoding: gzip\r\n" * 2 + LENGTH + b"\r\n" + BODY, 415),
        (LINE.replace(b"1.1", b"1.0") + BASIC + LENGTH + b"\r\n" + BODY, 200),
    ],
)
def test_an_unusual_call_gets_a_plain_answer(
    wire: socket.socket, caplog: pytest.LogCaptureFixture, sent: bytes, expected: int
) -> None:
    wire.sendall(sent)

    answer = everything(wire)

    assert int(answer.split(b" ", 2)[1]) == expected, answer
    assert b"x-content-type-options: nosniff" in answer
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


def long_url(size: int) -> bytes:
    return (
        LINE.replace(b" HTTP", b"?" + b"a" * (size - len(LINE + HOST + CLOSE) - 3) + b" HTTP") + HOST + CLOSE + b"\r\n"
    )


def long_header(size: int) -> bytes:
    return LINE + HOST + CLOSE + b"X: " + b"a" * (size - len(LINE + HOST + CLOSE) - 7) + b"\r\n\r\n"


def spaces(size: int) -> bytes:
    return long_header(size).replace(b"aa", b"  ")


def short_headers(size: int) -> bytes:
    count, rest = divmod(size - len(LINE + HOST + CLOSE) - 2, 6)
    return LINE + HOST + CLOSE + b"a: b\r\n" * (count - 1) + b"a: b" + b"b" * rest + b"\r\n\r\n"


@pytest.mark.parametrize("step", [1, 1000, 1_000_000])
@pytest.mark.parametrize("head", [long_url, long_header, spaces, short_headers])
def test_headers_may_be_as_long_as_the_limit_in_any_number_of_writes(
    where: tuple[str, int], head: "type[bytes]", step: int
) -> None:
    found = []
    for size in (MOST, MOST + 1):
        sent = head(size)
        assert len(sent) == size
        with socket.create_connection(where, timeout=60) as wire:
            for start in range(0, size, step):
                wire.send(sent[start : start + step])
            found.append(status(wire))

    assert found == [401, 431]


def test_the_headers_of_a_later_call_are_counted_by_themselves(wire: socket.socket) -> None:
    wire.sendall(
        b"".join(long_header(MOST).replace(CLOSE, b"A: " + b"a" * (len(CLOSE) - 5) + b"\r\n") for _ in range(3))
    )
    wire.sendall(long_header(MOST + 1))

    assert [int(part[:3]) for part in everything(wire).split(b"HTTP/1.1 ")[1:]] == [401, 401, 401, 431]


def test_what_comes_behind_a_body_is_no_header(wire: socket.socket) -> None:
    chunked = b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n" % (len(BODY), BODY)
    wire.sendall(LINE + HOST + CLOSE + chunked + BASIC + b"\r\n")

    assert status(wire) == 401


@pytest.mark.parametrize("endless", [b"0\r\nX: ", b"1;", b"1\r\na\r\n"])
def test_chunks_have_no_more_around_them_than_headers_may_have(wire: socket.socket, endless: bytes) -> None:
    wire.sendall(LINE + HOST + BASIC + b"Transfer-Encoding: chunked\r\n\r\n")
    wire.sendall(endless + b"a" * MOST if endless[-1:] != b"\n" else endless * MOST)

    assert status(wire) == 431


@pytest.mark.parametrize(
    "more",
    [
        b"Content-Length: 100000\r\n",
        b"Content-Length: 100000\r\nExpect: 100-continue\r\n",
        b"Content-Length: 999999999\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n",
    ],
)
def test_a_stranger_is_told_so_before_the_body_comes_and_may_still_send_it(wire: socket.socket, more: bytes) -> None:
    wire.sendall(LINE + HOST + more + b"\r\n")
    answer = everything(wire)
    wire.sendall(b" " * 100_000)

    assert answer.startswith(b"HTTP/1.1 401 ")
    assert b"\r\nconnection: close\r\n" in answer


def test_a_stranger_who_goes_on_sending_is_cut_off(wire: socket.socket) -> None:
    wire.sendall(LINE + HOST + b"Content-Length: 999999999\r\n\r\n")

    assert status(wire) == 401
    with pytest.raises(OSError, match=r"reset|pipe"):
        list(map(wire.sendall, repeat(b" " * 100_000, 1000)))


def test_a_stranger_whose_body_came_along_keeps_the_connection(wire: socket.socket) -> None:
    wire.sendall((LINE + HOST + LENGTH + b"\r\n" + BODY) * 2 + LINE + HOST + CLOSE + BASIC + LENGTH + b"\r\n" + BODY)

    assert [int(part[:3]) for part in everything(wire).split(b"HTTP/1.1 ")[1:]] == [401, 401, 200]


def test_a_channel_whose_callers_sign_the_body_looks_twice(tmp_path: Path) -> None:
    file = write_store(tmp_path, "shop", {"near": {}}, more="[channels.sealed]")
    with ExitStack() as held:
        store = held.enter_context(open_store(file, environ=ENVIRON))
        where = held.enter_context(on_loopback(public_app([store], Watchers()))) + "/v1/shop/sealed"
        web = held.enter_context(browser())
        answers = [web.post(where, data=b"{}", headers=seal) for seal in ({}, {"Seal": "3"}, {"Seal": "2"})]

    assert [answer.status_code for answer in answers] == [401, 401, 503]
    assert [answer.json()["detail"] for answer in answers[:2]] == ["there is no seal", "the seal is broken"]


UPGRADE = b"Connection: Upgrade, close\r\nUpgrade: h2c\r\n"


@pytest.mark.parametrize(
    ("head", "expected", "why"),
    [
        (LINE + HOST + UPGRADE + b"X: " + b"a" * MOST, 431, b"larger than 4096 bytes"),
        (LINE + UPGRADE + BASIC, 400, b"this one has 0"),
        (LINE + HOST + HOST + UPGRADE, 400, b"this one has 2"),
    ],
)
def test_who_offers_another_protocol_is_told_what_is_wrong_as_others_are(
    wire: socket.socket, head: bytes, expected: int, why: bytes
) -> None:
    wire.sendall(head.removesuffix(b"\r\n") + b"\r\n\r\n")
    answer = everything(wire)

    assert (int(answer.split(b" ", 2)[1]), why in answer) == (expected, True), answer


def test_no_caller_writes_another_path_into_the_log(wire: socket.socket) -> None:
    with capture_logs() as log:
        wire.sendall(b"GET /true HTTP/1.1\r\nHost: evil/forged?x=#\r\n" + CLOSE + b"\r\n")
        assert status(wire) == 404

    assert [line["path"] for line in log if line["event"] == "refused"] == ["/true"]
