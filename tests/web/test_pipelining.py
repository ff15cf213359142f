"""Calls that come before the last one is answered: they stay unread, so nobody else pays for them."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from stage import on_loopback, wait_until
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MANY = 3000


@dataclass
class Desk:
    """A service that answers to numbers, to `/large` with half a megabyte, and to `/held` once it may."""

    where: tuple[str, int]
    may: threading.Event = field(default_factory=threading.Event)
    held: threading.Event = field(default_factory=threading.Event)
    parsed: list[None] = field(default_factory=list)
    """One for each call whose headers were parsed."""

    def connection(self) -> socket.socket:
        return socket.create_connection(self.where, timeout=60)

    def ask_beside(self) -> None:
        """Ask on a connection of its own; when this returns, all that came before was looked at."""
        with self.connection() as beside:
            beside.sendall(get("/0") + get("/1"))
            assert read(beside, 2) == [b"0", b"1"]


def get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode()


def read(wire: socket.socket, count: int) -> list[bytes]:
    """The bodies of so many answers, long ones cut."""
    stream = wire.makefile("rb")
    bodies = []
    for _ in range(count):
        assert stream.readline() == b"HTTP/1.1 200 OK\r\n"
        headers = dict(line.lower().strip().split(b": ") for line in iter(stream.readline, b"\r\n"))
        bodies.append(stream.read(int(headers[b"content-length"])))
    return [body if len(body) < 10 else body[:2] for body in bodies]


@pytest.fixture(scope="module")
def opened() -> Iterator[Desk]:
    desk = Desk(("127.0.0.1", 0))
    whole = HttpToolsProtocol.on_headers_complete

    def counted(connection: HttpToolsProtocol) -> None:
        desk.parsed.append(None)
        whole(connection)

    async def answer(request: Request) -> Response:
        asked = request.path_params["asked"]
        await request.body()
        if asked == "held":
            desk.held.set()
            await asyncio.to_thread(desk.may.wait, 60)
        return Response("x" * 500_000 if asked == "large" else asked)

    application = Starlette(routes=[Route("/{asked}", answer, methods=["GET", "POST"])])
    with pytest.MonkeyPatch.context() as patch, on_loopback(application) as url:
        patch.setattr(HttpToolsProtocol, "on_headers_complete", counted)
        desk.where = ("127.0.0.1", urlsplit(url).port or 0)
        yield desk


@pytest.fixture
def desk(opened: Desk) -> Iterator[Desk]:
    opened.may.clear()
    opened.held.clear()
    opened.parsed.clear()
    yield opened
    opened.may.set()


def test_calls_are_parsed_only_as_they_are_answered_and_answered_in_order(desk: Desk) -> None:
    asked = [str(number) for number in range(MANY)]
    with desk.connection() as wire:
        wire.sendall(get("/held") + b"".join(get(f"/{number}") for number in asked))
        desk.held.wait(60)
        desk.ask_beside()

        assert len(desk.parsed) == 3
        desk.may.set()
        assert read(wire, 1 + MANY) == [b"held", *(number.encode() for number in asked)]


def test_calls_are_parsed_only_as_their_answers_are_taken(desk: Desk) -> None:
    with desk.connection() as wire:
        wire.sendall(get("/large") * MANY)
        wait_until(lambda: len(desk.parsed) > 0)
        for _ in range(10):
            desk.ask_beside()

        assert len(desk.parsed) - 20 < 100  # as many as the kernel holds answers


@pytest.mark.parametrize(
    "body", ["Content-Length: 6\r\n\r\n\r\n\r\nab", "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n"]
)
@pytest.mark.parametrize("step", [1, 3, 1_000_000])
def test_calls_with_bodies_are_told_apart_wherever_a_write_ends(desk: Desk, body: str, step: int) -> None:
    call = f"POST /NAME HTTP/1.1\r\nHost: x\r\n{body}".encode()
    calls = b"".join(call.replace(b"NAME", str(number).encode()) for number in range(20))
    with desk.connection() as wire:
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for start in range(0, len(calls), step):
            wire.send(calls[start : start + step])

        assert read(wire, 20) == [str(number).encode() for number in range(20)]
