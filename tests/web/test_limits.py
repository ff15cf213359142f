"""What a caller may take of the service: bytes and time, seen from a raw socket."""

import json
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from stage import ENVIRON, on_loopback, question

from portes.hooks import Watchers
from portes.store import open_store
from portes.web.app import public_app
from portes.web.processes.limits import Limits

BODY = json.dumps(question()).encode()
HEAD = b"POST /v1/shop/netshoes HTTP/1.1\r\nHost: x\r\nAuthorization: BASIC word-for-word\r\n"


@contextmanager
def connection(stores: list[Path], limits: Limits) -> Iterator[socket.socket]:
    """A connection to a service of the first store."""
    store = open_store(stores[0], environ=ENVIRON)
    with on_loopback(public_app([store], Watchers()), limits) as url:
        where = urlsplit(url)
        with socket.create_connection((where.hostname, where.port), timeout=60) as wire:
            yield wire


@pytest.fixture
def wire(stores: list[Path]) -> Iterator[socket.socket]:
    """A connection to a service with the limits of real life."""
    with connection(stores, Limits()) as wire:
        yield wire


@pytest.fixture
def hasty(stores: list[Path]) -> Iterator[socket.socket]:
    """A connection to a service that waits only a moment for what never comes."""
    with connection(stores, Limits(header_seconds=0.3, header_bytes=4096, body_seconds=0.3, idle_seconds=1)) as wire:
        yield wire


@pytest.fixture
def brisk(stores: list[Path]) -> Iterator[socket.socket]:
    """A connection to a service that waits long enough for a call that comes whole, on a busy machine too."""
    with connection(stores, Limits(header_seconds=2, header_bytes=4096, body_seconds=2, idle_seconds=60)) as wire:
        yield wire


def until_closed(wire: socket.socket) -> bytes:
    """Everything that comes until the service hangs up; a reset is an end as well."""
    answer = b""
    try:
        while received := wire.recv(65536):
            answer += received
    except ConnectionResetError:
        pass
    return answer


def test_a_body_declared_too_large_is_refused_unread(wire: socket.socket) -> None:
    wire.sendall(HEAD + b"Content-Length: 262145\r\n\r\n")

    answer = until_closed(wire)

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"application/problem+json" in answer
    assert answer.count(b"HTTP/1.1 ") == 1


def test_a_body_that_turns_out_too_large_is_cut(wire: socket.socket) -> None:
    wire.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"

    for _ in range(4):
        wire.sendall(chunk)
    wire.sendall(b"1\r\n \r\n")

    assert until_closed(wire).startswith(b"HTTP/1.1 413 ")


def test_a_body_of_just_the_limit_is_read(wire: socket.socket) -> None:
    wire.sendall(HEAD + b"Connection: close\r\nContent-Length: 262144\r\n\r\n" + BODY.ljust(262144))

    assert until_closed(wire).startswith(b"HTTP/1.1 200 ")


def test_a_body_that_never_ends_is_cut(hasty: socket.socket) -> None:
    hasty.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY[:-1])

    answer = until_closed(hasty)

    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"connection: close" in answer


def test_headers_that_never_end_are_cut(hasty: socket.socket) -> None:
    hasty.sendall(HEAD)

    assert until_closed(hasty).startswith(b"HTTP/1.1 408 ")


def test_headers_of_a_later_call_that_never_end_are_cut(brisk: socket.socket) -> None:
    brisk.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY)
    assert brisk.recv(65536).startswith(b"HTTP/1.1 200 ")

    brisk.sendall(HEAD)

    assert until_closed(brisk).startswith(b"HTTP/1.1 408 ")


def test_endless_headers_are_cut(hasty: socket.socket) -> None:
    hasty.sendall(HEAD)
    hasty.sendall(b"X-Endless: " + b"a" * 8192)

    assert until_closed(hasty).startswith(b"HTTP/1.1 431 ")


def test_a_connection_that_says_nothing_is_closed_without_a_word(hasty: socket.socket) -> None:
    assert until_closed(hasty) == b""


def test_what_is_not_http_is_a_problem_body(wire: socket.socket) -> None:
    wire.sendall(b"\x16\x03\x01 this is TLS\r\n\r\n")

    answer = until_closed(wire)

    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"application/problem+json" in answer


def test_a_call_that_arrives_byte_by_byte_in_time_is_answered(wire: socket.socket) -> None:
    wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for byte in HEAD + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(BODY) + BODY:
        wire.send(bytes([byte]))

    assert until_closed(wire).startswith(b"HTTP/1.1 200 ")


def test_no_clock_runs_on_once_a_call_in_pieces_is_complete(brisk: socket.socket) -> None:
    call = HEAD + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY
    brisk.sendall(call[:-5])
    time.sleep(0.05)
    brisk.sendall(call[-5:])
    assert brisk.recv(65536).startswith(b"HTTP/1.1 200 ")

    time.sleep(2.2)
    brisk.sendall(call)

    assert brisk.recv(65536).startswith(b"HTTP/1.1 200 ")


def test_two_calls_sent_at_once_are_answered_in_order(wire: socket.socket) -> None:
    unauthorised = b"POST /v1/shop/netshoes HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"
    wire.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY + unauthorised)

    answer = until_closed(wire)

    assert answer.index(b"HTTP/1.1 200 ") < answer.index(b"HTTP/1.1 401 ")


def test_a_caller_who_hangs_up_within_the_body_costs_nothing(wire: socket.socket) -> None:
    wire.sendall(HEAD + b"Content-Length: 100\r\n\r\n{")
    wire.shutdown(socket.SHUT_WR)

    assert b"Traceback" not in until_closed(wire)
